"""Judge the findings of one step together: what follows from an outage is no failure of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.parsers.system.sign import Weight
from selfheal.logs.parsers.system.sign_table import SIGNS
from selfheal.logs.triage.judge import judge
from selfheal.logs.triage.judgement import Judgement

_CONFIDENCE = 0.8
_GUESSED = 0.6
_ADJACENT = 6
"""So many lines may stand between an outage's line and the ending that follows from it."""
_ECHOES = (Category.UNKNOWN, Category.BUILD)
_CRASHES = frozenset({"134", "136", "139"})
_INDEX_LINES = 60
_INDEX_MISSES = frozenset({"no-matching-distribution"})
_INDEX_SIGNS = frozenset({"index-connection", "index-fetch", "index-request"})


@dataclass(frozen=True, slots=True)
class _Cause:
    """A finding that is the world's fault, with what triage said of it."""

    finding: Finding
    judgement: Judgement


def judge_all(findings: Sequence[Finding], context: LogContext) -> tuple[Judgement, ...]:
    """Say of each finding why it failed, in the order of the findings.

    How a command ended follows from an outage that was told right before it, or that took the machine down.
    A package that was not found on an index that did not answer is not missing. A test that passed when it
    was run again, where nothing else failed, is flaky. Everything else stands for itself.
    """
    judged = [judge(finding, context) for finding in findings]
    causes = [
        _Cause(finding, _told(finding, judgement))
        for finding, judgement in zip(findings, judged, strict=True)
        if not judgement.category.is_repairable
    ]
    return tuple(_explained(finding, judgement, causes) for finding, judgement in zip(findings, judged, strict=True))


def _told(finding: Finding, judgement: Judgement) -> Judgement:
    return replace(judgement, summary=judgement.summary or finding.failure.message.partition("\n")[0])


def _explained(finding: Finding, judgement: Judgement, causes: Sequence[_Cause]) -> Judgement:
    if not judgement.category.is_repairable:
        return _named(finding, judgement, causes)
    cause = next((cause.judgement for cause in causes if _follows(finding, cause)), None)
    if cause is None:
        return judgement
    confidence = min(_CONFIDENCE if finding.stage is not Stage.ENDING else _GUESSED, cause.confidence)
    return replace(cause, reason=f"it follows from this: {cause.summary}", confidence=confidence)


def _named(finding: Finding, judgement: Judgement, causes: Sequence[_Cause]) -> Judgement:
    """A status of the shell's says less than the line before it, which names what was missing."""
    if finding.failure.tool != "shell":
        return judgement
    told = (cause for cause in causes if cause.finding.failure.tool == "log")
    near = next((one for one in told if 0 <= finding.lines[0] - one.finding.lines[0] <= _ADJACENT), None)
    return near.judgement if near is not None else judgement


def _follows(finding: Finding, cause: _Cause) -> bool:
    if cause.judgement.category is Category.FLAKY:
        return finding.stage in (Stage.RUN, Stage.ENDING)
    first, last = finding.lines
    told = cause.finding.lines[0]
    code = cause.finding.failure.code or ""
    if finding.failure.code in _INDEX_MISSES:
        return code in _INDEX_SIGNS and 0 <= first - told <= _INDEX_LINES
    if finding.stage is not Stage.ENDING or finding.failure.test_id is not None:
        return False
    if cause.finding.failure.tool != "log":
        return cause.finding.stage is not Stage.ENDING and told <= first
    if code in _decisive():
        return True
    if finding.failure.code in _CRASHES:
        return False
    return finding.category in _ECHOES and told <= last and first - told <= _ADJACENT


def _decisive() -> frozenset[str]:
    """Signs after which a command's ending needs no other explanation."""
    return frozenset(sign.code for sign in SIGNS if sign.weight >= Weight.MACHINE and not sign.category.is_repairable)
