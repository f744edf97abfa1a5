"""Configuration files as flat values: `ruff.ignore`, `mypy.strict`, `npm.scripts.test`."""

import configparser
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from selfheal.contract.policy.reading.lines import Family, decode, without_comments

Value = bool | int | float | str | tuple[str, ...]
Settings = Mapping[str, Value]

_INI_NAMES = frozenset({
    "setup.cfg", "tox.ini", "pytest.ini", ".pytest.ini", "mypy.ini", ".mypy.ini", ".flake8", ".coveragerc",
    ".pylintrc", "pylintrc", ".isort.cfg", ".bandit", ".pydocstyle", ".pycodestyle",
})  # fmt: skip
_TOML_NAMES = {
    "pyproject.toml": "",
    "ruff.toml": "ruff",
    ".ruff.toml": "ruff",
    "pytest.toml": "",
    ".pytest.toml": "",
    "tox.toml": "tox",
    ".coveragerc.toml": "",
    "pylintrc.toml": "",
    ".pylintrc.toml": "",
}
_JSON_NAMES = {
    "package.json": "",
    ".eslintrc": "eslint",
    ".eslintrc.json": "eslint",
    "jest.config.json": "jest",
    ".nycrc": "nyc",
    ".nycrc.json": "nyc",
    ".c8rc.json": "nyc",
    "pyrightconfig.json": "pyright",
    "biome.json": "biome",
    "biome.jsonc": "biome",
}
_LONGEST_KEY = 400
"""Keys are cut here, so that a pattern never runs over a key that is a megabyte long."""
_TSCONFIG = re.compile(r"(?:ts|js)config(?:\.[\w.-]+)?\.json")
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
# Longest first: the same setting has the same key, whichever file and section holds it.
_SYNONYMS = (
    ("pytest.ini_options.", "pytest."),
    ("ruff.lint.", "ruff."),
    ("tool:pytest.", "pytest."),
    ("scripts.", "npm.scripts."),
    ("eslintconfig.", "eslint."),
    ("basedpyright.", "pyright."),
    ("coverage:", "coverage."),
    ("flake8:", "flake8."),
)


def is_configuration(path: str) -> bool:
    """True where `read` knows the file."""
    name = PurePosixPath(path).name
    return name in _INI_NAMES or name in _TOML_NAMES or name in _JSON_NAMES or _TSCONFIG.fullmatch(name) is not None


@lru_cache(maxsize=64)
def read(path: str, content: bytes) -> Settings | None:
    """All values by dotted key, lower case, `_` for `-`; None where the file does not parse.

    Lists become tuples of strings; a list of tables is keyed by its `module`, `name` or `id`.
    """
    name = PurePosixPath(path).name
    try:
        if name in _INI_NAMES:
            return _read_ini(name, decode(content))
        if name in _TOML_NAMES:
            return dict(_flat_toml(_TOML_NAMES[name], tomllib.loads(decode(content).replace("\r\n", "\n"))))
        root = _JSON_NAMES.get(name, "tsconfig")
        return dict(_flat(root, json.loads(_plain_json(decode(content)))))
    except (ValueError, RecursionError, configparser.Error):
        return None


def _read_ini(name: str, text: str) -> Settings:
    # No tool that reads these files takes a key without a value: such a text does not parse.
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    if any(option.startswith("[") for section in parser.sections() for option in parser.options(section)):
        raise ValueError("a section's name without its closing bracket is no option")
    return {
        _key(f"{_ini_root(name, section)}.{option}"): _ini_value(value)
        for section in parser.sections()
        for option, value in parser.items(section)
    }


def _ini_root(name: str, section: str) -> str:
    section = section.lower()
    if name in {".coveragerc"}:
        return f"coverage.{section}"
    if name.endswith("pylintrc"):
        return "pylint"
    if section.startswith("pylint"):
        return "pylint"
    if section == "settings" and name == ".isort.cfg":
        return "isort"
    if section.startswith("mypy-"):
        return f"mypy.overrides.{section.removeprefix('mypy-')}"
    if name == "tox.ini" and section.startswith(("testenv", "tox")):
        return f"tox.{section}"
    return section


def _ini_value(value: str) -> Value:
    match value.strip().lower():
        case "true" | "yes" | "on":
            return True
        case "false" | "no" | "off":
            return False
        case _:
            return value.strip()


def _flat_toml(root: str, document: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    tool = document.get("tool")
    if root:
        # Ruff refuses its own file with pyproject.toml's tables in it: they are taken for what they were meant to be.
        meant = tool.get("ruff") if root == "ruff" and isinstance(tool, dict) else None
        yield from _flat(root, {**document, "tool": {}, **meant} if isinstance(meant, dict) else document)
        return
    if isinstance(tool, dict):
        yield from _flat("", tool)
    for section in ("pytest", "coverage", "run", "report", "pylint"):
        if isinstance(document.get(section), dict):
            yield from _flat(section, document[section])
    project = document.get("project")
    if isinstance(project, dict):
        yield from _flat("project.entry-points", project.get("entry-points", {}))


def _flat(prefix: str, value: object) -> Iterator[tuple[str, Value]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
        case list() if any(isinstance(item, dict) for item in value):
            for number, item in enumerate(value):
                yield from _flat(f"{prefix}.{_item_name(item, number)}", item)
        case list():
            yield _key(prefix), tuple(str(item) for item in value)
        case bool() | int() | float() | str():
            yield _key(prefix), value
        case _:
            yield _key(prefix), str(value)


def _item_name(item: object, number: int) -> str:
    if isinstance(item, dict):
        for name in ("module", "name", "id"):
            if name in item:
                return str(item[name])
    return str(number)


def _key(raw: str) -> str:
    key = raw[:_LONGEST_KEY].lower().replace("-", "_")
    for before, after in _SYNONYMS:
        if key.startswith(before):
            return after + key.removeprefix(before)
    return key


def _plain_json(text: str) -> str:
    """JSON with comments and trailing commas, as tsconfig.json has it, made plain."""
    return _TRAILING_COMMA.sub("", without_comments(text, Family.SLASHES))
