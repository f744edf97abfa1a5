"""Of a changed file the one function that has changed is compiled alone, and is what the whole would have given."""

from types import CodeType

import pytest

from selfheal.verify.forked.compiling import Loaded

TEXT = '''\
"""A module."""

from __future__ import annotations

import functools

LIMIT = 3


@functools.lru_cache
def first(a: int, b=2):
    """Say something."""
    return [a + n for n in range(b)]


class Box:
    size = 1

    def __init__(self, items):
        super().__init__()
        self.__items = items

    class Inner:
        def deep(self):
            def within(x):
                return x - self.one
            return within

    if LIMIT:
        @property
        def many(self): return len(self.__items)
        async def later(
            self,
            more=(1,
                  2),
        ):
            await self.size
            return more


try:
    import nothing
except ImportError:
    def nothing():
        return None


def last():
    return {
        "a": 1,
    }
'''


def functions_of(code: CodeType) -> dict[tuple[int, str], CodeType]:
    """All functions below classes and the module, those within other functions left out."""
    found = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= {(one.co_firstlineno, one.co_name): one} if one.co_flags & 1 else functions_of(one)
    return found


def told(code: CodeType) -> tuple[object, ...]:
    consts = tuple(told(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts)
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    where = (code.co_filename, code.co_firstlineno, getattr(code, "co_qualname", ""), tuple(code.co_lines()))
    return (code.co_code, code.co_flags, code.co_name, consts, names, where)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("a + n for", "a - n for", "first"),
        ('"""Say something."""', '"""Say nothing."""', "first"),
        ("    return [a + n", "    if b:\n        return None\n    return [a + n", "first"),
        ("self.__items = items", "self.__items = items or self.__none", "__init__"),
        ("        super().__init__()\n", "", "__init__"),
        ("        self.__items = items\n", "        self.__items = items\n        self.more = 1\n", "__init__"),
        ("return x - self.one", "return x + self.one", "deep"),
        ("await self.size", "await self.__size", "later"),
        ("        return None\n", "        return 1\n", "nothing"),
        ('"a": 1,', '"a": 2,\n        "b": LIMIT,', "last"),
    ],
)
def test_what_has_changed_is_what_the_whole_file_gives(old: str, new: str, name: str) -> None:
    """The same code, at the same lines, under the same name, with the same features of the future."""
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    loaded = Loaded("m.py", TEXT.encode())
    found = loaded.changed_function(text.encode())
    assert found is not None
    before, after = found
    assert before.co_name == after.co_name == name
    assert before is functions_of(loaded.code)[before.co_firstlineno, name]
    assert told(after) == told(
        functions_of(compile(text, "m.py", "exec", dont_inherit=True))[after.co_firstlineno, name]
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("b=2", "b=3"),
        ("@functools.lru_cache\n", ""),
        ("size = 1", "size = 2"),
        ("more=(1,", "more=(3,"),
        ("                  2),", "                  3),"),
        ("return len(self.__items)", "return 0"),
        ("class Box:", "class Bag:"),
        ("        self.__items = items\n", "        self.__items = items\n\n    def more(self):\n        return 1\n"),
        ("    return {\n", "    pass\nprint({\n"),
        ("    return [a + n for n in range(b)]\n", "    return 1\n\n\nLIMIT = 4\n"),
        ("    return [a + n for n in range(b)]\n", "    return (\n"),
        ("    return {\n", "    return '''\n"),
        ("def last():", "def latest():"),
    ],
)
def test_what_is_more_than_one_body_is_told_to_be(old: str, new: str) -> None:
    """A head, a default, a name, a class, two functions, what breaks out of its function, what does not parse."""
    assert TEXT.count(old) == 1
    assert Loaded("m.py", TEXT.encode()).changed_function(TEXT.replace(old, new).encode()) is None


def test_two_functions_are_more_than_one() -> None:
    text = TEXT.replace("a + n", "a - n").replace('"a": 1', '"a": 2')
    assert Loaded("m.py", TEXT.encode()).changed_function(text.encode()) is None


@pytest.mark.parametrize("odd", ["\r", "\f", "\t"])
def test_where_lines_may_be_counted_otherwise_nothing_is_compiled_alone(odd: str) -> None:
    text = TEXT.replace("a + n", f"a +{odd if odd != chr(13) else chr(9)}n") + odd
    assert Loaded("m.py", text.encode()).changed_function(text.replace('"a": 1', '"a": 2').encode()) is None
