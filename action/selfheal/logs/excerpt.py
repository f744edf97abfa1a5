"""The few lines of a log that no parser knows which are most likely to tell why it failed."""

import heapq
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from selfheal.logs.baseline import Baseline, mask
from selfheal.logs.cleaning import MARKED
from selfheal.logs.repository import Repository
from selfheal.logs.steps import StepReader
from selfheal.logs.words import ALARM, ECHO, HARMLESS, PASSED, PLACE, STRONG

MAX_CHARS = 2_400
_LINE_CHARS = 300
_BEFORE, _AFTER = 3, 6
_KEPT = 24
_TAIL = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A file that the log names, in the repository, with the line where it tells one."""

    file: str
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`text` is at most `MAX_CHARS` long. `headline` is its most telling line, at `number` in the log.

    `is_alarming` is false where no line sounds like a failure, and the text is only the end of the log.
    """

    text: str
    headline: str
    number: int
    place: Place | None
    is_alarming: bool = True


@dataclass(order=True, slots=True)
class _Hit:
    """One line that sounds like a failure, with what stands around it."""

    score: float
    number: int
    line: str = field(compare=False)
    context: list[tuple[int, str]] = field(compare=False, default_factory=list)


class ExcerptReader:
    """Scores lines as they pass; memory is bounded by the few best."""

    def __init__(self, repository: Repository, baseline: Baseline | None = None) -> None:
        self._repository = repository
        self._baseline = baseline
        self._best: list[_Hit] = []
        self._open: list[_Hit] = []
        self._before: deque[tuple[int, str]] = deque(maxlen=_BEFORE)
        self._tail: deque[tuple[int, str]] = deque(maxlen=_TAIL)
        self._alike: deque[tuple[int, str]] = deque(maxlen=_TAIL)
        self._marks = StepReader()
        self._seen: dict[str, int] = {}

    def feed(self, number: int, lines: Iterable[str], *, first: int = 0, last: int = 0) -> None:
        """Take lines in order; `number` is that of the first. Only those from `first` to `last` count, if told."""
        for at, line in enumerate(lines, start=number):
            if last and not first <= at <= last:
                continue
            if self._marks.in_header or line.startswith(MARKED):
                line = self._marks.read(line).output or ""
            if line.strip():
                self._line(at, line[:_LINE_CHARS].rstrip())

    def finish(self) -> Excerpt:
        """The best lines with their surroundings, in the log's order; its end where nothing sounds like a failure."""
        best = sorted(self._best, reverse=True)
        if not best:
            # Where all lines are like some of the green log, those that are not the same are what changed.
            tail = _fitted(self._tail or self._alike)
            placed = () if self._tail else (one for one in reversed(tail) if self._place(one[1]) is not None)
            last = next(iter(placed), tail[-1] if tail else (0, ""))
            text = "\n".join(line for _, line in tail)
            return Excerpt(text, last[1].strip(), last[0], self._place(last[1]), is_alarming=False)
        chosen: dict[int, str] = {}
        for hit in best:
            wanted = dict(sorted(hit.context))
            if len("\n".join((*chosen.values(), *wanted.values()))) > MAX_CHARS:
                continue
            chosen |= wanted
        first = best[0]
        text = "\n".join(chosen[number] for number in sorted(chosen)) or first.line
        place = self._place(first.line) or next(
            (found for _, line in sorted(first.context) if (found := self._place(line)) is not None), None
        )
        return Excerpt(text[:MAX_CHARS], first.line.strip(), first.number, place)

    def _line(self, number: int, line: str) -> None:
        if self._baseline is not None and self._baseline.is_usual(line):
            if not self._baseline.holds(line):
                self._alike.append((number, line))
            return
        for hit in self._open:
            hit.context.append((number, line))
        self._open = [hit for hit in self._open if len(hit.context) < _BEFORE + 1 + _AFTER]
        score = self._score(line)
        if score > 0:
            self._keep(_Hit(score, number, line, [*self._before, (number, line)]))
        self._before.append((number, line))
        self._tail.append((number, line))

    def _keep(self, hit: _Hit) -> None:
        if len(self._best) < _KEPT:
            heapq.heappush(self._best, hit)
        elif hit > self._best[0]:
            dropped = heapq.heapreplace(self._best, hit)
            self._open = [one for one in self._open if one is not dropped]
        else:
            return
        self._open.append(hit)

    def _score(self, line: str) -> float:
        """Above 0 for a line that sounds like a failure; in a log with a green one, for any new line."""
        score = 0.2 if self._baseline is not None else 0.0
        if ALARM.search(line) is not None:
            score += 1.0
        if STRONG.search(line) is not None:
            score += 2.0
        if score <= 0 or PASSED.search(line) is not None:
            return 0.0
        if self._place(line) is not None:
            score += 1.5
        if ECHO.search(line) is not None:
            score -= 2.0
        if HARMLESS.search(line) is not None:
            score -= 2.0
        kind = mask(line)
        repeats = self._seen.get(kind, 0)
        if len(self._seen) < 50_000:
            self._seen[kind] = repeats + 1
        # What comes a hundred times is how this tool talks; of two alike the first is the cause.
        return score - 0.3 * min(repeats, 10)

    def _place(self, line: str) -> Place | None:
        if "." not in line or _DIGIT.search(line) is None:
            return None
        for match in PLACE.finditer(line):
            file = self._repository.relative(match.group(1))
            if file is None or "://" in line[max(0, match.start() - 8) : match.start() + 1]:
                continue
            if not self._repository.known_files and _VERSION.match(match.group(1)):
                continue
            row = match.group(2) or match.group(4) or match.group(6)
            column = match.group(3) or match.group(5)
            return Place(file, int(row) if row else None, int(column) if column else None)
        return None


_DIGIT = re.compile(r"\d")
_VERSION = re.compile(r"[\d.]{1,300}$|v?\d{1,9}\.\d")


def _fitted(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """The last lines that fit."""
    kept: list[tuple[int, str]] = []
    size = 0
    for number, line in reversed(list(lines)):
        size += len(line) + 1
        if size > MAX_CHARS:
            break
        kept.append((number, line))
    return kept[::-1]
