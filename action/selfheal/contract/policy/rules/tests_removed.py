"""Fewer tests after than before, counted by name over the whole patch."""

import re
from collections import Counter
from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.lines import code_only, decode, family
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.policy.reading.units import Unit, units

_DEFINITION = re.compile(
    r"(?:^|[\s;{(])(?:(?:it|test|specify|scenario|describe|context)(?:\.each\b[^\n]{0,200}|\.concurrent)?\s{0,8}[(`]"
    r"|func\s{1,8}(?:Test|Benchmark|Fuzz|Example)\w{0,200}\s{0,8}\("
    r"|#\[(?:\w{1,40}::)?test\]|@(?:Parameterized|Repeated)?Test\b|#\[Test\]|\[(?:Fact|Theory|Test|TestCase|TestMethod)\b"
    r"|(?:public\s{1,8})?function\s{1,8}test\w|def\s{1,8}test_|it\s{1,8}\"\"|test\s{1,8}\"\"|(?:TEST|TEST_F|TEST_P|TEST_CASE)\s{0,8}\()",
    re.MULTILINE,
)
_SWIFT = re.compile(r"\bfunc\s{1,8}test\w{0,200}\s{0,8}\(|@Test\b")


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    yield from _python(change_set)
    lost: Counter[str] = Counter()
    for change in changed(change_set):
        if holds_tests(change.path, change.before) and not _is_readable(change.path, change.before, change.after):
            before, after = definitions(change.path, change.before), definitions(change.path, change.after)
            lost[change.path] = before - after
    gained = sum(
        definitions(change.path, change.after)
        for change in changed(change_set)
        if change.before is None and holds_tests(change.path, change.after) and not python.is_python(change.path)
    )
    for path, missing in sorted(lost.items()):
        if missing > 0 and lost.total() > gained:
            yield _violation(path, None, f"{path} has {missing} test{'s' if missing > 1 else ''} fewer than before")


def _python(change_set: ChangeSet) -> Iterator[Violation]:
    old: dict[str, list[tuple[str, Unit]]] = {}
    new: dict[str, list[tuple[str, Unit]]] = {}
    for change in changed(change_set):
        if not is_test_path(change.path) or not _is_readable(change.path, change.before, change.after):
            continue
        for content, side in ((change.before, old), (change.after, new)):
            for unit in units(content or b"") or ():
                if unit.is_test:
                    side.setdefault(unit.name, []).append((change.path, unit))
    bodies = Counter(unit.body for name, found in new.items() if name not in old for _, unit in found)
    for name, found in sorted(old.items()):
        path, unit = found[0]
        present = new.get(name, [])
        if len(present) < len(found):
            if bodies[unit.body] > 0 and not present:
                bodies[unit.body] -= 1
            else:
                yield _violation(path, unit.line, f"{path}:{unit.line} the test {name} is gone")
        elif sum(each.cases for _, each in present) < sum(each.cases for _, each in found):
            yield _violation(path, unit.line, f"{path} the test {name} has fewer cases than before")
    yield from _shadowed(new)


def _shadowed(new: dict[str, list[tuple[str, Unit]]]) -> Iterator[Violation]:
    """Two tests of one name in one file: only the last one runs."""
    for name, found in sorted(new.items()):
        for path, times in sorted(Counter(path for path, _ in found).items()):
            lines = [unit.line for where, unit in found if where == path]
            if times > 1:
                yield _violation(
                    path, lines[-1], f"{path}:{lines[-1]} defines {name} again, so the first one never runs"
                )


def holds_tests(path: str, content: bytes | None) -> bool:
    """True for a test file, and for Rust source with its tests inside."""
    return is_test_path(path) or (path.endswith(".rs") and b"#[test]" in (content or b""))


def definitions(path: str, content: bytes | None) -> int:
    """How many tests a file defines, by lines."""
    text = decode(content or b"")
    style = family(path, text)
    if style is None:
        return len(re.findall(r"^\s*(?:async\s+)?def\s+test", text, re.MULTILINE)) if python.is_python(path) else 0
    pattern = _SWIFT if path.endswith(".swift") else _DEFINITION
    return len(pattern.findall(code_only(text, style)))


def _is_readable(path: str, before: bytes | None, after: bytes | None) -> bool:
    return python.is_python(path) and units(before or b"") is not None and units(after or b"") is not None


def _violation(path: str, line: int | None, what: str) -> Violation:
    return Violation(rule=RULE.id, path=path, line=line, message=f"{what}: keep every test and fix the code")


RULE = Rule(id="tests-removed", reason="fewer tests prove less", check=_check)
