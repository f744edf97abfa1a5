"""Conditions that ask more than they must: many questions for one, lengths, constants in front."""

import ast

from selfheal.fix.lint.comparisons import compare_at, wrapped
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule

_EMPTY = "an empty collection counts as false; so does None, which had no length, and an array has no truth of its own"


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
    listed = ", ".join(source.text(o) for o in others)
    # No set: what is asked about may have no hash.
    values = f"({listed})"
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
        return (Rewrite((source.replace(compare, new),), _EMPTY, is_sure=False),)
    call = next((n for n in source.nodes(ast.Call, line=spot.finding.line) if _length_of(n)), None)
    subject_node = _length_of(call) if call is not None else None
    if call is None or subject_node is None:
        return ()
    new = source.text(subject_node)
    return (Rewrite((source.replace(call, new),), _EMPTY, is_sure=False),)


def _length_of(node: ast.expr | None) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[subject], keywords=[]):
            return subject
        case _:
            return None


def _empty_text(spot: Spot) -> tuple[Rewrite, ...]:
    """`x == ""` as `not x`: None and 0 would count too, so a human looks."""
    compare = compare_at(spot)
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
    compare = compare_at(spot)
    if compare is None or len(compare.ops) != 1:
        return ()
    turned = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<="}
    sign = turned.get(type(compare.ops[0]))
    if sign is None:
        return ()
    source = spot.source
    new = f"{wrapped(source, compare.comparators[0])} {sign} {wrapped(source, compare.left)}"
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
    is_sure = not any(isinstance(n, ast.Call | ast.Await) for n in ast.walk(middle))
    doubt = "" if is_sure else "; what stands between them is worked out once now"
    return (Rewrite((spot.source.replace(both, head + tail),), f"the comparisons follow each other{doubt}", is_sure),)


RULES: tuple[Rule, ...] = (
    rule("R1714 PLR1714 SIM109", _merged),
    rule("C1801 C1802 C1803 PLC1802", _length),
    rule("C1901 C1804 PLC1901", _empty_text),
    rule("SIM300 C0122 C2201", _yoda),
    rule("R1716 PLR1716", _chained),
)
