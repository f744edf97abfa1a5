"""Judge the findings of one step together: what follows from an outage is no failure of its own."""

from collections.abc import Sequence
from dataclasses import replace

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.triage.judge import judge
from selfheal.logs.triage.judgement import Judgement

_FOLLOWS = 0.8
_VAGUE = (Category.DEPENDENCY, Category.CONFIG, Category.BUILD, Category.UNKNOWN)


def judge_all(findings: Sequence[Finding], context: LogContext) -> tuple[Judgement, ...]:
    """Say of each finding why it failed, in the order of the findings.

    How a command ended, and what a tool says without a place in the code, follow from an outage that the
    same step tells. A test that passed when it was run again, where nothing else failed, is flaky.
    """
    judged = [judge(finding, context) for finding in findings]
    world = [
        (finding, judgement)
        for finding, judgement in zip(findings, judged, strict=True)
        if not judgement.category.is_repairable and (finding.failure.tool == "log" or _is_named(finding, judgement))
    ]
    if not world:
        return tuple(judged)
    finding, cause = next((pair for pair in world if pair[1].category is not Category.FLAKY), world[0])
    cause = replace(cause, summary=cause.summary or finding.failure.message.partition("\n")[0])
    return tuple(_explained(finding, judgement, cause) for finding, judgement in zip(findings, judged, strict=True))


def _is_named(finding: Finding, judgement: Judgement) -> bool:
    return finding.stage is not Stage.ENDING and bool(judgement.summary or judgement.advice)


def _explained(finding: Finding, judgement: Judgement, cause: Judgement) -> Judgement:
    if not judgement.category.is_repairable:
        return judgement
    if cause.category is Category.FLAKY:
        is_explained = finding.stage in (Stage.RUN, Stage.ENDING)
    else:
        is_explained = finding.stage is Stage.ENDING or (judgement.category in _VAGUE and finding.failure.line is None)
    if not is_explained:
        return judgement
    return replace(
        cause,
        reason=f"it follows from this: {cause.summary}",
        confidence=min(_FOLLOWS, cause.confidence),
    )
