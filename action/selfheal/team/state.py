"""The repair state: numbered versions, made only by applying an event to the version before."""

import hashlib
from typing import assert_never

from selfheal.contract.base import Frozen
from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.explanation import Explanation
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.report import Attempt, Outcome
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.contract.verdict import Improved, Invalid, Proved, Refused, Unchanged, Unstable, Verdict, Worse
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
from selfheal.team.flow import Fact, State, after

_MOST_RATIONALE = 600
"""Characters of it in a report."""


class Feedback(Frozen):
    """What became of a candidate, for the next prompt on the same target."""

    target: str
    diff: str
    result: str
    edits: tuple[FileEdit, ...] = ()


class Spent(Frozen):
    """What the ledger counted so far; the difference between two versions is an attempt's cost."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    elapsed_s: float = 0.0


class RepairState(Frozen):
    """One version. `base` counts accepted improvements; everything below it is about that base.

    `last_run` is the failing run that the diagnosis was made from, or None until reproduced.
    """

    version: int = 0
    at: State | Outcome = State.REPRODUCE
    fact: Fact | None = None
    reason: str = ""
    sandbox: str = ""
    before: tuple[CommandRun, ...] = ()
    first_diagnosis: Diagnosis | None = None
    last_run: CommandRun | None = None
    diagnosis: Diagnosis | None = None
    base: int = 0
    base_strategies: tuple[str, ...] = ()
    hint: str = ""
    """What a model should know of the release that broke the code."""
    explanations: tuple[Explanation, ...] = ()
    suspects: tuple[Suspect, ...] | None = None
    target: Target | None = None
    draws: tuple[tuple[str, int], ...] = ()
    spent_targets: tuple[str, ...] = ()
    candidate: CandidatePatch | None = None
    feedback: tuple[Feedback, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    tried_trees: tuple[str, ...] = ()
    proof: Proved | None = None
    spent: Spent = Spent()
    path: tuple[str, ...] = (State.REPRODUCE.value,)

    def drawn(self, target: Target) -> int:
        """Tell how many candidates were asked of a target since the base last moved."""
        return dict(self.draws).get(target.key, 0)

    def places(self, target: Target) -> int:
        """Tell at how many other places its strategy was asked for candidates since then."""
        return sum(key != target.key and key.startswith(f"{target.strategy}@") for key, _ in self.draws)


def advance(state: RepairState, event: Event, *, spent: Spent) -> RepairState:
    """Make the next version. Raises KeyError when the event can't happen in the state's place."""
    if not isinstance(state.at, State):
        raise KeyError(f"the repair has ended as {state.at}; {event.fact} can't follow")
    at = after(state.at, event.fact)
    changed = {
        "version": state.version + 1,
        "at": at,
        "fact": event.fact,
        "path": (*state.path, at.value),
        "spent": spent,
        **_changes(state, event, spent),
    }
    return state.model_copy(update=changed)


def _changes(state: RepairState, event: Event, spent: Spent) -> dict[str, object]:
    match event:
        case FailureReproduced():
            return {"before": event.runs, "last_run": event.runs[-1], "sandbox": event.sandbox}
        case NotReproduced():
            return {"before": event.runs, "sandbox": event.sandbox, "reason": event.summary}
        case Diagnosed():
            first = state.first_diagnosis or event.diagnosis
            return {"diagnosis": event.diagnosis, "first_diagnosis": first, "suspects": None}
        case Routed():
            return {"reason": event.reason, "target": None}
        case TargetChosen():
            draws = {**dict(state.draws), event.target.key: state.drawn(event.target) + 1}
            return {"target": event.target, "draws": tuple(draws.items()), "reason": event.reason}
        case SuspectsRanked():
            return {"suspects": event.suspects}
        case CandidateProposed():
            return {"candidate": event.candidate}
        case NothingProposed():
            attempt = _attempt(state, Invalid(reason=event.reason), tree=None, diff="", spent=spent)
            advice = Feedback(target=state.target.key if state.target else "", diff="", result=event.advice)
            return {
                "reason": event.reason,
                "attempts": (*state.attempts, attempt),
                "spent_targets": _spend(state, is_spent=event.is_spent),
                "feedback": (*state.feedback, advice) if event.advice else state.feedback,
                "hint": event.hint or state.hint,
            }
        case Judged():
            return _judged(state, event, spent)
        case Stopped():
            return {"reason": event.reason}
        case _:
            assert_never(event)


def _judged(state: RepairState, event: Judged, spent: Spent) -> dict[str, object]:
    attempt = _attempt(state, event.verdict, tree=event.tree, diff=event.diff, spent=spent)
    feedback = Feedback(
        target=state.target.key if state.target else "",
        diff=event.diff,
        result=attempt.reason,
        edits=state.candidate.edits if state.candidate else (),
    )
    changes: dict[str, object] = {
        "candidate": None,
        "attempts": (*state.attempts, attempt),
        "feedback": (*state.feedback, feedback),
        "spent_targets": _spend(state, is_spent=False),
        "reason": attempt.reason,
    }
    if event.tree is not None:
        changes["tried_trees"] = (*state.tried_trees, event.tree)
    strategy = state.candidate.strategy if state.candidate else ""
    if isinstance(event.verdict, Improved | Proved) and state.candidate and state.candidate.explanation:
        changes["explanations"] = (*state.explanations, state.candidate.explanation)
    if isinstance(event.verdict, Improved):
        changes |= {
            "base": state.base + 1,
            "base_strategies": (*state.base_strategies, strategy),
            "last_run": event.verdict.run,
            "suspects": None,
            "target": None,
            "draws": (),
            "spent_targets": (),
            "feedback": (),
            # A tree that was turned away may be reached again by single steps: a test that flickers turned it away.
            "tried_trees": (event.tree,) if event.tree is not None else (),
        }
    elif isinstance(event.verdict, Proved):
        changes |= {"proof": event.verdict, "base_strategies": (*state.base_strategies, strategy)}
    return changes


def _spend(state: RepairState, *, is_spent: bool) -> tuple[str, ...]:
    """Mark the target as spent when it gave up or all its samples were drawn."""
    if state.target is None or not (is_spent or state.drawn(state.target) >= state.target.samples):
        return state.spent_targets
    return (*state.spent_targets, state.target.key)


def _attempt(state: RepairState, verdict: Verdict, *, tree: str | None, diff: str, spent: Spent) -> Attempt:
    # The cost of an attempt is everything since the attempt before it ended.
    booked = Spent(
        model_calls=sum(a.model_calls for a in state.attempts),
        prompt_tokens=sum(a.prompt_tokens for a in state.attempts),
        completion_tokens=sum(a.completion_tokens for a in state.attempts),
        elapsed_s=sum(a.wall_s for a in state.attempts),
    )
    strategy = state.candidate.strategy if state.candidate else (state.target.strategy if state.target else "none")
    return Attempt(
        number=len(state.attempts) + 1,
        strategy=strategy,
        patch_sha256=hashlib.sha256(diff.encode()).hexdigest() if diff else None,
        verdict=verdict.kind,
        reason=words_of(verdict),
        model_calls=spent.model_calls - booked.model_calls,
        prompt_tokens=spent.prompt_tokens - booked.prompt_tokens,
        completion_tokens=spent.completion_tokens - booked.completion_tokens,
        wall_s=round(spent.elapsed_s - booked.elapsed_s, 3),
        diff=diff,
        rationale=state.candidate.rationale[:_MOST_RATIONALE] if state.candidate else "",
        tree=tree,
    )


def rules_of(verdict: Verdict) -> tuple[str, ...]:
    """The rules of the policy that refused it."""
    return tuple(violation.rule for violation in verdict.violations) if isinstance(verdict, Refused) else ()


def words_of(verdict: Verdict) -> str:
    """Say in one sentence what the verdict means; it becomes the feedback of the next prompt."""
    match verdict:
        case Proved():
            return f"the command passed {len(verdict.after)} times after failing {len(verdict.before)} times"
        case Improved():
            return f"{verdict.fixed} failures are gone, {verdict.remaining} are left: {verdict.diagnosis.summary}"
        case Unchanged():
            return f"the same failure as before: {_cause(verdict.diagnosis)}"
        case Worse():
            return f"{verdict.reason}: {_cause(verdict.diagnosis)}"
        case Refused():
            return "; ".join(f"{v.rule}: {v.message}" for v in verdict.violations)
        case Unstable():
            return "it passed once and failed once"
        case Invalid():
            return verdict.reason
        case _:
            assert_never(verdict)


def _cause(diagnosis: Diagnosis) -> str:
    if not diagnosis.failures:
        return diagnosis.summary
    cause = diagnosis.failures[0]
    return (cause.excerpt or cause.message)[:400]
