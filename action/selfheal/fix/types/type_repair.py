"""The strategy that mends what mypy and pyright find by rules of their codes. No model.

What one finding needs is a `Mend`; the mends of all findings that fit together are one candidate. Where the
checker's own call is known, that candidate is checked before it is handed over: a finding whose mend does not help
gets its next one.
"""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.types.checker import check_command, run_checker
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.importing import import_splices
from selfheal.fix.types.mend import Mend, compatible, spliced
from selfheal.fix.types.project import Project
from selfheal.fix.types.repairs import REPAIRS, questions, ways_to_mend
from selfheal.fix.types.reveal import reveal
from selfheal.fix.types.stubs import CODES, handed_over

_CHECKERS = ("mypy", "pyright")
_ALL = "all"
_SAMPLES = 5
_MAX_TARGETS = 40
_MAX_FINDINGS = 120
_MAX_CHECKS = 3


class TypeRepair:
    """Exact repairs of Python's type errors."""

    name = "type_repair"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all findings together, then each code's, then each one."""
        known = _known(case.diagnosis.failures)
        if not known:
            is_stubs = any(failure.code in CODES and failure.tool in _CHECKERS for failure in case.diagnosis.failures)
            return (Target(strategy=self.name, place=_ALL),) if is_stubs else ()
        counts = Counter(failure.code or "" for failure in known)
        places = [Target(strategy=self.name, place=_ALL)] if len(known) > 1 else []
        if len(counts) > 1:
            places += [Target(strategy=self.name, place=f"code:{code}") for code in counts if counts[code] > 1]
        single = dict.fromkeys(_place(known, index) for index in range(len(known)))
        places += [Target(strategy=self.name, place=place, samples=_SAMPLES) for place in single]
        return tuple(places[:_MAX_TARGETS])

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend what the target names: all that can be, or one finding in its `sample`th way."""
        chosen = _chosen(case.diagnosis.failures, target.place)
        if not chosen:
            reason = handed_over(case.diagnosis.failures) or f"{target.place} is no finding of this run"
            return NoCandidate(reason, is_spent=True)
        ways = await find_ways(case, chosen[:_MAX_FINDINGS])
        if not any(ways):
            reason = (
                handed_over(case.diagnosis.failures) or f"no rule mends {chosen[0].code}: {chosen[0].message[:120]}"
            )
            return NoCandidate(reason, is_spent=True)
        if len(chosen) == 1:
            if sample >= len(ways[0]):
                return NoCandidate(f"there are {len(ways[0])} ways to mend it, all tried", is_spent=True)
            return _candidate(case, self.name, (ways[0][sample],))
        return await self._together(case, chosen, ways)

    async def _together(
        self, case: RepairCase, chosen: tuple[Failure, ...], ways: tuple[tuple[Mend, ...], ...]
    ) -> CandidatePatch | NoCandidate:
        """Choose a way for each finding such that the checker is content, in a few checks."""
        at = [0] * len(ways)
        for _ in range(_MAX_CHECKS):
            mends = [way[index] for way, index in zip(ways, at, strict=True) if index < len(way)]
            candidate = _candidate(case, self.name, compatible(mends))
            if isinstance(candidate, NoCandidate):
                return candidate
            left = await _left(case, chosen, candidate.edits)
            if left is None or not left:
                return candidate
            changed = False
            for index, failure in enumerate(chosen):
                if at[index] < len(ways[index]) and _key(failure) in left:
                    at[index] += 1
                    changed = True
            if not changed:
                return candidate
        mends = [way[index] for way, index in zip(ways, at, strict=True) if index < len(way)]
        return _candidate(case, self.name, compatible(mends))


async def find_ways(case: RepairCase, failures: tuple[Failure, ...]) -> tuple[tuple[Mend, ...], ...]:
    """Give the ways to mend each failure, with the types that they need to know. At most one run of each checker."""
    project = Project(case.tree)
    tests_fail = any(failure.test_id for failure in case.diagnosis.failures)
    findings = [_finding(project, failure, tests_fail=tests_fail) for failure in failures]
    for tool in _CHECKERS:
        asked = [one for one in findings if one is not None and one.failure.tool == tool]
        wanted = list(dict.fromkeys(question for one in asked for question in questions(one)))
        if not wanted:
            continue
        revealed = await reveal(case, tool, wanted)
        findings = [
            replace(one, revealed=revealed) if one is not None and one.failure.tool == tool else one for one in findings
        ]
    return tuple(ways_to_mend(one) if one is not None else () for one in findings)


def _finding(project: Project, failure: Failure, *, tests_fail: bool) -> Finding | None:
    source = project.source(failure.file or "")
    if source is None or not failure.line:
        return None
    return Finding(failure, source, project, tests_fail=tests_fail)


def _candidate(case: RepairCase, name: str, mends: tuple[Mend, ...]) -> CandidatePatch | NoCandidate:
    """Make the edits of mends that fit together; a file that would no longer parse is left out."""
    edits = edits_of(case, mends)
    if not edits:
        return NoCandidate("no file could be changed so that it still parses", is_spent=False)
    cautions = list(dict.fromkeys(mend.caution for mend in mends if mend.caution))
    rationale = "; ".join(dict.fromkeys(mend.rationale for mend in mends))
    rationale = rationale if len(rationale) < 300 else f"{len(mends)} findings of the type checker mended"
    return CandidatePatch(
        strategy=name,
        edits=edits,
        rationale=f"{rationale} ({'; '.join(cautions)[:200]})" if cautions else rationale,
        disposition=Disposition.NEEDS_HUMAN if cautions else Disposition.AUTO,
    )


def edits_of(case: RepairCase, mends: Iterable[Mend]) -> tuple[FileEdit, ...]:
    """Write the files as the mends make them."""
    project = Project(case.tree)
    mends = tuple(mends)
    edits = []
    paths = [one.path for mend in mends for one in mend.splices] + [one.path for mend in mends for one in mend.imports]
    for path in dict.fromkeys(paths):
        source = project.source(path)
        if source is None:
            continue
        wanted = [one for mend in mends for one in mend.imports if one.path == path]
        splices = [one for mend in mends for one in mend.splices if one.path == path]
        text = spliced(source.text, [*splices, *import_splices(source, wanted)])
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if text != source.text:
            edits.append(FileEdit(path=path, content=source.encode(text)))
    return tuple(edits)


async def _left(
    case: RepairCase, chosen: tuple[Failure, ...], edits: tuple[FileEdit, ...]
) -> Counter[tuple[str, str]] | None:
    """Tell which findings the checker would still have; None where it can't be asked."""
    left: Counter[tuple[str, str]] = Counter()
    files = {edit.path: edit.content for edit in edits if edit.content is not None}
    for tool in dict.fromkeys(failure.tool for failure in chosen):
        paths = tuple(sorted({failure.file for failure in chosen if failure.file}))
        line = check_command(tool, case.command, files, is_revealing=False, paths=paths)
        if line is None:
            return None
        said = await run_checker(case.transformer, line)
        left += Counter((one.code or "", one.text) for one in said if one.kind == "error")
    return left


def _key(failure: Failure) -> tuple[str, str]:
    return failure.code or "", failure.message.partition("\n")[0]


def _known(failures: Iterable[Failure]) -> list[Failure]:
    return [
        failure
        for failure in failures
        if failure.tool in _CHECKERS and failure.file and failure.line and (failure.code or "") in REPAIRS
    ]


def _place(known: list[Failure], index: int) -> str:
    failure = known[index]
    return f"{failure.file}:{failure.line}:{failure.column or 0}:{failure.code or ''}"


def _chosen(failures: Iterable[Failure], place: str) -> tuple[Failure, ...]:
    known = _known(failures)
    if place == _ALL:
        return tuple(known)
    if place.startswith("code:"):
        return tuple(failure for failure in known if (failure.code or "") == place.removeprefix("code:"))
    return tuple(failure for index, failure in enumerate(known) if _place(known, index) == place)[:1]
