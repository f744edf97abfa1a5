"""What a repair of one finding consists of, and how those of several become one edit of a file."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from selfheal.fix.types.source import Source


@dataclass(frozen=True, slots=True)
class Splice:
    """Text that takes the place of `start` to `end` (excluded) in the file `path`."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a file needs: `from module import name`, or `import module` where the name is empty."""

    path: str
    module: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to mend one finding. `caution` says what it may change beyond the types; empty where nothing."""

    splices: tuple[Splice, ...]
    rationale: str
    imports: tuple[Import, ...] = ()
    caution: str = ""


def overlaps(one: Splice, other: Splice) -> bool:
    """Tell whether two splices can't both be made. Equal ones can: they are one."""
    if one.path != other.path or one == other:
        return False
    if one.start == one.end == other.start == other.end:
        return True
    return one.start < other.end and other.start < one.end


def compatible(mends: Iterable[Mend]) -> tuple[Mend, ...]:
    """Keep the mends that can be made together, the earlier ones first."""
    kept: list[Mend] = []
    for mend in mends:
        others = [splice for one in kept for splice in one.splices]
        if not any(overlaps(splice, other) for splice in mend.splices for other in others):
            kept.append(mend)
    return tuple(kept)


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Make the splices of one file; they must not overlap. Equal ones are made once."""
    ordered = sorted(set(splices), key=lambda splice: (splice.start, splice.end), reverse=True)
    for splice in ordered:
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def replacing(source: Source, node: ast.AST, text: str) -> Splice:
    """Put a text in a node's place."""
    start, end = source.span(node)
    return Splice(source.path, start, end, text)


def wrapping(source: Source, node: ast.AST, before: str, after: str) -> tuple[Splice, ...]:
    """Put text around a node, which stays as it is."""
    start, end = source.span(node)
    return (Splice(source.path, start, end, before + source.text[start:end] + after),)


def before_statement(source: Source, statement: ast.stmt, lines: Iterable[str]) -> Splice:
    """Put whole lines in front of a statement, indented like it."""
    at = source.start_of(min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))]))
    indent = source.indent(statement)
    return Splice(source.path, at, at, "".join((indent + line if line else "") + source.newline for line in lines))


def after_statement(source: Source, statement: ast.stmt, lines: Iterable[str]) -> Splice:
    """Put whole lines behind a statement, indented like it."""
    indent = source.indent(statement)
    at = source.start_of((statement.end_lineno or statement.lineno) + 1)
    first = "" if source.text[:at].endswith(("\n", "\r")) else source.newline
    return Splice(source.path, at, at, first + "".join(indent + line + source.newline for line in lines))


def stands_alone(source: Source, statement: ast.stmt) -> bool:
    """Tell whether lines can be put in front of a statement: it begins its line, and is no `elif`."""
    before = source.text[source.start_of(statement.lineno) : source.span(statement)[0]]
    return not before.strip() and not source.line(statement.lineno).lstrip().startswith("elif")
