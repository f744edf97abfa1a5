"""Single type errors, for mypy and pyright."""

import ast
import re
from collections.abc import Iterator

from planting.kinds.plant import Plant, Slip
from planting.source import Source, Splice, misspelt

_OTHER_LITERALS = {int: '"{}"', str: "b{}", bool: '"{}"', float: '"{}"'}
"""The value can still be read from it: no one could bring back what is gone."""


def implicit_optional(source: Source) -> Iterator[Splice]:
    """`x: str = None` where `str | None` stood."""
    for function in source.functions:
        for argument in (*function.args.args, *function.args.kwonlyargs):
            if argument.annotation and source.of(argument.annotation).endswith(" | None"):
                yield source.swap(argument.annotation, source.of(argument.annotation).removesuffix(" | None"))


def lost_guard(source: Source) -> Iterator[Splice]:
    """The test against None in front of a use is gone."""
    for _, node in source.bodies():
        is_guard = isinstance(node, ast.If) and not node.orelse and source.of(node.test).endswith("is None")
        if is_guard and isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue | ast.Assign):
            yield source.drop_lines(node)


def wrong_keyword(source: Source) -> Iterator[Splice]:
    """A keyword argument with a slip of the fingers."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg and len(keyword.arg) > 3:
                    start = source.span(keyword)[0]
                    yield Splice(start, start + len(keyword.arg), misspelt(keyword.arg))


def misspelt_attribute(source: Source) -> Iterator[Splice]:
    """An attribute with a slip of the fingers."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and len(node.attr) > 3:
            end = source.span(node)[1]
            yield Splice(end - len(node.attr), end, misspelt(node.attr))


def wrong_literal(source: Source) -> Iterator[Splice]:
    """A default or an assigned value of another type than is said."""
    for node in source.nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
            yield from _another(source, node.value)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
                if isinstance(default, ast.Constant):
                    yield from _another(source, default)


def _another(source: Source, value: ast.Constant) -> Iterator[Splice]:
    other = _OTHER_LITERALS.get(type(value.value))
    if other is not None:
        yield source.swap(value, other.format(source.of(value)))


def lost_return_type(source: Source) -> Iterator[Splice]:
    """A function without its return annotation."""
    for function in source.functions:
        if function.returns:
            end = source.span(function.returns)[1]
            start = source.text.rindex("->", 0, source.span(function.returns)[0])
            yield Splice(len(source.text[:start].rstrip()), end, "")


def lost_argument_type(source: Source) -> Iterator[Splice]:
    """A parameter without its annotation."""
    for function in source.functions:
        for argument in function.args.args:
            if argument.annotation:
                start = source.span(argument)[0] + len(argument.arg)
                yield Splice(start, source.span(argument.annotation)[1], "")


def unused_ignore(source: Source) -> Iterator[Splice]:
    """An ignore that has outlived its reason."""
    for _, node in source.bodies():
        if source.is_one_line(node) and "#" not in source.lines[node.lineno - 1]:
            end = source.at(node.lineno) + len(source.lines[node.lineno - 1].rstrip("\n"))
            yield Splice(end, end, "  # type: ignore")


def doubled_method(source: Source) -> Iterator[Splice]:
    """A function or method that stands twice, as after a merge."""
    for function in source.functions:
        if not function.decorator_list and (function.end_lineno or 0) - function.lineno < 10:
            gap = "\n" if function.col_offset else "\n\n"
            yield source.insert(function.lineno, f"{source.indent(function)}{source.of(function)}\n{gap}")


def lost_return(source: Source) -> Iterator[Splice]:
    """A function whose last return is gone."""
    for function in source.functions:
        last = function.body[-1]
        if function.returns and isinstance(last, ast.Return) and last.value and len(function.body) > 1:
            yield source.drop_lines(last)


def wrong_return_type(source: Source) -> Iterator[Splice]:
    """Another return type than what is returned."""
    other = {"str": "int", "int": "str", "bool": "str", "float": "str", "bytes": "str", "None": "int"}
    for function in source.functions:
        if function.returns and source.of(function.returns) in other:
            yield source.swap(function.returns, other[source.of(function.returns)])


def optional_result(source: Source) -> Iterator[Splice]:
    """A result that may be None, said without it."""
    for function in source.functions:
        if function.returns and source.of(function.returns).endswith(" | None"):
            yield source.swap(function.returns, source.of(function.returns).removesuffix(" | None"))


def lost_argument(source: Source) -> Iterator[Splice]:
    """A call without its last argument."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1 and not node.keywords and source.is_one_line(node):
            yield Splice(source.span(node.args[-2])[1], source.span(node.args[-1])[1], "")


def bare_generic(source: Source) -> Iterator[Splice]:
    """`dict` where `dict[str, int]` stood."""
    for node in source.nodes:
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            for inner in ast.walk(node.annotation):
                if isinstance(inner, ast.Subscript) and re.match(r"(dict|list|tuple|set)\[", source.of(inner)):
                    yield source.swap(inner, source.of(inner).partition("[")[0])


def untyped_empty(source: Source) -> Iterator[Splice]:
    """An empty container without its type."""
    for node in source.nodes:
        if isinstance(node, ast.AnnAssign) and node.value and source.of(node.value) in ("[]", "{}", "set()"):
            yield Splice(source.span(node.target)[1], source.span(node.annotation)[1], "")


def lost_await(source: Source) -> Iterator[Splice]:
    """A coroutine that nobody awaits."""
    for node in source.nodes:
        if isinstance(node, ast.Await):
            yield Splice(source.span(node)[0], source.span(node.value)[0], "")


def lost_name_import(source: Source) -> Iterator[Splice]:
    """A name of an import that is gone."""
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and len(node.names) > 1 and source.is_one_line(node):
            for alias in node.names:
                text = source.of(node)
                lost = re.sub(rf"(?<=[ ,]){alias.name}, |, {alias.name}$", "", text)
                if lost != text and not alias.asname:
                    yield source.swap(node, lost)


def possibly_unbound(source: Source) -> Iterator[Splice]:
    """A name that is set in one branch alone."""
    for _, node in source.bodies():
        if isinstance(node, ast.If) and node.orelse and not isinstance(node.orelse[0], ast.If):
            first, last = node.orelse[0], node.orelse[-1]
            if isinstance(first, ast.Assign) and first is last and isinstance(node.body[-1], ast.Assign):
                yield Splice(source.at((node.body[-1].end_lineno or 0) + 1), source.at((last.end_lineno or 0) + 1), "")


MYPY: tuple[tuple[str, Slip, str, int], ...] = (
    ("implicit-optional", implicit_optional, r"\[assignment\]", 2),
    ("lost-guard", lost_guard, r"\[(union-attr|operator|arg-type|return-value|index)\]", 2),
    ("wrong-keyword", wrong_keyword, r"\[call-arg\]", 2),
    ("misspelt-attribute", misspelt_attribute, r"\[(attr-defined|union-attr)\]", 3),
    ("wrong-literal", wrong_literal, r"\[assignment\]", 2),
    ("lost-return-type", lost_return_type, r"\[(no-untyped-def|no-untyped-call)\]", 2),
    ("lost-argument-type", lost_argument_type, r"\[no-untyped-def\]", 1),
    ("unused-ignore", unused_ignore, r"\[unused-ignore\]", 1),
    ("doubled-method", doubled_method, r"\[no-redef\]", 1),
    ("lost-return", lost_return, r"\[return\]", 1),
    ("wrong-return-type", wrong_return_type, r"\[return-value\]", 2),
    ("optional-result", optional_result, r"\[return-value\]", 1),
    ("lost-argument", lost_argument, r"\[call-arg\]", 1),
    ("bare-generic", bare_generic, r"\[type-arg\]", 1),
    ("untyped-empty", untyped_empty, r"\[var-annotated\]", 1),
    ("lost-await", lost_await, r"\[(unused-coroutine|return-value|attr-defined|misc|assignment|arg-type)\]", 1),
    ("lost-name-import", lost_name_import, r"\[name-defined\]", 1),
)
PYRIGHT: tuple[tuple[str, Slip, str, int], ...] = (
    ("implicit-optional", implicit_optional, "reportArgumentType", 1),
    ("lost-guard", lost_guard, "reportOptional|reportArgumentType", 1),
    ("wrong-keyword", wrong_keyword, "reportCallIssue", 1),
    ("misspelt-attribute", misspelt_attribute, "reportAttributeAccessIssue", 2),
    ("wrong-literal", wrong_literal, "reportArgumentType|reportAssignmentType", 1),
    ("wrong-return-type", wrong_return_type, "reportReturnType", 1),
    ("lost-argument", lost_argument, "reportCallIssue", 1),
    ("lost-name-import", lost_name_import, "reportUndefinedVariable", 1),
    ("possibly-unbound", possibly_unbound, "reportPossiblyUnbound", 1),
)


def plants() -> tuple[Plant, ...]:
    """One error each; no checker mends any."""
    return tuple(
        Plant("types", f"{tool}-{name}", "ruff", slip, tool, expects, cases=cases, looks_at=looks_at)
        for tool, rows, looks_at in (("mypy", MYPY, "typed"), ("pyright", PYRIGHT, "viewed"))
        for name, slip, expects, cases in rows
    )
