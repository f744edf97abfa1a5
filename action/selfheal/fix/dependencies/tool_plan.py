"""Whether a command's packages are npm's, pnpm's, yarn's, Go's or Cargo's, and which manifest it uses. Pure."""

import re
import shlex
from pathlib import PurePosixPath

from selfheal.contract.packages import Tool
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.locks import Lock, lock_of
from selfheal.fix.dependencies.plan import Plan, command_folder, join, plan_for

_NODE_WORDS = frozenset(
    {
        *("npm", "npx", "pnpm", "yarn", "node", "jest", "vitest", "mocha", "tsc", "eslint", "ava", "tsx", "ts-node"),
        *("webpack", "vite", "rollup", "next", "prettier", "tap", "jasmine"),
    }
)
_MANIFESTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("package.json", _NODE_WORDS),
    ("go.mod", frozenset({"go", "golangci-lint", "gotestsum"})),
    ("Cargo.toml", frozenset({"cargo"})),
)
_PREFIX = re.compile(r"(?:npm|pnpm|yarn)\s+(?:--prefix|--dir|-C|--cwd)[\s=]+([\w./-]+)")
_OUTDATED = re.compile(
    r"lock ?file|package-lock|npm-shrinkwrap|(?:uv|poetry|pdm|yarn|Cargo)\.lock|frozen-lockfile|\bout of sync\b",
    re.IGNORECASE,
)


def any_plan_for(command: str, tree: TreeView, subdirectory: str = "") -> Plan | None:
    """The plan of the tool that the command calls, else that of Python, else of whatever lies where it works."""
    found = tool_plan_for(command, tree, subdirectory)
    if found is None:
        found = plan_for(command, tree, subdirectory)
    return found


def tool_plan_for(command: str, tree: TreeView, subdirectory: str = "") -> Plan | None:
    """The plan of another language's tool; None where the command calls none."""
    words = _words(command)
    paths = frozenset(tree.paths())
    for manifest, names in _MANIFESTS:
        if not names & words:
            continue
        folder = command_folder(command, subdirectory)
        if (inside := _PREFIX.search(command)) is not None:
            folder = join(folder, inside[1].strip("./")).strip("/")
        while join(folder, manifest) not in paths and folder:
            folder = folder.rpartition("/")[0]
        path = join(folder, manifest)
        if path not in paths:
            continue
        lock = _lock(path, folder, paths)
        tool = lock.tool if lock is not None else _tool(manifest, words)
        return Plan((path,), (), folder, (), lock, tool)
    return None


def speaks_of_lock(output: str) -> bool:
    """True where a failing run says something of a lock file."""
    return _OUTDATED.search(output) is not None


def _lock(path: str, folder: str, paths: frozenset[str]) -> Lock | None:
    if path.endswith("go.mod"):
        return Lock(join(folder, "go.sum"), "go")
    return lock_of(path, paths)


def _tool(manifest: str, words: frozenset[str]) -> Tool:
    if manifest == "package.json":
        return "pnpm" if "pnpm" in words else "yarn" if "yarn" in words else "npm"
    return "go" if manifest == "go.mod" else "cargo"


def _words(command: str) -> frozenset[str]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    return frozenset(PurePosixPath(word.strip("();&|")).name for word in words if "=" not in word)
