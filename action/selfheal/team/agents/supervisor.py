"""The supervisor: decides what comes next. Code where that is certain, the model where it is not."""

from typing import Literal

from pydantic import BaseModel

from selfheal.contract.diagnosis import Category
from selfheal.contract.engine import ModelAnswer, ModelRequest
from selfheal.contract.target import Target
from selfheal.contract.verdict import VerdictKind
from selfheal.errors import BudgetSpent
from selfheal.fix.dependencies.evidence import may_be_dependency
from selfheal.fix.dependencies.plan import is_manifest
from selfheal.fix.dependencies.tool_plan import any_plan_for, speaks_of_lock
from selfheal.fix.dependencies.tools.evidence import may_be_of_tool
from selfheal.fix.dependencies.tools.uses import packages_called
from selfheal.fix.interface import RepairCase, Strategy
from selfheal.fix.prompts import failure_text
from selfheal.team.budget import Budget
from selfheal.team.cases import CaseMaker
from selfheal.team.events import Event, Routed, Stopped, TargetChosen
from selfheal.team.flow import Fact
from selfheal.team.portfolio import portfolio
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox
from selfheal.team.untested import is_untested_only

SYSTEM = (
    "A program fails. You get the failure and two places in the source. "
    "Answer as JSON which of the two, 1 or 2, is more likely to hold the mistake."
)
_MAY_BE_PACKAGES = (Category.TEST, Category.BUILD, Category.CONFIG, Category.UNKNOWN)
"""Categories of which a package may be the cause although the parsers don't say so."""
_OLD_DAYS = 3
"""From this age of a commit on its packages are suspects too."""
_LEAST = 0.05
"""What a sample must promise, against the first at the most suspicious place, to be drawn."""
_TIE = 0.02
"""Suspects whose suspiciousness differs by less are told apart by the model."""


class Choice(BaseModel):
    """The schema that the engine enforces."""

    place: Literal["1", "2"]


class Supervisor:
    """Routes by the state; its order of targets is `order`."""

    name = "supervisor"
    description = "Decides which agent comes next, what is tried next, and when to stop."

    def __init__(self, strategies: tuple[Strategy, ...], cases: CaseMaker, budget: Budget, toolbox: Toolbox) -> None:
        self._strategies = strategies
        self._toolbox = toolbox
        self._cases = cases
        self._budget = budget

    async def act(self, state: RepairState) -> Event:
        """Choose the next step."""
        diagnosis = state.diagnosis
        if diagnosis is None:
            raise ValueError("there is no diagnosis to route")
        if state.fact is Fact.CANDIDATE_IMPROVED:
            return Routed(fact=Fact.BASE_MOVED, reason="the improved tree is the new base: read its failure anew")
        if not diagnosis.category.is_repairable or is_untested_only(diagnosis):
            return Routed(fact=Fact.NOT_THE_CODES_FAULT, reason=diagnosis.reason or diagnosis.summary)
        if not _dependency_agent_gave_up(state) and self._is_about_packages(state):
            return Routed(fact=Fact.DEPENDENCY_BROKE, reason=diagnosis.summary)
        if diagnosis.category is Category.DEPENDENCY and not diagnosis_names_code(state):
            return Routed(fact=Fact.NOT_THE_CODES_FAULT, reason=diagnosis.reason or diagnosis.summary)
        if not self._exact(state) and not _dependency_agent_gave_up(state) and self._may_be_the_world(state):
            reason = (
                "the commit changes manifests and locks alone: what they name may have broken it"
                if self._changes_manifests_alone
                else f"the commit is {self._toolbox.commit_age_days} days old: its packages may have moved since"
            )
            return Routed(fact=Fact.DEPENDENCY_BROKE, reason=reason)
        if state.suspects is None and not self._exact(state):
            return Routed(fact=Fact.SUSPECTS_WANTED, reason="the failure's place is not known yet")
        return await self._choose(state)

    def _is_about_packages(self, state: RepairState) -> bool:
        """What the parsers call a dependency, and other failures whose words or frames lead into a package."""
        if state.diagnosis is None or state.last_run is None:
            return False
        if state.diagnosis.category is Category.DEPENDENCY:
            return True
        tree = self._toolbox.tree()
        output, category = state.last_run.output, state.diagnosis.category
        plan = any_plan_for(self._toolbox.command, tree, self._toolbox.subdirectory)
        if plan is None or category not in _MAY_BE_PACKAGES:
            return False
        if plan.lock is not None and speaks_of_lock(output):
            return True
        if plan.tool is not None:
            return may_be_of_tool(plan.tool, output) or bool(packages_called(tree, output))
        return may_be_dependency(state.diagnosis, output, tree)

    def _may_be_the_world(self, state: RepairState) -> bool:
        """Nobody changed the code, for days or in this commit, and nothing known mends it: ask what else changed."""
        if state.diagnosis is None or state.diagnosis.category not in _MAY_BE_PACKAGES or state.attempts:
            return False
        plan = any_plan_for(self._toolbox.command, self._toolbox.tree(), self._toolbox.subdirectory)
        if plan is None:
            return False
        if self._changes_manifests_alone:
            return True
        return self._toolbox.commit_age_days >= _OLD_DAYS and plan.tool is None and plan.lock is None

    @property
    def _changes_manifests_alone(self) -> bool:
        """True where the commit under test wrote manifests and locks and nothing else, as bots do."""
        changed = {lines.file for lines in self._toolbox.changed_lines()}
        return bool(changed) and all(map(is_manifest, changed))

    def _exact(self, state: RepairState) -> list[Target]:
        """List the open targets that need neither model nor suspects: they come first, before anything is located."""
        targets = order(self._strategies, self._cases.case(state), state)
        return [t for t in targets if not t.uses_model and t.key not in state.spent_targets]

    async def _choose(self, state: RepairState) -> Event:
        case = self._cases.case(state)
        targets = [t for t in order(self._strategies, case, state) if t.key not in state.spent_targets]
        if self._cases.engine.dead is not None:
            targets = [t for t in targets if not t.uses_model]
        if self._budget.cycles >= self._budget.limits.max_cycles:
            begun = [t for t in targets if not t.uses_model or state.drawn(t)]
            if targets and not begun:
                limit = self._budget.limits.max_cycles
                return Stopped(
                    fact=Fact.BUDGET_SPENT, reason=f"all {limit} cycles are used: raise --max-cycles to try more places"
                )
            targets = begun
        if not targets:
            return self._nothing_left(state)
        try:
            chosen, reason = await self._pick(case, targets, state)
            if chosen.uses_model and not state.drawn(chosen):
                self._budget.begin_cycle()
        except BudgetSpent as spent:
            return Stopped(fact=Fact.BUDGET_SPENT, reason=str(spent))
        return TargetChosen(target=chosen, reason=reason)

    def _nothing_left(self, state: RepairState) -> Event:
        if any(attempt.verdict is VerdictKind.REFUSED for attempt in state.attempts) and all(
            attempt.verdict in (VerdictKind.REFUSED, VerdictKind.INVALID) for attempt in state.attempts
        ):
            return Routed(fact=Fact.ONLY_CHEATS_PASSED, reason="every candidate broke the policy")
        dead = self._cases.engine.dead
        reason = f"the model can't be asked: {dead.message}" if dead else "nothing is left that promises enough"
        return Routed(fact=Fact.NOTHING_LEFT, reason=reason)

    async def _pick(self, case: RepairCase, targets: list[Target], state: RepairState) -> tuple[Target, str]:
        """Take the first; ask the model only when the first two differ in nothing but the place."""
        first = targets[0]
        if first.strategy not in portfolio():
            return first, "the cheapest that is left"
        if drawn := state.drawn(first):
            return first, f"sample {drawn + 1} of {first.samples}"
        if len(targets) < 2 or any(state.drawn(target) for target in targets):
            return first, "the most promising place"
        second = targets[1]
        if first.suspect is None or second.suspect is None or first.strategy != second.strategy:
            return first, "the most promising place"
        places = (case.suspects[first.suspect], case.suspects[second.suspect])
        if abs(places[0].suspiciousness - places[1].suspiciousness) >= _TIE:
            return first, "the most promising place"
        listing = "\n\n".join(
            f"Place {n}: {p.symbol or p.file} in {p.file}\n{case.context(p, 400)}" for n, p in enumerate(places, 1)
        )
        request = ModelRequest(
            system=SYSTEM,
            user=f"The failure:\n```\n{failure_text(case.diagnosis)}\n```\n\n{listing}",
            max_tokens=64,
            answer_type=Choice,
            purpose="route",
        )
        answer = await case.ask(request)
        if isinstance(answer, ModelAnswer) and isinstance(answer.parsed, Choice) and answer.parsed.place == "2":
            return second, "the evidence is even; the model chose this place"
        return first, "the evidence is even; the first place was kept"


def order(strategies: tuple[Strategy, ...], case: RepairCase, state: RepairState) -> list[Target]:
    """Order all targets: tools first in their own order, then what searches by what another sample promises.

    What promises next to nothing beside the first sample at the most suspicious place is left out: a repair that can't
    be found should say so soon.
    """
    targets = [target for strategy in strategies for target in strategy.targets(case)]
    certain = [target for target in targets if target.strategy not in portfolio()]
    least = _LEAST * max((suspect.suspiciousness for suspect in case.suspects), default=0.0)
    promises = {target.key: _promise(target, case, state) for target in targets if target.strategy in portfolio()}
    searching = [target for target in targets if promises.get(target.key, 0.0) > least]
    searching.sort(key=lambda target: -promises[target.key])
    return certain + searching


def _promise(target: Target, case: RepairCase, state: RepairState) -> float:
    """Estimate what one more sample is worth: less for a less suspicious place, and less with each one drawn."""
    suspicion = case.suspects[target.suspect].suspiciousness if target.suspect is not None else 0.0
    worth = portfolio()[target.strategy]
    return suspicion * worth.of(state.drawn(target), is_warm=case.trials is not None, places=state.places(target))


def _dependency_agent_gave_up(state: RepairState) -> bool:
    return any(state.path[i] == "resolve" and state.path[i + 1] == "route" for i in range(len(state.path) - 1))


def diagnosis_names_code(state: RepairState) -> bool:
    """Tell whether the failure lies in a file of the repository that an ordinary fix could change."""
    return state.diagnosis is not None and any(f.code == "ImportError" and f.file for f in state.diagnosis.failures)
