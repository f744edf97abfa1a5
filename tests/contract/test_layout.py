"""A formatter may lay any file out anew, also a test; nobody may change what it says."""

import pytest

from contract.changes import change, refused_by
from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.reading.layout import is_layout_only

LAYOUT = {
    "prettier": (
        "a.test.ts",
        "const f = x => { return [1,2,\n3] }\ntest('it\\'s', () => { expect(f('a')).toBe(1) })\n",
        'const f = (x) => {\n  return [1, 2, 3];\n};\ntest("it\'s", () => {\n  expect(f("a")).toBe(1);\n});\n',
    ),
    "trailing commas": ("a.spec.js", "f(\n  a,\n  b\n)\n", "f(\n  a,\n  b,\n);\n"),
    "gofmt": (
        "a_test.go",
        "func TestA(t *testing.T) {\n  x:=f( 1 )\n}\n",
        "func TestA(t *testing.T) {\n\tx := f(1)\n}\n",
    ),
    "rustfmt": (
        "tests/a.rs",
        "#[test] fn a(){assert_eq!(1,f(2));}\n",
        "#[test]\nfn a() {\n    assert_eq!(1, f(2));\n}\n",
    ),
    "clang-format": ("test_a.c", "int main(){return f(1,2);}\n", "int main() {\n  return f(1, 2);\n}\n"),
    "a comment's blanks": ("a.test.js", "//  a   b\nf();\n", "// a b\nf();\n"),
    "black": ("test_a.py", "assert f( 1 )==2\n", "assert f(1) == 2\n"),
}
MEANING = {
    "another value": ("a.test.ts", "expect(f()).toBe(1)\n", "expect(f()).toBe(2)\n"),
    "parentheses that count": ("a.test.ts", "expect(a - (b - c)).toBe(1)\n", "expect(a - b - c).toBe(1)\n"),
    "another string": ("a.test.ts", "expect(f()).toBe('a b')\n", "expect(f()).toBe('ab')\n"),
    "a test that is skipped": ("a.test.ts", "test('a', f)\n", "test.skip('a', f)\n"),
    "an assertion that became a comment": ("a.test.ts", "expect(1).toBe(1)\n", "// expect(1).toBe(1)\n"),
    "code behind a comment": ("a_test.go", "// note\nf()\n", "// note f()\n"),
    "an empty loop": ("a.test.js", "for (;;) f()\n", "for (;;); f()\n"),
    "a loop's own line": ("a.test.js", "while (g()) f()\n", "while (g());\nf();\n"),
    "a condition's own line": ("a.test.js", "if (ok(a)) expect(1)\n", "if (ok(a));\nexpect(1)\n"),
    "an argument less": ("a_test.go", "f(1, 2)\n", "f(1)\n"),
    "a snapshot": ("__snapshots__/a.snap", "a  b\n", "a b\n"),
    "Python's indentation": ("test_a.py", "if x:\n    f()\n    g()\n", "if x:\n    f()\ng()\n"),
}


@pytest.mark.parametrize("case", LAYOUT)
def test_layout_of_a_test_may_change(case: str) -> None:
    """Nothing but layout differs: accepted where a formatter's finding is answered."""
    one = change(*LAYOUT[case])

    assert is_layout_only(one)
    assert refused_by(one, category=Category.FORMAT) == set()


@pytest.mark.parametrize("case", MEANING)
def test_meaning_of_a_test_may_not(case: str) -> None:
    """Also not under the name of formatting."""
    one = change(*MEANING[case])

    assert not is_layout_only(one)
    assert "tests-changed" in refused_by(one, category=Category.FORMAT)


def test_failing_test_gives_no_licence_to_lay_tests_out_anew() -> None:
    """In languages that we don't parse it is for formatters alone."""
    assert "tests-changed" in refused_by(change(*LAYOUT["gofmt"]), category=Category.TEST)


def test_formatter_may_touch_many_files() -> None:
    """A new version of a formatter lays hundreds of files out anew; that needs no reading."""
    changes = [change(f"pkg/m{n}.py", "x = f( 1 )\n" * 100, "x = f(1)\n" * 100) for n in range(60)]

    assert refused_by(*changes, category=Category.FORMAT) == set()
    assert "size-limit" in refused_by(*changes, category=Category.TEST)
