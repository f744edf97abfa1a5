"""What decides which tests run: pytest, jest, tox, make and package scripts."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import configuration
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.configuration import Settings, Value
from selfheal.contract.policy.reading.direction import Loosens, entries, loosened, watch
from selfheal.contract.policy.reading.lines import decode
from selfheal.contract.policy.reading.recipes import check_recipes
from selfheal.contract.policy.reading.repaired import is_same_but_for_punctuation, with_misspelt_keys_mended

_CHECK_WORD = (
    r"(.*[.:_])?(pre|post)?(test|tests|lint|check|checks|typecheck|types|ci|verify|coverage|validate|mypy|pytest|style)"
    r"([.:_\W].*)?"
)
_TABLE = (
    watch(
        r"pytest\.(testpaths|python_(files|classes|functions)|norecursedirs|collect_\w+|confcutdir|usefixtures|rootdir|doctest_\w+|empty_parameter_set_mark|required_plugins)",
        Loosens.CHANGING,
    ),
    watch(r"pytest\.(xfail_strict|strict\w*)", Loosens.SWITCHING_OFF),
    watch(r"pytest\.(timeout|faulthandler_timeout|session_timeout|reruns\w*)", Loosens.RAISING),
    watch(r"project\.entry_points\.pytest11\..*", Loosens.CHANGING),
    watch(r"tox\..*\b(commands\w*|envlist|env_list|changedir|allowlist_externals)", Loosens.CHANGING),
    watch(r"tox\..*\b(ignore_errors|ignore_outcome|skip_missing_interpreters|skip_install)", Loosens.SWITCHING_ON),
    watch(rf"npm\.scripts\.{_CHECK_WORD}", Loosens.CHANGING),
    watch(
        rf"(hatch|pdm|poe|taskipy|rye|poetry|uv|dev_?cmd)\..*(scripts|tasks)\.{_CHECK_WORD}(\..*)?", Loosens.CHANGING
    ),
    watch(r"jest\..*(pathignorepatterns|modulepathignorepatterns|watchpathignorepatterns)", Loosens.GROWING),
    watch(
        r"jest\.(testmatch|testregex|roots|projects|testrunner|setupfiles\w*|testtimeout|bail|passwithnotests)",
        Loosens.CHANGING,
    ),
)
_WEAKENING_OPTION = re.compile(
    r"--(?:ignore|ignore-glob|deselect|maxfail|disable-\w+|no-\w+|reruns|reruns-delay|lf|last-failed|ff|co|collect-only|exitfirst"
    r"|noconftest|continue-on-collection-errors|override-ini|confcutdir|rootdir|runxfail|sw|stepwise\w*|setup-only|setup-plan"
    r"|suppress-\w+|import-mode|timeout|tb)(?:[= ].*)?"
    r"|-[kmpoxcW].*",
    re.DOTALL,
)
_HARMLESS = frozenset(
    {
        "--tb=short",
        "--tb=long",
        "--tb=auto",
        "--tb=native",
        "--import-mode=importlib",
        "--no-header",
        "--no-summary",
        "-p no:cacheprovider",
    }
)
_SEPARATE_VALUE = frozenset(
    {"-k", "-m", "-p", "-o", "-c", "-W", "--ignore", "--deselect", "--maxfail", "--ignore-glob"}
)
_OWN_FILES = frozenset({"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "jest.config.json", "GNUmakefile"})
_OPAQUE = re.compile(
    r"(?:jest|vitest|playwright|cypress|wdio|web-test-runner|ava)\.(?:config|workspace)\.[cm]?[jt]sx?|karma\.conf\.[cm]?[jt]s"
    r"|\.mocharc(?:\.\w+)?|phpunit\.xml(?:\.dist)?|\.rspec|nextest\.toml|\.testcaferc\.\w+|codeception\.yml|testng\.xml"
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        for what in _findings(change, change_set.category):
            message = f"{change.path}: {what}; the same tests must run as before: fix the code under test"
            yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


def _findings(change: FileChange, category: Category) -> Iterator[str]:
    name = PurePosixPath(change.path).name
    if _OPAQUE.fullmatch(name):
        yield "the test runner's configuration changed in a form that can't be compared"
    elif name in _OWN_FILES and (change.before is None or change.after is None):
        yield f"the test runner's configuration file was {'added' if change.before is None else 'deleted'}"
    elif configuration.is_configuration(change.path):
        yield from _compared(change, category)
    else:
        yield from _recipes(change)


def _compared(change: FileChange, category: Category) -> Iterator[str]:
    before = configuration.read(change.path, change.before) if change.before is not None else {}
    after = configuration.read(change.path, change.after) if change.after is not None else {}
    if before is None or after is None:
        yield from _by_line(change)
        return
    if category is Category.CONFIG:
        before = with_misspelt_keys_mended(before, after, lambda key: any(watch.names(key) for watch in _TABLE))
    for found in loosened(before, after, _TABLE):
        yield f"`{found.key}` {found.by}: {found.before!r} → {found.after!r}"
    yield from _options(before, after)
    yield from _warning_filters(before, after)


def _options(before: Settings, after: Settings) -> Iterator[str]:
    """Pytest's `addopts`: an option that narrows what runs was added, or any option was taken away."""
    old, new = _tokens(before.get("pytest.addopts")), _tokens(after.get("pytest.addopts"))
    for option in sorted((new - old).keys() - _HARMLESS):
        if _WEAKENING_OPTION.fullmatch(option):
            yield f"`pytest.addopts` gained {option!r}"
    for option in sorted((old - new).keys() - {"-q", "-v", "-vv", "-ra", *_HARMLESS}):
        yield f"`pytest.addopts` lost {option!r}"


def _tokens(value: Value | None) -> Counter[str]:
    match value:
        case None:
            return Counter()
        case tuple():
            words = list(value)
        case _:
            words = _split(str(value))
    tokens: Counter[str] = Counter()
    remaining = iter(words)
    for word in remaining:
        tokens[f"{word} {next(remaining, '')}" if word in _SEPARATE_VALUE else word] += 1
    return tokens


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _warning_filters(before: Settings, after: Settings) -> Iterator[str]:
    key = "pytest.filterwarnings"
    old, new = _filters(before.get(key)), _filters(after.get(key))
    for entry in sorted((new - old).keys()):
        if not entry.startswith("error"):
            yield f"`{key}` gained {entry!r}"
    for entry in sorted((old - new).keys()):
        if entry.startswith("error"):
            yield f"`{key}` lost {entry!r}"


def _filters(value: Value | None) -> Counter[str]:
    if isinstance(value, str):
        return Counter(line.strip() for line in value.splitlines() if line.strip())
    return entries(value)


def _by_line(change: FileChange) -> Iterator[str]:
    """A file that does not parse on one side: no line about running tests may change, but for its punctuation."""
    if is_same_but_for_punctuation(change.before, change.after):
        return
    before = {line.strip() for line in decode(change.before or b"").splitlines()}
    after = {line.strip() for line in decode(change.after or b"").splitlines()}
    words = re.compile(
        r"addopts|testpaths|python_\w+|norecurse|filterwarnings|xfail|commands|\btest\b|collect", re.IGNORECASE
    )
    for line in sorted(before ^ after):
        if words.search(line):
            yield f"the line {line[:120]!r} changed in a file that does not parse"


def _recipes(change: FileChange) -> Iterator[str]:
    old = check_recipes(change.path, change.before or b"")
    new = check_recipes(change.path, change.after or b"")
    for name in sorted(old):
        if old[name] != new.get(name):
            yield f"the target {name!r} runs other commands than before"


RULE = Rule(id="runner-config-weakened", reason="a test that is not run can't fail", check=_check)
