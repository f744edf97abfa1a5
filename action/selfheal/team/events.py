"""What the agents report: one type a fact, applied to the state by `team.state`."""

from typing import Literal

from selfheal.contract.base import Frozen
from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.contract.verdict import Verdict
from selfheal.team.flow import Fact


class FailureReproduced(Frozen):
    """The command failed, at least twice, in the same way."""

    fact: Literal[Fact.FAILURE_REPRODUCED] = Fact.FAILURE_REPRODUCED
    runs: tuple[CommandRun, ...]
    sandbox: str


class NotReproduced(Frozen):
    """The command passed, disagreed with itself, or never ended."""

    fact: Literal[Fact.COMMAND_PASSED, Fact.RUNS_DISAGREED, Fact.COMMAND_NEVER_ENDED]
    runs: tuple[CommandRun, ...]
    sandbox: str
    summary: str


class Diagnosed(Frozen):
    """The log analyst read the newest failing run."""

    fact: Literal[Fact.DIAGNOSED] = Fact.DIAGNOSED
    diagnosis: Diagnosis


class Routed(Frozen):
    """The supervisor decided where to go, without a target."""

    fact: Literal[
        Fact.NOT_THE_CODES_FAULT,
        Fact.SUSPECTS_WANTED,
        Fact.DEPENDENCY_BROKE,
        Fact.BASE_MOVED,
        Fact.NOTHING_LEFT,
        Fact.ONLY_CHEATS_PASSED,
    ]
    reason: str


class TargetChosen(Frozen):
    """The supervisor chose what to try next."""

    fact: Literal[Fact.TARGET_CHOSEN] = Fact.TARGET_CHOSEN
    target: Target
    reason: str


class SuspectsRanked(Frozen):
    """The architect ranked the places that may hold the cause."""

    fact: Literal[Fact.SUSPECTS_RANKED] = Fact.SUSPECTS_RANKED
    suspects: tuple[Suspect, ...]


class CandidateProposed(Frozen):
    """The fixer or the dependency agent has a patch to try."""

    fact: Literal[Fact.CANDIDATE_PROPOSED] = Fact.CANDIDATE_PROPOSED
    candidate: CandidatePatch


class NothingProposed(Frozen):
    """The strategy gave no patch. `is_spent` means that it never will; `advice` is for its next prompt."""

    fact: Literal[Fact.NOTHING_PROPOSED] = Fact.NOTHING_PROPOSED
    reason: str
    is_spent: bool
    advice: str = ""
    hint: str = ""
    """What it found out all the same, for whoever asks a model."""


class Judged(Frozen):
    """The verifier's verdict on the candidate."""

    fact: Literal[Fact.CANDIDATE_PROVED, Fact.CANDIDATE_IMPROVED, Fact.CANDIDATE_REJECTED]
    verdict: Verdict
    tree: str | None
    diff: str


class Stopped(Frozen):
    """The budget is spent, or an agent broke."""

    fact: Literal[Fact.BUDGET_SPENT, Fact.AGENT_FAILED]
    reason: str


Event = (
    FailureReproduced
    | NotReproduced
    | Diagnosed
    | Routed
    | TargetChosen
    | SuspectsRanked
    | CandidateProposed
    | NothingProposed
    | Judged
    | Stopped
)
