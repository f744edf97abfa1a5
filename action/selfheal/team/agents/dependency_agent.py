"""The dependency agent: heals what broke because the world moved, as far as a change to the repository can."""

from dataclasses import replace

from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.dependencies.evidence import read_evidence
from selfheal.fix.dependencies.findings import Findings
from selfheal.fix.dependencies.investigation import investigate
from selfheal.fix.dependencies.tool_plan import any_plan_for, speaks_of_lock
from selfheal.fix.dependencies.tools.investigation import investigate_tool
from selfheal.fix.interface import NoCandidate, Strategy
from selfheal.team.cases import CaseMaker
from selfheal.team.events import CandidateProposed, Event, NothingProposed
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox


class DependencyAgent:
    """First what the repository itself can tell, then the packages: control, bisect, mend, explain."""

    name = "dependency_agent"
    description = "Handles missing modules and names, version conflicts, releases that broke the build, and manifests."

    def __init__(
        self, strategies: tuple[Strategy, ...], cases: CaseMaker, toolbox: Toolbox, *, may_be_merged: bool = False
    ) -> None:
        self._strategies = strategies
        self._cases = cases
        self._toolbox = toolbox
        self._may_be_merged = may_be_merged
        self._findings: dict[str, Findings] = {}

    async def act(self, state: RepairState) -> Event:
        """Propose what was not tried yet; the packages are looked into once for each base."""
        case = self._cases.case(state)
        reasons = []
        for strategy in self._strategies:
            for target in strategy.targets(case):
                if target.key in state.spent_targets or _was_tried(state, strategy.name):
                    continue
                outcome = await strategy.propose(case, target, sample=0, tried=())
                if not isinstance(outcome, NoCandidate):
                    return CandidateProposed(candidate=outcome)
                reasons.append(outcome.reason)
        findings = await self._investigated(state)
        for candidate in findings.candidates:
            if not _was_tried(state, candidate.strategy):
                return CandidateProposed(candidate=self._marked(candidate))
        reasons += [findings.reason] if findings.reason else []
        reason = "; ".join(reasons) or "no strategy knows this failure"
        return NothingProposed(reason=reason, is_spent=True, hint=findings.hint)

    async def _investigated(self, state: RepairState) -> Findings:
        base = self._toolbox.base.tree
        if base not in self._findings:
            plan = any_plan_for(self._toolbox.command, self._toolbox.tree(), self._toolbox.subdirectory)
            if plan is None or state.diagnosis is None or state.last_run is None:
                return Findings((), "no manifest was found that the command could use", 0)
            output = state.last_run.output
            plan = replace(plan, is_lock_stale=plan.lock is not None and speaks_of_lock(output))
            evidence = read_evidence(state.diagnosis, output, self._toolbox.tree())
            self._toolbox.use_manifests(plan)
            is_certain = state.diagnosis.category is Category.DEPENDENCY or bool(evidence.missing_names)
            world, tree = self._toolbox.world(), self._toolbox.tree()
            if plan.tool is not None:
                self._findings[base] = await investigate_tool(world, tree, plan, is_certain=is_certain)
            else:
                self._findings[base] = await investigate(world, tree, plan, evidence, is_certain=is_certain)
        return self._findings[base]

    def _marked(self, candidate: CandidatePatch) -> CandidatePatch:
        if not self._may_be_merged:
            return candidate
        return candidate.model_copy(update={"disposition": Disposition.AUTO})


def _was_tried(state: RepairState, strategy: str) -> bool:
    return any(attempt.strategy == strategy and attempt.diff for attempt in state.attempts)
