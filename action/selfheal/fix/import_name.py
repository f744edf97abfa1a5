"""Mend an import whose module or name is a misspelling of one that the repository really has. No model."""

import ast
import re
from difflib import get_close_matches
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import NoCandidate, RepairCase, Tried

_NO_MODULE = re.compile(r"No module named '([\w.]{1,200})'")
NO_NAME = re.compile(r"cannot import name '(?P<name>\w{1,200})' from '(?P<module>[\w.]{1,200})'")
"""What Python says of a name that a module does not have."""
_SOURCE_ROOTS = ("", "src/", "lib/", "python/")
_CLOSE = 0.75


class ImportName:
    """The strategy for `No module named` and `cannot import name` inside the repository."""

    name = "import_name"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name each import that failed."""
        found: dict[str, None] = {}
        for failure in case.diagnosis.failures:
            if match := NO_NAME.search(failure.message):
                found[f"{match['module']}:{match['name']}"] = None
            elif match := _NO_MODULE.search(failure.message):
                found[match[1]] = None
        return tuple(Target(strategy=self.name, place=place) for place in found)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Replace the wrong name where the failing file imports it."""
        module, _, wrong = target.place.partition(":")
        right = _closest_name(case.tree, module, wrong) if wrong else _closest_module(case.tree, module)
        if right is None:
            return NoCandidate(f"nothing in the repository is called like {target.place}", is_spent=True)
        edits = _rename(case, module, wrong or None, right)
        if not edits:
            return NoCandidate(f"no file in the failure's frames imports {target.place}", is_spent=True)
        return CandidatePatch(
            strategy=self.name, edits=edits, rationale=f"{target.place} does not exist, the repository has {right}"
        )


def _closest_module(tree: TreeView, wrong: str) -> str | None:
    close = get_close_matches(wrong, [m for m in modules_of(tree) if m != wrong], n=1, cutoff=_CLOSE)
    return close[0] if close else None


def _closest_name(tree: TreeView, module: str, wrong: str) -> str | None:
    source = next((raw for path in _files_of(module) if (raw := tree.read(path)) is not None), None)
    if source is None:
        return None
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    names = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    names += [t.id for n in body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)]
    close = get_close_matches(wrong, names, n=1, cutoff=_CLOSE)
    return close[0] if close else None


def modules_of(tree: TreeView) -> set[str]:
    """List the dotted names of the repository's Python modules, source roots stripped."""
    modules = set()
    for path in tree.paths():
        if not path.endswith(".py"):
            continue
        for root in _SOURCE_ROOTS[1:]:
            path = path.removeprefix(root)
        parts = PurePosixPath(path).with_suffix("").parts
        modules.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return modules - {""}


def _files_of(module: str) -> list[str]:
    stem = module.replace(".", "/")
    return [f"{root}{stem}{end}" for root in _SOURCE_ROOTS for end in (".py", "/__init__.py")]


def _rename(case: RepairCase, module: str, wrong: str | None, right: str) -> tuple[FileEdit, ...]:
    edits = []
    for file in importing_files(case.diagnosis.failures):
        raw = case.tree.read(file)
        if raw is None or not file.endswith(".py"):
            continue
        text = raw.decode(errors="surrogateescape")
        lines = text.splitlines(keepends=True)
        pattern = re.compile(rf"(?<![\w.]){re.escape(wrong or module)}(?!\w)")
        statement = re.compile(r"^\s*(from|import)\b")
        changed = [
            pattern.sub(f"{right} as {wrong}" if wrong else right, line, count=1) if statement.match(line) else line
            for line in lines
        ]
        if changed != lines:
            edits.append(FileEdit(path=file, content="".join(changed).encode(errors="surrogateescape")))
    return tuple(edits)


def importing_files(failures: tuple[Failure, ...]) -> list[str]:
    """The files of the failures' frames, the innermost first: one of them imports what is not there."""
    files: dict[str, None] = {}
    for failure in failures:
        for frame in reversed(failure.frames):
            files[frame.file] = None
        if failure.file:
            files[failure.file] = None
    return list(files)
