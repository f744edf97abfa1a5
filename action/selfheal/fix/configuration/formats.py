"""The formats of configuration: how each is parsed, and what its parser says of a broken text."""

import configparser
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from selfheal.contract.policy.reading.lines import Family, without_comments

_INI = re.compile(
    r"setup\.cfg|tox\.ini|\.?pytest\.ini|\.?mypy\.ini|\.flake8|\.coveragerc|\.?pylintrc|\.isort\.cfg|\.bandit"
    r"|\.pydocstyle|\.pycodestyle|alembic\.ini|\.bumpversion\.cfg"
)
_JSON5 = re.compile(r"(?:ts|js)config(?:\.[\w.-]+)?\.json|.*\.jsonc|pyrightconfig\.json|\.babelrc|turbo\.json")
_REQUIREMENTS = re.compile(r"(?:.*-)?(?:requirements|constraints)[\w.-]*\.(?:txt|in)|(?:dev|test|docs)\.txt")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_INI_LINE = re.compile(r"\[line +(\d+)\]|line: (\d+)")
_UNCLOSED = re.compile(r"\[[\w.-]+(?::[\w.,{}*-]*)?\s*")
_NO_DATA = frozenset({
    "package-lock.json", "pnpm-lock.yaml", "poetry.lock", "uv.lock", "pdm.lock", "Cargo.lock",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a parser stopped, and why. Lines and columns count from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `fault` parses a text and says what is wrong with it, None for nothing."""

    name: str
    fault: Callable[[str], Fault | None]


def format_of(path: str, *, is_strict: bool = False) -> Format | None:
    """The format of a file by its name; None for what is no configuration, and for lock files.

    `is_strict`: what reads it takes plain JSON alone, whatever the file's own tool would take.
    """
    name = PurePosixPath(path).name
    if name in _NO_DATA:
        return None
    if _REQUIREMENTS.fullmatch(name):
        return REQUIREMENTS
    if name in (".eslintrc", ".eslintrc.json"):
        return JSON if is_strict else COMMENTED_JSON
    if name == ".prettierrc":
        return YAML_FORMAT
    if _JSON5.fullmatch(name):
        return JSON if is_strict else JSONC
    if _INI.fullmatch(name):
        return INI
    return _BY_SUFFIX.get(PurePosixPath(path).suffix)


def toml_fault(text: str) -> Fault | None:
    """Parse TOML."""
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except ValueError as error:
        place = _PLACE.search(str(error))
        last = text.count("\n") + 1
        line, column = (int(place[1]), int(place[2])) if place else (last, 1)
        return Fault(min(line, last), column, _PLACE.sub("", str(error)).strip())
    except RecursionError:
        return None
    return None


def json_fault(text: str) -> Fault | None:
    """Parse JSON."""
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return Fault(error.lineno, error.colno, error.msg)
    except (ValueError, RecursionError):
        return None
    return None


def jsonc_fault(text: str) -> Fault | None:
    """Parse JSON with comments and trailing commas; both are blanked, so that places stay."""
    plain = _without_comments(text)
    return json_fault(re.sub(r",(?=\s{0,200}[}\]])", " ", plain))


def commented_json_fault(text: str) -> Fault | None:
    """Parse JSON with comments, as eslint does: a trailing comma is an error."""
    return json_fault(_without_comments(text))


def _without_comments(text: str) -> str:
    plain = without_comments(text, Family.SLASHES)
    return plain if plain.count("\n") == text.count("\n") else text


@lru_cache(maxsize=256)
def yaml_fault(text: str) -> Fault | None:
    """Parse YAML; tags of a tool's own are let through."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        for _ in YAML(typ="rt", pure=True).load_all(text):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = f"{error.problem or ''} {error.context or ''}".strip()
        return Fault(mark.line + 1, mark.column + 1, said) if mark is not None else Fault(1, 1, said)
    except YAMLError as error:
        found = re.search(r"line (\d+)", str(error))
        at = getattr(error, "position", None)
        line = text.count("\n", 0, at) + 1 if isinstance(at, int) else int(found[1]) if found else 1
        return Fault(line, 1, str(error)[:200])
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, NotImplementedError):
        return None
    return None


def ini_fault(text: str) -> Fault | None:
    """Parse INI as pytest, tox, setuptools and coverage do."""
    parser = configparser.RawConfigParser(allow_no_value=False)
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        return Fault(error.lineno, 1, "no section header")
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else 1
        return Fault(line, 1, "no value")
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        return _unclosed_header(text) or Fault(error.lineno or 1, 1, "twice")
    except (configparser.Error, ValueError, AttributeError) as error:
        return Fault(1, 1, str(error)[:200])
    return _unclosed_header(text)


def _unclosed_header(text: str) -> Fault | None:
    """`[testenv:py39` is read as a key with a value, and what follows it as the section's above."""
    for number, line in enumerate(text.splitlines(), 1):
        if _UNCLOSED.fullmatch(line):
            return Fault(number, 1, "no section header")
    return None


def requirements_fault(text: str) -> Fault | None:
    """Read requirement lines as pip does."""
    for number, line in enumerate(text.splitlines(), 1):
        if not is_requirement(line):
            return Fault(number, 1, "invalid requirement")
    return None


_REQUIREMENT = re.compile(
    r"""\s*(?:
      (?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*
      (?:\[\s*[\w.-]*(?:\s*,\s*[\w.-]+)*\s*\])?\s*
      (?:@\s*\S+ | \(?\s*(?:(?:~=|===?|!=|<=|>=|<|>)\s*[\w.*+!-]+
        (?:\s*,\s*(?:~=|===?|!=|<=|>=|<|>)\s*[\w.*+!-]+)*)?\s*,?\s*\)?)
      \s*(?:;\s*[^#;]+?)?
      (?:\s+--[\w-]+[=\s]\S+)*
      \s*\\?
    | -{1,2}\w.* | [.~]?/.* | \.+(?:\[.*\])? | [\w+]+://.* | \S+\.(?:whl|zip|tar\.gz)\S* | \$\{.*
    )?\s*(?:(?:^|\s)\#.*)?$""",
    re.VERBOSE,
)


def is_requirement(line: str) -> bool:
    """Tell whether pip takes a line of a requirements file."""
    found = _REQUIREMENT.match(line)
    marker = line.partition(";")[2].partition("#")[0]
    return found is not None and marker.count('"') % 2 == 0 and marker.count("'") % 2 == 0


TOML = Format("TOML", toml_fault)
JSON = Format("JSON", json_fault)
JSONC = Format("JSON with comments", jsonc_fault)
COMMENTED_JSON = Format("JSON with comments", commented_json_fault)
YAML_FORMAT = Format("YAML", yaml_fault)
INI = Format("INI", ini_fault)
REQUIREMENTS = Format("requirements", requirements_fault)
_BY_SUFFIX = {
    ".toml": TOML,
    ".json": JSON,
    ".webmanifest": JSON,
    ".yml": YAML_FORMAT,
    ".yaml": YAML_FORMAT,
    ".ini": INI,
    ".cfg": INI,
}
