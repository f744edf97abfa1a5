"""Small files that mypy refuses, and what becomes of them. A person is asked where more than types may change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Before:
    """A file with one kind of finding and the file as it is mended."""

    text: str
    mended: str
    needs_human: bool = False


CASES = {
    "unused-ignore-one": Before(
        """\
x: int = 'a'  # type: ignore[assignment, attr-defined]
""",
        """\
x: int = 'a'  # type: ignore[assignment]
""",
    ),
    "await": Before(
        """\
async def co() -> int:
    return 1


async def use() -> None:
    co()
""",
        """\
async def co() -> int:
    return 1


async def use() -> None:
    await co()
""",
        needs_human=True,
    ),
    "await-attr": Before(
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return co().bit_length()
""",
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return (await co()).bit_length()
""",
        needs_human=True,
    ),
    "await-iter": Before(
        """\
async def rows() -> list[int]:
    return [1]


async def use() -> int:
    total = 0
    for row in rows():
        total += row
    return total
""",
        """\
async def rows() -> list[int]:
    return [1]


async def use() -> int:
    total = 0
    for row in await rows():
        total += row
    return total
""",
        needs_human=True,
    ),
    "async-missing": Before(
        """\
async def co() -> int:
    return 1


def use() -> int:
    return await co()


async def main() -> None:
    await use()
""",
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return await co()


async def main() -> None:
    await use()
""",
    ),
    "implicit-optional": Before(
        """\
def f(x: int = None) -> str:
    return str(x)
""",
        """\
def f(x: int | None = None) -> str:
    return str(x)
""",
    ),
    "implicit-optional-body": Before(
        """\
def f(x: int = None) -> int:
    return x + 1
""",
        """\
def f(x: int | None = None) -> int:
    if x is None:
        raise ValueError("x is None")
    return x + 1
""",
        needs_human=True,
    ),
    "union-attr-chain": Before(
        """\
import re


def f(text: str) -> str:
    return re.match('a', text).group(0)
""",
        """\
import re


def f(text: str) -> str:
    found = re.match('a', text)
    if found is None:
        raise ValueError("the result of match() is None")
    return found.group(0)
""",
        needs_human=True,
    ),
    "param-optional": Before(
        """\
def f(m: str | None) -> int:
    return len(m)


f('a')
""",
        """\
def f(m: str) -> int:
    return len(m)


f('a')
""",
        needs_human=True,
    ),
    "operator-none": Before(
        """\
def f(m: int | None) -> int:
    return m + 1
""",
        """\
def f(m: int | None) -> int:
    if m is None:
        raise ValueError("m is None")
    return m + 1
""",
        needs_human=True,
    ),
    "self-attr": Before(
        """\
class A:
    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def up(self) -> str:
        return self.name.upper()
""",
        """\
class A:
    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def up(self) -> str:
        if self.name is None:
            raise ValueError("self.name is None")
        return self.name.upper()
""",
        needs_human=True,
    ),
    "return-optional": Before(
        """\
def f(d: dict[str, int]) -> int:
    return d.get('a')
""",
        """\
def f(d: dict[str, int]) -> int | None:
    return d.get('a')
""",
    ),
    "attr-misspelt": Before(
        """\
class Foo:
    limit: int = 3


def f(foo: Foo) -> int:
    return foo.limt
""",
        """\
class Foo:
    limit: int = 3


def f(foo: Foo) -> int:
    return foo.limit
""",
    ),
    "kw-misspelt": Before(
        """\
def f(first: int) -> int:
    return first


f(frist=1)
""",
        """\
def f(first: int) -> int:
    return first


f(first=1)
""",
    ),
    "module-attr": Before(
        """\
import asyncio


async def f() -> None:
    await asyncio.slep(1)
""",
        """\
import asyncio


async def f() -> None:
    await asyncio.sleep(1)
""",
    ),
    "import-misspelt": Before(
        """\
from os.path import jion

print(jion('a', 'b'))
""",
        """\
from os.path import join

print(join('a', 'b'))
""",
    ),
    "typing-import": Before(
        """\
def f(a: Optional[int], b: List[int]) -> None: ...
""",
        """\
from typing import List, Optional


def f(a: Optional[int], b: List[int]) -> None: ...
""",
    ),
    "typeddict": Before(
        """\
from typing import TypedDict


class P(TypedDict):
    name: str
    age: int


p: P = {'name': 'a', 'agee': 3}
print(p['nmae'])
""",
        """\
from typing import TypedDict


class P(TypedDict):
    name: str
    age: int


p: P = {'name': 'a', 'age': 3}
print(p['name'])
""",
    ),
    "return-value": Before(
        """\
def f(n: int) -> str:
    return n


print(f(1))
""",
        """\
def f(n: int) -> int:
    return n


print(f(1))
""",
    ),
    "return-value-two": Before(
        """\
def f(n: int) -> str:
    if n > 3:
        return 'many'
    return n


print(f(1).upper())
""",
        """\
def f(n: int) -> str:
    if n > 3:
        return 'many'
    return str(n)


print(f(1).upper())
""",
        needs_human=True,
    ),
    "return-none-wanted": Before(
        """\
def f(n: int) -> None:
    return n
""",
        """\
def f(n: int) -> int:
    return n
""",
    ),
    "return-container": Before(
        """\
def f(d: dict[str, int]) -> list[str]:
    return d.keys()
""",
        """\
def f(d: dict[str, int]) -> list[str]:
    return list(d.keys())
""",
        needs_human=True,
    ),
    "missing-return": Before(
        """\
def f(n: int) -> int:
    n + 1
""",
        """\
def f(n: int) -> int:
    return n + 1
""",
        needs_human=True,
    ),
    "missing-return-acc": Before(
        """\
def f(n: list[int]) -> list[int]:
    out: list[int] = []
    for x in n:
        out.append(x)
""",
        """\
def f(n: list[int]) -> list[int]:
    out: list[int] = []
    for x in n:
        out.append(x)
    return out
""",
        needs_human=True,
    ),
    "assign-num": Before(
        """\
x: int = '3'
""",
        """\
x: int = 3
""",
        needs_human=True,
    ),
    "assign-other-literal": Before(
        """\
x: int = 'three'
""",
        """\
x: int | str = 'three'
""",
    ),
    "assign-other-literal-used": Before(
        """\
x: int = 'three'
y = f'{x}'
""",
        """\
x: int | str = 'three'
y = f'{x}'
""",
        needs_human=True,
    ),
    "unpacked-none": Before(
        """\
def g(**options: int) -> int:
    return len(options)


def f(a: dict[str, int] | None = None) -> int:
    return g(**a)
""",
        """\
def g(**options: int) -> int:
    return len(options)


def f(a: dict[str, int] | None = None) -> int:
    return g(**(a or {}))
""",
        needs_human=True,
    ),
    "guard-as-elsewhere": Before(
        """\
def size(rows: list[int] | None = None) -> int:
    if rows is None:
        rows = []
    return len(rows)


def first(rows: list[int] | None = None) -> int:
    return rows[0]
""",
        """\
def size(rows: list[int] | None = None) -> int:
    if rows is None:
        rows = []
    return len(rows)


def first(rows: list[int] | None = None) -> int:
    if rows is None:
        rows = []
    return rows[0]
""",
        needs_human=True,
    ),
    "call-without-name": Before(
        """\
from collections.abc import Callable


def f(g: Callable[[int], str], x: int | None = None) -> str:
    return g(x)
""",
        """\
from collections.abc import Callable


def f(g: Callable[[int], str], x: int | None = None) -> str:
    if x is None:
        raise ValueError("x is None")
    return g(x)
""",
        needs_human=True,
    ),
    "module-attribute": Before(
        """\
import re


def f(x: str) -> bool:
    return bool(re.serach("a", x))
""",
        """\
import re


def f(x: str) -> bool:
    return bool(re.search("a", x))
""",
    ),
    "return-other-answer": Before(
        """\
def has(rows: list[int], x: int) -> bool:
    for row in rows:
        if row == x:
            return True
""",
        """\
def has(rows: list[int], x: int) -> bool:
    for row in rows:
        if row == x:
            return True
    return False
""",
        needs_human=True,
    ),
    "return-own-object": Before(
        """\
class A:
    def __init__(self) -> None:
        self.x = 0

    def add(self, x: int) -> "A":
        self.x = x
""",
        """\
class A:
    def __init__(self) -> None:
        self.x = 0

    def add(self, x: int) -> "A":
        self.x = x
        return self
""",
        needs_human=True,
    ),
    "return-call-with-less": Before(
        """\
def say(x: int, how: str = "%d") -> str:
    return how % x


def tell(x: int) -> str:
    if x > 3:
        return say(x, "%04d")
""",
        """\
def say(x: int, how: str = "%d") -> str:
    return how % x


def tell(x: int) -> str:
    if x > 3:
        return say(x, "%04d")
    return say(x)
""",
        needs_human=True,
    ),
    "argument-twice": Before(
        """\
def both(one: str, many: str) -> str:
    return one + many


a = both("a", "a")
b = both("b", "b")
c = both("c")
""",
        """\
def both(one: str, many: str) -> str:
    return one + many


a = both("a", "a")
b = both("b", "b")
c = both("c", "c")
""",
        needs_human=True,
    ),
    "argument-as-elsewhere": Before(
        """\
def put(kind: str, text: str) -> str:
    return kind + text


print(put("space", " "))
print(put("word", "a"))
print(put("space"))
""",
        """\
def put(kind: str, text: str) -> str:
    return kind + text


print(put("space", " "))
print(put("word", "a"))
print(put("space", " "))
""",
        needs_human=True,
    ),
    "generic-as-elsewhere": Before(
        """\
def one(rows: dict[str, int]) -> int:
    return len(rows)


def two(rows: dict) -> int:
    return len(rows)
""",
        """\
def one(rows: dict[str, int]) -> int:
    return len(rows)


def two(rows: dict[str, int]) -> int:
    return len(rows)
""",
    ),
    "generic-of-anything": Before(
        """\
def size(rows: list) -> int:
    return len(rows)
""",
        """\
def size(rows: list[object]) -> int:
    return len(rows)
""",
    ),
    "unbound-as-elsewhere": Before(
        """\
def one(x: int | None) -> str:
    if x is None:
        name = "none"
    else:
        name = str(x)
    return name


def two(x: int | None) -> str:
    if x is None:
        name = "none"
    return name
""",
        """\
def one(x: int | None) -> str:
    if x is None:
        name = "none"
    else:
        name = str(x)
    return name


def two(x: int | None) -> str:
    if x is None:
        name = "none"
    else:
        name = str(x)
    return name
""",
        needs_human=True,
    ),
    "keyword-of-the-standard-library": Before(
        """\
from datetime import timedelta

x = timedelta(seocnds=3)
""",
        """\
from datetime import timedelta

x = timedelta(seconds=3)
""",
    ),
    "argument-idle": Before(
        """\
class Only:
    def __init__(self, kinds: tuple[type[object], ...]) -> None:
        self.kinds = kinds

    def has(self, x: object) -> bool:
        return isinstance(x)
""",
        """\
class Only:
    def __init__(self, kinds: tuple[type[object], ...]) -> None:
        self.kinds = kinds

    def has(self, x: object) -> bool:
        return isinstance(x, self.kinds)
""",
        needs_human=True,
    ),
    "argument-idle-of-the-outer": Before(
        """\
from collections.abc import Callable

WAYS: dict[str, Callable[[int, int], int]] = {"+": max}


def outer(n: int, digits: int) -> int:
    def inner(key: str) -> int:
        return WAYS[key](n)

    return inner("+")
""",
        """\
from collections.abc import Callable

WAYS: dict[str, Callable[[int, int], int]] = {"+": max}


def outer(n: int, digits: int) -> int:
    def inner(key: str) -> int:
        return WAYS[key](n, digits)

    return inner("+")
""",
        needs_human=True,
    ),
    "keyword-of-overloads": Before(
        """\
from dataclasses import dataclass


@dataclass(init=False, frzoen=True)
class Item:
    name: str
""",
        """\
from dataclasses import dataclass


@dataclass(init=False, frozen=True)
class Item:
    name: str
""",
    ),
    "argument-kind-of-text": Before(
        """\
from typing import Any


def show(text: Any) -> None:
    if not isinstance(text):
        return
    print(text.decode())
""",
        """\
from typing import Any


def show(text: Any) -> None:
    if not isinstance(text, bytes):
        return
    print(text.decode())
""",
        needs_human=True,
    ),
    "argument-kind-of-the-file": Before(
        """\
class Circle:
    radius = 1.0


class Square:
    side = 1.0


def area(shape: Circle | Square) -> float:
    if isinstance(shape):
        return 3.14 * shape.radius**2
    return shape.side**2
""",
        """\
class Circle:
    radius = 1.0


class Square:
    side = 1.0


def area(shape: Circle | Square) -> float:
    if isinstance(shape, Circle):
        return 3.14 * shape.radius**2
    return shape.side**2
""",
        needs_human=True,
    ),
    "decorator-without-function": Before(
        """\
from collections.abc import Callable
from functools import wraps
from typing import Any


def logged(func: Callable[..., int] | None = None, *, level: int = 0) -> Callable[..., Any]:
    \"\"\"Say when it is called.\"\"\"

    @wraps(func)
    def inner(*args: int) -> int:
        print(func, level)
        return sum(args)

    return inner
""",
        """\
from collections.abc import Callable
from functools import partial, wraps
from typing import Any


def logged(func: Callable[..., int] | None = None, *, level: int = 0) -> Callable[..., Any]:
    \"\"\"Say when it is called.\"\"\"

    if func is None:
        return partial(logged, level=level)

    @wraps(func)
    def inner(*args: int) -> int:
        print(func, level)
        return sum(args)

    return inner
""",
        needs_human=True,
    ),
    "argument-of-overload": Before(
        """\
import re

_ENDS = re.compile("#+$")


def bare(x: str) -> str:
    text = x.strip()
    if text:
        text = _ENDS.sub("")
    return text
""",
        """\
import re

_ENDS = re.compile("#+$")


def bare(x: str) -> str:
    text = x.strip()
    if text:
        text = _ENDS.sub("", text)
    return text
""",
        needs_human=True,
    ),
    "unbound-of-the-object": Before(
        """\
class A:
    def __init__(self) -> None:
        self.name = "a"

    def say(self, x: int) -> str:
        if x > 1:
            name = f"{self.name}{x}"
        return name
""",
        """\
class A:
    def __init__(self) -> None:
        self.name = "a"

    def say(self, x: int) -> str:
        if x > 1:
            name = f"{self.name}{x}"
        else:
            name = self.name
        return name
""",
        needs_human=True,
    ),
    "parameter-of-own-class": Before(
        """\
class State:
    depth: int

    def __init__(self, parent=None) -> None:
        self.depth = parent.depth + 1 if parent else 0

    def child(self) -> "State":
        return self.__class__(self)
""",
        """\
class State:
    depth: int

    def __init__(self, parent: "State | None" = None) -> None:
        self.depth = parent.depth + 1 if parent else 0

    def child(self) -> "State":
        return self.__class__(self)
""",
    ),
    "guard-with-empty": Before(
        """\
def total(x: int, rows: list[int] | None = None) -> int:
    rows.append(x)
    return sum(rows)
""",
        """\
def total(x: int, rows: list[int] | None = None) -> int:
    if rows is None:
        rows = []
    rows.append(x)
    return sum(rows)
""",
        needs_human=True,
    ),
    "returns-partly-known": Before(
        """\
import re


def parts(x: bytes):
    found = re.fullmatch(b"(?P<a>a)", x)
    if not found:
        raise ValueError(x)
    return found.groupdict()
""",
        """\
import re


def parts(x: bytes) -> dict[str, bytes]:
    found = re.fullmatch(b"(?P<a>a)", x)
    if not found:
        raise ValueError(x)
    return found.groupdict()
""",
    ),
    "returns-unknown": Before(
        """\
from collections.abc import Callable
from typing import Any


def call(f: Callable[..., Any]):
    return f()
""",
        """\
from collections.abc import Callable
from typing import Any


def call(f: Callable[..., Any]) -> object:
    return f()
""",
    ),
    "parameter-as-elsewhere": Before(
        """\
class State:
    x = 1


def before(state) -> None:
    print(state)


def after(state: "State") -> None:
    print(state.x)
""",
        """\
class State:
    x = 1


def before(state: "State") -> None:
    print(state)


def after(state: "State") -> None:
    print(state.x)
""",
    ),
    "var-called": Before(
        """\
class A:
    def __init__(self) -> None:
        self.hooks = []

    def run(self) -> None:
        for hook in self.hooks:
            hook(self)
""",
        """\
from collections.abc import Callable


class A:
    def __init__(self) -> None:
        self.hooks: list[Callable[..., object]] = []

    def run(self) -> None:
        for hook in self.hooks:
            hook(self)
""",
    ),
    "keyword-known-elsewhere": Before(
        """\
import logging


def say(text: str, stacklevel: int = 1) -> None:
    logging.getLogger().log(10, text, staklevel=stacklevel)
""",
        """\
import logging


def say(text: str, stacklevel: int = 1) -> None:
    logging.getLogger().log(10, text, stacklevel=stacklevel)
""",
    ),
    "guard-before-decorator": Before(
        """\
from collections.abc import Callable


def named(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    return lambda f: f


def f(name: str | None) -> Callable[[], int]:
    @named(name)
    def one() -> int:
        return 1

    return one
""",
        """\
from collections.abc import Callable


def named(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    return lambda f: f


def f(name: str | None) -> Callable[[], int]:
    if name is None:
        raise ValueError("name is None")
    @named(name)
    def one() -> int:
        return 1

    return one
""",
        needs_human=True,
    ),
    "default-truth": Before(
        """\
def f(a: str, b: bool = "False") -> str:
    return a if b else ""
""",
        """\
def f(a: str, b: bool = False) -> str:
    return a if b else ""
""",
        needs_human=True,
    ),
    "default-number": Before(
        """\
def f(a: int | None = "-2", *, b: float = '1.5', c: str = 1) -> None: ...
""",
        """\
def f(a: int | None = -2, *, b: float = 1.5, c: str = "1") -> None: ...
""",
        needs_human=True,
    ),
    "default-unreadable": Before(
        """\
def f(a: int = "auto") -> str:
    return str(a)
""",
        """\
def f(a: int | str = "auto") -> str:
    return str(a)
""",
        needs_human=True,
    ),
    "assign-none": Before(
        """\
class A:
    def __init__(self) -> None:
        self.cur = None

    def set(self) -> None:
        self.cur = 3
""",
        """\
class A:
    def __init__(self) -> None:
        self.cur: int | None = None

    def set(self) -> None:
        self.cur = 3
""",
    ),
    "assign-none-declared": Before(
        """\
class A:
    cur: int = 3

    def clear(self) -> None:
        self.cur = None
""",
        """\
class A:
    cur: int | None = 3

    def clear(self) -> None:
        self.cur = None
""",
    ),
    "var-self-dict": Before(
        """\
class A:
    def __init__(self) -> None:
        self.items = {}

    def add(self, k: str, v: float) -> None:
        self.items[k] = v
""",
        """\
class A:
    def __init__(self) -> None:
        self.items: dict[str, float] = {}

    def add(self, k: str, v: float) -> None:
        self.items[k] = v
""",
    ),
    "no-return-annotation-value": Before(
        """\
def f(x: int):
    return x + 1
""",
        """\
def f(x: int) -> int:
    return x + 1
""",
    ),
    "no-return-generator": Before(
        """\
def f(x: int):
    yield x
""",
        """\
from collections.abc import Iterator


def f(x: int) -> Iterator[int]:
    yield x
""",
    ),
    "no-param-all": Before(
        """\
def add(a, b):
    return a + b


print(add(1, 2))
""",
        """\
def add(a: int, b: int) -> int:
    return a + b


print(add(1, 2))
""",
    ),
    "no-init": Before(
        """\
class A:
    def __init__(self, name: str):
        self.name = name

    def __repr__(self):
        return self.name
""",
        """\
class A:
    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return self.name
""",
    ),
    "type-arg": Before(
        """\
def f(x: dict) -> int:
    return len(x)


f({'a': 1})
""",
        """\
def f(x: dict[str, int]) -> int:
    return len(x)


f({'a': 1})
""",
    ),
    "no-redef-def": Before(
        """\
def a() -> int:
    return 1


def a() -> int:
    return 2


print(a())
""",
        """\
def a() -> int:
    return 2


print(a())
""",
        needs_human=True,
    ),
    "override-name": Before(
        """\
class A:
    def m(self, x: int, y: int = 3) -> int:
        return x


class B(A):
    def m(self, z: int) -> int:
        return z
""",
        """\
class A:
    def m(self, x: int, y: int = 3) -> int:
        return x


class B(A):
    def m(self, x: int, y: int = 3) -> int:
        return x
""",
        needs_human=True,
    ),
    "cast": Before(
        """\
from typing import cast

x = cast(int, 3)
""",
        """\
from typing import cast

x = 3
""",
    ),
    "truthy": Before(
        """\
def ready() -> bool:
    return True


if ready:
    print(1)
""",
        """\
def ready() -> bool:
    return True


if ready():
    print(1)
""",
        needs_human=True,
    ),
    "func-returns": Before(
        """\
def f(xs: list[int]) -> list[int]:
    xs = xs.sort()
    return xs
""",
        """\
def f(xs: list[int]) -> list[int]:
    xs.sort()
    return xs
""",
        needs_human=True,
    ),
    "exit-return": Before(
        """\
class C:
    def __enter__(self) -> None: ...

    def __exit__(self, *a: object) -> bool:
        return False
""",
        """\
from typing import Literal


class C:
    def __enter__(self) -> None: ...

    def __exit__(self, *a: object) -> Literal[False]:
        return False
""",
    ),
    "unreachable": Before(
        """\
def f() -> int:
    return 1
    print(2)
""",
        """\
def f() -> int:
    return 1
""",
    ),
    "possibly": Before(
        """\
def f(flag: bool) -> int:
    if flag:
        val = 1
    return val
""",
        """\
def f(flag: bool) -> int:
    if flag:
        val = 1
    else:
        raise ValueError("val has no value")
    return val
""",
        needs_human=True,
    ),
    "invariance": Before(
        """\
def h(xs: list[float]) -> float:
    return sum(xs)


ints: list[int] = [1]
h(ints)
""",
        """\
from collections.abc import Sequence


def h(xs: Sequence[float]) -> float:
    return sum(xs)


ints: list[int] = [1]
h(ints)
""",
    ),
    "arg-convert": Before(
        """\
def h(n: int) -> int:
    return n


def g(s: str) -> int:
    return h(s)
""",
        """\
def h(n: int) -> int:
    return n


def g(s: str) -> int:
    return h(int(s))
""",
        needs_human=True,
    ),
    "arg-none": Before(
        """\
def h(n: int) -> str:
    return str(n)


h(None)
""",
        """\
def h(n: int | None) -> str:
    return str(n)


h(None)
""",
    ),
    "str-plus": Before(
        """\
def h(n: int) -> str:
    return 'a' + n
""",
        """\
def h(n: int) -> str:
    return 'a' + str(n)
""",
        needs_human=True,
    ),
    "missing-arg": Before(
        """\
def h(n: int, m: int) -> int:
    return n


def g(m: int) -> int:
    return h(1)
""",
        """\
def h(n: int, m: int) -> int:
    return n


def g(m: int) -> int:
    return h(1, m)
""",
        needs_human=True,
    ),
}
