"""Feed a log's lines to the parsers, each step and each parallel stream to readers of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from selfheal.logs.baseline import Baseline
from selfheal.logs.cleaning import MARKED
from selfheal.logs.lines import numbered_lines
from selfheal.logs.parsers.interface import Finding, LogContext, Parser, ParserFactory
from selfheal.logs.ranking import unclaimed
from selfheal.logs.repository import Repository
from selfheal.logs.steps import STEP_ANCHORS, Step, StepReader, note_error
from selfheal.logs.streams import Demultiplexer
from selfheal.logs.survey import Survey, survey

_MAX_STEPS = 300
_MAX_STREAMS = 32
_KEPT_OF_PASSED = 50


@dataclass(slots=True)
class ReadStep:
    """A step with what the parsers found in it, in the order of the parsers."""

    step: Step
    first: int
    last: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadLog:
    """All steps in order, and what the survey saw."""

    steps: tuple[ReadStep, ...]
    survey: Survey


def read_log(
    log: BinaryIO,
    context: LogContext,
    parsers: Sequence[ParserFactory],
    *,
    baseline: Baseline | None = None,
    redact: Callable[[str], str] | None = None,
) -> ReadLog:
    """Survey a seekable log, then feed the lines of its regions to the parsers whose anchors it holds."""
    anchors = (*STEP_ANCHORS, *(anchor for parser in parsers for anchor in parser.anchors))
    seen = survey(log, anchors)
    active = [parser for parser in parsers if not parser.anchors or not seen.seen.isdisjoint(parser.anchors)]
    job = _Job(context, active, baseline)
    for number, lines in numbered_lines(log, seen.regions, redact=redact):
        job.feed(number, lines)
    return ReadLog(job.finish(), seen)


class _Job:
    """The steps of a log while its lines come in."""

    def __init__(self, context: LogContext, parsers: Sequence[ParserFactory], baseline: Baseline | None) -> None:
        self._context = context
        self._parsers = parsers
        self._baseline = baseline
        self._marks = StepReader()
        self._streams = Demultiplexer()
        self._readers: dict[str, list[Parser]] = {}
        self._known: set[int] = set()
        self._steps: list[ReadStep] = []
        self._has_ended = False
        self._begin("", 1)

    def feed(self, first: int, lines: Iterable[str]) -> None:
        """Take lines in order, numbered from `first`."""
        marks, split, readers = self._marks, self._streams.split, self._readers
        for number, line in enumerate(lines, start=first):
            if marks.in_header or line.startswith(MARKED):
                output = self._marked(number, line)
                if output is None:
                    continue
                line, readers = output, self._readers
            if self._baseline is not None and self._baseline.holds(line):
                self._known.add(number)
            stream, line = split(line)
            found = readers.get(stream)
            for reader in self._reader_of(stream) if found is None else found:
                reader.feed(number, line)
            self._steps[-1].last = number
            if self._has_ended:
                # What the runner prints while it tidies up is not the step's own.
                self._begin("", number + 1)

    def finish(self) -> tuple[ReadStep, ...]:
        """The steps that printed anything."""
        self._end()
        return tuple(one for one in self._steps if one.last)

    def _marked(self, number: int, line: str) -> str | None:
        marked = self._marks.read(line)
        if marked.began is not None:
            self._begin(marked.began, number)
        if marked.is_error and marked.output is not None and note_error(self._steps[-1].step, marked.output):
            self._has_ended = True
        return marked.output

    def _begin(self, name: str, number: int) -> None:
        self._has_ended = False
        if len(self._steps) >= _MAX_STEPS:
            return
        if self._steps:
            self._end()
        self._steps.append(ReadStep(Step(name), number))

    def _end(self) -> None:
        current = self._steps[-1]
        for readers in self._readers.values():
            findings = unclaimed([reader.finish() for reader in readers])
            has_passed = bool(current.step.name) and not current.step.has_error
            current.findings += findings[:_KEPT_OF_PASSED] if has_passed else findings
        if self._known:
            current.findings = [one for one in current.findings if not self._is_known(one)]
            self._known.clear()
        self._readers.clear()

    def _is_known(self, finding: Finding) -> bool:
        """What the green log says in the same words is not why this one is red."""
        first, last = finding.lines
        return first > 0 and all(number in self._known for number in range(first, min(last, first + 200) + 1))

    def _reader_of(self, stream: str) -> list[Parser]:
        if len(self._readers) >= _MAX_STREAMS:
            stream = ""
        if stream not in self._readers:
            context = self._context
            if folder := self._streams.folder(stream):
                known = context.repository
                context = LogContext(context.exit_code, Repository(known.root, known.known_files, folder))
            self._readers[stream] = [parser(context) for parser in self._parsers]
        return self._readers[stream]
