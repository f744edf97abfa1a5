"""How natural an edit reads, by a small statistical model of the words of its own file.

Code repeats itself, and of two edits of one kind the one whose lines read like the others of the file is the likelier:
faults read less natural than what surrounds them (Ray et al., "On the Naturalness of Buggy Code", ICSE 2016). The model
counts words in threes, leaving out the lines in question, and asks the shorter contexts where it has seen nothing.
Kinds of edits are not compared by it, since what takes words away always reads more natural than what adds some: each
edit is held against the others of its kind.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import fmean, pstdev

from selfheal.contract.trials import Splice

_TELLING = {"variable": 1.3, "arithmetic": 1.3, "truth value": 1.3}
"""The logarithm of what one standard deviation above the others of its kind makes an edit likelier, fitted on 116
planted places of two seeds: the median rank of the right edit among those of five functions falls from 53 to 14."""
_OTHERWISE = 0.4
_FEW_WORDS = 1000
"""A file of so many words has half the say, for 55 programs of a hundred words the model has none worth having."""
_MOST_DEVIATIONS = 2.5
_LEAST_DEVIATION = 1.0
"""In nats; what differs by less than that is all the same to the model."""
_BELIEF = 1.0
"""Seen so often, a context is believed as much as all shorter ones together."""
_UNSEEN = 0.5
_WORD = re.compile(r"""[^\W\d]\w*|\d[\w.]*|'[^'\n]*'|"[^"\n]*"|[-+*/%@&|^~<>=!:]+|[^\w\s]""")
_BEGIN, _END = "\n<", "\n>"


@dataclass(frozen=True, slots=True)
class Reading:
    """By how many nats the lines of an edit read more natural with it than without, and from 0 to 1 what that says."""

    gain: float
    trust: float


def likeliness(kinds: Sequence[str], readings: Sequence[Reading]) -> list[float]:
    """What each edit is likelier, as a factor, by its kind and how it reads."""
    of_kind: dict[str, list[float]] = defaultdict(list)
    for kind, reading in zip(kinds, readings, strict=True):
        of_kind[kind].append(reading.gain)
    scales = {kind: (fmean(found), max(_LEAST_DEVIATION, pstdev(found))) for kind, found in of_kind.items()}
    factors = []
    for kind, reading in zip(kinds, readings, strict=True):
        mean, deviation = scales[kind]
        away = max(-_MOST_DEVIATIONS, min(_MOST_DEVIATIONS, (reading.gain - mean) / deviation))
        factors.append(math.exp(reading.trust * _TELLING.get(kind, _OTHERWISE) * away))
    return factors


def readings_of(text: str, splices: Sequence[Splice]) -> list[Reading]:
    """How the lines that each of these edits changes read with it, against as they are.

    The edits are each of the same file, whose text is given; the lines that they change are left out of the counts.
    """
    model = _model_of(text)
    lines = text.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, splice in enumerate(splices):
        first = min(bisect_right(starts, splice.first) - 1, len(lines) - 1)
        places[first, max(first, bisect_left(starts, splice.last) - 1)].append(number)
    gains = [0.0] * len(splices)
    for (first, last), numbers in places.items():
        old, start = "".join(lines[first : last + 1]), starts[first]
        known = {old: model.without(old)}
        for number in numbers:
            splice = splices[number]
            new = old[: splice.first - start] + splice.text + old[splice.last - start :]
            if new not in known:
                known[new] = model.log_likelihood(new)
            gains[number] = known[new] - known[old]
        model.with_again(old)
    return [Reading(gain, model.trust) for gain in gains]


class _Model:
    """Counts of words after the one and the two before them."""

    def __init__(self, text: str) -> None:
        self._ones: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, ...]] = Counter()
        self._threes: Counter[tuple[str, ...]] = Counter()
        self._before_one: Counter[str] = Counter()
        self._before_two: Counter[tuple[str, ...]] = Counter()
        self._count(text, 1)
        self._known = len(self._ones) + 1
        self._all = self._ones.total()
        self.trust = self._all / (self._all + _FEW_WORDS)

    def without(self, old: str) -> float:
        """Forget these lines, and tell how likely they are then."""
        self._count(old, -1)
        return self.log_likelihood(old)

    def with_again(self, old: str) -> None:
        """Take back what was forgotten."""
        self._count(old, 1)

    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of how likely these lines are, each by itself."""
        return sum(math.log(self._likelihood(*three)) for three in _threes_of(text))

    def _likelihood(self, before: str, last: str, word: str) -> float:
        alone = (self._ones[word] + _UNSEEN) / (self._all + _UNSEEN * self._known)
        second = (self._pairs[last, word] + _BELIEF * alone) / (self._before_one[last] + _BELIEF)
        return (self._threes[before, last, word] + _BELIEF * second) / (self._before_two[before, last] + _BELIEF)

    def _count(self, text: str, times: int) -> None:
        for before, last, word in _threes_of(text):
            self._ones[word] += times
            self._pairs[last, word] += times
            self._threes[before, last, word] += times
            self._before_one[last] += times
            self._before_two[before, last] += times


@lru_cache(maxsize=16)
def _model_of(text: str) -> _Model:
    return _Model(text)


def _threes_of(text: str) -> Iterator[tuple[str, str, str]]:
    """Each word of each line with the two before it."""
    for line in text.splitlines():
        before, last = _BEGIN, _BEGIN
        for word in (*_WORD.findall(line), _END):
            yield before, last, word
            before, last = last, word
