"""Take statements out of a file, or put them in, with their lines."""

import ast
import io
import tokenize
from functools import lru_cache

from selfheal.fix.lint.source import FunctionNode, Source, Splice

_BLOCKS = ("body", "orelse", "finalbody")


def block_of(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """The statements among which one stands."""
    parent = source.parent(statement)
    for field in _BLOCKS:
        block = getattr(parent, field, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def first_line(node: ast.stmt) -> int:
    """The first line of a statement, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def delete(source: Source, statement: ast.stmt) -> Splice:
    """Take a statement out with its lines; a block that would be empty keeps a `pass`."""
    if len(block_of(source, statement)) == 1 and not isinstance(source.parent(statement), ast.Module):
        start = source.span(statement)[0] if not getattr(statement, "decorator_list", []) else None
        begin = (
            start
            if start is not None
            else source.line_start(first_line(statement)) + len(source.indent(first_line(statement)).encode())
        )
        return Splice(begin, source.span(statement)[1], b"pass")
    return cut(source, statement)


def cut(source: Source, statement: ast.stmt) -> Splice:
    """Take a statement out with its lines, whatever stays of its block."""
    first, last = first_line(statement), statement.end_lineno or statement.lineno
    start, end = source.line_start(first), source.line_start(last + 1)
    own_start, own_end = source.span(statement)
    before = source.between(start, own_start).strip() if first == statement.lineno else ""
    after = source.between(own_end, end).strip()
    if before or after[:1] == ";":
        return _from_shared_line(source, statement, before=bool(before))
    return Splice(start, source.line_start(last + 1 + _spare_blanks(source, statement, first, last)), b"")


def _spare_blanks(source: Source, statement: ast.stmt, first: int, last: int) -> int:
    """How many blank lines below a statement would be too many without it."""
    above, below = 0, 0
    while first - above > 1 and not source.line(first - above - 1).strip():
        above += 1
    while last + below < len(source.lines) and not source.line(last + below + 1).strip():
        below += 1
    block = block_of(source, statement)
    parent = source.parent(statement)
    leads = block[0] is statement or (
        block[:2][-1] is statement and parent is not None and docstring(parent) is block[0]
    )
    if (leads and not above and not isinstance(parent, ast.Module)) or first == 1:
        return below
    return min(above, below)


def _from_shared_line(source: Source, statement: ast.stmt, *, before: bool) -> Splice:
    start, end = source.span(statement)
    rest = source.raw[end:]
    if (tail := rest.lstrip(b" \t"))[:1] == b";" and tail[1:].lstrip(b" \t")[:1] not in (b"\r", b"\n", b"#", b""):
        skipped = len(rest) - len(tail) + 1
        blanks = len(tail[1:]) - len(tail[1:].lstrip(b" \t"))
        return Splice(start, end + skipped + blanks, b"")
    if before:
        head = source.raw[:start].rstrip(b" \t")
        if head.endswith(b";"):
            return Splice(len(head[:-1].rstrip(b" \t")), end, b"")
    return Splice(start, end, b"pass")


def docstring(node: ast.AST) -> ast.Expr | None:
    """The statement that is the docstring of a module, class or function."""
    match getattr(node, "body", None):
        case [ast.Expr(value=ast.Constant(value=str())) as first, *_]:
            return first
        case _:
            return None


def has_own_line(source: Source, statement: ast.stmt) -> bool:
    """Tell whether nothing stands in front of a statement on its line."""
    return not source.between(source.line_start(statement.lineno), source.span(statement)[0]).strip()


def has_own_lines(source: Source, function: FunctionNode) -> bool:
    """Tell whether a function's body starts on a line of its own."""
    return has_own_line(source, function.body[0])


def insert_first(source: Source, function: FunctionNode, line: str) -> Splice | None:
    """Put a line in as the first of a function, after its docstring; None where it has no block of its own."""
    documented = docstring(function)
    rest = function.body[1:] if documented else function.body
    indent = source.indent(function.body[0].lineno)
    if not has_own_lines(source, function) or not indent:
        return None
    if documented is not None and not rest:
        at = source.line_start((documented.end_lineno or documented.lineno) + 1)
        return source.insert(at, f"{indent}{line}{source.newline}")
    return source.insert(source.line_start(first_line(rest[0])), f"{indent}{line}{source.newline}")


def dedented(source: Source, statements: list[ast.stmt], *, by: int) -> list[Splice]:
    """Move whole lines to the left by as many characters, not those inside of strings."""
    first, last = first_line(statements[0]), statements[-1].end_lineno or statements[-1].lineno
    inside = string_lines(source)
    splices = []
    for number in range(first, last + 1):
        blanks = len(source.indent(number))
        if number not in inside and source.line(number).strip():
            start = source.line_start(number)
            splices.append(Splice(start, start + min(by, blanks), b""))
    return splices


def string_lines(source: Source) -> frozenset[int]:
    """The lines that begin inside a string of several lines: their blanks are content."""
    return _string_lines(source.raw)


@lru_cache(maxsize=16)
def _string_lines(raw: bytes) -> frozenset[int]:
    lines: set[int] = set()
    opened: list[int] = []
    for token in tokenize.tokenize(io.BytesIO(raw).readline):
        name = tokenize.tok_name[token.type]
        if name == "STRING":
            lines.update(range(token.start[0] + 1, token.end[0] + 1))
        elif name in ("FSTRING_START", "TSTRING_START"):
            opened.append(token.start[0])
        elif name in ("FSTRING_END", "TSTRING_END") and opened:
            lines.update(range(opened.pop() + 1, token.end[0] + 1))
    return frozenset(lines)
