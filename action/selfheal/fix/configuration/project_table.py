"""`[project]` of pyproject.toml against its specification: misspelt keys, values of the wrong kind, requirements."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from selfheal.fix.configuration.formats import is_requirement
from selfheal.fix.configuration.known_keys import PROJECT
from selfheal.fix.configuration.places import nearest
from selfheal.fix.configuration.requirement_lines import repaired_requirement

_SPECIFIER = re.compile(r"\s*(?:(?:~=|===?|!=|<=|>=|<|>)\s*[\w.*+!-]+\s*(?:,\s*(?!$)|$))+")


_BACKENDS = (
    "hatchling.build", "setuptools.build_meta", "flit_core.buildapi", "poetry.core.masonry.api", "pdm.backend",
    "maturin", "scikit_build_core.build", "mesonpy", "uv_build", "setuptools.build_meta:__legacy__",
)  # fmt: skip


def backend_repairs(text: str) -> Iterator[tuple[str, str]]:
    """A build backend whose name is near one that exists; `requires` names the package, and stays."""
    found = re.search(r"^build-backend\s*=\s*([\"'])([\w.:-]+)\1", text, re.MULTILINE)
    right = nearest(found[2], _BACKENDS) if found is not None and found[2] not in _BACKENDS else None
    if found is not None and right is not None:
        yield text[: found.start(2)] + right + text[found.end(2) :], f"the build backend is `{right}`"


def project_repairs(text: str) -> Iterator[tuple[str, str]]:
    """Each edit that brings the table nearer to the specification: the text and what it does."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    project = document.get("project")
    if not isinstance(project, dict):
        return
    all_at_once, said = text, []
    for changed, what in _single(text, project):
        yield changed, what
        for following, also in _single(all_at_once, _project(all_at_once)):
            if also == what:
                all_at_once = following
                said.append(what)
                break
    if len(said) > 1:
        yield all_at_once, "; ".join(said)


def _single(text: str, project: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in project.items():
        right = nearest(key, PROJECT)
        if key not in PROJECT and right is not None and right not in project:
            yield from _spliced(
                text, rf"^(\s*){re.escape(key)}(?=\s*[=.])", rf"\1{right}", f"`{key}` is `{right}` misspelt"
            )
        elif PROJECT.get(key) == "list" and isinstance(value, str):
            shape = rf"^(\s*{re.escape(key)}\s*=\s*)(\"[^\"]*\"|'[^']*')"
            yield from _spliced(text, shape, r"\1[\2]", f"`{key}` is a list")
        elif PROJECT.get(key) == "str" and isinstance(value, int | float):
            yield from _spliced(text, rf"^(\s*{re.escape(key)}\s*=\s*)([\w.]+)", r'\1"\2"', f"`{key}` is a text")
        elif PROJECT.get(key) == "str" and isinstance(value, list) and len(value) == 1:
            yield from _spliced(
                text, rf"^(\s*{re.escape(key)}\s*=\s*)\[\s*([^\]]*?),?\s*\]", r"\1\2", f"`{key}` is a text"
            )
        if key == "requires-python" and isinstance(value, str) and not _SPECIFIER.fullmatch(value):
            yield from _specifier(text, value)
    lists = [project.get("dependencies"), *_values(project.get("optional-dependencies"))]
    for requirements in lists:
        for requirement in requirements if isinstance(requirements, list) else ():
            if isinstance(requirement, str) and not is_requirement(requirement):
                yield from _requirement(text, requirement)


def _specifier(text: str, value: str) -> Iterator[tuple[str, str]]:
    for changed, _ in repaired_requirement(f"python{value if value[:1] in '<>=!~^' else ' ' + value}"):
        new = changed.removeprefix("python").strip()
        if _SPECIFIER.fullmatch(new):
            new = new.replace("==", ">=") if re.fullmatch(r"[\d.]+", value) else new
            yield text.replace(f'"{value}"', f'"{new}"', 1), f"`requires-python` is `{new}`"
            return


def _requirement(text: str, requirement: str) -> Iterator[tuple[str, str]]:
    found = sorted(repaired_requirement(requirement), key=lambda item: item[1])
    for changed, _ in found[:1]:
        for quote in "\"'":
            if f"{quote}{requirement}{quote}" in text:
                new = text.replace(f"{quote}{requirement}{quote}", f"{quote}{changed}{quote}", 1)
                yield new, f"`{requirement}` is `{changed}`"


def _spliced(text: str, pattern: str, new: str, what: str) -> Iterator[tuple[str, str]]:
    start = re.search(r"^\[project\][^\n]*$", text, re.MULTILINE)
    if start is None:
        return
    found = re.compile(pattern, re.MULTILINE).search(text, start.end())
    if found is not None:
        yield text[: found.start()] + found.expand(new) + text[found.end() :], what


def _project(text: str) -> dict[str, Any]:
    try:
        project = tomllib.loads(text).get("project")
    except (ValueError, RecursionError):
        return {}
    return project if isinstance(project, dict) else {}


def _values(table: object) -> list[object]:
    return list(table.values()) if isinstance(table, dict) else []
