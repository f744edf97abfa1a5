"""Assertions that prove less than before: deleted, loosened, guarded, made vacuous."""

import re
from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.assertions import VACUOUS
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.lines import code_only, decode, family
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.policy.reading.units import Check, Unit, units
from selfheal.contract.policy.rules.tests_removed import holds_tests

_ASSERTION = re.compile(
    r"\b(?:expect|assert\w{0,60}|should|require\.[A-Z]\w{0,60}|(?:EXPECT|ASSERT|CHECK|REQUIRE)(?:_\w{1,40})?|XCTAssert\w{0,40}|verify)\b"
    r"|\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\b|\bpanic!"
)
_STRICT = re.compile(
    r"\.(?:toBe|toEqual|toStrictEqual|toMatchObject|toThrowError|toHaveBeenCalledWith|toHaveBeenCalledTimes|toHaveLength|toMatchSnapshot|equal|deepEqual|strictEqual|eql)\s{0,4}\("
    r"|\bassert(?:Equals?|Same|_eq!?|_equal|ArrayEquals|Iterable\w{0,20}|Throws|ThrowsExactly|Identical)\b"
    r"|\b(?:assert|require)\.(?:Equal|EqualValues|Exactly|Len|ErrorIs|ErrorAs|ElementsMatch|JSONEq|strictEqual|deepStrictEqual|equal)\b"
    r"|\b(?:EXPECT|ASSERT)_(?:EQ|STREQ|DOUBLE_EQ|FLOAT_EQ|THROW)\b|\b(?:reflect\.DeepEqual|cmp\.Diff)\b|(?:==|!=)=?"
)

_FIRST_TEST = re.compile(r"#\[(?:cfg\(test\)|(?:\w{1,40}::)?test\b)")
"""Where the tests of a Rust file begin, which are below its code by custom."""


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        if change.before is None or change.after is None:
            continue  # a deleted test is tests_removed's
        before, after = _units(change.path, change.before), _units(change.path, change.after)
        if before is None or after is None:
            yield from _by_line(change)
            continue
        later = {unit.name: unit for unit in after}
        for unit in before:
            if (now := later.get(unit.name)) is not None:
                yield from _weaker(change.path, unit, now)


def _units(path: str, content: bytes) -> tuple[Unit, ...] | None:
    if not is_test_path(path):
        return () if not holds_tests(path, content) else None
    return units(content) if python.is_python(path) else None


def _weaker(path: str, before: Unit, after: Unit) -> Iterator[Violation]:
    old, new = _left_over(before.checks, after.checks)
    if len(new) < len(old):
        yield _violation(path, after.line, f"{before.name} has {len(old) - len(new)} assertion(s) fewer")
        return
    if not before.checks and not after.checks and before.is_test and after.calls < before.calls:
        yield _violation(path, after.line, f"{before.name} calls less than before")
    if after.raises > before.raises:
        yield _violation(path, after.line, f"{before.name} now expects an exception")
    hidden = _pairs_of_guards(old, new)
    if hidden:
        yield _violation(path, hidden.line, f"an assertion of {before.name} may no longer run, or no longer be heard")
    old.sort(key=lambda check: check.strength, reverse=True)
    new.sort(key=lambda check: check.strength, reverse=True)
    for was, now in zip(old, new, strict=False):
        if now.strength < was.strength:
            yield _violation(path, now.line, f"an assertion of {before.name} proves less than before")
            return
    for extra in new[len(old) :]:
        if extra.strength.level == VACUOUS:
            yield _violation(path, extra.line, f"an assertion of {before.name} is always true")


def _left_over(before: tuple[Check, ...], after: tuple[Check, ...]) -> tuple[list[Check], list[Check]]:
    """Both sides without the assertions that stayed as they were, guards included."""
    new = list(after)
    old: list[Check] = []
    places: dict[tuple[str, int], list[Check]] = {}
    for check in new:
        places.setdefault((check.shape, check.guards), []).append(check)
    kept: set[int] = set()
    for check in before:
        same = places.get((check.shape, check.guards))
        if same:
            kept.add(id(same.pop()))
        else:
            old.append(check)
    return old, [check for check in new if id(check) not in kept]


def _pairs_of_guards(old: list[Check], new: list[Check]) -> Check | None:
    """The first assertion that has more before it than the one it can stand for."""
    was = sorted(old, key=lambda check: check.guards)
    now = sorted(new, key=lambda check: check.guards)
    return next((after for before, after in zip(was, now, strict=False) if after.guards > before.guards), None)


def _by_line(change: FileChange) -> Iterator[Violation]:
    style = family(change.path)
    texts = [decode(content or b"") for content in (change.before, change.after)]
    if style is not None:
        texts = [code_only(text, style) for text in texts]
    if not is_test_path(change.path):
        texts = [_from_first_test(text) for text in texts]
    for pattern, what in ((_ASSERTION, "assertions"), (_STRICT, "exact comparisons")):
        before, after = (len(pattern.findall(text)) for text in texts)
        if after < before and (style is not None or python.is_python(change.path)):
            yield _violation(change.path, None, f"{before - after} {what} fewer than before")


def _from_first_test(text: str) -> str:
    """The part of a file that begins with its first test: what stands before it is the code that is tested."""
    found = _FIRST_TEST.search(text)
    return text[found.start() :] if found is not None else text


def _violation(path: str, line: int | None, what: str) -> Violation:
    place = path if line is None else f"{path}:{line}"
    return Violation(
        rule=RULE.id, path=path, line=line, message=f"{place} {what}: keep what the test proves and fix the code"
    )


RULE = Rule(id="assertions-weakened", reason="a test that proves less lets the fault through", check=_check)
