"""The strategy that mends what tsc, and eslint without a fix of its own, find by rules of their codes. No model."""

from collections import Counter

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.types.edits import candidate_of
from selfheal.fix.types.mend import Mend, compatible, spliced
from selfheal.fix.types.typescript.repairs import REPAIRS, ways_to_mend
from selfheal.fix.types.typescript.script import read_script

_ALL, _CODE = "all", "code:"
_TOOLS = frozenset({"tsc", "eslint"})
_SAMPLES = 4
_MAX_TARGETS = 40


class TscRepair:
    """Exact repairs of TypeScript's type errors."""

    name = "tsc_repair"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all findings together, then each code's, then each one."""
        known = _known(case)
        counts = Counter(failure.code or "" for failure in known)
        places = [Target(strategy=self.name, place=_ALL)] if len(known) > 1 else []
        if len(counts) > 1:
            places += [Target(strategy=self.name, place=f"{_CODE}{code}") for code in counts if counts[code] > 1]
        single = dict.fromkeys(_place(failure) for failure in known)
        places += [Target(strategy=self.name, place=place, samples=_SAMPLES) for place in single]
        return tuple(places[:_MAX_TARGETS])

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend what the target names: all that can be, or one finding in its `sample`th way."""
        chosen = _chosen(_known(case), target.place)
        scripts = [read_script(case.tree, failure) for failure in chosen]
        ways = [ways_to_mend(script) if script is not None else () for script in scripts]
        index = sample if len(chosen) == 1 else 0
        mends = compatible(way[index] for way in ways if index < len(way))
        edits = _edits(case, mends)
        if not edits:
            what = f"{chosen[0].code}: {chosen[0].message[:120]}" if chosen else target.place
            return NoCandidate(f"no rule mends {what}" if not sample else "all ways were tried", is_spent=True)
        return candidate_of(self.name, mends, edits)


def _edits(case: RepairCase, mends: tuple[Mend, ...]) -> tuple[FileEdit, ...]:
    edits = []
    for path in dict.fromkeys(splice.path for mend in mends for splice in mend.splices):
        raw = case.tree.read(path)
        if raw is not None:
            text = spliced(raw.decode(), [one for mend in mends for one in mend.splices if one.path == path])
            edits.append(FileEdit(path=path, content=text.encode()))
    return tuple(edits)


def _known(case: RepairCase) -> tuple[Failure, ...]:
    return tuple(one for one in case.diagnosis.failures if one.tool in _TOOLS and one.file and one.code in REPAIRS)


def _place(failure: Failure) -> str:
    return f"{failure.file}:{failure.line}:{failure.column}:{failure.code}"


def _chosen(known: tuple[Failure, ...], place: str) -> tuple[Failure, ...]:
    if place == _ALL:
        return known
    if place.startswith(_CODE):
        return tuple(failure for failure in known if failure.code == place.removeprefix(_CODE))
    return tuple(failure for failure in known if _place(failure) == place)[:1]
