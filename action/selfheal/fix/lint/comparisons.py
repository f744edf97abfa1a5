"""Comparisons that say the same in the way that Python has a word for."""

import ast

from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice

_ARRAYS = ("numpy", "pandas", "sqlalchemy", "polars", "peewee", "torch", "django")


def compare_at(spot: Spot) -> ast.Compare | None:
    """The comparison that a finding is about."""
    found = spot.source.covering(spot.finding.line, spot.finding.column, ast.Compare)
    if found is None:
        found = next(iter(spot.source.nodes(ast.Compare, line=spot.finding.line)), None)
    return found


def _singletons(spot: Spot) -> tuple[Rewrite, ...]:
    """`== None`, `!= True` and the like, all of one line that the finding is about."""
    source = spot.source
    compares = [n for n in source.nodes(ast.Compare, line=spot.finding.line) if _has_singleton(n)]
    compare = compare_at(spot)
    if compare is None or not _has_singleton(compare):
        compare = compares[0] if compares else None
    if compare is None:
        return ()
    splices: list[Splice] = []
    sure = True
    left: ast.expr = compare.left
    for operator, right in zip(compare.ops, compare.comparators, strict=True):
        if isinstance(operator, ast.Eq | ast.NotEq) and (_is_singleton(left) or _is_singleton(right)):
            splices.append(_operator(source, left, right, "is" if isinstance(operator, ast.Eq) else "is not"))
            is_none = any(isinstance(n, ast.Constant) and n.value is None for n in (left, right))
            sure = sure and is_none
        left = right
    # A query's column, or an array of another module, answers `==` with no truth value, and `is` with False.
    sure = sure and _is_condition(source, compare) and not any(name in source.raw.decode() for name in _ARRAYS)
    if not splices or None in splices:
        return ()
    truth = _truth(source, compare)
    why = "there is one None, one True and one False: `is` asks for them"
    if sure:
        return (Rewrite(tuple(splices), why),)
    doubt = f"{why}; equal but other objects, as 1 for True or an array's own `==`, now give another answer"
    exact = Rewrite(tuple(splices), doubt, is_sure=False)
    return (*truth, exact) if _is_condition(source, compare) else (exact, *truth)


def _is_singleton(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is True or node.value is False)


def _has_singleton(node: ast.Compare) -> bool:
    return any(_is_singleton(part) for part in (node.left, *node.comparators))


def _truth(source: Source, compare: ast.Compare) -> tuple[Rewrite, ...]:
    """`x == True` as `x`, `x == False` as `not x`."""
    match compare:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[ast.Constant(value=value)]):
            if not isinstance(value, bool):
                return ()
        case _:
            return ()
    wants = value is isinstance(operator, ast.Eq)
    text = source.text(left)
    new = text if wants else f"not {text}"
    if not isinstance(source.parent(compare), ast.If | ast.While | ast.Assert | ast.BoolOp) and not wants:
        new = f"({new})" if not isinstance(source.parent(compare), ast.Return | ast.Assign) else new
    why = "a truth value needs no comparison; any other value that counts as true or false now does here too"
    return (Rewrite((source.replace(compare, new),), why, is_sure=False),)


def _is_condition(source: Source, compare: ast.Compare) -> bool:
    """Only its truth counts."""
    node: ast.AST = compare
    parent = source.parent(node)
    while isinstance(parent, ast.BoolOp) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)):
        node, parent = parent, source.parent(parent)
    if isinstance(parent, ast.comprehension):
        return node in parent.ifs
    return isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert) and parent.test is node


def _operator(source: Source, left: ast.expr, right: ast.expr, new: str) -> Splice:
    start, end = source.span(left)[1], source.span(right)[0]
    text = source.between(start, end)
    at = next((text.find(sign) for sign in ("==", "!=", "is not", "is", "not in", "in") if sign in text), 0)
    length = next((len(sign) for sign in ("==", "!=", "is not", "is", "not in", "in") if sign in text), 0)
    begin = start + len(text[:at].encode())
    pad_left = "" if text[:at].endswith((" ", ")")) else " "
    pad_right = "" if text[at + length :].startswith((" ", "(")) else " "
    return Splice(begin, begin + length, f"{pad_left}{new}{pad_right}".encode())


_OPPOSITE = {ast.In: "not in", ast.Is: "is not", ast.Eq: "!=", ast.NotEq: "==", ast.NotIn: "in", ast.IsNot: "is"}
_ORDER = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}


def _not_outside(spot: Spot) -> tuple[Rewrite, ...]:
    """`not a in b` as `a not in b`, `not a == b` as `a != b`."""
    source = spot.source
    found = [n for n in source.nodes(ast.UnaryOp) if isinstance(n.op, ast.Not) and isinstance(n.operand, ast.Compare)]
    at = source.place(spot.finding.line, spot.finding.column)
    here = [n for n in found if source.span(n)[0] <= at <= source.span(n)[1]] or [
        n for n in found if n.lineno == spot.finding.line
    ]
    if not here:
        return ()
    negation = here[-1]
    compare = negation.operand
    if not isinstance(compare, ast.Compare) or len(compare.ops) != 1:
        return ()
    signs = _OPPOSITE | _ORDER
    new = signs.get(type(compare.ops[0]))
    if new is None:
        return ()
    right = compare.comparators[0]
    text = f"{wrapped(source, compare.left)} {new} {wrapped(source, right)}"
    why = "the operator says it without a `not` in front"
    ordered = type(compare.ops[0]) in _ORDER
    return (Rewrite((source.replace(negation, text),), why, is_sure=not ordered),)


def negated(source: Source, test: ast.expr) -> str:
    """The opposite of a condition without a bracket; empty where it takes one."""
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _OPPOSITE:
            return f"{source.text(left)} {_OPPOSITE[type(operator)]} {source.text(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return source.text(inner)
        case ast.Name() | ast.Call() | ast.Attribute() | ast.Subscript():
            return f"not {source.text(test)}"
        case _:
            return ""


def wrapped(source: Source, node: ast.expr) -> str:
    """An operand's words, in brackets where it needs them beside a comparison."""
    text = source.text(node)
    is_loose = isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare | ast.NamedExpr | ast.UnaryOp)
    return f"({text})" if is_loose or (isinstance(node, ast.Tuple) and text[:1] != "(") else text


def _types(spot: Spot) -> tuple[Rewrite, ...]:
    """`type(a) == T`: `isinstance` is what is mostly meant, `is` is what was said."""
    source = spot.source
    found = [n for n in source.nodes(ast.Compare, line=spot.finding.line) if _type_call(n) is not None]
    compare = compare_at(spot)
    if compare is None or _type_call(compare) is None:
        compare = found[0] if found else None
    if compare is None or len(compare.ops) != 1:
        return ()
    subject = _type_call(compare)
    other = compare.comparators[0] if subject is not None and _is_type_of(compare.left) else compare.left
    negated = isinstance(compare.ops[0], ast.NotEq | ast.IsNot | ast.NotIn)
    if subject is None:
        return ()
    exact: tuple[Rewrite, ...] = ()
    if isinstance(compare.ops[0], ast.Eq | ast.NotEq) and spot.finding.code != "C0123":
        splice = _operator(source, compare.left, compare.comparators[0], "is not" if negated else "is")
        exact = (Rewrite((splice,), "a type is compared by `is`, which no class can change"),)
    if _is_type_of(other) or isinstance(compare.ops[0], ast.In | ast.NotIn):
        return exact
    call = f"{'not ' if negated else ''}isinstance({source.text(subject)}, {source.text(other)})"
    why = "`isinstance` also takes what is derived from the type, which the comparison left out"
    loose = Rewrite((source.replace(compare, call),), why, is_sure=False)
    return (*exact, loose)


def _is_type_of(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "type"
        and len(node.args) == 1
    )


def _type_call(compare: ast.Compare) -> ast.expr | None:
    for side in (compare.left, *compare.comparators):
        if isinstance(side, ast.Call) and _is_type_of(side):
            return side.args[0]
    return None


def _literal_is(spot: Spot) -> tuple[Rewrite, ...]:
    """`x is 1` as `x == 1`."""
    compare = compare_at(spot)
    if compare is None or len(compare.ops) != 1 or not isinstance(compare.ops[0], ast.Is | ast.IsNot):
        return ()
    sign = "==" if isinstance(compare.ops[0], ast.Is) else "!="
    splice = _operator(spot.source, compare.left, compare.comparators[0], sign)
    return (Rewrite((splice,), "whether a literal is the same object is up to the interpreter: compare its value"),)


_TABLE: tuple[tuple[str, Repair], ...] = (
    ("E711 E712 C0121", _singletons),
    (
        "E713 E714 SIM201 SIM202 SIM208 C0113 C0117",
        _not_outside,
    ),
    ("E721 C0123", _types),
    ("F632 R0123", _literal_is),
)
RULES: tuple[Rule, ...] = tuple(rule(codes, repair) for codes, repair in _TABLE)
