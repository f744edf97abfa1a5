"""The commands behind targets that check things: make, just and nox."""

import ast
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.lines import decode

_MAKE_NAME = re.compile(r"(?:GNU)?[Mm]akefile|.*\.mk|\.?[Jj]ustfile")
_TARGET = re.compile(r"@?([A-Za-z0-9_./%-][A-Za-z0-9_./% \t-]*?)[ \t]*::?(?!=)")
_CHECKS = re.compile(
    r"(?:^|[-_./])(?:test|check|lint|ci|type|types|typecheck|mypy|cov|coverage|verify|pytest|style)(?:$|[-_./s])",
    re.IGNORECASE,
)


def check_recipes(path: str, content: bytes) -> Mapping[str, tuple[str, ...]]:
    """What each target whose name says that it checks something runs, by name; empty for other files."""
    name = PurePosixPath(path).name
    if _MAKE_NAME.fullmatch(name):
        return _make(decode(content))
    if name == "noxfile.py":
        return _nox(content)
    return {}


def _make(text: str) -> Mapping[str, tuple[str, ...]]:
    recipes: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if line[:1] in {"\t", " "}:
            command = line.strip()
            if current is not None and command and not command.startswith("#"):
                current.append(command)
        elif (match := _TARGET.match(line)) is not None:
            current = None
            for target in match[1].split():
                if _CHECKS.search(target):
                    current = recipes.setdefault(target, [])
                    current.append(line[match.end() :].partition("#")[0].strip())
        elif line.strip() and not line.startswith("#"):
            current = None
    return {target: tuple(commands) for target, commands in recipes.items()}


def _nox(content: bytes) -> Mapping[str, tuple[str, ...]]:
    tree = python.parse(content)
    if tree is None:
        return {}
    return {
        node.name: tuple(
            python.fingerprint(call)
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in {"run", "run_always"}
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
