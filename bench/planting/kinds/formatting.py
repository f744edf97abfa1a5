"""Hunks that a formatter would lay out otherwise; the program stays the same."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from itertools import pairwise

from planting.kinds.plant import Plant, Slip
from planting.source import Source, Splice


def _tokens(source: Source) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(source.text).readline))


def _offset(source: Source, place: tuple[int, int]) -> int:
    line, column = place
    return source.at(line) + column


def tight_operators(source: Source) -> Iterator[Splice]:
    """`a=b` where `a = b` stands, and commas without their space, over a whole line."""
    for statement in source.nodes:
        if isinstance(statement, ast.Assign | ast.Return) and source.is_one_line(statement):
            text = source.of(statement)
            tight = re.sub(r" (=|==|\+|-|\*|<|>) ", r"\1", text)
            if tight != text and '"' not in text and "'" not in text:
                yield source.swap(statement, tight)


def single_quotes(source: Source) -> Iterator[Splice]:
    """Single quotes where the formatter wants double ones."""
    for token in _tokens(source):
        plain = token.string[1:-1]
        is_plain = token.type == tokenize.STRING and re.fullmatch(r'"[^"\\\']*"', token.string)
        if is_plain and not token.string.startswith('"""') and token.line.strip() != token.string:
            yield Splice(_offset(source, token.start), _offset(source, token.end), f"'{plain}'")


def lost_blank_lines(source: Source) -> Iterator[Splice]:
    """No blank line between two definitions."""
    lines = source.lines
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            before = first - 1
            while before > 0 and not lines[before - 1].strip():
                before -= 1
            is_after_body = 0 < before < first - 1 and not lines[before - 1].rstrip().endswith((":", '"""'))
            if is_after_body and not lines[before - 1].lstrip().startswith("#"):
                yield Splice(source.at(before + 1), source.at(first), "")


def joined_call(source: Source) -> Iterator[Splice]:
    """A call that was spread over lines, on one line that is too long for the formatter."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and not source.is_one_line(node):
            text = source.of(node)
            if "#" not in text and '"""' not in text and "'''" not in text and "\\" not in text:
                joined = re.sub(r",?\s*\n\s*([)\]}])", r"\1", text)
                joined = re.sub(r"([(\[{])\s*\n\s*", r"\1", joined)
                yield source.swap(node, re.sub(r"\s*\n\s*", " ", joined))


def spread_arguments(source: Source) -> Iterator[Splice]:
    """A signature's parameters with spaces inside the brackets."""
    for function in source.functions:
        line = source.lines[function.lineno - 1]
        found = re.match(r"\s*(?:async )?def \w+\(([^()]+)\)", line)
        if found and function.body[0].lineno > function.lineno:
            start = source.at(function.lineno) + found.start(1)
            end = source.at(function.lineno) + found.end(1)
            yield Splice(start, end, f" {found[1].replace(', ', ',')} ")


def _import_block(source: Source) -> list[ast.stmt]:
    block: list[ast.stmt] = []
    for node in source.tree.body:
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if isinstance(node, ast.Import | ast.ImportFrom) and not is_future:
            block.append(node)
        elif block:
            break
    return block


def shuffled_imports(source: Source) -> Iterator[Splice]:
    """Two imports of one block in the other order."""
    block = _import_block(source)
    for first, second in pairwise(block):
        if (first.end_lineno or 0) + 1 == second.lineno and source.of(first) != source.of(second):
            start, end = source.span(first)[0], source.span(second)[1]
            yield Splice(start, end, f"{source.of(second)}\n{source.of(first)}")


def late_import(source: Source) -> Iterator[Splice]:
    """The first import of the block written after the last one."""
    block = _import_block(source)
    if len(block) > 2 and source.is_one_line(block[0]):
        start, end = source.at(block[0].lineno), source.at((block[-1].end_lineno or 0) + 1)
        rest = source.text[source.at((block[0].end_lineno or 0) + 1) : end].lstrip("\n")
        yield Splice(start, end, rest + source.of(block[0]) + "\n")


def unsorted_names(source: Source) -> Iterator[Splice]:
    """The names of one import in another order."""
    for node in _import_block(source):
        if isinstance(node, ast.ImportFrom) and len(node.names) > 1 and source.is_one_line(node):
            names = source.of(node).partition(" import ")[2].strip("()")
            turned = ", ".join(reversed([name.strip() for name in names.split(",") if name.strip()]))
            yield source.swap(node, source.of(node).replace(names, turned))


def same_program(slip: Slip) -> Slip:
    """Only the slips after which the program is the same."""

    def checked(source: Source) -> Iterator[Splice]:
        known = ast.dump(source.tree)
        for splice in slip(source):
            text = splice.apply(source.text)
            try:
                if text != source.text and ast.dump(ast.parse(text)) == known:
                    yield splice
            except SyntaxError:
                continue

    return checked


SLIPS: tuple[tuple[str, Callable[[Source], Iterator[Splice]]], ...] = (
    ("tight-operators", tight_operators),
    ("single-quotes", single_quotes),
    ("lost-blank-lines", lost_blank_lines),
    ("joined-call", joined_call),
    ("spread-arguments", spread_arguments),
)
IMPORTS: tuple[tuple[str, Callable[[Source], Iterator[Splice]]], ...] = (
    ("shuffled-imports", shuffled_imports),
    ("late-import", late_import),
    ("unsorted-names", unsorted_names),
)


def plants() -> tuple[Plant, ...]:
    """Formatting, for ruff, black and isort."""
    layout = [
        Plant("formatting", f"{tool}-{name}", flavour, same_program(slip), f"{command} --check {{source}}", expects,
              own=f"{command} {{source}}", cases=2 if tool == "ruff" else 1)
        for tool, flavour, command, expects in (
            ("ruff", "ruff", "ruff format", "would be reformatted"),
            ("black", "classic", "black", "would reformat"),
        )
        for name, slip in SLIPS
    ]  # fmt: skip
    imports = [
        Plant("formatting", f"isort-{name}", "classic", slip, "isort --check-only {source}", "incorrectly sorted",
              own="isort {source}", cases=2)
        for name, slip in IMPORTS
    ]  # fmt: skip
    return (*layout, *imports)
