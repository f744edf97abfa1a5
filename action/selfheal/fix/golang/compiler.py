"""Ask the user's own Go what it would still say of files as a repair makes them. The tree is put back."""

import posixpath
import re
import shlex

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import FileEdit
from selfheal.fix.golang.source import GoPlace
from selfheal.fix.interface import RepairCase
from selfheal.fix.types.checker import writing

_BUILD_S = 120.0
_DOC_S = 20.0
_MAX_LINE = 100_000
_MOST_FOLDERS = 6
_SAID = re.compile(
    r"^(?:vet: )?(?:\./)?(?P<file>[^\s:]+\.go):(?P<line>\d+):(?P<column>\d+): (?P<text>.+)$", re.MULTILINE
)
_EXPORTED = re.compile(r"^\s*(?:func|var|const|type)?\s*([A-Z]\w*)", re.MULTILINE)


async def errors_after(case: RepairCase, edits: tuple[FileEdit, ...]) -> tuple[Failure, ...]:
    """Compile the edited packages: all errors of each, where a job stops at the first or the tenth."""
    folders = sorted({posixpath.dirname(edit.path) or "." for edit in edits})
    if len(folders) > _MOST_FOLDERS:
        return ()
    found: dict[tuple[str, int, int, str], Failure] = {}
    for folder in folders:
        there = f"cd {shlex.quote(f'./{folder}')}"
        put = writing({edit.path: edit.content or b"" for edit in edits})
        line = f"{put} && {there} && {{ go build -gcflags=-e -o /dev/null . ; go vet . ; }}"
        if len(line) > _MAX_LINE:
            return ()
        done = await case.transformer.transform(line, timeout_s=_BUILD_S)
        for said in _SAID.finditer(done.run.output):
            file = posixpath.normpath(posixpath.join(folder, said["file"]))
            at = (file, int(said["line"]), int(said["column"]), said["text"])
            facts = {"file": file, "line": at[1], "column": at[2]}
            found.setdefault(at, Failure(tool="go build", message=said["text"][:2_000], **facts))
    return tuple(found.values())


async def exported(case: RepairCase, place: GoPlace, package: str) -> tuple[str, ...]:
    """What a package exports that the file imports by that name; empty where Go can't tell."""
    path = next((text for _, text, name in place.imports() if name == package), None)
    if path is None or not re.fullmatch(r"[\w./~-]+", path) or path.startswith("-"):
        return ()
    folder = posixpath.dirname(place.path) or "."
    line = f"cd {shlex.quote(f'./{folder}')} && go doc -short {shlex.quote(path)}"
    done = await case.transformer.transform(line, timeout_s=_DOC_S)
    return tuple(dict.fromkeys(_EXPORTED.findall(done.run.output))) if done.run.exit_code == 0 else ()
