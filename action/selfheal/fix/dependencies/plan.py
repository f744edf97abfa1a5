"""Which manifests the failing command really uses, and what they ask for in a version of the tree. Pure."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from selfheal.contract.packages import Tool, canonical
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.compiled import Compiled, read_compiled
from selfheal.fix.dependencies.locks import Lock, is_lock, lock_of
from selfheal.fix.dependencies.manifests.interface import Reading, Wish
from selfheal.fix.dependencies.manifests.registry import format_of

_TOOLS = {
    "sphinx-build": "sphinx",
    "py.test": "pytest",
    **{
        name: name
        for name in (
            *("pytest", "black", "flake8", "isort", "mypy", "ruff", "pylint", "sphinx", "mkdocs", "coverage", "tox"),
            *("nox", "behave", "nose2", "celery", "uvicorn", "gunicorn", "alembic", "invoke", "bandit", "pyflakes"),
        )
    },
}
"""Programs that a command calls and the distributions that bring them."""
_TOP = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt")
_MORE = re.compile(
    r"(?i)(?:requirements[-_.](?:dev|test|tests|testing|ci|lint|docs?)|(?:dev|test|tests|ci|lint)[-_.]requirements)\.(?:txt|in)"
)
_FOLDER = re.compile(
    r"(?i)requirements/(?:base|common|main|requirements|prod|dev|develop|test|tests|testing|ci)\.(?:txt|in)"
)
_INSTALLED = re.compile(r"(?:^|[;&|(\n]\s*|\s)(?:-r|--requirement)[\s=]*([^\s;&|]+)")
_CONSTRAINED = re.compile(r"(?:^|\s)(?:-c|--constraint)[\s=]+([^\s;&|]+\.(?:txt|in))")
_CD = re.compile(r"(?:^|[;&|(]\s*)cd\s+([\w./-]+)")
_MAX_FILES = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be installed: the manifests' wishes in their order, and what the command's own tools add."""

    wishes: tuple[Wish, ...]
    constraints: tuple[Wish, ...]
    with_project: bool
    tools: tuple[str, ...] = ()
    readings: tuple[tuple[str, Reading], ...] = field(default=(), repr=False)

    @property
    def lines(self) -> tuple[str, ...]:
        """Requirement lines for the resolver."""
        return tuple(dict.fromkeys((*(wish.line for wish in self.wishes), *self.tools)))

    @property
    def constraint_lines(self) -> tuple[str, ...]:
        """Constraint lines for the resolver."""
        return tuple(dict.fromkeys(wish.line for wish in self.constraints))

    def named(self, name: str) -> tuple[Wish, ...]:
        """The wishes for a distribution, constraints included."""
        return tuple(wish for wish in (*self.wishes, *self.constraints) if wish.key == canonical(name))


@dataclass(frozen=True, slots=True)
class Plan:
    """The manifests of a command: `files` are paths, the first is where something new is added."""

    files: tuple[str, ...]
    constraint_files: tuple[str, ...]
    folder: str
    tools: tuple[str, ...]
    lock: Lock | None = None
    """The lock that the manifests' own tool keeps beside them."""
    tool: Tool | None = None
    """What resolves and installs; None where uv does it for Python."""
    is_lock_stale: bool = False
    """True where the failure says that the lock does not fit the manifest."""

    def wanted(self, tree: TreeView) -> Wanted:
        """Read them in a version, with all that they include."""
        seen: dict[str, Reading] = {}
        constraints: dict[str, Reading] = {}
        waiting = list(self.files)
        limits = list(self.constraint_files)
        while waiting and len(seen) < _MAX_FILES:
            path = waiting.pop(0)
            reading = _read(tree, path)
            if path in seen or reading is None:
                continue
            seen[path] = reading
            waiting += [beside(path, name) for name in reading.includes]
            limits += [beside(path, name) for name in reading.constraints]
        for path in limits[:_MAX_FILES]:
            if (reading := _read(tree, path)) is not None:
                constraints[path] = reading
        wishes = tuple(wish for reading in seen.values() for wish in reading.wishes)
        have = {wish.key for wish in wishes}
        return Wanted(
            wishes=wishes,
            constraints=tuple(wish for reading in constraints.values() for wish in reading.wishes),
            with_project=any(reading.wants_project for reading in seen.values()),
            tools=tuple(tool for tool in self.tools if canonical(tool) not in have),
            readings=(*seen.items(), *constraints.items()),
        )


def plan_for(command: str, tree: TreeView, subdirectory: str = "") -> Plan | None:
    """Find the manifests; None where there are none. What the command itself installs goes before what lies around."""
    paths = frozenset(tree.paths())
    folder = command_folder(command, subdirectory)
    named = [beside(f"{folder}/x" if folder else "x", name.strip("'\"")) for name in _INSTALLED.findall(command)]
    limits = [beside(f"{folder}/x" if folder else "x", name) for name in _CONSTRAINED.findall(command)]
    files = [path for path in named if path in paths]
    if re.search(r"(?:pip|uv pip)\s+install\b[^;&|]*\s(?:-e\s*|--editable[\s=])?\.(?:\[[\w,-]+\])?(?:\s|$)", command):
        files += [path for name in _TOP[:3] if (path := join(folder, name)) in paths]
    if "tox" in _tools(command) and (path := join(folder, "tox.ini")) in paths:
        files += [path, *(path for path in _around(folder, paths, tree) if PurePosixPath(path).name in _TOP[:3])]
    while not files:
        files = _around(folder, paths, tree)
        if files or not folder:
            break
        folder = str(PurePosixPath(folder).parent) if "/" in folder else ""
    if not files:
        return None
    files, lock = _with_lock(files, paths, tree)
    kept = tuple(p for p in limits if p in paths)
    return Plan(tuple(dict.fromkeys(files)), kept, folder, _tools(command), lock)


def _with_lock(files: list[str], paths: frozenset[str], tree: TreeView) -> tuple[list[str], Lock | None]:
    """The lock that stands beside a manifest, or the one list among them that was compiled: its sources take its place.

    Where several were compiled, each of them holds pins of the others: they are read as lists of wishes.
    """
    found = next((lock for path in files if (lock := lock_of(path, paths)) is not None), None)
    made = {path: one for path in files if (one := _compiled(path, paths, tree)) is not None}
    if found is not None or len(made) != 1:
        return files, found
    ((path, one),) = made.items()
    others = [file for file in files if file != path and file not in one.paths()]
    return [*one.paths(), *others], Lock(path, one.tool)


def _compiled(path: str, paths: frozenset[str], tree: TreeView) -> Compiled | None:
    raw = tree.read(path) if path.endswith(".txt") else None
    return read_compiled(path, raw.decode("utf-8", "replace"), paths) if raw is not None else None


def is_manifest(path: str) -> bool:
    """True for a file that a plan may read: a manifest, a list of requirements or constraints, or a lock."""
    return is_lock(path) or format_of(path) is not None


def beside(path: str, name: str) -> str:
    """The path that `name` means inside the file `path`; climbing out of the repository gives a path that is none."""
    parts: list[str] = list(PurePosixPath(path).parent.parts)
    for part in PurePosixPath(name).parts:
        if part == "..":
            if not parts:
                return "/"
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _around(folder: str, paths: frozenset[str], tree: TreeView) -> list[str]:
    """The manifests of a folder: what the project needs first, then what its tests do."""
    found = []
    for name in _TOP:
        path = join(folder, name)
        reading = _read(tree, path) if path in paths else None
        if reading is None:
            continue
        if reading.wishes or reading.includes or (reading.wants_project and name != "setup.py"):
            found.append(path)
    prefix = f"{folder}/" if folder else ""
    below = sorted(path for path in paths if path.startswith(prefix))
    found += [path for path in below if _MORE.fullmatch(path.removeprefix(prefix))]
    return found + [path for path in below if _FOLDER.fullmatch(path.removeprefix(prefix))]


def command_folder(command: str, subdirectory: str) -> str:
    """Where the command works: below its `cd`, or in the deepest folder that it names as an argument."""
    folder = subdirectory.strip("/")
    for name in _CD.findall(command):
        folder = beside(join(folder, "x"), name)
    return folder


def _tools(command: str) -> tuple[str, ...]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    found = [_TOOLS[name] for word in words if (name := PurePosixPath(word.strip("();&|")).name) in _TOOLS]
    return tuple(dict.fromkeys(found))


def _read(tree: TreeView, path: str) -> Reading | None:
    kind, raw = format_of(path), tree.read(path)
    return kind.read(path, raw.decode("utf-8", "replace")) if kind is not None and raw is not None else None


def join(folder: str, name: str) -> str:
    """A path below a folder, which may be the top."""
    return f"{folder}/{name}" if folder else name
