"""Branches that can be said with fewer words: `else` after `return`, nested `if`, `if` for a truth value."""

import ast
import re

from selfheal.fix.lint.comparisons import negated
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import block_of, dedented, string_lines

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def _no_else(spot: Spot) -> tuple[Rewrite, ...]:
    """What stands behind a branch that always leaves needs no `else`."""
    source = spot.source
    first = _chain_at(source, spot.finding.line)
    if first is None:
        return ()
    splices: list[Splice] = []
    chain: ast.If | None = first
    while chain is not None:
        splices += _unchained(source, chain)
        chain = _chain_ending_in(source, chain)
    why = "the branch above always leaves, so what follows needs no `else`"
    return (Rewrite(tuple(splices), why),) if splices else ()


def _chain_ending_in(source: Source, chain: ast.If) -> ast.If | None:
    """The chain around one that ends a branch of it: it is found next, once its branch ends in a plain `return`."""
    outer = source.parent(chain)
    if not isinstance(outer, ast.If) or not outer.orelse or outer.body[-1] is not chain:
        return None
    return _chain_at(source, outer.lineno) if _leaves(outer.body) else None


def _unchained(source: Source, first: ast.If) -> list[Splice]:
    splices: list[Splice] = []
    node: ast.If | None = first
    while node is not None and node.orelse and _leaves(node.body):
        following = node.orelse[0]
        if is_elif(source, node):
            start = source.span(following)[0]
            splices.append(Splice(start, start + 2, b""))
            node = following if isinstance(following, ast.If) else None
            continue
        splices += _freed(source, node)
        break
    return splices


def is_elif(source: Source, node: ast.If) -> bool:
    """Tell whether a branch is followed by an `elif`."""
    return len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and source.text(node.orelse[0])[:4] == "elif"


def _chain_at(source: Source, line: int) -> ast.If | None:
    """The first `if` of the chain that a line belongs to: that of the `if`, of an `elif`, or of the `else`."""
    for node in reversed(source.nodes(ast.If)):
        ends = node.body[-1].end_lineno or node.lineno
        is_else = bool(node.orelse) and ends < line <= node.orelse[0].lineno
        if node.lineno == line or (is_else and re.match(r"\s*(else|elif)\b", source.line(line))):
            while (
                (parent := source.parent(node)) is not None and isinstance(parent, ast.If) and is_elif(source, parent)
            ):
                if parent.orelse[0] is not node:
                    break
                node = parent
            return node
    return None


def _leaves(body: list[ast.stmt]) -> bool:
    last = body[-1]
    if isinstance(last, ast.If) and last.orelse:
        return _leaves(last.body) and _leaves(last.orelse)
    return isinstance(last, _LEAVES)


def _freed(source: Source, node: ast.If | ast.For | ast.AsyncFor | ast.While) -> list[Splice]:
    """Take the `else:` away and move its block to the left."""
    found = else_line(source, node)
    if found is None:
        return []
    number, head = found
    start = source.line_start(number)
    if node.orelse[0].lineno == number:
        first = start + len(source.indent(number).encode())
        return [Splice(first, source.span(node.orelse[0])[0], b"")]
    by = len(source.indent(node.orelse[0].lineno)) - len(source.indent(number))
    comment = source.line(number)[head:].strip()
    new = f"{source.indent(number)}{comment}{source.newline}" if comment else ""
    between = range(number + 1, node.orelse[0].lineno)
    loose = [
        Splice(source.line_start(n), source.line_start(n) + by, b"")
        for n in between
        if source.line(n).strip() and len(source.indent(n)) >= by
    ]
    gone = Splice(start, source.line_start(number + 1), new.encode())
    return [gone, *loose, *dedented(source, node.orelse, by=by)]


def else_line(source: Source, node: ast.stmt) -> tuple[int, int] | None:
    """The line of a statement's `else:` and the column behind its colon."""
    body, orelse = getattr(node, "body", []), getattr(node, "orelse", [])
    inside = string_lines(source)
    for number in range(orelse[0].lineno, (body[-1].end_lineno or 0), -1):
        match = re.match(r"\s*else\s*:", source.line(number))
        if match is not None and number not in inside:
            return number, match.end()
    return None


def _loop_else(spot: Spot) -> tuple[Rewrite, ...]:
    """`else` of a loop that has no `break` always runs."""
    source, line = spot.source, spot.finding.line
    loops: list[ast.For | ast.AsyncFor | ast.While] = [*source.nodes(ast.For), *source.nodes(ast.AsyncFor)]
    for node in (*loops, *source.nodes(ast.While)):
        ends = node.body[-1].end_lineno or node.lineno
        if node.orelse and (node.lineno == line or ends < line <= node.orelse[0].lineno):
            splices = _freed(source, node)
            why = "a loop that nothing breaks off always comes to its `else`"
            return (Rewrite(tuple(splices), why),) if splices else ()
    return ()


def _collapsed(spot: Spot) -> tuple[Rewrite, ...]:
    """`if a:` with nothing in it but `if b:` as `if a and b:`."""
    source = spot.source
    outer = next(iter(source.nodes(ast.If, line=spot.finding.line)), None)
    if outer is None or outer.orelse or len(outer.body) != 1:
        return ()
    inner = outer.body[0]
    if not isinstance(inner, ast.If) or inner.orelse or inner.lineno != outer.lineno + 1:
        return ()
    one_line = outer.test.end_lineno == outer.lineno and inner.test.end_lineno == inner.lineno
    if not one_line or inner.body[0].lineno != inner.lineno + 1:
        return ()
    if "#" in source.line(outer.lineno) or "#" in source.line(inner.lineno):
        return ()
    word = "elif" if source.text(outer)[:4] == "elif" else "if"
    indent = source.indent(outer.lineno)
    joined = f"{_operand(source, outer.test)} and {_operand(source, inner.test)}"
    head = f"{indent}{word} {joined}:"
    by = len(source.indent(inner.body[0].lineno)) - len(source.indent(inner.lineno))
    lines = Splice(
        source.line_start(outer.lineno), source.line_start(inner.lineno + 1), (head + source.newline).encode()
    )
    return (Rewrite((lines, *dedented(source, inner.body, by=by)), "one condition instead of two nested ones"),)


def _operand(source: Source, test: ast.expr) -> str:
    text = source.text(test)
    is_loose = isinstance(test, ast.IfExp | ast.Lambda | ast.NamedExpr) or (
        isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)
    )
    return f"({text})" if is_loose else text


def _truth(spot: Spot) -> tuple[Rewrite, ...]:
    """`if c: return True` and then `return False` as `return c`."""
    source = spot.source
    node = next(iter(source.nodes(ast.If, line=spot.finding.line)), None)
    if node is None or len(node.body) != 1 or is_elif(source, node) or source.text(node)[:4] == "elif":
        return ()
    other = None
    if len(node.orelse) == 1:
        other = node.orelse[0]
    elif not node.orelse:
        block = block_of(source, node)
        at = block.index(node) + 1
        other = block[at] if at < len(block) else None
    if other is None or any("#" in source.line(n) for n in range(node.lineno, (other.end_lineno or 0) + 1)):
        return ()
    value = _value(node.body[0], other)
    if value is None:
        return ()
    lead, is_true = value
    test = source.text(node.test)
    is_bool = isinstance(node.test, ast.Compare) or (
        isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
    )
    is_bool = is_bool or re.match(r"(?:isinstance|issubclass|hasattr|callable|any|all|bool)\(", test) is not None
    new = (test if is_bool else f"bool({test})") if is_true else f"not ({test})"
    if not is_true:
        new = negated(source, node.test) or new
    splice = source.splice(source.span(node)[0], source.span(other)[1], f"{lead}{new}")
    return (_answering(splice, node.test),)


def _answering(splice: Splice, test: ast.expr) -> Rewrite:
    """Say how sure it is: `==` and `<` give whatever a class makes of them, an array for one."""
    asked = ast.Is | ast.IsNot | ast.In | ast.NotIn
    is_sure = not isinstance(test, ast.Compare) or all(
        isinstance(sign, asked) or isinstance(right, ast.Constant)
        for sign, right in zip(test.ops, test.comparators, strict=True)
    )
    doubt = "" if is_sure else "; where a class compares in its own way, the answer may be no truth value"
    return Rewrite((splice,), f"the condition is the answer{doubt}", is_sure=is_sure)


def _value(body: ast.stmt, other: ast.stmt) -> tuple[str, bool] | None:
    match (body, other):
        case (ast.Return(value=ast.Constant(value=bool(yes))), ast.Return(value=ast.Constant(value=bool(no)))):
            return ("return ", yes) if yes is not no else None
        case (
            ast.Assign(targets=[ast.Name(id=one)], value=ast.Constant(value=bool(yes))),
            ast.Assign(targets=[ast.Name(id=two)], value=ast.Constant(value=bool(no))),
        ) if one == two and yes is not no:
            return f"{one} = ", yes
        case _:
            return None


def _truth_expression(spot: Spot) -> tuple[Rewrite, ...]:
    """`True if a else False` as `bool(a)`, `False if a else True` as `not a`."""
    source = spot.source
    node = source.covering(spot.finding.line, spot.finding.column, ast.IfExp)
    match node:
        case ast.IfExp(body=ast.Constant(value=True), orelse=ast.Constant(value=False), test=test):
            text = source.text(test)
            new = text if isinstance(test, ast.Compare) else f"bool({text})"
        case ast.IfExp(body=ast.Constant(value=False), orelse=ast.Constant(value=True), test=test):
            text = source.text(test)
            new = f"not {text}" if not isinstance(test, ast.BoolOp | ast.IfExp | ast.Lambda) else f"not ({text})"
        case _:
            return ()
    return (_answering(source.replace(node, new), node.test),)


def _else_if(spot: Spot) -> tuple[Rewrite, ...]:
    """`else:` with nothing in it but an `if` as `elif`."""
    source = spot.source
    for outer in source.nodes(ast.If):
        if len(outer.orelse) != 1 or not isinstance(outer.orelse[0], ast.If) or is_elif(source, outer):
            continue
        inner, found = outer.orelse[0], else_line(source, outer)
        if found is None or spot.finding.line not in (found[0], inner.lineno, outer.lineno):
            continue
        if inner.lineno != found[0] + 1 or "#" in source.line(found[0]):
            continue
        by = len(source.indent(inner.lineno)) - len(source.indent(found[0]))
        start = source.line_start(found[0])
        lines = dedented(source, [inner], by=by)[1:]
        begin = Splice(start, source.span(inner)[0], f"{source.indent(found[0])}el".encode())
        return (Rewrite((begin, *lines), "`elif` says both"),)
    return ()


RULES: tuple[Rule, ...] = (
    rule(
        "R1705 R1720 R1723 R1724 RET505 RET506 RET507 RET508",
        _no_else,
    ),
    rule("W0120 PLW0120", _loop_else),
    rule("SIM102", _collapsed),
    rule("SIM103 R1703", _truth),
    rule("R1719 SIM210 SIM211", _truth_expression),
    rule("R5501 PLR5501", _else_if),
)
