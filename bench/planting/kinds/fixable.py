"""Lint findings that the linter itself fixes."""

import ast
import re
from collections.abc import Iterator

from planting.kinds.formatting import late_import, shuffled_imports
from planting.kinds.plant import Plant
from planting.source import Source, Splice

_SPARE = ("collections", "functools", "itertools", "json", "os", "sys", "string", "time")


def unused_import(source: Source) -> Iterator[Splice]:
    """A module that nobody asks, imported where it sorts right."""
    for number, node in enumerate(source.tree.body):
        if isinstance(node, ast.Import) and node.col_offset == 0:
            name = node.names[0].name
            for spare in _SPARE:
                if not re.search(rf"\b{spare}\b", source.text) and spare < name and number:
                    yield source.insert(node.lineno, f"import {spare}\n")
                    break


def old_format(source: Source) -> Iterator[Splice]:
    """`str.format` where an f-string stood."""
    for node in source.nodes:
        if isinstance(node, ast.JoinedStr) and source.is_one_line(node):
            fields = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            is_plain = all(part.format_spec is None and isinstance(part.value, ast.Name) for part in fields)
            text = source.of(node)
            if fields and is_plain and re.match(r'f"[^"]*"$', text) and "!" not in text and "{{" not in text:
                names = [part.value.id for part in fields if isinstance(part.value, ast.Name)]
                yield source.swap(node, f"{re.sub(r'{[^}]*}', '{}', text[1:])}.format({', '.join(names)})")


def object_base(source: Source) -> Iterator[Splice]:
    """`class A(object):`, as Python 2 had it."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and not node.bases and not node.keywords:
            start = source.at(node.lineno, node.col_offset) + len(f"class {node.name}")
            if source.text[start] == ":":
                yield Splice(start, start, "(object)")


def long_super(source: Source) -> Iterator[Splice]:
    """`super(A, self)`."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and source.of(inner) == "super()":
                    yield source.swap(inner, f"super({node.name}, self)")


def keys_asked(source: Source) -> Iterator[Splice]:
    """`for key in mapping.keys():` where the mapping itself is enough."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            continue
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            target = node.comparators[0]
            if isinstance(target, ast.Name) and re.search(r"dict|map|by_|table|registry", target.id):
                yield Splice(source.span(target)[1], source.span(target)[1], ".keys()")


def empty_f_string(source: Source) -> Iterator[Splice]:
    """An f in front of a string without a field."""
    for node in source.nodes:
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            text = node.exc.args[0]
            is_text = isinstance(text, ast.Constant) and isinstance(text.value, str) and source.is_one_line(text)
            if is_text and source.of(text).startswith('"') and not set("{}") & set(source.of(text)):
                yield Splice(source.span(text)[0], source.span(text)[0], "f")


def negated_membership(source: Source) -> Iterator[Splice]:
    """`not x in y` and `not x is y`."""
    for node in source.nodes:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.NotIn | ast.IsNot):
            word = "in" if isinstance(node.ops[0], ast.NotIn) else "is"
            left, right = source.of(node.left), source.of(node.comparators[0])
            if source.is_one_line(node):
                yield source.swap(node, f"not {left} {word} {right}")


def listed_generator(source: Source) -> Iterator[Splice]:
    """`list(x for x in y)` where a comprehension stood."""
    for node in source.nodes:
        if isinstance(node, ast.ListComp) and source.is_one_line(node):
            yield source.swap(node, f"list({source.of(node)[1:-1]})")


def superfluous_else(source: Source) -> Iterator[Splice]:
    """An `else` after a branch that returns."""
    for _, node in source.bodies():
        block = next((body for body in _blocks(source) if node in body), [])
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Return) and block:
            rest = block[block.index(node) + 1 :]
            if len(rest) == 1 and isinstance(rest[0], ast.Return) and source.is_one_line(rest[0]):
                start = source.at(rest[0].lineno)
                pad = source.indent(node)
                if not source.text[source.at((node.end_lineno or 0) + 1) : start].strip():
                    body = f"{pad}else:\n{pad}    {source.of(rest[0])}\n"
                    yield Splice(source.at((node.end_lineno or 0) + 1), source.at(rest[0].lineno + 1), body)


def _blocks(source: Source) -> Iterator[list[ast.stmt]]:
    for node in source.nodes:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield block


def needless_pass(source: Source) -> Iterator[Splice]:
    """A `pass` left behind under a docstring."""
    for function in source.functions:
        if len(function.body) > 1 and ast.get_docstring(function):
            first = function.body[0]
            yield source.insert((first.end_lineno or 0) + 1, f"{source.indent(first)}pass\n")


def trailing_space(source: Source) -> Iterator[Splice]:
    """Spaces at the end of a line of code."""
    for _, node in source.bodies():
        if source.is_one_line(node):
            end = source.at(node.lineno) + len(source.lines[node.lineno - 1].rstrip("\n"))
            yield Splice(end, end, "  ")


def unused_noqa(source: Source) -> Iterator[Splice]:
    """A suppression that has outlived its reason."""
    for _, node in source.bodies():
        if source.is_one_line(node) and "#" not in source.lines[node.lineno - 1] and isinstance(node, ast.Assign):
            end = source.span(node)[1]
            yield Splice(end, end, "  # noqa: E731")


def no_last_newline(source: Source) -> Iterator[Splice]:
    """A file that ends in the middle of a line."""
    if source.text.endswith("\n"):
        yield Splice(len(source.text) - 1, len(source.text), "")


def named_attribute(source: Source) -> Iterator[Splice]:
    """`getattr(x, "name")` where `x.name` stood."""
    for node in source.nodes:
        is_read = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
        if is_read and source.of(node) == f"self.{node.attr}":
            yield source.swap(node, f'getattr(self, "{node.attr}")')


def doubled_not(source: Source) -> Iterator[Splice]:
    """`not a == b`."""
    for node in source.nodes:
        is_single = isinstance(node, ast.Compare) and len(node.ops) == 1 and source.is_one_line(node)
        if is_single and isinstance(node.ops[0], ast.NotEq):
            yield source.swap(node, f"not {source.of(node.left)} == {source.of(node.comparators[0])}")


ROWS = (
    ("unused-import", unused_import, "F401", 3),
    ("shuffled-imports", shuffled_imports, "I001", 2),
    ("late-import", late_import, "I001", 1),
    ("old-format", old_format, "UP032", 2),
    ("object-base", object_base, "UP004", 1),
    ("long-super", long_super, "UP008", 1),
    ("keys-asked", keys_asked, "SIM118", 1),
    ("empty-f-string", empty_f_string, "F541", 2),
    ("negated-membership", negated_membership, "E71[34]", 2),
    ("listed-generator", listed_generator, "C400", 1),
    ("superfluous-else", superfluous_else, "RET505", 1),
    ("needless-pass", needless_pass, "PIE790", 1),
    ("trailing-space", trailing_space, "W291", 1),
    ("unused-noqa", unused_noqa, "RUF100", 1),
    ("no-last-newline", no_last_newline, "W292", 1),
    ("named-attribute", named_attribute, "B009", 1),
)
"""Name, slip, the pattern of ruff's code, how many cases."""


def plants() -> tuple[Plant, ...]:
    """What `ruff check --fix` mends."""
    return tuple(
        Plant("fixable lint", name, "ruff", slip, "ruff check {source}", code, code=code,
              own="ruff check --fix {source}", cases=cases)
        for name, slip, code, cases in ROWS
    )  # fmt: skip
