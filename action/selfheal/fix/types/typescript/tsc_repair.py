"""The strategy that mends what tsc, and eslint without a fix of its own, find by rules of their codes. No model."""

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.placed_findings import chosen, edits_of, targets_of
from selfheal.fix.types.edits import candidate_of
from selfheal.fix.types.mend import compatible
from selfheal.fix.types.typescript.repairs import REPAIRS, ways_to_mend
from selfheal.fix.types.typescript.script import read_script

_TOOLS = frozenset({"tsc", "eslint"})
_SAMPLES = 4


class TscRepair:
    """Exact repairs of TypeScript's type errors."""

    name = "tsc_repair"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all findings together, then each code's, then each one."""
        return targets_of(self.name, _known(case), samples=_SAMPLES)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend what the target names: all that can be, or one finding in its `sample`th way."""
        wanted = chosen(_known(case), target.place)
        scripts = [read_script(case.tree, failure) for failure in wanted]
        ways = [ways_to_mend(script) if script is not None else () for script in scripts]
        index = sample if len(wanted) == 1 else 0
        mends = compatible(way[index] for way in ways if index < len(way))
        edits = edits_of(case.tree, mends)
        if not edits:
            what = f"{wanted[0].code}: {wanted[0].message[:120]}" if wanted else target.place
            return NoCandidate(f"no rule mends {what}" if not sample else "all ways were tried", is_spent=True)
        return candidate_of(self.name, mends, edits)


def _known(case: RepairCase) -> tuple[Failure, ...]:
    return tuple(one for one in case.diagnosis.failures if one.tool in _TOOLS and one.file and one.code in REPAIRS)
