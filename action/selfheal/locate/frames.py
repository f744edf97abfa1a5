"""Evidence of the traceback: the deeper a frame, the more suspicious."""

import ast
import re

from selfheal.contract.diagnosis import Failure, Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.scores import Scores
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex

_DECAY = 0.6
_NONE = re.compile(r"'NoneType' object|NoneType")


def blame_frames(index: SymbolIndex, failure: Failure, scores: Scores, *, weight: float) -> int:
    """Add what the frames say; the number of code frames inside the repository."""
    code = [frame for frame in failure.frames if index.file(frame.file) is not None and not is_test_path(frame.file)]
    current = weight
    seen: set[Symbol | None] = set()
    for depth, frame in enumerate(reversed(code)):
        symbol = index.enclosing(frame.file, frame.line)
        # A comprehension has a frame of its own, and recursion has many: one function is blamed once.
        if symbol in seen:
            continue
        seen.add(symbol)
        where = f"line {frame.line}" if depth == 0 else f"line {frame.line}, {depth} calls further out"
        error = f"{failure.code} was raised" if failure.code else "the failure arose"
        text = f"{error} at {where}" if depth == 0 else f"on the way to the error: {where}"
        scores.add(symbol, current, text)
        is_refusal = depth == 0 and symbol is not None and _raises_at(index, symbol, frame.line)
        # A function that refuses its arguments by `raise` is often right: then its caller is nearly as suspicious.
        current = weight * 0.85 if is_refusal else current * _DECAY
    if code:
        _blame_none(index, code[-1], failure, scores, weight)
    elif failure.file is not None and failure.line is not None and not is_test_path(failure.file):
        scores.add(index.enclosing(failure.file, failure.line), weight, f"the failure points at line {failure.line}")
        return 1
    return len(code)


def _raises_at(index: SymbolIndex, symbol: Symbol, line: int) -> bool:
    node = index.node(symbol)
    return node is not None and any(
        isinstance(inner, ast.Raise) and inner.lineno <= line <= (inner.end_lineno or inner.lineno)
        for inner in ast.walk(node)
    )


def _blame_none(index: SymbolIndex, frame: Frame, failure: Failure, scores: Scores, weight: float) -> None:
    """An unexpected None was returned by something that the crashing function called."""
    symbol = index.enclosing(frame.file, frame.line)
    if symbol is None or _NONE.search(failure.message) is None:
        return
    for callee in index.callees(symbol):
        if callee.kind is Kind.FUNCTION and _can_return_none(index, callee):
            scores.add(callee, weight * 0.7, f"may return the None that {symbol.name} stumbled over")


def _can_return_none(index: SymbolIndex, symbol: Symbol) -> bool:
    node = index.node(symbol)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    returns = [inner for inner in ast.walk(node) if isinstance(inner, ast.Return)]
    has_value = any(one.value is not None for one in returns)
    has_none = any(
        one.value is None or (isinstance(one.value, ast.Constant) and one.value.value is None) for one in returns
    )
    return has_none or not has_value or not isinstance(node.body[-1], (ast.Return, ast.Raise))
