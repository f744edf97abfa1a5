"""Mend configuration that parses and that its tool refuses: keys, values, names of files. No model."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path, matching_glob
from selfheal.contract.policy.rules.protected_path import PROTECTED
from selfheal.contract.target import Target
from selfheal.contract.tree import MemoryTree, TreeView
from selfheal.fix.configuration.complaints import COMPLAINTS, Complaint
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.formats import format_of
from selfheal.fix.interface import NoCandidate, RepairCase, Tried

_MOST_FAILURES = 60
_MOST_EDITS = 24
_SAID = 6_000
_CODE = re.compile(r"eslint\.config\.[cm]?[jt]s")


class ConfigurationKeys:
    """The strategy over all `COMPLAINTS`: everything at once, then edit by edit."""

    name = "configuration_keys"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Say that there is a complaint that is known."""
        if not any(_complaints(failure) for failure in case.diagnosis.failures[:_MOST_FAILURES]):
            return ()
        return (
            Target(strategy=self.name, place="all"),
            Target(strategy=self.name, place="each", samples=_MOST_EDITS),
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Make all edits in one candidate, or edit number `sample` alone."""
        each = tuple(_edits(case))[sample : sample + 1]
        edits = _all_edits(case) if target.place == "all" else each
        if not edits:
            return NoCandidate("no known key, value or file is near what the tool refuses", is_spent=True)
        last = {edit.path: edit.text for edit in edits}
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(FileEdit(path=path, content=text.encode()) for path, text in last.items()),
            rationale=", ".join(dict.fromkeys(f"{edit.path}: {edit.what}" for edit in edits))[:500],
            disposition=Disposition.NEEDS_HUMAN if any(edit.needs_human for edit in edits) else Disposition.AUTO,
        )


def _all_edits(case: RepairCase) -> tuple[Edit, ...]:
    """The first edit of each complaint, one on top of the other."""
    files = {path: raw for path in case.tree.paths() if _may_change(path) and (raw := case.tree.read(path)) is not None}
    names = {path: files.get(path, b"") for path in case.tree.paths()}
    made: list[Edit] = []
    for failure in case.diagnosis.failures[:_MOST_FAILURES]:
        edit = next(_of(MemoryTree(names), failure), None)
        if edit is not None:
            names[edit.path] = edit.text.encode()
            made.append(edit)
    return tuple(made)


def _edits(case: RepairCase) -> Iterator[Edit]:
    seen: set[tuple[str, str]] = set()
    for failure in case.diagnosis.failures[:_MOST_FAILURES]:
        for edit in _of(case.tree, failure):
            if (edit.path, edit.text) not in seen:
                seen.add((edit.path, edit.text))
                yield edit


def _of(tree: TreeView, failure: Failure) -> Iterator[Edit]:
    for complaint, match in _complaints(failure):
        for edit in complaint.mend(tree, failure, match):
            if _may_change(edit.path):
                yield edit


def _complaints(failure: Failure) -> list[tuple[Complaint, re.Match[str]]]:
    said = f"{failure.message[:_SAID]}\n{failure.excerpt[:_SAID]}"
    return [(row, match) for row in COMPLAINTS if (match := row.says.search(said)) is not None]


def _may_change(path: str) -> bool:
    is_known = format_of(path) is not None or _CODE.fullmatch(PurePosixPath(path).name) is not None
    return is_known and matching_glob(path, PROTECTED) is None and not is_test_path(path)
