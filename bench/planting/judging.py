"""Say whether a tree is what the maintainer would have made of the broken one."""

import ast
import json
import re
import tomllib
from collections import Counter
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from planting.bases import Base
from planting.cases import Case
from planting.running import run
from planting.storage import Storage

SILENCERS = re.compile(
    r"#\s*(?:noqa|ruff:|type:\s*ignore|pyright:|mypy:|pylint:|fmt:|isort:|flake8:|pragma|nosec)|\bcast\(|"
    r"(?::|->|\[)\s*(?:typing\.)?Any\b",
    re.IGNORECASE,
)
TESTS = re.compile(r"(^|/)(tests?/|test_[^/]*\.py$|conftest\.py$)")
SETTINGS = re.compile(r"\.(toml|cfg|ini|json|ya?ml)$|(^|/)\.(flake8|pylintrc|coveragerc)$|(^|/)setup\.py$")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`wrong` says why it is not correct; empty where it is. `is_same` tells that the program is the original one."""

    wrong: str
    is_same: bool

    @property
    def is_correct(self) -> bool:
        """True where nothing is wrong."""
        return not self.wrong


def judge(case: Case, base: Base, tree: Path, storage: Storage) -> Judgement:
    """Look at what changed, then run the command and the package's own tests."""
    changed = changed_files(base.tree, tree)
    planted = dict(case.edits)
    touched = set(changed) | set(planted)
    wrong = ""
    for name in sorted(touched):
        now = _text(tree / name)
        before = planted.get(name, _text(base.tree / name))
        if now != before or (name in planted and SETTINGS.search(name)):
            wrong = wrong or _misdeed(name, before, now, _text(base.tree / name), is_planted=name in planted)
    if not wrong and not run(case.command, tree, storage).passed:
        wrong = "the command still fails"
    if not wrong and not run(base.package.test_command, tree, storage).passed:
        wrong = "the package's own tests fail"
    return Judgement(wrong, all(is_same_program(name, _text(base.tree / name), _text(tree / name)) for name in touched))


def changed_files(before: Path, after: Path) -> tuple[str, ...]:
    """The files that differ between two trees, what the tools leave behind aside."""
    names = _names(before) | _names(after)
    return tuple(sorted(name for name in names if _bytes(before / name) != _bytes(after / name)))


def _misdeed(name: str, before: str | None, now: str | None, original: str | None, *, is_planted: bool) -> str:
    """What a repair may not do, whatever passes after it."""
    if now is None:
        return f"{name} was deleted"
    if TESTS.search(name) and not is_planted:
        return f"the test {name} was changed"
    if SETTINGS.search(name):
        if not is_planted:
            return f"the settings of {name} were changed"
        if not is_same_program(name, original, now):
            return f"{name} says something else than before"
        return ""
    more = _silencers(now) - (_silencers(before) | _silencers(original))
    return f"a rule was silenced in {name}: {', '.join(sorted(more))}" if more else ""


def _silencers(text: str | None) -> Counter[str]:
    """Each way of silencing in a file, with how often it stands there."""
    return Counter(found[0].lower() for found in SILENCERS.finditer(text or ""))


def is_same_program(name: str, original: str | None, now: str | None) -> bool:
    """Tell whether two texts mean the same: the same syntax tree, the same settings, else the same text."""
    if original is None or now is None or original == now:
        return original == now
    try:
        match Path(name).suffix:
            case ".py":
                return ast.dump(ast.parse(original)) == ast.dump(ast.parse(now))
            case ".toml":
                return tomllib.loads(original) == tomllib.loads(now)
            case ".json":
                return bool(json.loads(original) == json.loads(now))
            case ".yaml" | ".yml":
                reader = YAML(typ="safe")
                return bool(reader.load(original) == reader.load(now))
            case ".cfg" | ".ini" | "":
                return _ini(original) == _ini(now)
            case _:
                return original.split() == now.split()
    except Exception:  # noqa: BLE001 - whatever the parser makes of a broken file, it is not the same
        return False


def _ini(text: str) -> dict[str, dict[str, str]]:
    parser = ConfigParser(interpolation=None)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def _names(tree: Path) -> set[str]:
    litter = re.compile(r"(^|/)(__pycache__|\.[a-z_]+_cache|\.git|_build|\.hypothesis|htmlcov)(/|$)|(^|/)\.coverage")
    found = (path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
    return {name for name in found if not litter.search(name) and not name.endswith(".egg-info")}


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _text(path: Path) -> str | None:
    data = _bytes(path)
    return None if data is None else data.decode("utf-8", "replace")
