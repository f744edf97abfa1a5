"""Say what happened in words, for the person who watches."""

from typing import assert_never

from selfheal.contract.verdict import Refused
from selfheal.team.events import (
    CandidateProposed,
    Diagnosed,
    Event,
    FailureReproduced,
    Judged,
    NothingProposed,
    NotReproduced,
    Routed,
    Stopped,
    SuspectsRanked,
    TargetChosen,
)
from selfheal.team.state import RepairState

_MAX_DETAIL = 160


def narrate(state: RepairState, event: Event) -> tuple[str, str]:
    """Give the words and the detail of one step; `state` is the version that the event made."""
    words, detail = _narrate(state, event)
    line = " ".join(detail.split())
    return words, line if len(line) <= _MAX_DETAIL else line[: _MAX_DETAIL - 1] + "…"


def brief(state: RepairState) -> str:
    """What the agent whose turn it is can see: the diagnosis, the suspects, the target, and what was tried on it."""
    parts = []
    if (seen := state.diagnosis) is not None:
        parts.append(f"diagnosis: {seen.category.value}: {seen.summary}")
        parts += [f"  {f.file or f.tool}:{f.line or ''} {f.message[:300]}" for f in seen.failures[:3]]
    if state.suspects:
        parts.append("suspects:")
        parts += [
            f"  {s.suspiciousness:.2f} {s.symbol or 'module level'} in {s.file}: {'; '.join(s.evidence[:3])}"
            for s in state.suspects[:5]
        ]
    if state.target is not None:
        parts.append(f"target: {state.target.key}, sample {state.drawn(state.target)} of {state.target.samples}")
        tried = [each for each in state.feedback if each.target == state.target.key]
        parts += [f"  tried: {each.result[:300]}" for each in tried[-3:]]
    if state.candidate is not None:
        parts.append(f"candidate by {state.candidate.strategy}: {state.candidate.rationale[:300]}")
    return "\n".join(parts)


def _narrate(state: RepairState, event: Event) -> tuple[str, str]:
    match event:
        case FailureReproduced():
            run = event.runs[-1]
            words = f"the failure is reproduced ({len(event.runs)} runs, exit {run.exit_code}, {run.wall_s:.1f} s)"
            return words, f"sandbox: {event.sandbox}"
        case NotReproduced():
            return event.summary, ""
        case Diagnosed():
            return f"{event.diagnosis.category.value}: {event.diagnosis.summary}", ""
        case Routed() | TargetChosen() | Stopped():
            return _decision(event)
        case SuspectsRanked():
            if not event.suspects:
                return "no place in the source is under suspicion", ""
            first = event.suspects[0]
            rest = f" and {len(event.suspects) - 1} more" if len(event.suspects) > 1 else ""
            return f"suspects {first.symbol or 'module level'} in {first.file}{rest}", "; ".join(first.evidence[:2])
        case CandidateProposed():
            names = ", ".join(edit.path for edit in event.candidate.edits[:3])
            return f"candidate {len(state.attempts) + 1} by {event.candidate.strategy}", names
        case NothingProposed():
            return "no candidate", event.reason
        case Judged():
            attempt = state.attempts[-1]
            detail = attempt.reason
            if isinstance(event.verdict, Refused):
                detail = ", ".join(v.rule for v in event.verdict.violations) + ": " + detail
            return f"candidate {attempt.number}: {event.verdict.kind.value}", detail
        case _:
            assert_never(event)


def _decision(event: Routed | TargetChosen | Stopped) -> tuple[str, str]:
    match event:
        case Routed():
            return event.fact.value.replace("_", " "), event.reason
        case TargetChosen():
            return f"next: {event.target.strategy} on {event.target.place}", event.reason
        case Stopped():
            return f"stops: {event.fact.value.replace('_', ' ')}", event.reason
        case _:
            assert_never(event)
