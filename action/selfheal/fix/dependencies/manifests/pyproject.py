"""pyproject.toml: PEP 621 lists, PEP 735 groups, and poetry's tables. Edited where the text stands."""

import re
import tomllib
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from selfheal.contract.packages import canonical
from selfheal.fix.dependencies.manifests.interface import Reading, Wish, wish_of
from selfheal.fix.dependencies.manifests.poetry_ranges import as_pep508, as_poetry

_TABLES = re.compile(
    r"(?ms)^\[(?P<name>\s*(?:project|project\.optional-dependencies|dependency-groups)\s*)\]\s*?$.*?(?=^\[|\Z)"
)
_LISTS = re.compile(r"(?ms)^(?:optional-)?dependencies\b[^=\n]*=.*?(?=^[\w\"'][\w.\"'-]*\s*=|\Z)")
"""The keys of `[project]` that hold requirements: a keyword may be spelt like a distribution."""


class PyProject:
    """The format of pyproject.toml."""

    def read(self, path: str, text: str) -> Reading:
        """List the project's needs, its extras and its groups: who tests a project installs those too."""
        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError):
            return Reading(())
        project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
        lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
        lists += _table(document, "dependency-groups").values()
        wishes = [wish for one in lists for wish in _listed(path, one)]
        wishes += [wish for table in _poetry_tables(poetry) for wish in _poetry_wishes(path, table)]
        own = canonical(str(project.get("name") or poetry.get("name") or ""))
        is_package = bool(document.get("build-system")) and bool(project or poetry)
        return Reading(tuple(wish for wish in wishes if wish.key != own), wants_project=is_package)

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the specifier inside the string that holds it."""
        quoted = re.compile(
            rf"(?P<quote>[\"'])(?P<head>{_spelt(name)}\s*(?:\[[^\]\n]*\])?)\s*"
            rf"(?P<spec>\(?(?:(?:===|~=|==|!=|<=|>=|<|>)[^;\"'\n]*?)?\)?)(?P<tail>\s*(?:;[^\n\"]*?)?)(?P=quote)",
            re.IGNORECASE,
        )
        count = 0

        def inside(match: re.Match[str]) -> str:
            nonlocal count
            part, made = quoted.subn(lambda m: f"{m['quote']}{m['head']}{specifier}{m['tail']}{m['quote']}", match[0])
            count += made
            return part

        def in_table(match: re.Match[str]) -> str:
            return _LISTS.sub(inside, match[0]) if match["name"].strip() == "project" else inside(match)

        edited = _TABLES.sub(in_table, text)
        edited, more = _poetry_edited(edited, name, specifier)
        return edited if (count or more) and _is_toml(edited) else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add to the project's own needs, laid out as the list is."""
        try:
            document = tomlkit.parse(text)
        except TOMLKitError:
            return None
        wish = wish_of("", requirement)
        plain: Any = document.unwrap()
        if wish is None:
            return None
        if isinstance(plain.get("project"), dict):
            project: Any = document["project"]
            if "dependencies" not in project:
                project["dependencies"] = tomlkit.array()
            values = project["dependencies"]
            is_long = "\n" in values.as_string()
            values.add_line(requirement) if is_long else values.append(requirement)
        elif isinstance(_table(plain, "tool", "poetry").get("dependencies"), dict):
            poetry: Any = document["tool"]
            poetry["poetry"]["dependencies"][wish.name] = as_poetry(wish.specifier)
        else:
            return None
        return tomlkit.dumps(document)


def _table(document: Any, *names: str) -> dict[str, Any]:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _listed(path: str, values: Any) -> list[Wish]:
    texts = [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
    return [wish for text in texts if (wish := wish_of(path, text)) is not None]


def _poetry_tables(poetry: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    return [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups]


def _poetry_wishes(path: str, table: dict[str, Any]) -> list[Wish]:
    found = []
    for name, value in table.items():
        version = value.get("version") if isinstance(value, dict) else value
        specifier = as_pep508(version) if isinstance(version, str) else None
        if name.lower() != "python" and specifier is not None:
            found.append(Wish(path=path, name=name, specifier=specifier, line=f"{name}{specifier}"))
    return found


def _poetry_edited(text: str, name: str, specifier: str) -> tuple[str, int]:
    """Edit `name = "^1.2"` and `name = {version = "^1.2", …}` inside poetry's tables."""
    table = re.compile(
        r"(?ms)^\[tool\.poetry(?:\.group\.[^\]\n]+)?\.(?:dev-)?dependencies\]\s*$(?P<body>.*?)(?=^\[|\Z)"
    )
    entry = re.compile(
        rf"(?mi)^(?P<head>[\"']?{_spelt(name)}[\"']?\s*=\s*(?:\{{[^}}\n]*?version\s*=\s*)?)(?P<q>[\"'])[^\"'\n]*(?P=q)"
    )
    count = 0

    def inside(match: re.Match[str]) -> str:
        nonlocal count
        body, made = entry.subn(lambda m: f"{m['head']}{m['q']}{as_poetry(specifier)}{m['q']}", match["body"])
        count += made
        return match[0].replace(match["body"], body) if made else match[0]

    return table.sub(inside, text), count


def _spelt(name: str) -> str:
    return "[-_.]+".join(re.escape(part) for part in canonical(name).split("-"))


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
