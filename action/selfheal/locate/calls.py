"""Evidence of the call graph: what the failing test uses, and what that uses."""

import ast
import re

from selfheal.contract.diagnosis import Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.failing_test import failing_line, feeding_lines, statement_lines
from selfheal.locate.fixtures import fixtures_of
from selfheal.locate.scores import Scores
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex
from selfheal.locate.uses import Use, uses_of

_DEPTH = 4
_DECAY = 0.75
_MENTIONED = 0.5
_SETUP_METHODS = ("setUp", "setUpClass", "asyncSetUp", "setup_method", "setup_class")
_LOGIC = (ast.BinOp, ast.Compare, ast.BoolOp, ast.If, ast.IfExp, ast.AugAssign, ast.Subscript, ast.UnaryOp)
_SHAPE = (ast.For, ast.While, ast.comprehension, ast.JoinedStr, ast.Slice, ast.Dict)
_WORD = re.compile(r"[A-Za-z_]\w{2,60}")


def blame_calls(index: SymbolIndex, failure: Failure, test: Symbol, scores: Scores, *, weight: float) -> None:
    """Walk from the failed statement of the test through what it uses, decaying a call."""
    first: dict[Symbol, tuple[float, str]] = {}
    for use, strength, reason in _roots(index, failure, test):
        if first.get(use.symbol, (0.0, ""))[0] < strength:
            first[use.symbol] = (strength, reason)
    reached: dict[Symbol, float] = {}
    reasons: dict[Symbol, str] = {}
    level = first
    for _ in range(_DEPTH):
        following: dict[Symbol, tuple[float, str]] = {}
        for symbol, (strength, reason) in level.items():
            if strength <= reached.get(symbol, 0.0) or strength < 0.05:
                continue
            reached[symbol] = strength
            reasons[symbol] = reason
            for use in uses_of(index, symbol) if symbol.kind is not Kind.STATEMENT else ():
                passed = strength * _DECAY * use.certainty * (1.0 if use.is_called else _MENTIONED)
                if following.get(use.symbol, (0.0, ""))[0] < passed:
                    verb = "called" if use.is_called else "used"
                    following[use.symbol] = (
                        passed,
                        f"{verb} by {symbol.name}, which the test {test.short_name} reaches",
                    )
        level = following
    for symbol, strength in reached.items():
        if not is_test_path(symbol.file):
            scores.add(symbol, weight * strength * density(index, symbol) * 0.9, reasons[symbol])
    _blame_values(index, failure, tuple(reached), scores, weight)


def _roots(index: SymbolIndex, failure: Failure, test: Symbol) -> list[tuple[Use, float, str]]:
    line = failing_line(failure, test)
    lines = statement_lines(index, test, line) if line is not None else None
    feeding = feeding_lines(index, test, lines) if lines is not None else frozenset()
    found: list[tuple[Use, float, str]] = []
    for use in uses_of(index, test):
        factor = use.certainty * (1.0 if use.is_called else _MENTIONED + 0.3)
        if lines is None:
            found.append((use, 0.8 * factor, f"used by the failing test {test.short_name}"))
        elif lines[0] <= use.line <= lines[1]:
            found.append((use, 1.0 * factor, f"used by the statement that failed, {test.file}:{use.line}"))
        elif use.line in feeding:
            found.append((use, 0.95 * factor, f"made the value that was checked, {test.file}:{use.line}"))
        elif use.line < lines[0]:
            found.append((use, 0.6 * factor, f"used by the failing test {test.short_name} before it failed"))
    for fixture in fixtures_of(index, test):
        found += [(use, 0.55, f"used by the fixture {fixture.short_name}") for use in uses_of(index, fixture)]
    owner = index.owner(test)
    for name in _SETUP_METHODS if owner is not None else ():
        setup = index.resolver.member(owner, name) if owner is not None else None
        if isinstance(setup, Symbol):
            found += [(use, 0.55, f"used by {name} of the failing test") for use in uses_of(index, setup)]
    return found


def density(index: SymbolIndex, symbol: Symbol) -> float:
    """How much there is to get wrong: a function that only passes on is rarely the cause."""
    node = index.node(symbol)
    if node is None:
        return 0.8
    if isinstance(node, ast.ClassDef):
        return 0.9 if any(isinstance(one, (ast.Assign, ast.AnnAssign)) for one in node.body) else 0.2
    if symbol.kind is Kind.STATEMENT:
        return 0.9
    points = sum(_points(inner) for inner in ast.walk(node))
    calls = index.callees(symbol)
    if points <= 1:
        return 0.5 if symbol.short_name == "__init__" or any(one.kind is Kind.FUNCTION for one in calls) else 0.75
    return 1.0 if points >= 3 else 0.9


def _points(node: ast.AST) -> int:
    if isinstance(node, _LOGIC):
        return 2
    if isinstance(node, ast.Constant):
        return node.value not in (None, True, False)
    return isinstance(node, _SHAPE)


def _blame_values(
    index: SymbolIndex, failure: Failure, reached: tuple[Symbol, ...], scores: Scores, weight: float
) -> None:
    """Reached functions that hold the words of the values that were compared."""
    words = set(_WORD.findall(" ".join(_literals(failure.message))))
    if not words:
        return
    for symbol in reached:
        node = index.node(symbol)
        if node is None or is_test_path(symbol.file):
            continue
        held = {
            word
            for inner in ast.walk(node)
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and len(inner.value) < 500
            for word in _WORD.findall(inner.value)
        }
        shared = sorted(words & held)
        if shared:
            scores.add(symbol, weight * 0.15, f"holds {shared[0]!r}, which the failure's message shows")


def _literals(message: str) -> list[str]:
    """The quoted parts of a message."""
    return [first or second for first, second in re.findall(r"'([^'\n]{1,200})'|\"([^\"\n]{1,200})\"", message[:4_000])]
