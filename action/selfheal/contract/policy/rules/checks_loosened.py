"""Configuration of linters, formatters and type checkers, before against after."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import configuration
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.configuration import Settings
from selfheal.contract.policy.reading.direction import Loosens, loosened, watch
from selfheal.contract.policy.reading.lines import Family, decode, without_comments
from selfheal.contract.policy.reading.repaired import (
    are_close,
    is_mended_word,
    is_same_but_for_punctuation,
    with_misspelt_keys_mended,
)

_TABLE = (
    watch(r"(ruff|flake8)\.(.*\.)?max_complexity|ruff\.(mccabe|pylint)\.max_\w+", Loosens.NEVER),  # threshold_lowered's
    watch(r"(pylint|interrogate)\.(.*\.)?fail_under", Loosens.NEVER),  # threshold_lowered's
    watch(r"ruff\.(extend_)?(ignore|per_file_ignores|exclude|unfixable|allowed_\w+)(\..*)?", Loosens.GROWING),
    watch(r"ruff\.(extend_)?per_file_ignores\..*|ruff\.force_exclude", Loosens.GROWING),
    watch(r"ruff\.(select|include)", Loosens.SHRINKING),
    watch(r"ruff\.(extend_select|fixable|extend_include)", Loosens.SHRINKING),
    watch(r"ruff\.(line_length|.*max_\w+)", Loosens.RAISING),
    watch(r"ruff\.(exit_zero|.*allow_\w+|.*ignore_\w+)", Loosens.SWITCHING_ON),
    watch(r"mypy\.(.*\.)?(ignore_errors|ignore_missing_imports|implicit_\w+|allow_\w+)", Loosens.SWITCHING_ON),
    watch(
        r"mypy\.(.*\.)?(strict\w*|disallow_\w+|warn_\w+|check_\w+|no_implicit_\w+|extra_checks)", Loosens.SWITCHING_OFF
    ),
    watch(r"mypy\.(.*\.)?(disable_error_code|exclude\w*)", Loosens.GROWING),
    watch(r"mypy\.(files|packages|modules|enable_error_code)", Loosens.SHRINKING),
    watch(r"mypy\.(.*\.)?follow_\w+", Loosens.CHANGING),
    watch(r"pyright\.(exclude|ignore)", Loosens.GROWING),
    watch(r"pyright\.(include|strict)", Loosens.SHRINKING),
    watch(r"pyright\.(report|type)\w*", Loosens.CHANGING),
    watch(
        r"flake8\.((extend_)?ignore|(extend_)?exclude|per_file_ignores)|pycodestyle\.(ignore|exclude)", Loosens.GROWING
    ),
    watch(r"flake8\.((extend_)?select|enable_extensions)|pycodestyle\.select", Loosens.SHRINKING),
    watch(r"(flake8|pycodestyle|pylint)\.(.*\.)?max_\w+", Loosens.RAISING),
    watch(r"flake8\.(exit_zero|disable_noqa)", Loosens.SWITCHING_ON),
    watch(
        r"pylint\.(.*\.)?(disable|ignore\w*|extension_pkg_allow_list|good_names\w*|generated_members)", Loosens.GROWING
    ),
    watch(r"pylint\.(.*\.)?(enable|load_plugins)", Loosens.SHRINKING),
    watch(r"(black|isort)\.((extend_|force_)?exclude|(extend_)?skip\w*)", Loosens.GROWING),
    watch(
        r"bandit\.(skips|exclude\w*)|bandit\.bandit\.(skips|exclude\w*)|(codespell|interrogate|vulture|pydocstyle)\.(skip|exclude|ignore)\w*",
        Loosens.GROWING,
    ),
    watch(r"eslint\.(.*\.)?rules\..*", Loosens.MILDER),
    watch(r"eslint\.(.*\.)?ignorepatterns", Loosens.GROWING),
    watch(r"eslint\.(.*\.)?(extends|plugins)", Loosens.SHRINKING),
    watch(
        r"tsconfig\.(compileroptions\.(strict\w*|no(implicit|unused|unchecked|fallthrough|property)\w*|exactoptional\w*|alwaysstrict|forceconsistent\w*|checkjs))",
        Loosens.SWITCHING_OFF,
    ),
    watch(
        r"tsconfig\.compileroptions\.(skiplibcheck|skipdefaultlibcheck|allowunreachablecode|allowunusedlabels|suppress\w*)",
        Loosens.SWITCHING_ON,
    ),
    watch(r"tsconfig\.exclude", Loosens.GROWING),
    watch(r"tsconfig\.(include|files)", Loosens.SHRINKING),
    watch(r"biome\..*rules\..*", Loosens.MILDER),
    watch(r"biome\..*(ignore|enabled|includes?).*", Loosens.CHANGING),
    watch(r"selfheal\..*", Loosens.CHANGING),
)
"""What loosens which setting. Keys as `configuration.read` writes them; the first row that names a key decides."""

_UNLISTED = (
    watch(
        r"(ruff|mypy|pyright|flake8|pycodestyle|pylint|black|isort|bandit|codespell|interrogate|vulture|pydocstyle|eslint|biome)\..*",
        Loosens.CHANGING,
    ),
)
"""Settings whose direction nobody wrote down: refused, unless the failure is the configuration's own."""

_OWN_FILES = frozenset({
    "ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", ".flake8", ".pylintrc", "pylintrc", ".isort.cfg", ".bandit",
    "pyrightconfig.json", ".eslintrc", ".eslintrc.json", "biome.json", "biome.jsonc",
})  # fmt: skip
_OPAQUE = re.compile(
    r"""
      \.eslintrc\.(?:c?js|ya?ml) | eslint\.config\.[cm]?[jt]s | \.eslintignore
    | \.prettierrc(?:\.\w+)? | prettier\.config\.[cm]?[jt]s | \.prettierignore
    | \.stylelintrc(?:\.\w+)? | \.stylelintignore
    | \.golangci\.(?:ya?ml|toml|json) | staticcheck\.conf | \.rubocop(?:_todo)?\.yml
    | \.?clippy\.toml | \.?rustfmt\.toml
    | \.clang-(?:tidy|format) | checkstyle\w*\.xml | spotbugs\w*\.xml | pmd\w*\.xml | detekt\.yml | \.editorconfig
    | phpstan(?:-baseline)?\.neon(?:\.dist)? | psalm(?:-baseline)?\.xml | phpcs\.xml(?:\.dist)? | \.swiftlint\.yml
    | \.yamllint(?:\.ya?ml)? | \.ansible-lint | \.markdownlint(?:\.\w+)? | \.shellcheckrc | \.hadolint\.ya?ml
    | \.semgrepignore | \.trivyignore | \.gitleaks\.toml | \.secrets\.baseline
    """,
    re.VERBOSE,
)
_PLAIN_DATA = re.compile(r"\.(?:prettierrc|stylelintrc|eslintrc)(?:\.(?:json|ya?ml))?|\.\w+\.(?:ya?ml|json|toml)")
"""Those that hold no code: what only closes a quote or a bracket says the same."""
_ESLINT_WORDS = frozenset({"rules", "languageOptions", "linterOptions", "plugins", "files", "settings", "error"})
"""eslint refuses what is near these and none of them; it reads none of them as another."""
_HOOK = re.compile(r"^\s*-\s+(?:id|repo):\s*(.+?)\s*$", re.MULTILINE)
_HOOK_FILTER = re.compile(
    r"^\s*-?\s*(?:exclude|exclude_types|stages|default_stages|args|files|types|types_or|entry|verbose|fail_fast|always_run)\s*:.*$",
    re.MULTILINE,
)
_LOOSENING_WORD = re.compile(
    r"ignore|exclude|disable|skip|select|strict|enable|disallow|warn|per[-_]file|max[-_]|line[-_]length|report\w+",
    re.IGNORECASE,
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        for what in _findings(change, change_set.category):
            message = f"{change.path}: {what}; mend the code that the checker complains about, not the checker"
            yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


def _findings(change: FileChange, category: Category) -> Iterator[str]:
    name = PurePosixPath(change.path).name
    if name in {".pre-commit-config.yaml", ".pre-commit-config.yml"}:
        yield from _pre_commit(decode(change.before or b""), decode(change.after or b""), category)
    elif _OPAQUE.fullmatch(name):
        if category is Category.CONFIG and is_mended_word(change.before, change.after, _ESLINT_WORDS):
            return
        if _PLAIN_DATA.fullmatch(name) and is_same_but_for_punctuation(change.before, change.after):
            return
        yield "the checker's configuration changed in a form that can't be compared"
    elif name in _OWN_FILES and (change.before is None or change.after is None):
        yield f"the checker's configuration file was {'added' if change.before is None else 'deleted'}"
    elif configuration.is_configuration(change.path):
        yield from _compared(change, category)


def _compared(change: FileChange, category: Category) -> Iterator[str]:
    before = _settings(change.path, change.before)
    after = _settings(change.path, change.after)
    if before is None or after is None:
        yield from _by_line(change)
        return
    table = _TABLE if category is Category.CONFIG else _TABLE + _UNLISTED
    if category is Category.CONFIG:
        before = with_misspelt_keys_mended(before, after, lambda key: any(watch.names(key) for watch in _TABLE))
    for found in loosened(before, after, table):
        yield f"`{found.key}` {found.by}: {found.before!r} → {found.after!r}"


def _settings(path: str, content: bytes | None) -> Settings | None:
    return {} if content is None else configuration.read(path, content)


def _by_line(change: FileChange) -> Iterator[str]:
    """A file that does not parse on one side: no line about a checker may change, but for its punctuation."""
    if is_same_but_for_punctuation(change.before, change.after):
        return
    before = {line.strip() for line in decode(change.before or b"").splitlines()}
    after = {line.strip() for line in decode(change.after or b"").splitlines()}
    for line in sorted(before ^ after):
        if _LOOSENING_WORD.search(line):
            yield f"the line {line[:120]!r} changed in a file that does not parse"


def _pre_commit(before: str, after: str, category: Category) -> Iterator[str]:
    before, after = without_comments(before, Family.HASHES), without_comments(after, Family.HASHES)
    come = set(_HOOK.findall(after)) - set(_HOOK.findall(before))
    for hook in sorted(set(_HOOK.findall(before)) - set(_HOOK.findall(after))):
        # pre-commit refuses a hook that its repository doesn't have: a near name that works is what was meant.
        if category is Category.CONFIG and any(are_close(hook, one) for one in come):
            continue
        yield f"the hook {hook!r} was removed"
    old = {line.strip() for line in _HOOK_FILTER.findall(before)}
    new = {line.strip() for line in _HOOK_FILTER.findall(after)}
    for line in sorted(old ^ new):
        yield f"{line!r} changed, which decides what the hooks look at"


RULE = Rule(id="checks-loosened", reason="a checker that looks at less proves less", check=_check)
