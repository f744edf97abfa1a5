"""The strategy that mends what Go says of names by rules: unused, unknown, declared twice, errors not looked at."""

import re
from collections.abc import Callable, Iterator

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.golang.compiler import errors_after, exported
from selfheal.fix.golang.linting import CODES, check_error, drop_declaration
from selfheal.fix.golang.source import GoPlace, read_place
from selfheal.fix.golang.undefined import MEMBER, assign_again, correct_member, correct_name, import_package, place_name
from selfheal.fix.golang.unused import drop_import, drop_variable
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.placed_findings import chosen, edits_of, targets_of
from selfheal.fix.types.edits import candidate_of
from selfheal.fix.types.mend import Mend, compatible
from selfheal.fix.types.trial import on_top_of

_TOOLS = frozenset({"go build", "go vet", "go test", "golangci-lint", "staticcheck"})
_MENDABLE = re.compile(
    r"imported (?:as \w+ )?and not used|declared (?:and|but) not used|^undefined: |has no field or method"
    r"|^unknown field|^no new variables on left side of :="
)
_SAMPLES = 4
_MAX_FOLLOWING = 3
_WAYS: tuple[Callable[[GoPlace], Iterator[Mend]], ...] = (
    drop_import,
    import_package,
    correct_name,
    drop_variable,
    assign_again,
    check_error,
    drop_declaration,
)


class GoRepair:
    """Exact repairs of Go's compile errors."""

    name = "go_repair"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all findings together, then each one."""
        return targets_of(self.name, _mendable(case.diagnosis.failures), samples=_SAMPLES)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend what the target names, one finding in its `sample`th way, and what the compiler says only then."""
        wanted = chosen(_mendable(case.diagnosis.failures), target.place)
        mends = await _mends(case, wanted, index=sample if len(wanted) == 1 else 0)
        edits = edits_of(case.tree, mends)
        if not edits:
            what = wanted[0].message[:120] if wanted else target.place
            return NoCandidate(f"no rule mends {what}" if not sample else "all ways were tried", is_spent=True)
        more, edits = await _followed(case, edits)
        return candidate_of(self.name, (*mends, *more), edits)


async def _followed(case: RepairCase, edits: tuple[FileEdit, ...]) -> tuple[tuple[Mend, ...], tuple[FileEdit, ...]]:
    """Mend also what the compiler finds only once the edits are made: it stops at the first error, or the tenth."""
    known = {(one.file, one.message) for one in case.diagnosis.failures}
    done: tuple[Mend, ...] = ()
    for _ in range(_MAX_FOLLOWING):
        new = tuple(one for one in await errors_after(case, edits) if (one.file, one.message) not in known)
        there = on_top_of(case, edits, new)
        mends = await _mends(there, _mendable(new), index=0)
        changed = edits_of(there.tree, mends)
        if not changed:
            break
        kept = {edit.path for edit in changed}
        edits = (*(edit for edit in edits if edit.path not in kept), *changed)
        done = (*done, *mends)
    return done, edits


async def _mends(case: RepairCase, wanted: tuple[Failure, ...], *, index: int) -> tuple[Mend, ...]:
    """The mends that fit together; a variable that one of them uses now was only spelt otherwise, and is kept."""
    ways = [await _ways_to_mend(case, failure) for failure in wanted]
    if len(wanted) > 1:
        used = {splice.text for way in ways for mend in way[:1] for splice in mend.splices}
        ways = [() if place_name(one.message) in used else way for one, way in zip(wanted, ways, strict=True)]
    return compatible(way[index] for way in ways if index < len(way))


async def _ways_to_mend(case: RepairCase, failure: Failure) -> tuple[Mend, ...]:
    place = read_place(case.tree, failure, case.diagnosis.failures)
    if place is None:
        return ()
    member = MEMBER.match(place.message)
    names = await exported(case, place, member.group(1)) if member is not None else ()
    found = {mend.splices: mend for way in _WAYS for mend in way(place)}
    found |= {mend.splices: mend for mend in correct_member(place, names)}
    return tuple(found.values())[:_SAMPLES]


def _mendable(failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    known = (one for one in failures if one.tool in _TOOLS and one.file)
    return tuple(one for one in known if one.code in CODES or _MENDABLE.search(one.message))
