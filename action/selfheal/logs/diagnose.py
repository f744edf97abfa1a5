"""The whole way from raw output to a diagnosis."""

from collections import deque
from collections.abc import Sequence

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.logs.cleaning import clean_lines
from selfheal.logs.parsers.interface import LogContext, ParserFactory
from selfheal.logs.parsers.registry import PARSERS
from selfheal.logs.ranking import Judged, ranked, unclaimed
from selfheal.logs.repository import Repository
from selfheal.logs.triage.judge import judge

_TAIL_LINES = 40
_TAIL_CHARS = 1_500
_SUMMARY = 300


def diagnose(
    output: str,
    *,
    exit_code: int | None,
    root: str = "",
    known_files: frozenset[str] = frozenset(),
    parsers: Sequence[ParserFactory] = PARSERS,
) -> Diagnosis:
    """Say what failed in a command's output and why. Never raises, whatever the output holds.

    `root` is the absolute path that the command ran under; it is taken off file names. `known_files` are
    the repository's files, relative. A failure's frames are the repository's own first, then the libraries',
    each outermost first. Its line counts from 1, and so does its column (of a syntax error, in the line as
    Python prints it, without its indentation).
    """
    context = LogContext(exit_code, Repository(root, known_files))
    readers = [parser(context) for parser in parsers]
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    for number, line in enumerate(clean_lines(output), start=1):
        for reader in readers:
            reader.feed(number, line)
        if line.strip():
            tail.append(line)
    findings = unclaimed([reader.finish() for reader in readers])
    if exit_code == 0 and not any(finding.failure.tool in ("pytest", "unittest") for finding in findings):
        return Diagnosis(category=Category.UNKNOWN, summary="the command succeeded", reason="exit status 0")
    judged = ranked([Judged(finding, judge(finding, context)) for finding in findings])
    return _diagnosis(judged) if judged else _unknown(tail, exit_code)


def _diagnosis(judged: tuple[Judged, ...]) -> Diagnosis:
    first = judged[0]
    if not first.judgement.category.is_repairable:
        # The world's failure is worth one finding of each kind, and the strongest comes first.
        first = max(judged, key=lambda one: bool(one.judgement.summary or one.judgement.advice))
        judged = (first, *(one for one in judged if one is not first))
    failures = tuple(one.finding.failure for one in judged)
    return Diagnosis(
        category=first.judgement.category,
        summary=_summary(first, judged),
        failures=failures,
        confidence=first.judgement.confidence,
        reason=first.judgement.reason,
        advice=first.judgement.advice,
    )


def _summary(first: Judged, judged: tuple[Judged, ...]) -> str:
    failure = first.finding.failure
    headline = first.judgement.summary or failure.message.strip().split("\n")[0]
    where = failure.test_id or ""
    if not first.judgement.summary and failure.file is not None:
        place = f"{failure.file}:{failure.line}" if failure.line is not None else failure.file
        where = f"{where} ({place})" if where else place
    text = f"{headline[:_SUMMARY]} in {where}" if where else headline[:_SUMMARY]
    if failure.code and failure.tool not in ("shell", "log") and failure.code.rpartition(".")[2] not in text:
        text = f"{failure.code.rpartition('.')[2]}: {text}"
    others = len(judged) - 1
    return f"{text} (and {others} more)" if others else text


def _unknown(tail: deque[str], exit_code: int | None) -> Diagnosis:
    """No parser knows this log: its end is the best guess, and says that it is one."""
    text = "\n".join(tail)[-_TAIL_CHARS:]
    status = "" if exit_code is None else f" with exit status {exit_code}"
    last = tail[-1].strip()[:_SUMMARY] if tail else "it printed nothing"
    failure = Failure(tool="shell", message=last, code=None if exit_code is None else str(exit_code), excerpt=text)
    return Diagnosis(
        category=Category.UNKNOWN,
        summary=f"the command failed{status}: {last}",
        failures=(failure,) if tail else (),
        confidence=0.1,
        reason="no parser recognises this output",
    )
