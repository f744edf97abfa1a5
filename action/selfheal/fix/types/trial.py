"""Try mends before they are handed over: what would the checker still say?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from selfheal.contract.command import Transformation, TreeTransformer
from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import RepairCase
from selfheal.fix.types.checker import check_command, run_checker, writing

Key = tuple[str, str]
"""A finding wherever it stands: its code and the first line of its message."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A tree with some files replaced."""

    tree: TreeView
    edits: tuple[FileEdit, ...]

    def paths(self) -> tuple[str, ...]:
        """The paths of the tree below."""
        return self.tree.paths()

    def read(self, path: str) -> bytes | None:
        """The replaced content where there is one."""
        return next((edit.content for edit in self.edits if edit.path == path), self.tree.read(path))


@dataclass(frozen=True, slots=True)
class OverlayTransformer:
    """Runs commands on a tree with some files replaced."""

    transformer: TreeTransformer
    edits: tuple[FileEdit, ...]

    async def transform(self, command: str, *, timeout_s: float) -> Transformation:
        """Put the files there first."""
        line = f"{writing({edit.path: edit.content or b'' for edit in self.edits})} && {command}"
        return await self.transformer.transform(line, timeout_s=timeout_s)


def on_top_of(case: RepairCase, edits: tuple[FileEdit, ...], failures: tuple[Failure, ...]) -> RepairCase:
    """Make the case that would be there were the edits made."""
    return replace(
        case,
        tree=Overlay(case.tree, edits),
        transformer=OverlayTransformer(case.transformer, edits),
        diagnosis=case.diagnosis.model_copy(update={"failures": failures}),
    )


async def findings_after(
    case: RepairCase, tools: Iterable[str], edits: tuple[FileEdit, ...]
) -> tuple[Failure, ...] | None:
    """Ask the checkers what they would find; None where they can't be asked."""
    files = {edit.path: edit.content for edit in edits if edit.content is not None}
    paths = tuple(sorted({failure.file for failure in case.diagnosis.failures if failure.file} | files.keys()))
    found: list[Failure] = []
    for tool in dict.fromkeys(tools):
        line = check_command(tool, case.command, files, is_revealing=False, paths=paths)
        if line is None:
            return None
        for said in await run_checker(case.transformer, line):
            if said.kind == "error":
                file = next((path for path in paths if said.file == path or said.file.endswith(f"/{path}")), said.file)
                at = {"file": file, "line": said.line, "column": said.column}
                found.append(Failure(tool=tool, message=said.text, code=said.code, **at))
            elif said.kind == "note" and found and found[-1].line == said.line:
                found[-1] = found[-1].model_copy(update={"message": f"{found[-1].message}\nnote: {said.text}"})
    return tuple(found)


def keys(failures: Iterable[Failure]) -> Counter[Key]:
    """Count findings by what they say."""
    return Counter(key_of(failure) for failure in failures)


def key_of(failure: Failure) -> Key:
    """Say what a finding is about."""
    return failure.code or "", failure.message.partition("\n")[0]
