"""Make the report from the last version of the state."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from selfheal import __version__
from selfheal.contract.command import CommandRun
from selfheal.contract.diff import FileDiff, parse
from selfheal.contract.engine import ModelIdentity
from selfheal.contract.patch import Disposition, Patch, PatchedFile
from selfheal.contract.report import Outcome, Report, RunSummary, StateTime, Usage, Verification
from selfheal.contract.signals import Signal
from selfheal.logs import mapped
from selfheal.team.flow import Fact
from selfheal.team.ledger import Ledger
from selfheal.team.state import RepairState
from selfheal.team.untested import is_untested_only

_TAIL_CHARS = 4_000
_EXACT = frozenset({"patch", "base_commit", "trace_id", "span_id", "usage", "model", "path", "sandbox"})
"""Fields that hold no text of the command's, or must be exact."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the report says besides the state."""

    command: str
    base_commit: str | None
    is_dirty: bool
    diff: str
    disposition: Disposition
    cautions: tuple[str, ...]
    ledger: Ledger
    wall_s: float
    model: ModelIdentity | None
    trace_id: str | None
    span_id: str | None
    signals: tuple[Signal, ...]
    states: tuple[StateTime, ...]
    redact: Callable[[str], str]


def make_report(state: RepairState, facts: RunFacts) -> Report:
    """Make the document; every text of it is redacted but the patch, which must hold the repository's own bytes."""
    return mapped(_report(state, facts), facts.redact, keep=_EXACT)


def _report(state: RepairState, facts: RunFacts) -> Report:
    outcome = state.at if isinstance(state.at, Outcome) else Outcome.ERROR
    diagnosis = state.first_diagnosis
    return Report(
        outcome=outcome,
        summary=_summary(outcome, state),
        next_steps=(*_next_steps(outcome, state), *_looks(facts)),
        command=facts.command,
        base_commit=facts.base_commit,
        is_dirty=facts.is_dirty,
        diagnosis=diagnosis,
        suspects=state.suspects or (),
        dependencies=state.explanations if outcome is Outcome.HEALED else (),
        patch=_patch(state, facts) if outcome is Outcome.HEALED else None,
        verification=_verification(state),
        attempts=state.attempts,
        usage=_usage(facts),
        model=facts.model,
        sandbox=state.sandbox,
        path=state.path,
        signals=facts.signals,
        trace_id=facts.trace_id,
        span_id=facts.span_id,
        selfheal_version=__version__,
    )


def _looks(facts: RunFacts) -> list[str]:
    """Why a person should look; the way it was made is a reason of its own."""
    if facts.diff and facts.disposition is Disposition.NEEDS_HUMAN and not facts.cautions:
        return ["Look closely before you merge it: patches made this way pass, and may not be what was meant"]
    return [f"Look closely before you merge it: {reason}" for reason in facts.cautions]


def _summary(outcome: Outcome, state: RepairState) -> str:
    first = state.first_diagnosis
    cause = first.summary if first else state.reason
    match outcome:
        case Outcome.HEALED:
            return f"{cause}. Mended by {_strategies(state)}; the command passes."
        case Outcome.ALREADY_PASSING:
            return "The command passes in this tree, twice; there is nothing to heal."
        case Outcome.NOT_FIXABLE if first and is_untested_only(first):
            return f"{cause}. Tests are missing, and selfheal writes none."
        case Outcome.NOT_FIXABLE:
            return f"{cause}. No patch to this repository can mend that."
        case Outcome.EXHAUSTED if first:
            return f"{cause}. Not healed after {len(state.attempts)} attempts: {state.reason}."
        case _:
            return state.reason or cause


def _strategies(state: RepairState) -> str:
    return " and ".join(dict.fromkeys(state.base_strategies)) or "nothing"


def _more_room(state: RepairState) -> str:
    """What could make the next run come further."""
    if state.fact is Fact.BUDGET_SPENT:
        return "Give it more room with --max-cycles, --max-tokens or --max-seconds"
    if state.reason.startswith("the model can't be asked"):
        return "Give it a model: `selfheal doctor` says what is missing"
    if not state.suspects and not state.attempts:
        return "Nothing in this repository could be tied to the failure: look at what the failing step itself runs"
    return "A larger --model may find more; what was tried shows where it stood"


def _next_steps(outcome: Outcome, state: RepairState) -> list[str]:
    diagnosis = state.diagnosis or state.first_diagnosis
    advice = [diagnosis.advice] if diagnosis and diagnosis.advice else []
    match outcome:
        case Outcome.HEALED:
            return ["Look at the patch, then apply it: git apply fix.patch"]
        case Outcome.ALREADY_PASSING:
            return []
        case Outcome.FLAKY:
            return ["Look for what changes from run to run: time, order, random numbers, the network, shared files"]
        case Outcome.NOT_FIXABLE:
            return advice or ["Mend what the diagnosis names, then run the job again"]
        case Outcome.EXHAUSTED | Outcome.REFUSED:
            looks = [
                f"Look at {s.file}:{s.first_line} ({s.symbol or 'module level'}): {'; '.join(s.evidence[:2])}"
                for s in (state.suspects or ())[:3]
            ]
            return [
                *advice,
                *looks,
                _more_room(state),
            ]
        case Outcome.ERROR:
            return ["Please report this with trace.jsonl: it is a defect of selfheal and not of your build"]
    return []


def _verification(state: RepairState) -> Verification:
    def short(run: CommandRun) -> RunSummary:
        return RunSummary(
            command=run.command,
            exit_code=run.exit_code,
            wall_s=round(run.wall_s, 3),
            sandbox=run.sandbox,
            tail=run.output[-_TAIL_CHARS:],
        )

    proof = state.proof
    return Verification(
        before=short(state.before[0]) if state.before else None,
        before_again=short(state.before[1]) if len(state.before) > 1 else None,
        after=tuple(short(run) for run in proof.after) if proof else (),
        tests_collected_before=proof.tests_before if proof else None,
        tests_collected_after=proof.tests_after if proof else None,
        guarded=proof.guarded if proof else None,
    )


def _patch(state: RepairState, facts: RunFacts) -> Patch:
    parsed = parse(facts.diff)
    files = parsed if isinstance(parsed, tuple) else ()
    return Patch(
        diff=facts.diff,
        sha256=hashlib.sha256(facts.diff.encode()).hexdigest(),
        files=tuple(_counted(file) for file in files),
        strategy="+".join(dict.fromkeys(state.base_strategies)),
        disposition=facts.disposition,
    )


def _counted(file: FileDiff) -> PatchedFile:
    pairs = [SequenceMatcher(None, hunk.before, hunk.after, autojunk=False).get_opcodes() for hunk in file.hunks]
    codes = [code for pair in pairs for code in pair if code[0] != "equal"]
    removed, added = sum(b - a for _, a, b, _, _ in codes), sum(d - c for *_, c, d in codes)
    return PatchedFile(path=file.path, added=added, removed=removed)


def _usage(facts: RunFacts) -> Usage:
    ledger = facts.ledger
    return Usage(
        model_calls=ledger.model_calls,
        prompt_tokens=ledger.prompt_tokens,
        cached_prompt_tokens=ledger.cached_tokens,
        completion_tokens=ledger.completion_tokens,
        wall_s=round(facts.wall_s, 3),
        command_runs=ledger.command_runs,
        trials=ledger.trials,
        command_wall_s=round(ledger.command_wall_s, 3),
        model_wall_s=round(ledger.model_wall_s, 3),
        engine_start_s=round(ledger.engine_start_s, 3),
        states=facts.states,
    )
