"""Numbers that a build must reach, or must not pass."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import configuration
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.direction import Loosens, loosened, watch
from selfheal.contract.policy.reading.lines import decode
from selfheal.contract.policy.reading.repaired import with_misspelt_keys_mended

_TABLE = (
    watch(r"coverage\.(.*\.)?fail_under|(pylint|interrogate)\.(.*\.)?fail_under", Loosens.LOWERING),
    watch(r"coverage\.(.*\.)?precision", Loosens.CHANGING),
    watch(r"(jest|vitest)\.(.*\.)?coveragethreshold\..*|nyc\.(branches|lines|functions|statements)", Loosens.LOWERING),
    watch(r"nyc\.check_?coverage", Loosens.SWITCHING_OFF),
    watch(r"coverage\.(.*\.)?(omit|exclude_lines|exclude_also|partial_\w+)", Loosens.GROWING),
    watch(r"coverage\.(.*\.)?(source|source_pkgs|include|branch)", Loosens.SHRINKING),
    watch(r"coverage\.(.*\.)?(skip_\w+|ignore_errors)", Loosens.SWITCHING_ON),
    watch(r"(jest|nyc)\.(coveragepathignorepatterns|exclude)", Loosens.GROWING),
    watch(r"(jest|nyc)\.(collectcoveragefrom|include|all)", Loosens.SHRINKING),
    watch(r"(ruff|flake8)\.(.*\.)?max_complexity|ruff\.(mccabe|pylint)\.max_\w+", Loosens.RAISING),
    watch(r"(mutmut|cosmic_ray)\..*", Loosens.CHANGING),
)
_FLOOR = re.compile(
    r"(?P<name>--cov-fail-under|--fail-under(?:-\w+)?|fail_under|--fail-on-uncovered|\b(?:branches|functions|lines|statements)\b)"
    r"[ \t]{0,4}[=: ][ \t]{0,4}(?P<number>\d{1,9}(?:\.\d{1,9})?)"
)
_CEILING = re.compile(
    r"(?P<name>--max-complexity|--max-line-length|--line-length|--max-warnings|--testTimeout|--timeout)"
    r"[= ](?P<number>\d{1,9}(?:\.\d{1,9})?)"
)
_COMMAND_FILES = re.compile(
    r"(?:GNU)?[Mm]akefile|.*\.mk|[Jj]ustfile|.*\.(?:sh|bash|ini|cfg|toml|json)|noxfile\.py|tasks\.py|Rakefile"
    r"|(?:jest|vitest|vite|karma)\.(?:config|conf)\.[cm]?[jt]s|\.coveragerc"
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        for what in dict.fromkeys((*_by_value(change, change_set.category), *_by_line(change))):
            message = f"{change.path}: {what}; reach the threshold instead of moving it"
            yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


def _by_value(change: FileChange, category: Category) -> Iterator[str]:
    if not configuration.is_configuration(change.path):
        return
    before = configuration.read(change.path, change.before or b"") if change.before else {}
    after = configuration.read(change.path, change.after or b"") if change.after else {}
    if before is None or after is None:
        return
    if category is Category.CONFIG:
        before = with_misspelt_keys_mended(before, after, lambda key: any(watch.names(key) for watch in _TABLE))
    for found in loosened(before, after, _TABLE):
        yield f"`{found.key}` {found.by}: {found.before!r} → {found.after!r}"


def _by_line(change: FileChange) -> Iterator[str]:
    """Options on command lines and in configuration that is code: the weakest value of each name counts."""
    if not _COMMAND_FILES.fullmatch(PurePosixPath(change.path).name):
        return
    before, after = decode(change.before or b""), decode(change.after or b"")
    old, new = _numbers(_FLOOR, before), _numbers(_FLOOR, after)
    for name in old:
        if name not in new or min(new[name]) < min(old[name]) or len(new[name]) < len(old[name]):
            yield f"`{name}` was lowered or removed"
    old, new = _numbers(_CEILING, before), _numbers(_CEILING, after)
    for name in new:
        if max(new[name]) > max(old.get(name, [0.0])):
            yield f"`{name}` was raised"


def _numbers(pattern: re.Pattern[str], text: str) -> dict[str, list[float]]:
    numbers: dict[str, list[float]] = {}
    for match in pattern.finditer(text):
        numbers.setdefault(match["name"], []).append(float(match["number"]))
    return numbers


RULE = Rule(id="threshold-lowered", reason="a bar that is lowered is not cleared", check=_check)
