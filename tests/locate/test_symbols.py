"""The index answers about any tree, parses only what is asked for, and never raises."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from hypothesis import given, settings
from hypothesis import strategies as st

from selfheal.contract.tree import MemoryTree
from selfheal.locate import SymbolIndex
from selfheal.locate.source import Kind

SHAPES = '''\
import os
from dataclasses import dataclass

SIDES = {
    "square": 4,
}


@dataclass
class Shape:
    """A shape.

    More about it.
    """

    name: str = "x"

    @property
    def sides(self) -> int:
        """How many sides."""
        def inner():
            return SIDES[self.name]

        return inner()


async def load(path: str, *, strict: bool = False) -> Shape:
    return Shape(os.path.basename(path))
'''


def _index(**files: str) -> SymbolIndex:
    return SymbolIndex(MemoryTree({f"{name.replace('__', '/')}.py": text.encode() for name, text in files.items()}))


def test_enclosing_is_the_innermost_function() -> None:
    """Functions before classes before statements; decorators belong to the span."""
    index = _index(shapes=SHAPES)
    names = {line: index.enclosing("shapes.py", line) for line in (5, 9, 15, 18, 21, 23, 27)}

    assert {line: found.name for line, found in names.items() if found} == {
        5: "SIDES",
        9: "Shape",
        15: "Shape",
        18: "Shape.sides",
        21: "Shape.sides.inner",
        23: "Shape.sides",
        27: "load",
    }
    statement = names[5]
    assert statement is not None
    assert (statement.kind, statement.first_line, statement.last_line) == (Kind.STATEMENT, 4, 6)


def test_signature_and_docstring() -> None:
    """One line each."""
    index = _index(shapes=SHAPES)
    (load,), (shape,) = index.definitions("load"), index.definitions("Shape")

    assert index.signature(load) == "async def load(path: str, *, strict: bool=False) -> Shape"
    assert index.docstring(shape) == "A shape."
    assert index.source(load).startswith("async def load")


def test_callees_in_order_of_use() -> None:
    """Classes and functions of the repository; the standard library is none of it."""
    index = _index(shapes=SHAPES)
    (load,) = index.definitions("load")

    assert [callee.name for callee in index.callees(load)] == ["Shape"]


def test_only_what_is_asked_for_is_parsed() -> None:
    """A name is looked for in bytes first: files that don't hold it are never parsed."""
    files = {f"pkg__m{n}": f"def f_{n}_():\n    return {n}\n" for n in range(200)}
    index = _index(**files)

    assert [symbol.file for symbol in index.definitions("f_7_")] == ["pkg/m7.py"]
    assert index.references("f_7_") == (("pkg/m7.py", 1),)
    assert index.parsed_files == 1
    index.enclosing("pkg/m3.py", 1)
    assert index.parsed_files == 2


def test_relative_import_finds_the_nearest_module() -> None:
    """Two packages with modules of the same name."""
    index = _index(
        one__util="def f():\n    return 1\n",
        two__util="def f():\n    return 2\n",
        two__use="from .util import f\n\n\ndef g():\n    return f()\n",
    )
    (g,) = index.definitions("g")

    assert [callee.file for callee in index.callees(g)] == ["two/util.py"]


def test_circular_imports_and_recursion_end() -> None:
    """Modules that import each other, aliases of themselves, classes that inherit in a circle."""
    index = _index(
        a="from b import x\nfrom b import *\ny = x\nz = z\nclass A(B): pass\nclass B(A): pass\ndef f():\n    return f().g(A().h)\n",
        b="from a import x, y\nfrom a import *\n",
    )
    (f,) = index.definitions("f")

    assert f in (*index.callees(f), f)


def test_file_that_does_not_parse_keeps_its_spans() -> None:
    """Spans by indentation."""
    index = _index(
        bad="class A:\n    def f(self):\n        x = (\n        return x\n\n    def g(self):\n        pass\n"
    )
    found = index.enclosing("bad.py", 4)

    assert found is not None
    assert (found.name, found.first_line, found.last_line) == ("A.f", 2, 4)


def test_no_file_no_answer() -> None:
    """Unknown files, lines outside of files and names that are none."""
    index = _index(a="x = 1\n")

    assert index.enclosing("b.py", 1) is None
    assert index.enclosing("a.py", 99) is None
    assert index.definitions("not a name") == ()
    assert index.references("") == ()


PIECES = (
    "def f(self, x):",
    "class A(A):",
    "    return self.f().x",
    "@f",
    "from a import *",
    "x: 'A' = A()",
    "    (",
    "\t",
    "async def g(x: f()):",
    "import a.b as x",
    "    with A() as y:",
    "\x00",
    "if x:",
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES)).map(lambda lines: "\n".join(lines).encode()))
)
def test_never_raises(content: bytes) -> None:
    """Whatever a file holds, every question has an answer."""
    index = SymbolIndex(MemoryTree({"a.py": content, "b.py": b"from a import *\nfrom a import f\nf().x\n"}))
    for line in range(1, 6):
        symbol = index.enclosing("a.py", line)
        if symbol is not None:
            index.callees(symbol)
            index.signature(symbol)
            index.source(symbol)
    index.definitions("f")
    index.references("f")
