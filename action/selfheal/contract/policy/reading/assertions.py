"""How much one assertion proves, as a number that can be compared."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selfheal.contract.policy.reading import python

_CHECKING_CALL = re.compile(r"_*(?:assert|check|verify|expect|ensure|validate|fail)(?:_.*|[A-Z].*)?")
_TOLERANCES = frozenset({"rel", "abs", "rtol", "atol", "delta", "rel_tol", "abs_tol", "msec", "tolerance"})
_DIGITS = frozenset({"places", "decimal", "significant"})
_BROAD = frozenset({"Exception", "BaseException", "builtins.Exception", "builtins.BaseException", "object"})
_RAISES = frozenset(
    {"pytest.raises", "raises", "self.assertRaises", "self.assertRaisesRegex", "pytest.warns", "self.assertWarns"}
)
_ANYTHING = frozenset({"ANY", "mock.ANY", "unittest.mock.ANY"})

VACUOUS, LOOSE, TRUTH, RELATION, NEAR, EXACT = range(6)
_METHODS: Mapping[str, int] = {
    "assertTrue": TRUTH, "assertFalse": TRUTH, "assertIsNotNone": TRUTH, "assertNotEqual": RELATION, "assertIn":
    RELATION, "assertNotIn": RELATION, "assertGreater": RELATION, "assertGreaterEqual": RELATION, "assertLess":
    RELATION, "assertLessEqual": RELATION, "assertIsInstance": RELATION, "assertNotIsInstance": RELATION,
    "assertRegex": RELATION, "assertNotRegex": RELATION, "assertAlmostEqual": NEAR, "assertAlmostEquals": NEAR,
    "assertNotAlmostEqual": LOOSE, "assert_allclose": NEAR, "assert_almost_equal": NEAR, "assert_array_almost_equal":
    NEAR, "assert_approx_equal": NEAR, "assert_called": TRUTH, "assert_called_once": RELATION, "assert_any_call":
    RELATION, "assert_has_calls": RELATION, "assert_called_with": NEAR, "assert_called_once_with": EXACT,
    "assert_not_called": EXACT, "fail": EXACT,
}  # fmt: skip
"""Whatever begins with `assert` and is not listed is taken for exact; `check…` and its like for a relation."""


@dataclass(frozen=True, slots=True, order=True)
class Strength:
    """`level` first (see the constants), then how tight: minus the tolerance."""

    level: int
    tightness: float = 0.0


def conjuncts(test: ast.expr) -> Iterator[ast.expr]:
    """The parts of `a and b`; each one is an assertion of its own."""
    pending = [test]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            pending.extend(node.values)
        else:
            yield node


def strength(test: ast.expr, names: Mapping[str, str]) -> Strength:
    """How much `assert test` proves."""
    match test:
        case ast.Constant() | ast.Tuple() | ast.Lambda() | ast.JoinedStr():
            return Strength(VACUOUS)
        case ast.BoolOp(values=values):
            weakest = min(strength(value, names) for value in values)
            return Strength(min(LOOSE, weakest.level), -float(len(values)))
        case ast.IfExp(body=body, orelse=orelse):
            return Strength(min(LOOSE, strength(body, names).level, strength(orelse, names).level))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = strength(operand, names).level
            return Strength(VACUOUS if inner == VACUOUS else TRUTH)
        case ast.NamedExpr(value=value):
            return strength(value, names)
        case ast.Compare():
            return _comparison(test, names)
        case ast.Call():
            name = python.dotted(test.func, names).rpartition(".")[2]
            if name == "isclose":
                return Strength(NEAR, -_tolerance(test))
            return Strength(RELATION if name in {"isinstance", "issubclass", "all", "hasattr"} else TRUTH)
        case _:
            return Strength(TRUTH)


def is_check(call: ast.Call, names: Mapping[str, str]) -> bool:
    """True for a call that can fail a test: `self.assertEqual`, `assert_allclose`, `check_all`, `pytest.fail`."""
    name = python.dotted(call.func, names).rpartition(".")[2] or getattr(call.func, "attr", "")
    return _CHECKING_CALL.fullmatch(name) is not None and not is_raises(call, names)


def is_raises(call: ast.Call, names: Mapping[str, str]) -> bool:
    """True for `pytest.raises(…)` and its like."""
    name = python.dotted(call.func, names)
    return name in _RAISES or name.endswith((".assertRaises", ".assertRaisesRegex", ".assertWarns"))


def call_strength(call: ast.Call, names: Mapping[str, str]) -> Strength:
    """How much a checking call proves."""
    if is_raises(call, names):
        return _raises(call, names)
    name = python.dotted(call.func, names).rpartition(".")[2] or getattr(call.func, "attr", "")
    if name in {"assertTrue", "assertFalse"} and call.args:
        return strength(call.args[0], names)
    if len(call.args) > 1 and _is_tautology(call.args[0], call.args[1], names):
        return Strength(VACUOUS)
    level = _METHODS.get(name, EXACT if name.lstrip("_").startswith("assert") else RELATION)
    return Strength(level, -_tolerance(call))


def _comparison(test: ast.Compare, names: Mapping[str, str]) -> Strength:
    if _is_tautology(test.left, test.comparators[0], names):
        return Strength(VACUOUS)
    if any(isinstance(side, ast.Call) and _is_approx(side, names) for side in (test.left, *test.comparators)):
        sides = [side for side in (test.left, *test.comparators) if isinstance(side, ast.Call)]
        return Strength(NEAR, -max(_tolerance(side) for side in sides))
    if all(isinstance(operator, ast.Eq | ast.Is) for operator in test.ops):
        return Strength(EXACT)
    if isinstance(test.ops[0], ast.IsNot):
        return Strength(TRUTH)
    numbers = [_number(side) for side in test.comparators]
    return Strength(
        RELATION,
        -max((abs(number) for number in numbers if number is not None), default=0.0) if _is_bound(test) else 0.0,
    )


def _is_bound(test: ast.Compare) -> bool:
    """`x < 5` and `abs(a - b) < 0.1`: a higher number proves less."""
    return all(isinstance(operator, ast.Lt | ast.LtE) for operator in test.ops)


def _is_tautology(left: ast.expr, right: ast.expr, names: Mapping[str, str]) -> bool:
    if any(python.dotted(side, names) in _ANYTHING for side in (left, right)):
        return True
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return True
    shape = python.fingerprint(left)
    return bool(shape) and shape == python.fingerprint(right)


def _is_approx(call: ast.Call, names: Mapping[str, str]) -> bool:
    return python.dotted(call.func, names).rpartition(".")[2] in {"approx", "isclose", "round", "int"}


def _raises(call: ast.Call, names: Mapping[str, str]) -> Strength:
    kind = call.args[0] if call.args else None
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind] if kind is not None else []
    if not kinds or any(python.dotted(each, names) in _BROAD for each in kinds):
        return Strength(LOOSE)
    has_match = len(call.args) > 1 or any(keyword.arg in {"match", "check"} for keyword in call.keywords)
    return Strength(NEAR, (1.0 if has_match else 0.0) - len(kinds))


def _tolerance(call: ast.Call) -> float:
    """The widest tolerance that the call names; digits count as powers of ten; 1e-6 where it names none."""
    widths: list[float] = []
    for keyword in call.keywords:
        number = _number(keyword.value)
        if keyword.arg in _TOLERANCES:
            widths.append(abs(number) if number is not None else 1e-6)
        elif keyword.arg in _DIGITS and number is not None:
            widths.append(10.0 ** -max(-300.0, min(300.0, number)))
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"approx", "assertAlmostEqual", "assert_allclose"}:
        position = 1 if name == "approx" else 2
        for argument in call.args[position:]:
            number = _number(argument)
            if number is not None:
                widths.append(10.0 ** -max(-300.0, min(300.0, number)) if name == "assertAlmostEqual" else abs(number))
    elif name == "round":
        number = _number(call.args[1]) if len(call.args) > 1 else 0.0
        widths.append(10.0 ** -max(-300.0, min(300.0, number or 0.0)))
    return max(widths, default=1e-6)


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _number(operand)
            return None if inner is None else -inner
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            try:
                return float(value)
            except OverflowError:
                return float("inf")
        case _:
            return None
