"""Code that behaves differently when it is watched."""

import ast
import re
from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added
from selfheal.contract.policy.reading.lines import Family, decode, family, matches, without_comments

_FRAMEWORKS = frozenset({"pytest", "_pytest", "unittest", "nose", "hypothesis", "doctest", "py.test", "coverage"})
_MARKS = frozenset(
    {"PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_WORKER", "JEST_WORKER_ID", "VITEST", "_called_from_test"}
)
_CI = frozenset(
    {
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "TRAVIS",
        "CIRCLECI",
        "CONTINUOUS_INTEGRATION",
        "BUILDKITE",
        "JENKINS_URL",
        "TF_BUILD",
    }
)
_OTHER = (
    (
        "test environment variable",
        re.compile(r"\b(?:JEST_WORKER_ID|VITEST(?:_WORKER_ID)?|PYTEST_CURRENT_TEST|import\.meta\.vitest)\b"),
    ),
    ("NODE_ENV test", re.compile(r"\bNODE_ENV\b[\"'\])]{0,3}\s{0,20}[!=]={1,2}\s{0,20}[\"']test[\"']")),
    (
        "CI variable",
        re.compile(
            r"\bprocess\.env(?:\.|\[[\"'])(?:CI|GITHUB_ACTIONS|GITLAB_CI)\b|\b(?:Getenv|LookupEnv|getenv|env::var|var_os)\(\s{0,8}[\"'](?:CI|GITHUB_ACTIONS|GITLAB_CI)[\"']|\bENV\[[\"'](?:CI|GITHUB_ACTIONS)[\"']\]"
        ),
    ),
    (
        "testing flag",
        re.compile(
            r"\btesting\.Testing\(\)|flag\.Lookup\(\s{0,8}[\"']test\.|\bcfg!\s{0,4}\(\s{0,4}test\b|typeof\s{1,8}(?:jest|describe|it)\s{0,8}[!=]="
        ),
    ),
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for addition in added(change_set, _find):
        message = (
            f"{addition.path}:{addition.line} finds out whether it is being tested ({addition.key}):"
            " the code must do the same in a test as anywhere else"
        )
        yield Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if not python.is_python(path):
        text = decode(content)
        style = family(path, text)
        if style is Family.SLASHES or path.endswith(".rb"):
            for name, line in matches(without_comments(text, style or Family.HASHES), _OTHER):
                yield Occurrence(name, line)
        return
    tree = python.parse(content)
    if tree is not None:
        names = python.aliases(tree)
        for node in ast.walk(tree):
            if key := _detection(node, names):
                yield Occurrence(key, getattr(node, "lineno", 1))


def _detection(node: ast.AST, names: dict[str, str]) -> str:
    match node:
        case ast.Compare(ops=[ast.In() | ast.NotIn()], left=ast.Constant(value=str(word)), comparators=[container]):
            return _membership(word, python.dotted(container, names) or _called(container, names))
        case ast.Subscript(value=container, slice=ast.Constant(value=str(word)), ctx=ast.Load()):
            return _membership(word, python.dotted(container, names))
        case ast.Call(func=function, args=[ast.Constant(value=str(word)), *_]):
            called = python.dotted(function, names)
            holder = called.removesuffix(".get") if called.endswith(".get") else ""
            if called in {"os.getenv", "os.getenvb", "importlib.util.find_spec", "find_spec"}:
                holder = "os.environ" if "getenv" in called else "sys.modules"
            return _membership(word, holder)
        case ast.Attribute(attr=attribute) | ast.Constant(value=str(attribute)) if attribute in _MARKS:
            return attribute
        case _:
            return ""


def _called(node: ast.AST, names: dict[str, str]) -> str:
    """`x.keys()`, `list(x)` and `x[0]` hold what `x` holds."""
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "copy", value=container)):
            return python.dotted(container, names)
        case ast.Call(args=[container]) | ast.Subscript(value=container):
            return python.dotted(container, names)
        case _:
            return ""


def _membership(word: str, container: str) -> str:
    if container == "sys.modules" and word.partition(".")[0] in _FRAMEWORKS:
        return f"{word!r} in sys.modules"
    if container == "os.environ" and word in _CI:
        return f"{word!r} in os.environ"
    if container in {"sys.argv", "sys.orig_argv"} and word.partition(".")[0] in _FRAMEWORKS:
        return f"{word!r} in sys.argv"
    return ""


RULE = Rule(id="harness-detected", reason="a fix that works only while it is watched is none", check=_check)
