"""Run the project's own formatters and linters so that they mend what they found. No model."""

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.tools.interface import Mender, Workplace
from selfheal.fix.tools.outcome import outcome_of, planned, workplace_of
from selfheal.fix.tools.places import kept_edits
from selfheal.fix.tools.plan import ALL, PERMITTED, answered, names_what_may_be_refused, plan_of
from selfheal.fix.tools.registry import MENDERS
from selfheal.fix.tools.running import ToolRuns


class ProjectFixer:
    """The strategy over all `MENDERS`: all that they mend at once, by fixes that they call safe."""

    name = "project_fixer"
    uses_model = False

    def __init__(self, menders: tuple[Mender, ...] = MENDERS) -> None:
        self._menders = menders
        self._runs = ToolRuns()

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all tools together, then each alone."""
        plan = planned(case, self._menders)
        if plan is None:
            return ()
        place = Workplace(case.diagnosis, case.tree, ())
        places = list(plan.places)
        mine = () if place.is_unread else answered(plan.safe, place.failures, None)
        if plan.safe and (place.is_unread or names_what_may_be_refused(mine)):
            places.insert(1, PERMITTED)
        return tuple(Target(strategy=self.name, place=one) for one in places)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Run the tools in the tree, keep what they changed in the failing files, put the tree back."""
        place = workplace_of(case)
        menders = self._asked(place, target.place)
        errands = tuple(errand for mender in menders if (errand := mender.errand(place)) is not None)
        if not errands:
            return NoCandidate(f"nothing can be called for {target.place}", is_spent=True)
        done = await self._runs.of(case, "\n".join(dict.fromkeys(errand.text for errand in errands)))
        is_open = place.is_unread or any(errand.reaches_all for errand in errands)
        named = () if is_open else answered(menders, place.failures, None)
        edits = kept_edits(done.edits, case, named, only_permitted=target.place == PERMITTED)
        return outcome_of(done, edits, case, wanted=target.place, errands=errands)

    def _asked(self, place: Workplace, wanted: str) -> tuple[Mender, ...]:
        if wanted not in (ALL, PERMITTED):
            return tuple(mender for mender in self._menders if mender.name == wanted)
        plan = plan_of(place, self._menders)
        return tuple(sorted((*plan.safe, *plan.after), key=lambda mender: mender.kind))
