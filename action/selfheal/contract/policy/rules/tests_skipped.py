"""Tests that are there but do not count: skips, expected failures, `.only`, `__test__ = False`."""

import ast
import re
from collections.abc import Iterator, Mapping

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added
from selfheal.contract.policy.reading.lines import Family, code_only, decode, family, matches
from selfheal.contract.policy.rules.tests_removed import holds_tests

_SKIPS = frozenset({
    "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.xfail",
    "pytest.importorskip", "pytest.SkipTest", "unittest.skip", "unittest.skipIf", "unittest.skipUnless",
    "unittest.expectedFailure", "unittest.SkipTest", "unittest.case.SkipTest", "unittest.case.skip", "nose.SkipTest",
    "hypothesis.assume", "hypothesis.reject", "pytest.skip.Exception", "_pytest.outcomes.Skipped",
})  # fmt: skip
_SELF_SKIPS = ("skipTest", "skip_test")
_IGNORED = frozenset({"collect_ignore", "collect_ignore_glob"})
_OTHER = (
    (
        "skipped",
        re.compile(
            r"\b(?:it|test|describe|context|suite|specify)\.(?:skip|todo|fixme|fails|failing|skipIf|runIf)\b"
            r"|\b(?:xit|xdescribe|xtest|xcontext|xspecify|pending)\s{0,4}[(\" ]|\bthis\.skip\(\)"
        ),
    ),
    (
        ".only",
        re.compile(r"\b(?:it|test|describe|context|suite|specify)\.only\b|\b(?:fit|fdescribe|fcontext)\s{0,4}\("),
    ),
    ("t.Skip", re.compile(r"\b[a-z]\w{0,4}\.Skip(?:f|Now)?\(|\btesting\.Short\(\)")),
    ("build tag", re.compile(r"^//go:build\b[^\n]{0,200}|^// \+build\b[^\n]{0,200}", re.MULTILINE)),
    ("#[ignore]", re.compile(r"#\[ignore\b|#\[should_panic\b|#\[cfg_attr\([^\n]{0,100}ignore")),
    (
        "@Disabled",
        re.compile(
            r"@(?:Disabled\w{0,60}|Ignore|EnabledIf\w{0,60}|EnabledOn\w{0,60}|Test\s{0,4}\(\s{0,4}enabled\s{0,4}=\s{0,4}false)\b|\b[aA]ssume(?:True|False|That|NoException)\s{0,4}\(|\[(?:Ignore|Explicit|Skip)\b|Skip\s{0,4}=\s{0,4}\"\""
        ),
    ),
    (
        "markTestSkipped",
        re.compile(
            r"\bmarkTest(?:Skipped|Incomplete)\b|\bXCTSkip\w{0,10}\b|\bGTEST_SKIP\b|\bDISABLED_\w{1,100}|@tag\s{1,8}:skip|@group\s{1,8}skip"
        ),
    ),
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for addition in added(change_set, _find):
        place = f"{addition.path}:{addition.line}"
        message = f"{place} keeps a test from counting ({addition.key[:120]}): fix the code that it tests"
        yield Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if python.is_python(path):
        yield from _in_python(content)
    elif holds_tests(path, content):
        text = decode(content)
        style = family(path, text)
        if style is not None:
            kept = text if style is Family.SLASHES and path.endswith(".go") else code_only(text, style)
            for name, line in matches(kept, _OTHER):
                yield Occurrence(name, line)


def _in_python(content: bytes) -> Iterator[Occurrence]:
    tree = python.parse(content)
    if tree is None:
        yield from _broken_skips(content)
        return
    names = python.aliases(tree)
    called: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function):
                called.add(id(function))
                if key := _skip(function, names):
                    yield Occurrence(f"{key} {_arguments(node)}".strip(), node.lineno)
            case ast.Attribute() | ast.Name(ctx=ast.Load()) if id(node) not in called:
                if key := _skip(node, names):
                    yield Occurrence(key, node.lineno)
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
                if name in _IGNORED or (name == "__test__" and not getattr(value, "value", True)):
                    yield Occurrence(f"{name} = {python.fingerprint(value)}", node.lineno)
            case ast.ClassDef(name=name) if name.startswith("Test"):
                if any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in node.body):
                    yield Occurrence("a test class with __init__ is not collected", node.lineno)
            case ast.Constant(value=str(text)) if "doctest:" in text:
                for found in re.finditer(r"doctest:\s{0,8}\+SKIP", text):
                    yield Occurrence("doctest: +SKIP", node.lineno + text.count("\n", 0, found.start()))
            case _:
                continue


def _skip(node: ast.expr, names: Mapping[str, str]) -> str:
    name = python.dotted(node, names)
    if name in _SKIPS or name.endswith((".mark.skip", ".mark.skipif", ".mark.xfail")):
        return name
    return name if name.rpartition(".")[2] in _SELF_SKIPS else ""


def _arguments(call: ast.Call) -> str:
    """The condition belongs to the skip: `skipif(True)` is another skip than `skipif(sys.platform == "win32")`."""
    parts = [python.fingerprint(argument) for argument in call.args]
    return " ".join(
        [*parts, *(python.fingerprint(keyword.value) for keyword in call.keywords if keyword.arg != "reason")]
    )


def _broken_skips(content: bytes) -> Iterator[Occurrence]:
    pattern = re.compile(
        r"\b(?:mark\.(?:skip|skipif|xfail)|pytest\.skip|importorskip|unittest\.skip\w*|SkipTest|skipTest)\b"
    )
    for _, line in matches(decode(content), [("skip", pattern)]):
        yield Occurrence("skip", line)


RULE = Rule(id="tests-skipped", reason="a skipped test can't fail", check=_check)
