"""The strategy that mends what mypy and pyright find by rules of their codes. No model.

What one finding needs is a `Mend`; the mends of all findings that fit together are one candidate. That one is
checked before it is handed over: a finding whose mend does not help gets its next one, and what a mend uncovers is
mended too.
"""

from collections import Counter

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.types.choosing import ordered_by_tests
from selfheal.fix.types.edits import candidate_of, edits_of
from selfheal.fix.types.mend import Mend, compatible
from selfheal.fix.types.project import Project
from selfheal.fix.types.repairs import ECHOES
from selfheal.fix.types.stubs import CODES, handed_over
from selfheal.fix.types.trial import findings_after, key_of, keys, on_top_of
from selfheal.fix.types.ways import CHECKERS, find_ways, mendable

_ALL = "all"
_CODE = "code:"
_SAMPLES = 8
_MAX_TARGETS = 40
_MAX_FINDINGS = 120
_MAX_CHECKS = 3
_MAX_FOLLOWING = 2


class TypeRepair:
    """Exact repairs of Python's type errors."""

    name = "type_repair"
    uses_model = False

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._asked: tuple[tuple[Mend, ...], tuple[Mend, ...]] | None = None

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all findings together, then each code's, then each one."""
        known = sorted(mendable(case.diagnosis.failures), key=lambda failure: failure.code in ECHOES)
        if not known:
            is_stubs = any(failure.code in CODES and failure.tool in CHECKERS for failure in case.diagnosis.failures)
            return (Target(strategy=self.name, place=_ALL),) if is_stubs else ()
        counts = Counter(failure.code or "" for failure in known)
        places = [Target(strategy=self.name, place=_ALL)] if len(known) > 1 else []
        if len(counts) > 1:
            places += [Target(strategy=self.name, place=f"{_CODE}{code}") for code in counts if counts[code] > 1]
        for place in dict.fromkeys(_place(failure) for failure in known):
            places.append(Target(strategy=self.name, place=place, samples=_SAMPLES))
        return tuple(places[:_MAX_TARGETS])

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend what the target names: all that can be, or one finding in its `sample`th way."""
        chosen = _chosen(case, target.place)[:_MAX_FINDINGS]
        ways = await find_ways(case, chosen)
        if not any(ways):
            unknown = f"no rule mends {chosen[0].code}: {chosen[0].message[:120]}" if chosen else "there is no finding"
            return NoCandidate(handed_over(case.diagnosis.failures) or unknown, is_spent=True)
        if len(chosen) > 1:
            return await self._together(case, chosen, ways)
        mine = await self._ordered(case, chosen[0], ways[0])
        if sample < len(mine):
            return self._candidate(case, (mine[sample],))
        if sample >= 2 * len(mine):
            return NoCandidate(f"there are {len(mine)} ways to mend it, all tried", is_spent=True)
        mends = (mine[sample - len(mine)],)
        followed = await self._followed(case, mends, edits_of(case.tree, mends))
        return followed or NoCandidate("the checker finds nothing else behind it", is_spent=False)

    async def _ordered(self, case: RepairCase, failure: Failure, mends: tuple[Mend, ...]) -> tuple[Mend, ...]:
        """Put the guess first that the project's tests like best; they are asked once."""
        if self._asked is None or self._asked[0] != mends:
            source = Project(case.tree).source(failure.file or "")
            names = source.names_around(failure.line or 0) if source is not None else ()
            self._asked = (mends, await ordered_by_tests(case, failure.tool, mends, names))
        return self._asked[1]

    async def _together(
        self, case: RepairCase, chosen: tuple[Failure, ...], ways: tuple[tuple[Mend, ...], ...]
    ) -> CandidatePatch | NoCandidate:
        """Choose a way for each finding such that the checker is content, in a few checks."""
        at = [0] * len(ways)
        for _ in range(_MAX_CHECKS):
            mends = compatible(way[index] for way, index in zip(ways, at, strict=True) if index < len(way))
            edits = edits_of(case.tree, mends)
            after = await findings_after(case, [failure.tool for failure in chosen], edits)
            left = keys(after or ())
            unhelped = [n for n, failure in enumerate(chosen) if at[n] < len(ways[n]) and left[key_of(failure)]]
            if not unhelped:
                followed = await self._followed(case, mends, edits) if left else None
                return followed or self._candidate(case, mends)
            for index in unhelped:
                at[index] += 1
        return self._candidate(
            case, compatible(way[index] for way, index in zip(ways, at, strict=True) if index < len(way))
        )

    async def _followed(
        self, case: RepairCase, mends: tuple[Mend, ...], edits: tuple[FileEdit, ...]
    ) -> CandidatePatch | None:
        """Mend also what the checker finds only once the mends are made; None where it finds nothing new."""
        before = keys(case.diagnosis.failures)
        tools = tuple(dict.fromkeys(failure.tool for failure in mendable(case.diagnosis.failures)))
        done: tuple[Mend, ...] = ()
        for _ in range(_MAX_FOLLOWING):
            after = await findings_after(case, tools, edits)
            new = mendable(failure for failure in after or () if not before[key_of(failure)])
            if not new or not edits:
                break
            there = on_top_of(case, edits, new)
            ways = await find_ways(there, new[:_MAX_FINDINGS])
            more = compatible(way[0] for way in ways if way)
            if not more:
                break
            changed = edits_of(there.tree, more)
            kept = {edit.path for edit in changed}
            edits = (*(edit for edit in edits if edit.path not in kept), *changed)
            done = (*done, *more)
        return candidate_of(self.name, (*mends, *done), edits) if done else None

    def _candidate(self, case: RepairCase, mends: tuple[Mend, ...]) -> CandidatePatch | NoCandidate:
        edits = edits_of(case.tree, mends)
        if not edits:
            return NoCandidate("no file could be changed so that it still parses", is_spent=False)
        return candidate_of(self.name, mends, edits)


def _place(failure: Failure) -> str:
    return f"{failure.file}:{failure.line}:{failure.column or 0}:{failure.code or ''}"


def _chosen(case: RepairCase, place: str) -> tuple[Failure, ...]:
    known = mendable(case.diagnosis.failures)
    if place == _ALL:
        return tuple(failure for failure in known if failure.code not in ECHOES) or known
    if place.startswith(_CODE):
        return tuple(failure for failure in known if (failure.code or "") == place.removeprefix(_CODE))
    return tuple(failure for failure in known if _place(failure) == place)[:1]
