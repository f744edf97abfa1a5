"""Order the findings of all parsers: the cause first, its echoes after it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from selfheal.contract.diagnosis import Category, Failure
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.logs.parsers.interface import Finding, Reading, Stage
from selfheal.logs.triage.judgement import Judgement

MAX_FAILURES = 200
_ECHOES = (Category.UNKNOWN, Category.BUILD)
_SIGN = "log"
_MAX_SPAN = 200
_TEST_TOOLS = ("pytest", "unittest")
_UNEXPECTED = 1_000
_RAISE = re.compile(r"raise\b")
_COMPARES = re.compile(r"(?i)assert|compar|failed|failure|mismatch|panic|timeout")
_Place = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what triage said of it."""

    finding: Finding
    judgement: Judgement

    @property
    def failure(self) -> Failure:
        """The failure, with the line of the log that it was read from."""
        return self.finding.failure.model_copy(update={"log_line": self.finding.lines[0] or None})

    def doubted(self, share: float) -> "Judged":
        """The same, believed only for a share of its confidence."""
        return replace(self, judgement=replace(self.judgement, confidence=self.judgement.confidence * share))


def unclaimed(readings: Sequence[Reading]) -> tuple[Finding, ...]:
    """All findings, without those that were read inside another, earlier parser's span.

    A sign that says of a line what its own tool's parser says too is left out.
    """
    kept: list[Finding] = []
    spans: list[tuple[int, int]] = []
    for reading in readings:
        spans.sort()
        kept += [finding for finding in reading.findings if not _lies_in(finding.lines, spans)]
        spans += reading.claimed
    told = {
        (number, finding.category)
        for finding in kept
        if finding.failure.tool != _SIGN
        for number in range(finding.lines[0], min(finding.lines[1], finding.lines[0] + _MAX_SPAN) + 1)
    }
    return tuple(one for one in kept if one.failure.tool != _SIGN or (one.lines[0], one.category) not in told)


def _lies_in(lines: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return lines[0] > 0 and any(first <= lines[0] <= last for first, last in spans)


def ranked(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Failures of the code before those of the world, early stages before late ones, repeats last."""
    has_tests = any(one.finding.failure.test_id or one.finding.failure.tool in _TEST_TOOLS for one in judged)
    is_echo = _repeats(judged)
    crashes = _crashes(judged)
    order = sorted(
        range(len(judged)),
        key=lambda n: (
            _rank(judged[n]),
            _stage(judged[n], has_tests=has_tests),
            is_echo[n],
            -crashes[n],
            n,
        ),
    )
    return tuple(judged[n] for n in order[:MAX_FAILURES])


def _rank(one: Judged) -> int:
    """The code's failures, then the world's, then what only says that something ended."""
    if not one.judgement.category.is_repairable:
        return 1
    is_ending = one.finding.stage is Stage.ENDING and one.finding.failure.file is None
    return 2 if is_ending and one.judgement.category in _ECHOES else 0


def _stage(one: Judged, *, has_tests: bool) -> int:
    # A traceback in the log of a test run is mostly something that a test provoked on purpose.
    if has_tests and one.finding.failure.tool == "python" and one.finding.stage is Stage.RUN:
        return Stage.ENDING
    return one.finding.stage


def _crashes(judged: Sequence[Judged]) -> list[int]:
    """Of each test failure that an exception out of the code under test caused: how many share its place, if several.

    A place in the code that several tests die at is nearer to the cause than a test that compares what came of it,
    than a place that only wraps the exception from there, and than a `raise` that the code foresaw.
    """
    places = [_crash_place(one) for one in judged]
    own = {place[:2]: place for place in places if place is not None}
    roots = [_root(one, own) or place for one, place in zip(judged, places, strict=True)]
    shared = Counter(root for root in roots if root is not None)
    return [
        shared[place] + _UNEXPECTED * (not one.finding.chain or not _RAISE.match(one.finding.chain[-1].source))
        if place is not None and place == root and shared[place] > 1
        else 0
        for one, place, root in zip(judged, places, roots, strict=True)
    ]


def _root(one: Judged, own: Mapping[tuple[str, int | None], _Place]) -> _Place | None:
    """The place of another failure, where an exception behind this one was raised."""
    if one.finding.stage is not Stage.RUN or one.finding.failure.test_id is None:
        return None
    for raised in one.finding.chain[:-1]:
        if not raised.frames:
            continue
        frame = raised.frames[-1]
        printed = frame.file.replace("\\", "/")
        for (file, line), place in own.items():
            if line == frame.line and (printed == file or printed.endswith(f"/{file}")):
                return place
    return None


def _crash_place(one: Judged) -> _Place | None:
    failure = one.finding.failure
    if one.finding.stage is not Stage.RUN or failure.test_id is None or failure.file is None or not failure.code:
        return None
    if _COMPARES.search(failure.code) is not None or is_test_path(failure.file):
        return None
    return failure.file, failure.line, failure.code


def _repeats(judged: Sequence[Judged]) -> list[bool]:
    """Which test failures come from a place, by an exception, that an earlier one came from."""
    seen: set[tuple[str | None, int | None, str | None]] = set()
    echoes = []
    for one in judged:
        failure = one.finding.failure
        key = (failure.file, failure.line, failure.code)
        is_run = one.finding.stage in (Stage.RUN, Stage.COLLECTION) and failure.line is not None
        echoes.append(is_run and key in seen)
        seen.add(key)
    return echoes
