"""The numbers of one repair, taken from its report: the same for agents in this process and in a container. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from selfheal.contract.report import Outcome, Report
from selfheal.contract.verdict import VerdictKind
from selfheal.observability import MetricName

_ABSTAINED = (Outcome.NOT_FIXABLE, Outcome.FLAKY, Outcome.REFUSED)
TRIED_TO_HEAL = (Outcome.HEALED, Outcome.EXHAUSTED, Outcome.REFUSED, Outcome.ERROR)
"""Outcomes that a success rate is about: there was something to heal, and it could be tried."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. A distribution is a histogram, else it is added to a counter."""

    name: MetricName
    value: float
    is_distribution: bool = False
    unit: str = "1"
    attributes: dict[str, str] = field(default_factory=dict)


def measured(report: Report) -> Iterator[Measured]:
    """Everything that a report gives."""
    category = report.diagnosis.category.value if report.diagnosis else "none"
    strategy = report.patch.strategy if report.patch else "none"
    about = {"category": category, "outcome": report.outcome.value}
    usage = report.usage
    tokens = usage.prompt_tokens + usage.completion_tokens
    for attempt in report.attempts[1:]:
        yield Measured(
            MetricName.AGENT_RETRY_COUNT,
            1,
            attributes={"category": category, "strategy": attempt.strategy, "verdict": attempt.verdict.value},
        )
    for attempt in report.attempts:
        if attempt.verdict is VerdictKind.REFUSED:
            rule = attempt.reason.partition(":")[0][:60]
            yield Measured(MetricName.CHEATS_REFUSED, 1, attributes={"rule": rule, "strategy": attempt.strategy})
    if report.outcome in TRIED_TO_HEAL:
        is_healed = float(report.outcome is Outcome.HEALED)
        labels = {"category": category, "strategy": strategy}
        yield Measured(MetricName.REPAIR_SUCCESS_RATE, is_healed, is_distribution=True, attributes=labels)
    if report.outcome is Outcome.HEALED:
        labels = {"category": category, "strategy": strategy}
        yield Measured(MetricName.TOKEN_USAGE_PER_FIX, tokens, True, "{token}", labels)
    if report.outcome in _ABSTAINED:
        yield Measured(MetricName.ABSTENTIONS, 1, attributes=about)
    yield Measured(MetricName.REPAIR_SECONDS, usage.wall_s, True, "s", about)
    for state in usage.states:
        yield Measured(MetricName.STATE_SECONDS, state.wall_s, True, "s", {"state": state.state})
    for signal in report.signals:
        yield Measured(MetricName.AGENT_SIGNALS, 1, attributes={"kind": signal.kind.value, "agent": signal.agent})
    for kind, count in (("input", usage.prompt_tokens), ("output", usage.completion_tokens)):
        labels = {"gen_ai.token.type": kind, "model": report.model.name if report.model else "none"}
        yield Measured(MetricName.MODEL_TOKENS, count, unit="{token}", attributes=labels)
