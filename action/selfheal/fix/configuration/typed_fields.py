"""Values of TOML of another type than the build backend asks for: a text where a list belongs, a quoted number."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.places import nearest, texts
from selfheal.fix.syntax.damage import decoded

SETUPTOOLS = (
    "platforms", "provides", "obsoletes", "zip-safe", "script-files", "eager-resources", "packages", "package-dir",
    "package-data", "include-package-data", "exclude-package-data", "namespace-packages", "py-modules",
    "ext-modules", "data-files", "cmdclass", "license-files", "dynamic",
)  # fmt: skip
"""The keys of `[tool.setuptools]` (setuptools.pypa.io, pyproject configuration)."""
_KEYS = {"tool.setuptools": SETUPTOOLS}
_LARGEST = 300_000
_DEEPEST = 12


def typed(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """Bring the value of a dotted key to the type that is asked for."""
    path = match[1].split(".")
    make = _MAKERS.get(match[2])
    for file, text in texts(tree, ("pyproject.toml",)):
        changed = _with(text, path, make) if make is not None else None
        if changed is not None and changed != text:
            yield Edit(file, changed, f"`{match[1]}` must be {match[2]}")


def unknown_property(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A key of a tool's table that its schema does not have."""
    known = _KEYS.get(match[1])
    text = decoded(tree.read("pyproject.toml"))
    right = nearest(match[2], known) if known else None
    if text is None or right is None:
        return
    shape = re.compile(rf"^(\s*){re.escape(match[2])}(?=\s*[=.])", re.MULTILINE)
    start = text.find(f"[{match[1]}]")
    found = shape.search(text, start) if start >= 0 else None
    if found is not None:
        changed = f"{text[: found.start()]}{found[1]}{right}{text[found.end() :]}"
        yield Edit("pyproject.toml", changed, f"`{match[2]}` is `{right}` misspelt")


def _with(text: str, path: list[str], make: Callable[[Any], object]) -> str | None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if len(text) > _LARGEST or len(path) > _DEEPEST:
        return None
    try:
        document = tomlkit.parse(text)
        table: Any = document
        for part in path[:-1]:
            table = table[part]
        made = make(table[path[-1]])
        if made is None:
            return None
        table[path[-1]] = made
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, ValueError, IndexError, RecursionError, AttributeError):
        return None


def _list(value: object) -> object:
    return [str(value)] if isinstance(value, str) else None


def _text(value: object) -> object:
    if isinstance(value, list):
        return str(value[0]) if len(value) == 1 and isinstance(value[0], str) else None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _truth(value: object) -> object:
    return {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}.get(str(value).lower())


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value) else None


_MAKERS: dict[str, Callable[[Any], object]] = {
    "array": _list,
    "list": _list,
    "string": _text,
    "str": _text,
    "boolean": _truth,
    "bool": _truth,
    "integer": _number,
    "int": _number,
    "number": _number,
}
