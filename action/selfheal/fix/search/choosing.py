"""Choose among edits that all pass: the right one, not the first.

They are told apart by what they do on further inputs: the calls of the tests and their neighbours. Edits that do the
same are one answer given twice, so their weights add up; one that does otherwise than the old code on many inputs
is less likely right, since most of a program is right, and the more so where tests that pass call it like that.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selfheal.contract.trials import CRASHED, GOOD, Trial
from selfheal.fix.interface import Trials
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.registry import BLUNT, LOOSE

MOST_COMPARED = 12
_WORD = re.compile(r"\w+|[-+*/%@&|^~<>=!:.]+|[^\w\s]")
_DOUBTFUL = 0.5
"""A rival that does otherwise and weighs this much of the best leaves the choice open."""
_AGREEMENT = 0.5
_CHANGED = 0.6
"""What an edit that changes everything is worth, against one that changes nothing but the failing inputs."""
_UPSET = 0.05
"""The same, before it is squared, for the inputs near which tests pass; a few of those may well have been wrong."""
_LITTLE = 0.3
"""The share of those that an edit may change and still be beyond doubt."""
_CHANCY = LOOSE | BLUNT
_NEARLY = 0.5
"""Of edits that do the same and score at least this share of the best the shortest is taken: nobody wants the other."""
_STUMBLING = 2.0
"""The power to which the share counts that does not stumble: chosen, no measured choice has hung on it."""
_OUTDONE = 0.7
"""What an edit is worth that stumbles where another one doesn't, which never does so alone."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A candidate that the warm tests let pass."""

    candidate: Candidate
    trial: Trial


def survivors_of(tried: Iterable[Candidate], answers: Iterable[Trial | None]) -> list[Survivor]:
    """Those of what was tried that mend every failing test and break none, in their order."""
    return [one for one in mending(tried, answers) if one.trial.is_plausible]


def mending(tried: Iterable[Candidate], answers: Iterable[Trial | None], *, least: float = 1) -> list[Survivor]:
    """Those that mend so many of the failing tests at least, in their order."""
    return [
        Survivor(one, trial)
        for one, trial in zip(tried, answers, strict=True)
        if trial is not None and trial.tests.count("P") >= least
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """The best of those that do the same, and what they weigh together."""

    best: Survivor
    weight: float
    faithful: float
    """1 where they do what the old code does, less the more they do otherwise or stumble; from 0 on."""
    others: tuple[Survivor, ...] = ()
    """Those besides the best, the likelier first."""

    @property
    def worth(self) -> float:
        """What they weigh, less the less faithful they are."""
        return self.weight * self.faithful


@dataclass(frozen=True, slots=True)
class Choice:
    """The survivors, the best first; `is_doubtful` where another that does otherwise is nearly as likely."""

    order: tuple[Survivor, ...]
    is_doubtful: bool
    rival: Survivor | None
    """The best that does otherwise than the first."""
    note: str = ""
    """What else speaks for the first, for the report."""
    is_upsetting: bool = False
    """True where the first does otherwise than the old code on many inputs near which tests pass."""
    heads: tuple[Head, ...] = ()
    """One of each behaviour, the heaviest first; what can't be compared stands for itself."""
    elsewhere: tuple[Head, ...] = ()
    """The best of each other function in which an edit is nearly as likely."""

    @property
    def worth(self) -> float:
        """What speaks for the first: what those weigh that do the same, less the more they do otherwise."""
        return self.heads[0].worth if self.heads else 0.0


NOTHING = Choice((), is_doubtful=False, rival=None)


async def chosen(survivors: Sequence[Survivor], trials: Trials, *, name: str, line: int) -> Choice:
    """Order survivors that edit one function, called `name`, whose first line is `line`."""
    ranked = sorted(survivors, key=_score, reverse=True)
    if not ranked:
        return NOTHING
    head = ranked[:MOST_COMPARED]
    path = head[0].candidate.splices[0].path
    base, *seen = await trials.outcomes([one.candidate.splices for one in head], path=path, name=name, line=line) or [
        ()
    ]
    if len(seen) != len(head) or not base:
        heads = tuple(Head(one, one.candidate.score, faithful=1.0) for one in head)
        rival = next(iter(ranked[1:]), None)
        is_doubtful = rival is not None and _score(rival) >= _DOUBTFUL * _score(head[0])
        return Choice(tuple(ranked), is_doubtful=is_doubtful, rival=rival, heads=heads)
    return choose(head, base, seen, rest=ranked[MOST_COMPARED:])


def choose(
    head: Sequence[Survivor], base: tuple[str, ...], seen: Sequence[tuple[str, ...]], *, rest: Sequence[Survivor] = ()
) -> Choice:
    """Group by what they do, weigh the groups, and take the best of the heaviest. Pure."""
    found: dict[tuple[str, ...], list[Survivor]] = defaultdict(list)
    unknown: set[tuple[str, ...]] = set()
    for one, outcomes in sorted(zip(head, seen, strict=True), key=lambda pair: -_score(pair[0])):
        behaviour = outcomes
        if len(outcomes) != len(base):
            # A default, say, which takes a fresh process: nobody knows whether it does the same as another one.
            behaviour = ("unknown", str(len(unknown)))
            unknown.add(behaviour)
        found[behaviour].append(one)
    groups = {behaviour: _neatest_first(group) for behaviour, group in found.items()}
    known = [outcomes for outcomes in groups if outcomes not in unknown]
    sound = _sound(base, known)
    faithful = {outcomes: _faithful(base, outcomes) * sound[outcomes] for outcomes in known}
    faithful |= dict.fromkeys(unknown, max(faithful.values(), default=1.0))
    heads = {
        outcomes: Head(group[0], _weight(group), faithful[outcomes], others=tuple(group[1:]))
        for outcomes, group in groups.items()
    }
    weights = {outcomes: one.worth for outcomes, one in heads.items()}
    order = sorted(groups, key=lambda outcomes: -weights[outcomes])
    best, others = order[0], order[1:]
    flat = [one for outcomes in order for one in groups[outcomes]]
    rival = groups[others[0]][0] if others else None
    is_doubtful = bool(others) and weights[others[0]] >= _DOUBTFUL * weights[best]
    is_upsetting = best in unknown or _changed(base, best, kinds=GOOD) > _LITTLE
    return Choice(
        (*flat, *rest),
        is_doubtful=is_doubtful,
        rival=rival,
        is_upsetting=is_upsetting,
        heads=tuple(heads[outcomes] for outcomes in order),
    )


def _neatest_first(group: list[Survivor]) -> list[Survivor]:
    """The likeliest first, or one that is nearly as likely, leaves less code, and is no likelier to pass by chance."""
    best = group[0]
    near = [one for one in group if _score(one) >= _NEARLY * _score(best) and one.candidate.operator not in _CHANCY]
    first = min((best, *near), key=lambda one: _size(one.candidate))
    return [first, *(one for one in group if one is not first)]


def _size(candidate: Candidate) -> tuple[int, int]:
    """By how many words and signs the code grows, and how many characters are other ones."""
    grown = len(_WORD.findall(candidate.new)) - len(_WORD.findall(candidate.old))
    return grown, len(candidate.old) + len(candidate.new)


def _score(one: Survivor) -> float:
    return one.candidate.score


def _weight(group: Sequence[Survivor]) -> float:
    """The score of the best, and a part of each other kind of edit's best: many ways of one kind are one."""
    best: dict[str, float] = {}
    for one in group:
        best[one.candidate.operator] = max(best.get(one.candidate.operator, 0.0), one.candidate.score)
    scores = sorted(best.values(), reverse=True)
    return scores[0] + _AGREEMENT * sum(scores[1:])


def _faithful(base: tuple[str, ...], outcomes: tuple[str, ...]) -> float:
    """1 where it does what the old code does, less the more it does otherwise."""
    everywhere, good = _changed(base, outcomes), _changed(base, outcomes, kinds=GOOD)
    return float((1.0 - (1.0 - _CHANGED) * everywhere) * (1.0 - (1.0 - _UPSET) * good) ** 2)


def _sound(base: tuple[str, ...], behaviours: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
    """Of each behaviour, 1 less what it loses by stumbling over inputs of which another one makes something."""
    stumbles = {outcomes: [one[1:2] == CRASHED for one in outcomes] for outcomes in behaviours}
    is_needless = [not all(each) for each in zip(*stumbles.values(), strict=True)]
    shares = {
        outcomes: sum(map(operator.and_, mine, is_needless)) / max(1, len(base)) for outcomes, mine in stumbles.items()
    }
    outdone = {
        outcomes
        for outcomes, mine in stumbles.items()
        for other in stumbles.values()
        if other != mine and all(map(operator.le, other, mine))
    }
    return {one: (1.0 - share) ** _STUMBLING * (_OUTDONE if one in outdone else 1.0) for one, share in shares.items()}


def _changed(base: tuple[str, ...], outcomes: tuple[str, ...], *, kinds: str = "") -> float:
    """The share of the inputs, or of those of one kind, on which it does otherwise; 0 where there is none."""
    pairs = [(one, other) for one, other in zip(base, outcomes, strict=True) if one.startswith(kinds)]
    return sum(one != other for one, other in pairs) / max(1, len(pairs))
