"""Wrong variables, attributes, methods and arguments."""

import ast
from collections.abc import Iterator

from planting.source import Function, Source, Splice
from trials.slips.scope import UNTOUCHED, inside_functions

METHODS = {
    "append": "extend",
    "startswith": "endswith",
    "endswith": "startswith",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "strip": "lstrip",
    "find": "rfind",
    "rfind": "find",
    "partition": "rpartition",
    "rpartition": "partition",
    "split": "rsplit",
    "lower": "upper",
    "upper": "lower",
    "keys": "values",
    "values": "keys",
    "items": "keys",
    "match": "search",
    "search": "match",
    "add": "discard",
    "isdigit": "isalpha",
    "union": "intersection",
    "setdefault": "get",
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
WRAPPERS = frozenset(
    {"list", "dict", "set", "tuple", "str", "int", "float", "abs", "sorted", "reversed", "len", "bool"}
)
TIDYING = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "copy", "casefold", "total_seconds"})


def wrong_variable(source: Source) -> Iterator[Splice]:
    """Another name of the same function."""
    for function in source.functions:
        names = _local_names(function)
        for node in _loads(function):
            if node.id in names:
                for other in names:
                    if other != node.id:
                        yield source.swap(node, other)


def wrong_attribute(source: Source) -> Iterator[Splice]:
    """Another attribute of `self`, of those that the file assigns."""
    assigned = sorted({node.attr for node in source.nodes if _is_own(node) and isinstance(node.ctx, ast.Store)})
    for node in inside_functions(source):
        if _is_own(node) and isinstance(node.ctx, ast.Load) and node.attr in assigned:
            for other in assigned:
                if other != node.attr:
                    yield source.swap(node, f"self.{other}")


def wrong_method(source: Source) -> Iterator[Splice]:
    """A method or function for its sister."""
    for node in inside_functions(source):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            end = source.span(node.func)[1]
            yield Splice(end - len(node.func.attr), end, METHODS[node.func.attr])
        elif isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield source.swap(node.func, FUNCTIONS[node.func.id])


def swapped_arguments(source: Source) -> Iterator[Splice]:
    """Two neighbouring arguments in the other order."""
    for node in inside_functions(source):
        if isinstance(node, ast.Call) and not any(isinstance(one, ast.Starred) for one in node.args):
            for one, other in zip(node.args, node.args[1:], strict=False):
                start, end = source.span(one)[0], source.span(other)[1]
                between = source.text[source.span(one)[1] : source.span(other)[0]]
                yield Splice(start, end, f"{source.of(other)}{between}{source.of(one)}")


def lost_argument(source: Source) -> Iterator[Splice]:
    """A keyword argument is forgotten."""
    for node in inside_functions(source):
        if isinstance(node, ast.Call) and source.is_one_line(node):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    start, end = source.span(keyword)
                    before = source.text[:start].rstrip()
                    if before.endswith(","):
                        yield Splice(len(before) - 1, end, "")


def lost_call(source: Source) -> Iterator[Splice]:
    """A conversion, a copy or a tidying is forgotten."""
    for node in inside_functions(source):
        if not isinstance(node, ast.Call) or node.keywords:
            continue
        if isinstance(node.func, ast.Name) and node.func.id in WRAPPERS and len(node.args) == 1:
            if not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
                yield source.swap(node, source.of(node.args[0]))
        elif isinstance(node.func, ast.Attribute) and node.func.attr in TIDYING:
            yield source.swap(node, source.of(node.func.value))


def wrong_default(source: Source) -> Iterator[Splice]:
    """An argument has another default."""
    for function in source.functions:
        for node in (*function.args.defaults, *function.args.kw_defaults):
            match node:
                case ast.Constant(value=bool() as value):
                    yield source.swap(node, str(not value))
                case ast.Constant(value=int() as value) if source.of(node).isdecimal():
                    yield source.swap(node, str(value + 1))
                case ast.Constant(value=str() as value) if value:
                    yield source.swap(node, '""')


def _local_names(function: Function) -> tuple[str, ...]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    stored = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    names = dict.fromkeys([argument.arg for argument in arguments] + stored)
    return tuple(name for name in names if name not in ("self", "cls", "_"))


def _loads(function: Function) -> Iterator[ast.Name]:
    if function.name in UNTOUCHED:
        return
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node


def _is_own(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
