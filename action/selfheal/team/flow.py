"""The repair as a state machine, on one page, as data. The diagram in CONTRIBUTING.md is made from it."""

from enum import StrEnum

from selfheal.contract.report import Outcome


class State(StrEnum):
    """Where a repair stands: what is to be done next."""

    REPRODUCE = "reproduce"
    ANALYSE = "analyse"
    ROUTE = "route"
    LOCATE = "locate"
    PROPOSE = "propose"
    RESOLVE = "resolve"
    VERIFY = "verify"


class Fact(StrEnum):
    """What happened. A fact moves the repair from one state to the next."""

    FAILURE_REPRODUCED = "failure_reproduced"
    COMMAND_PASSED = "command_passed"
    RUNS_DISAGREED = "runs_disagreed"
    COMMAND_NEVER_ENDED = "command_never_ended"
    DIAGNOSED = "diagnosed"
    NOT_THE_CODES_FAULT = "not_the_codes_fault"
    SUSPECTS_WANTED = "suspects_wanted"
    TARGET_CHOSEN = "target_chosen"
    DEPENDENCY_BROKE = "dependency_broke"
    BASE_MOVED = "base_moved"
    NOTHING_LEFT = "nothing_left"
    ONLY_CHEATS_PASSED = "only_cheats_passed"
    SUSPECTS_RANKED = "suspects_ranked"
    CANDIDATE_PROPOSED = "candidate_proposed"
    NOTHING_PROPOSED = "nothing_proposed"
    CANDIDATE_PROVED = "candidate_proved"
    CANDIDATE_IMPROVED = "candidate_improved"
    CANDIDATE_REJECTED = "candidate_rejected"
    BUDGET_SPENT = "budget_spent"
    AGENT_FAILED = "agent_failed"


SPEAKER: dict[State, str] = {
    State.REPRODUCE: "verifier",
    State.ANALYSE: "log_analyst",
    State.ROUTE: "supervisor",
    State.LOCATE: "architect",
    State.PROPOSE: "fixer",
    State.RESOLVE: "dependency_agent",
    State.VERIFY: "verifier",
}

_ORDINARY: dict[tuple[State, Fact], State | Outcome] = {
    (State.REPRODUCE, Fact.FAILURE_REPRODUCED): State.ANALYSE,
    (State.REPRODUCE, Fact.COMMAND_PASSED): Outcome.ALREADY_PASSING,
    (State.REPRODUCE, Fact.RUNS_DISAGREED): Outcome.FLAKY,
    (State.REPRODUCE, Fact.COMMAND_NEVER_ENDED): Outcome.EXHAUSTED,
    (State.ANALYSE, Fact.DIAGNOSED): State.ROUTE,
    (State.ROUTE, Fact.NOT_THE_CODES_FAULT): Outcome.NOT_FIXABLE,
    (State.ROUTE, Fact.SUSPECTS_WANTED): State.LOCATE,
    (State.ROUTE, Fact.TARGET_CHOSEN): State.PROPOSE,
    (State.ROUTE, Fact.DEPENDENCY_BROKE): State.RESOLVE,
    (State.ROUTE, Fact.BASE_MOVED): State.ANALYSE,
    (State.ROUTE, Fact.NOTHING_LEFT): Outcome.EXHAUSTED,
    (State.ROUTE, Fact.ONLY_CHEATS_PASSED): Outcome.REFUSED,
    (State.LOCATE, Fact.SUSPECTS_RANKED): State.ROUTE,
    (State.PROPOSE, Fact.CANDIDATE_PROPOSED): State.VERIFY,
    (State.PROPOSE, Fact.NOTHING_PROPOSED): State.ROUTE,
    (State.RESOLVE, Fact.CANDIDATE_PROPOSED): State.VERIFY,
    (State.RESOLVE, Fact.NOTHING_PROPOSED): State.ROUTE,
    (State.VERIFY, Fact.CANDIDATE_PROVED): Outcome.HEALED,
    (State.VERIFY, Fact.CANDIDATE_IMPROVED): State.ROUTE,
    (State.VERIFY, Fact.CANDIDATE_REJECTED): State.ROUTE,
}

_ANYWHERE: dict[Fact, State | Outcome] = {
    Fact.BUDGET_SPENT: Outcome.EXHAUSTED,
    Fact.AGENT_FAILED: Outcome.ERROR,
}

TRANSITIONS: dict[tuple[State, Fact], State | Outcome] = {
    **_ORDINARY,
    **{(state, fact): outcome for state in State for fact, outcome in _ANYWHERE.items()},
}


def after(state: State, fact: Fact) -> State | Outcome:
    """Tell where `fact` leads from `state`. Raises KeyError for a fact that can't happen there."""
    return TRANSITIONS[state, fact]


def mermaid() -> str:
    """Draw the flow as a Mermaid state diagram; what can happen anywhere is left out."""
    lines = ["stateDiagram-v2", "    [*] --> reproduce"]
    lines += [f"    {state}: {state} ({speaker})" for state, speaker in SPEAKER.items()]
    lines += [f"    {state} --> {target}: {fact}" for (state, fact), target in _ORDINARY.items()]
    outcomes = dict.fromkeys(target for target in _ORDINARY.values() if isinstance(target, Outcome))
    lines += [f"    {outcome} --> [*]" for outcome in outcomes]
    return "\n".join(lines) + "\n"
