"""What a function, class or statement uses of the repository, and on which line."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from selfheal.contract.test_paths import is_test_path
from selfheal.locate.resolver import Field, Instance, Resolver, Target
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Eq: "__eq__",
    ast.NotEq: "__eq__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}
_BUILTINS = {
    "len": "__len__",
    "str": "__str__",
    "repr": "__repr__",
    "iter": "__iter__",
    "list": "__iter__",
    "tuple": "__iter__",
    "sorted": "__iter__",
    "set": "__iter__",
    "sum": "__iter__",
    "next": "__next__",
    "bool": "__bool__",
    "hash": "__hash__",
    "int": "__int__",
    "float": "__float__",
    "format": "__format__",
}
# Methods of the language's own types: an unknown object with one of these is most likely one of them.
_COMMON = frozenset(name for kind in (str, bytes, list, dict, set, int, float, BytesIO) for name in dir(kind)) | {
    "submit",
    "group",
    "groups",
    "match",
    "search",
    "assertEqual",
    "fixture",
    "mark",
}
_MAX_NAMESAKES = 6


@dataclass(frozen=True, slots=True)
class Use:
    """One use. `is_called` is False for what is only mentioned: a constant, a callback."""

    symbol: Symbol
    line: int
    is_called: bool
    certainty: float = 1.0
    """Below 1 where only the name of a method speaks for it."""


def uses_of(index: SymbolIndex, symbol: Symbol) -> tuple[Use, ...]:
    """All uses of one symbol, in source order, itself left out."""
    node = index.node(symbol)
    if node is None:
        return ()
    resolver = index.resolver
    scope = resolver.scope(symbol) if symbol.kind is Kind.FUNCTION else {}
    found: list[Use] = []
    for inner in ast.walk(node):
        line = getattr(inner, "lineno", symbol.first_line)
        for target, is_called in _targets(resolver, inner, symbol, scope):
            if isinstance(target, Symbol) and target != symbol and not _is_part(target, symbol):
                found.append(Use(target, line, is_called))
        found += _by_name(index, resolver, inner, symbol, scope)
    found.sort(key=lambda use: use.line)
    return tuple(dict.fromkeys(found))


def _by_name(
    index: SymbolIndex, resolver: Resolver, node: ast.AST, symbol: Symbol, scope: dict[str, Target]
) -> Iterator[Use]:
    """Methods with the called name, where nothing tells what object it is called on."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr) as function) if attr not in _COMMON:
            if resolver.expression(function, symbol.file, scope) is not None:
                return
            base = resolver.expression(value, symbol.file, scope)
            if base is not None and not isinstance(base, Field):
                return
            methods = [
                one
                for one in index.definitions(attr)
                if one.kind is Kind.FUNCTION and not is_test_path(one.file) and index.owner(one) is not None
            ]
            if 0 < len(methods) <= _MAX_NAMESAKES:
                for method in methods:
                    yield Use(method, node.lineno, is_called=True, certainty=0.7 if len(methods) == 1 else 0.4)


def _is_part(inner: Symbol, outer: Symbol) -> bool:
    return inner.file == outer.file and inner.name.startswith(f"{outer.name}.") and outer.kind is Kind.FUNCTION


def _targets(
    resolver: Resolver, node: ast.AST, symbol: Symbol, scope: dict[str, Target]
) -> Iterator[tuple[Target, bool]]:
    file = symbol.file
    match node:
        case ast.Call(func=function, args=args):
            callee = resolver.expression(function, file, scope)
            yield from _called(resolver, callee)
            if isinstance(function, ast.Name) and callee is None and function.id in _BUILTINS and args:
                yield _special(resolver, resolver.expression(args[0], file, scope), _BUILTINS[function.id]), True
        case ast.Attribute(ctx=ast.Load()):
            found = resolver.expression(node, file, scope)
            # A method that is read, not called, is a property or a callback.
            if isinstance(found, Field):
                # A field of the class body starts with what stands there; what a method sets is worth less.
                yield found.place, found.place.kind is Kind.CLASS
            else:
                yield found, isinstance(found, Symbol)
        case ast.Name(ctx=ast.Load(), id=name) if name not in scope:
            yield resolver.name(file, name), False
        case ast.BinOp(left=left, op=sign):
            yield _special(resolver, resolver.expression(left, file, scope), _OPERATORS.get(type(sign), "")), True
        case ast.Compare(left=left, ops=operators, comparators=others):
            for operator, other in zip(operators, others, strict=True):
                if isinstance(operator, (ast.In, ast.NotIn)):
                    yield _special(resolver, resolver.expression(other, file, scope), "__contains__"), True
                else:
                    name = _OPERATORS.get(type(operator), "")
                    yield _special(resolver, resolver.expression(left, file, scope), name), True
        case ast.Subscript(value=value):
            yield _special(resolver, resolver.expression(value, file, scope), "__getitem__"), True
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated) | ast.AsyncFor(iter=iterated):
            yield _special(resolver, resolver.expression(iterated, file, scope), "__iter__"), True
        case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
            for decorator in decorators:
                function = decorator.func if isinstance(decorator, ast.Call) else decorator
                yield resolver.expression(function, file, scope), True
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                context = resolver.expression(item.context_expr, file, scope)
                for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                    yield _special(resolver, context, name), True


def _called(resolver: Resolver, callee: Target) -> Iterator[tuple[Target, bool]]:
    if isinstance(callee, Instance):
        yield _special(resolver, callee, "__call__"), True
        return
    if not isinstance(callee, Symbol):
        return
    if callee.kind is Kind.CLASS:
        makers = [resolver.member(callee, name) for name in ("__init__", "__post_init__", "__new__")]
        for maker in makers:
            yield maker, True
        # Without a constructor of its own the class body says what an object starts with.
        yield callee, not isinstance(makers[0], Symbol)
        return
    yield callee, True


def _special(resolver: Resolver, base: Target, name: str) -> Target:
    value = base.value if isinstance(base, Field) else base
    return resolver.member(value.cls, name) if isinstance(value, Instance) and name else None
