"""Small files that mypy refuses, and what becomes of them. A person is asked where more than types may change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Before:
    """A file with one kind of finding and the file as it is mended."""

    text: str
    mended: str
    needs_human: bool = False


CASES = {
    "unused-ignore": Before(
        """\
x = 3  # type: ignore
""",
        """\
x = 3
""",
    ),
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
    "await-assign": Before(
        """\
async def co() -> int:
    return 1


async def use() -> int:
    x: int = co()
    return x
""",
        """\
async def co() -> int:
    return 1


async def use() -> int:
    x: int = await co()
    return x
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
    "await-arg": Before(
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return abs(co())
""",
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return abs(await co())
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
    "await-return": Before(
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return co()
""",
        """\
async def co() -> int:
    return 1


async def use() -> int:
    return await co()
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
    "implicit-optional-typing": Before(
        """\
from typing import Optional


def g(y: Optional[str]) -> None: ...


def f(x: int = None) -> str:
    return str(x)
""",
        """\
from typing import Optional


def g(y: Optional[str]) -> None: ...


def f(x: Optional[int] = None) -> str:
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
    "union-attr": Before(
        """\
import re


def f(text: str) -> str:
    m = re.match('a', text)
    return m.group(0)
""",
        """\
import re


def f(text: str) -> str:
    m = re.match('a', text)
    if m is None:
        raise ValueError("m is None")
    return m.group(0)
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
    "param-optional-index": Before(
        """\
def f(m: list[int] | None) -> int:
    return m[0]
""",
        """\
def f(m: list[int] | None) -> int:
    if m is None:
        raise ValueError("m is None")
    return m[0]
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
    "operator-none-right": Before(
        """\
def f(m: int | None) -> int:
    return 1 + m
""",
        """\
def f(m: int | None) -> int:
    if m is None:
        raise ValueError("m is None")
    return 1 + m
""",
        needs_human=True,
    ),
    "iter-none": Before(
        """\
def f(m: list[int] | None) -> int:
    total = 0
    for one in m:
        total += one
    return total
""",
        """\
def f(m: list[int] | None) -> int:
    total = 0
    if m is None:
        raise ValueError("m is None")
    for one in m:
        total += one
    return total
""",
        needs_human=True,
    ),
    "environ": Before(
        """\
import os


def f() -> int:
    return len(os.environ.get('HOME'))
""",
        """\
import os


def f() -> int:
    return len(os.environ['HOME'])
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
    "attr-str": Before(
        """\
def f(s: str) -> str:
    return s.uper()
""",
        """\
def f(s: str) -> str:
    return s.upper()
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
    "name-misspelt": Before(
        """\
def f(values: list[int]) -> int:
    return lenght(values) + len(vales)
""",
        """\
def f(values: list[int]) -> int:
    return len(values) + len(values)
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
    "stdlib-import": Before(
        """\
def f() -> str:
    return os.getcwd() + str(Path('x'))
""",
        """\
import os
from pathlib import Path


def f() -> str:
    return os.getcwd() + str(Path('x'))
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
    "return-value-literal": Before(
        """\
def f() -> int:
    return '3'


x: int = f()
""",
        """\
def f() -> int:
    return 3


x: int = f()
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
    "missing-return-branch": Before(
        """\
def f(n: int) -> int:
    if n:
        return 1
""",
        """\
def f(n: int) -> int | None:
    if n:
        return 1
    return None
""",
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
    "missing-return-none": Before(
        """\
def f(n: int) -> int:
    print(n)
""",
        """\
def f(n: int) -> None:
    print(n)
""",
    ),
    "assign-num": Before(
        """\
x: int = '3'
""",
        """\
x: str = '3'
""",
    ),
    "assign-var": Before(
        """\
x = 3
x = 'a'
""",
        """\
x: int | str = 3
x = 'a'
""",
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
    "var-dict": Before(
        """\
def f(words: list[str]) -> dict[str, int]:
    counts = {}
    return counts
""",
        """\
def f(words: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    return counts
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
    "no-return-annotation": Before(
        """\
def f(x: int):
    print(x)
""",
        """\
def f(x: int) -> None:
    print(x)
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
    "no-return-annotation-opt": Before(
        """\
def f(x: int):
    if x:
        return [x]
    return None
""",
        """\
def f(x: int) -> list[int] | None:
    if x:
        return [x]
    return None
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
    "no-param": Before(
        """\
def f(x, y=3) -> int:
    return y


f('a')
""",
        """\
def f(x: str, y: int = 3) -> int:
    return y


f('a')
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
    "type-arg-ret": Before(
        """\
def f(x: int) -> list:
    return [x]
""",
        """\
def f(x: int) -> list[int]:
    return [x]
""",
    ),
    "no-redef-ann": Before(
        """\
x: int = 3
x: int = 4
""",
        """\
x: int = 3
x = 4
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
    "override-return": Before(
        """\
class A:
    def m(self) -> int:
        return 1


class B(A):
    def m(self) -> str:
        return 1
""",
        """\
class A:
    def m(self) -> int:
        return 1


class B(A):
    def m(self) -> int:
        return 1
""",
    ),
    "override-arg": Before(
        """\
class A:
    def m(self, x: int) -> int:
        return x


class B(A):
    def m(self, x: str) -> int:
        return 1
""",
        """\
class A:
    def m(self, x: int) -> int:
        return x


class B(A):
    def m(self, x: int) -> int:
        return 1
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
    "arg-literal": Before(
        """\
def h(n: int) -> int:
    return n


h('3')
""",
        """\
def h(n: int) -> int:
    return n


h(3)
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
    return h(1, m=m)
""",
        needs_human=True,
    ),
    "default-type": Before(
        """\
def f(x: str = 3) -> None:
    print(x)
""",
        """\
def f(x: int = 3) -> None:
    print(x)
""",
    ),
    "dict-item": Before(
        """\
d: dict[str, str] = {'a': 1}
""",
        """\
d: dict[str, str] = {'a': "1"}
""",
        needs_human=True,
    ),
}
