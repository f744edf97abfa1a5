"""The whole way from raw output to a diagnosis."""

import io
from collections.abc import Callable, Sequence
from typing import BinaryIO

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.logs.baseline import Baseline
from selfheal.logs.excerpt import ExcerptReader
from selfheal.logs.lines import numbered_lines
from selfheal.logs.parsers.interface import LogContext, ParserFactory, Stage
from selfheal.logs.parsers.registry import PARSERS
from selfheal.logs.ranking import Judged, ranked
from selfheal.logs.reading import ReadLog, ReadStep, read_log
from selfheal.logs.repository import Repository
from selfheal.logs.survey import Region
from selfheal.logs.triage.together import judge_all

_SUMMARY = 300
_DOUBT = 0.6
_TAIL_BYTES = 1 << 20


def diagnose(
    output: str,
    *,
    exit_code: int | None,
    root: str = "",
    known_files: frozenset[str] = frozenset(),
    baseline: Baseline | None = None,
) -> Diagnosis:
    """Say what failed in a command's output and why. Never raises, whatever the output holds.

    `root` is the absolute path that the command ran under; it is taken off file names. `known_files` are
    the repository's files, relative. A failure's frames are the repository's own first, then the libraries',
    each outermost first. Its line counts from 1, and so does its column (of a syntax error, in the line as
    Python prints it, without its indentation).
    """
    log = io.BytesIO(output.encode("utf-8", "replace"))
    context = LogContext(exit_code, Repository(root, known_files))
    return diagnose_log(log, context, baseline=baseline)


def diagnose_log(
    log: BinaryIO,
    context: LogContext,
    *,
    baseline: Baseline | None = None,
    redact: Callable[[str], str] | None = None,
    parsers: Sequence[ParserFactory] = PARSERS,
) -> Diagnosis:
    """Say what failed in a log of any size: a command's output, or that of a whole job with its steps.

    `log` is binary and seekable; `redact` takes the secrets out of what is read of it. Memory does not grow
    with its length. Raises only what reading it raises.
    """
    read = read_log(log, context, parsers, baseline=baseline, redact=redact)
    for step, judged in _by_step(read, context):
        if context.exit_code == 0 and not any(one.finding.failure.test_id for one in judged):
            break
        return _diagnosis(judged, step)
    if context.exit_code == 0:
        return Diagnosis(category=Category.UNKNOWN, summary="the command succeeded", reason="exit status 0")
    return _unknown(log, read, context, baseline=baseline, redact=redact)


def _by_step(read: ReadLog, context: LogContext) -> list[tuple[ReadStep, tuple[Judged, ...]]]:
    """The steps with findings, the one that failed the job first.

    That is the last of those that the runner calls failed, since it ends the job; the ones before were
    allowed to fail. But a step that only tidies up or uploads after it explains less than one that
    names a place in the code.
    """
    failed = [one for one in read.steps if one.step.is_failed]
    failed = failed or [one for one in read.steps if one.step.has_error]
    others = [one for one in read.steps if one not in failed]
    judged = [(one, _judged(one, context, is_doubted=bool(failed) and one in others)) for one in (*failed, *others)]
    return sorted((pair for pair in judged if pair[1]), key=lambda pair: _rank(pair[0], pair[1], failed))


def _rank(step: ReadStep, judged: Sequence[Judged], failed: Sequence[ReadStep]) -> tuple[bool, bool, int]:
    explains = judged[0].finding.stage is not Stage.ENDING or not judged[0].judgement.category.is_repairable
    return bool(failed) and step not in failed, not explains, -step.first


def _judged(step: ReadStep, context: LogContext, *, is_doubted: bool) -> tuple[Judged, ...]:
    judgements = judge_all(step.findings, context)
    judged = ranked([Judged(*pair) for pair in zip(step.findings, judgements, strict=True)])
    return tuple(one.doubted(_DOUBT) for one in judged) if is_doubted else judged


def _diagnosis(judged: tuple[Judged, ...], step: ReadStep) -> Diagnosis:
    first = judged[0]
    if not first.judgement.category.is_repairable:
        # The world's failure is worth one finding of each kind, and the strongest comes first.
        first = max(judged, key=lambda one: bool(one.judgement.summary or one.judgement.advice))
        judged = (first, *(one for one in judged if one is not first))
    return Diagnosis(
        category=first.judgement.category,
        summary=_summary(first, judged),
        failures=tuple(one.failure for one in judged),
        confidence=first.judgement.confidence,
        reason=first.judgement.reason,
        advice=first.judgement.advice,
        step=step.step.name,
    )


def _summary(first: Judged, judged: tuple[Judged, ...]) -> str:
    failure = first.finding.failure
    headline = first.judgement.summary or _headline(failure.message)
    where = failure.test_id or ""
    if not first.judgement.summary and failure.file is not None:
        place = f"{failure.file}:{failure.line}" if failure.line is not None else failure.file
        where = f"{where} ({place})" if where else place
    text = f"{headline[:_SUMMARY]} in {where}" if where else headline[:_SUMMARY]
    if failure.code and failure.tool not in ("shell", "log") and failure.code.rpartition(".")[2] not in text:
        text = f"{failure.code.rpartition('.')[2]}: {text}"
    others = len(judged) - 1
    return f"{text} (and {others} more)" if others else text


def _headline(message: str) -> str:
    """The line of a message that tells most: a matcher's own name says nothing, nor does a line before a colon."""
    lines = [line.strip() for line in message.strip().split("\n") if line.strip()][:12]
    if lines and lines[0].startswith("expect("):
        values = [line for line in lines[1:] if line.startswith(("Expected", "Received"))][:2]
        return ", ".join(values) or lines[0]
    if len(lines) > 1 and lines[0].endswith("equal:"):
        return f"{lines[0]} {lines[1]}"
    return lines[0] if lines else ""


def _unknown(
    log: BinaryIO,
    read: ReadLog,
    context: LogContext,
    *,
    baseline: Baseline | None,
    redact: Callable[[str], str] | None,
) -> Diagnosis:
    """No parser knows this log: the lines that sound most like a failure are the best guess, and say so."""
    step = next((one for one in reversed(read.steps) if one.step.is_failed or one.step.has_error), None)
    first, last = (step.first, step.last) if step is not None else (0, 0)
    reader = ExcerptReader(context.repository, baseline)
    size = read.survey.log_bytes
    regions = read.survey.regions or (Region(max(0, size - _TAIL_BYTES), size, 0),)
    for number, lines in numbered_lines(log, regions, redact=redact):
        reader.feed(number, lines, first=first, last=last)
    found = reader.finish()
    exit_code = context.exit_code if step is None else step.step.exit_code
    status = "" if exit_code is None else f" with exit status {exit_code}"
    headline = found.headline[:_SUMMARY] or "it printed nothing"
    if exit_code is None and step is None and not found.is_alarming:
        return Diagnosis(
            category=Category.UNKNOWN,
            summary="nothing in this log says that a command failed",
            confidence=0.1,
            reason=f"no parser recognises it, and no line sounds like a failure; it ends with: {headline}",
        )
    place = found.place
    failure = Failure(
        tool="log",
        message=headline,
        file=place.file if place is not None else None,
        line=place.line if place is not None else None,
        column=place.column if place is not None else None,
        code=None if exit_code is None else str(exit_code),
        excerpt=found.text,
        log_line=found.number or None,
    )
    return Diagnosis(
        category=Category.UNKNOWN,
        summary=f"the command failed{status}: {headline}",
        failures=(failure,) if found.text else (),
        confidence=0.2 if place is not None else 0.1,
        reason="no parser recognises this output; these lines sound most like a failure",
        step=step.step.name if step is not None else "",
    )
