"""Functions, types and words of seven languages are found where they stand."""

import pytest

from selfheal.grammar import LANGUAGES, language_of, parsed

SOURCES = {
    "a.js": (
        "class Cart {\n  total() {\n    return 1;\n  }\n}\nexport const half = (n) => {\n  return n / 2;\n};\n",
        ["Cart.total", "half"],
    ),
    "a.ts": ("export function a(x: number): number {\n  return x;\n}\ninterface B { c: number }\n", ["a"]),
    "a.tsx": ("const View = () => <b>hi</b>;\n", ["View"]),
    "a.go": ("package p\n\nfunc (s Stock) Take(n int) error {\n\treturn nil\n}\n\nfunc F() {}\n", ["Take", "F"]),
    "a.rs": ("impl Light {\n    fn next(self) -> u8 { 1 }\n}\nfn g() {}\n", ["Light.next", "g"]),
    "A.java": ("class A {\n  int f() { return 1; }\n  A(int x) {}\n}\n", ["A.f", "A.A"]),
    "a.c": ("static int *f(int a) {\n  return 0;\n}\n", ["f"]),
    "a.cpp": ("int Scores::of(int a) const {\n  return a;\n}\nclass B {\n  int g() { return 1; }\n};\n", ["of", "B.g"]),
}


@pytest.mark.parametrize("path", SOURCES)
def test_functions_are_found_with_their_class(path: str):
    """In the order of the text; a function that is bound to a name counts as one."""
    text, names = SOURCES[path]
    source = parsed(path, text.encode())
    assert source is not None
    assert [one.name for one in source.functions] == names
    assert source.errors == 0
    first = source.functions[0]
    assert source.enclosing(first.first_line) == first
    assert first.short_name in source.source(first)


def test_a_rust_test_among_the_source_is_told():
    """Its module or its own attribute says so."""
    source = parsed("a.rs", b"fn f() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() { f(); }\n}\n")
    assert source is not None
    assert {one.name: one.is_test for one in source.functions} == {"f": False, "a": True}


def test_words_of_a_line():
    """Macros too, whose inside no grammar reads."""
    source = parsed("a.rs", b"#[test]\nfn a() {\n    assert_eq!(digit_sum(12), 3);\n}\n")
    assert source is not None
    assert "digit_sum" in source.words(3, 3)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{{{{((((", b"int f( {", b"\x00" * 5000, b"a" * 100_000])
@pytest.mark.parametrize("path", SOURCES)
def test_garbage_is_read_without_harm(path: str, content: bytes):
    """Whatever the bytes are."""
    source = parsed(path, content)
    assert source is not None
    source.enclosing(1)
    source.words(1, 3)
    source.statement(99)


def test_what_is_no_source_is_none():
    """Python has exact tools of its own; a huge file is left alone."""
    assert language_of("a.py") is None
    assert parsed("a.md", b"# a") is None
    assert parsed("a.c", b" " * 1_000_001) is None
    assert len({language.name for language in LANGUAGES}) == 7
