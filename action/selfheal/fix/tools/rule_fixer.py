"""Run the project's own tools for one rule at a time: what was turned away together, and what they call unsafe."""

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.lint.rule_names import CODE_OF
from selfheal.fix.tools.interface import Mender
from selfheal.fix.tools.outcome import outcome_of, planned, shown, workplace_of
from selfheal.fix.tools.places import kept_edits
from selfheal.fix.tools.plan import answered
from selfheal.fix.tools.registry import MENDERS
from selfheal.fix.tools.running import ToolRuns, fixed_codes


class RuleFixer:
    """The strategy over all `MENDERS` that can be restricted to a rule."""

    name = "rule_fixer"
    uses_model = False

    def __init__(self, menders: tuple[Mender, ...] = MENDERS) -> None:
        self._menders = menders
        self._runs = ToolRuns()

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name each tool's failing rules, the safe fixes before the unsafe ones."""
        plan = planned(case, self._menders)
        places = plan.rule_places if plan is not None else ()
        return tuple(Target(strategy=self.name, place=one) for one in places)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Run the tool for the rule, where a run for all rules showed that it mends this one at all."""
        place = workplace_of(case)
        name, _, rule = target.place.partition(":")
        mender = next((one for one in self._menders if one.name == name), None)
        errand = mender.errand(place, rule=rule) if mender is not None else None
        if mender is None or errand is None:
            return NoCandidate(f"nothing can be called for {target.place}", is_spent=True)
        if (probe := mender.probe(place)) is not None:
            seen = await self._runs.of(case, probe.text)
            told = fixed_codes(seen.run.output)
            found = kept_edits(seen.edits, case, answered((mender,), place.failures, None), only_permitted=False)
            if not found or (told and CODE_OF.get(rule, rule) not in told):
                return NoCandidate(f"{shown(probe.words)} has no fix for {rule}", is_spent=True)
        done = await self._runs.of(case, errand.text)
        edits = kept_edits(done.edits, case, answered((mender,), place.failures, rule), only_permitted=False)
        return outcome_of(
            done, edits, case, wanted=target.place, errands=(errand,), rule=rule, is_unsafe=mender.is_unsafe
        )
