"""The functions of a Python test file with everything in them that can make a test fail."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from selfheal.contract.policy.reading import assertions, python
from selfheal.contract.policy.reading.assertions import Strength


@dataclass(frozen=True, slots=True)
class Check:
    """One assertion. `shape` is equal for equal assertions; `guards` counts what may keep it from running
    or from being heard: conditions, loops, handlers, `raises` around it, earlier returns.
    """

    shape: str
    strength: Strength
    guards: int
    line: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One function, by its dotted name in the file. `cases` is the number of its parametrised cases."""

    name: str
    line: int
    is_test: bool
    body: str
    checks: tuple[Check, ...]
    calls: int
    raises: int
    cases: int


@lru_cache(maxsize=64)
def units(source: bytes) -> tuple[Unit, ...] | None:
    """All functions of a file that may hold assertions, module level included; None where it can't be read."""
    tree = python.parse(source)
    if tree is None:
        return None
    names = python.aliases(tree)
    try:
        return tuple(_in_scope(tree.body, "", names, guards=0))
    except RecursionError:
        return None


def _in_scope(body: Iterable[ast.stmt], prefix: str, names: Mapping[str, str], *, guards: int) -> Iterator[Unit]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield _unit(node, prefix, names, guards=guards)
            case ast.ClassDef():
                yield from _in_scope(node.body, f"{prefix}{node.name}.", names, guards=guards)
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                for block in _blocks(node):
                    yield from _in_scope(block, prefix, names, guards=guards + 1)
            case _:
                continue


def _unit(node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str, names: Mapping[str, str], *, guards: int) -> Unit:
    collector = _Collector(names)
    collector.block(node.body, guards)
    calls = [child for child in ast.walk(node) if isinstance(child, ast.Call)]
    return Unit(
        name=f"{prefix}{node.name}",
        line=node.lineno,
        is_test=node.name.startswith("test"),
        body=" ".join(python.fingerprint(statement) for statement in node.body),
        checks=tuple(collector.checks),
        calls=len(calls),
        raises=sum(assertions.is_raises(call, names) for call in calls),
        cases=_cases(node),
    )


@dataclass(slots=True)
class _Collector:
    """Walks statements in order, because an early return guards what follows it."""

    names: Mapping[str, str]
    checks: list[Check] = field(default_factory=list)

    def block(self, body: Iterable[ast.stmt], guards: int) -> None:
        for statement in body:
            self._statement(statement, guards)
            if _may_leave(statement):
                guards += 1

    def _statement(self, node: ast.stmt, guards: int) -> None:
        match node:
            case ast.Assert(test=test):
                self._calls(test, guards)
                for part in assertions.conjuncts(test):
                    self._add(part, assertions.strength(part, self.names), guards)
            case ast.With() | ast.AsyncWith():
                hidden = any(self._hides(item.context_expr) for item in node.items)
                for item in node.items:
                    self._calls(item.context_expr, guards)
                self.block(node.body, guards + hidden)
            case ast.Try() | ast.If() | ast.For() | ast.AsyncFor() | ast.While() | ast.Match():
                for block in _blocks(node):
                    self.block(block, guards + 1)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.block(node.body, guards + 1)
            case ast.Raise(exc=ast.expr() as raised):
                if (
                    python.dotted(raised.func if isinstance(raised, ast.Call) else raised, self.names)
                    == "AssertionError"
                ):
                    self._add(raised, Strength(assertions.EXACT), guards)
            case _:
                self._calls(node, guards)

    def _calls(self, node: ast.AST, guards: int) -> None:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and (
                assertions.is_check(call, self.names) or assertions.is_raises(call, self.names)
            ):
                self._add(call, assertions.call_strength(call, self.names), guards)

    def _add(self, node: ast.expr, strength: Strength, guards: int) -> None:
        self.checks.append(Check(python.fingerprint(node), strength, guards, node.lineno))

    def _hides(self, context: ast.expr) -> bool:
        """True for a `with` that stops an AssertionError of its body."""
        if not isinstance(context, ast.Call):
            return False
        return assertions.is_raises(context, self.names) or python.dotted(context.func, self.names).endswith("suppress")


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(node, name, None):
            yield block
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    for case in getattr(node, "cases", ()):
        yield case.body


def _may_leave(statement: ast.stmt) -> bool:
    """True where what follows may not run: a return in it, or a loop control."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return any(isinstance(node, ast.Return | ast.Continue | ast.Break) for node in ast.walk(statement))


def _cases(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many cases the decorators spell out, in lists or as `@example`."""
    decorators = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    listed = [
        len(argument.elts)
        for decorator in decorators
        for argument in (*decorator.args, *(keyword.value for keyword in decorator.keywords))
        if isinstance(argument, ast.List | ast.Tuple | ast.Set)
    ]
    return sum(listed) + sum(str(getattr(decorator.func, "attr", "")) == "example" for decorator in decorators)
