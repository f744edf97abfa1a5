"""Comparisons that say the same in the way that Python has a word for."""

import ast

from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice

_ARRAYS = ("numpy", "pandas", "sqlalchemy", "polars", "peewee", "torch", "django")


def _compare(spot: Spot) -> ast.Compare | None:
    found = spot.source.covering(spot.finding.line, spot.finding.column, ast.Compare)
    if found is None:
        found = next(iter(spot.source.nodes(ast.Compare, line=spot.finding.line)), None)
    return found


def _singletons(spot: Spot) -> tuple[Rewrite, ...]:
    """`== None`, `!= True` and the like, all of one line that the finding is about."""
    source = spot.source
    compares = [n for n in source.nodes(ast.Compare, line=spot.finding.line) if _has_singleton(n)]
    compare = _compare(spot)
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
    sure = sure and not any(name in source.raw.decode() for name in _ARRAYS)
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
    parent = source.parent(compare)
    if isinstance(parent, ast.BoolOp):
        parent = source.parent(parent)
    return isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert)


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
    text = f"{_wrapped(source, compare.left)} {new} {_wrapped(source, right)}"
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


def _wrapped(source: Source, node: ast.expr) -> str:
    text = source.text(node)
    is_loose = isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare | ast.NamedExpr | ast.UnaryOp)
    return f"({text})" if is_loose or (isinstance(node, ast.Tuple) and text[:1] != "(") else text


def _types(spot: Spot) -> tuple[Rewrite, ...]:
    """`type(a) == T`: `isinstance` is what is mostly meant, `is` is what was said."""
    source = spot.source
    found = [n for n in source.nodes(ast.Compare, line=spot.finding.line) if _type_call(n) is not None]
    compare = _compare(spot)
    if compare is None or _type_call(compare) is None:
        compare = found[0] if found else None
    if compare is None or len(compare.ops) != 1:
        return ()
    subject = _type_call(compare)
    other = compare.comparators[0] if subject is not None and _is_type_of(compare.left) else compare.left
    negated = isinstance(compare.ops[0], ast.NotEq | ast.IsNot | ast.NotIn)
    if subject is None:
        return ()
    exact = ()
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
    compare = _compare(spot)
    if compare is None or len(compare.ops) != 1 or not isinstance(compare.ops[0], ast.Is | ast.IsNot):
        return ()
    sign = "==" if isinstance(compare.ops[0], ast.Is) else "!="
    splice = _operator(spot.source, compare.left, compare.comparators[0], sign)
    return (Rewrite((splice,), "whether a literal is the same object is up to the interpreter: compare its value"),)


def _merged(spot: Spot) -> tuple[Rewrite, ...]:
    """`a == 1 or a == 2` as `a in (1, 2)`."""
    source = spot.source
    either = spot.source.covering(spot.finding.line, spot.finding.column, ast.BoolOp)
    if either is None:
        return ()
    wanted = ast.Eq if isinstance(either.op, ast.Or) else ast.NotEq
    pairs = []
    for value in either.values:
        if not isinstance(value, ast.Compare) or len(value.ops) != 1 or not isinstance(value.ops[0], wanted):
            return ()
        pairs.append((value.left, value.comparators[0]))
    subject = next(
        (side for side in pairs[0] if all(any(ast.dump(side) == ast.dump(s) for s in pair) for pair in pairs)), None
    )
    if subject is None or any(isinstance(n, ast.Call | ast.Await) for n in ast.walk(subject)):
        return ()
    others = [b if ast.dump(a) == ast.dump(subject) else a for a, b in pairs]
    is_plain = all(isinstance(n, ast.Constant) and isinstance(n.value, str | int | bytes) for n in others)
    listed = ", ".join(source.text(o) for o in others)
    values = f"{{{listed}}}" if is_plain and spot.finding.tool == "ruff" else f"({listed})"
    word = "in" if wanted is ast.Eq else "not in"
    return (
        Rewrite((source.replace(either, f"{source.text(subject)} {word} {values}"),), "one question instead of many"),
    )


def _length(spot: Spot) -> tuple[Rewrite, ...]:
    """`if len(a) == 0` as `if not a`."""
    source = spot.source
    compare = next((n for n in source.nodes(ast.Compare, line=spot.finding.line) if _length_of(n.left)), None)
    if compare is not None and len(compare.ops) == 1:
        subject = source.text(_length_of(compare.left) or compare.left)
        limit = compare.comparators[0]
        value = limit.value if isinstance(limit, ast.Constant) else None
        is_empty = (type(compare.ops[0]), value) in {(ast.Eq, 0), (ast.Lt, 1), (ast.LtE, 0)}
        is_full = (type(compare.ops[0]), value) in {(ast.NotEq, 0), (ast.Gt, 0), (ast.GtE, 1)}
        if not (is_empty or is_full):
            return ()
        new = f"not {subject}" if is_empty else subject
        return (Rewrite((source.replace(compare, new),), "an empty collection counts as false"),)
    call = next((n for n in source.nodes(ast.Call, line=spot.finding.line) if _length_of(n)), None)
    subject_node = _length_of(call) if call is not None else None
    if call is None or subject_node is None:
        return ()
    new = source.text(subject_node)
    return (Rewrite((source.replace(call, new),), "an empty collection counts as false"),)


def _length_of(node: ast.expr | None) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[subject], keywords=[]):
            return subject
        case _:
            return None


def _empty_text(spot: Spot) -> tuple[Rewrite, ...]:
    """`x == ""` as `not x`: None and 0 would count too, so a human looks."""
    compare = _compare(spot)
    match compare:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as sign], comparators=[ast.Constant(value="")]):
            text = spot.source.text(left)
        case _:
            return ()
    new = f"not {text}" if isinstance(sign, ast.Eq) else text
    why = "an empty text counts as false; so do None and zero, which now count here too"
    return (Rewrite((spot.source.replace(compare, new),), why, is_sure=False),)


def _yoda(spot: Spot) -> tuple[Rewrite, ...]:
    """`1 == x` as `x == 1`."""
    compare = _compare(spot)
    if compare is None or len(compare.ops) != 1:
        return ()
    turned = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<="}
    sign = turned.get(type(compare.ops[0]))
    if sign is None:
        return ()
    source = spot.source
    new = f"{_wrapped(source, compare.comparators[0])} {sign} {_wrapped(source, compare.left)}"
    return (Rewrite((source.replace(compare, new),), "what is asked about stands first"),)


def _chained(spot: Spot) -> tuple[Rewrite, ...]:
    """`a < b and b < c` as `a < b < c`."""
    both = spot.source.covering(spot.finding.line, spot.finding.column, ast.BoolOp)
    if both is None or not isinstance(both.op, ast.And) or len(both.values) != 2:
        return ()
    first, second = both.values
    match (first, second):
        case (ast.Compare(comparators=[middle], ops=[_]), ast.Compare(left=again, ops=[_])) if ast.dump(
            middle
        ) == ast.dump(again):
            head = spot.source.text(first)
            tail = spot.source.between(spot.source.span(again)[1], spot.source.span(second)[1])
        case _:
            return ()
    return (Rewrite((spot.source.replace(both, head + tail),), "the comparisons follow each other"),)


_TABLE: tuple[tuple[str, Repair], ...] = (
    ("E711 E712 C0121 singleton-comparison none-comparison true-false-comparison", _singletons),
    (
        "E713 E714 SIM201 SIM202 SIM208 C0113 C0117 unneeded-not unnecessary-negation not-in-test not-is-test",
        _not_outside,
    ),
    ("E721 C0123 unidiomatic-typecheck type-comparison", _types),
    ("F632 R0123 literal-comparison is-literal", _literal_is),
    ("R1714 PLR1714 SIM109 consider-using-in repeated-equality-comparison compare-with-tuple", _merged),
    ("C1801 C1802 C1803 PLC1802 len-as-condition use-implicit-booleaness-not-len", _length),
    ("C1901 C1804 PLC1901 compare-to-empty-string use-implicit-booleaness-not-comparison-to-string", _empty_text),
    ("SIM300 C0122 C2201 yoda-conditions misplaced-comparison-constant", _yoda),
    ("R1716 PLR1716 chained-comparison boolean-chained-comparison", _chained),
)
RULES: tuple[Rule, ...] = tuple(rule(codes, repair) for codes, repair in _TABLE)
