"""Evidence of the commit under test: what it changed is what most likely broke."""

from selfheal.contract.suspects import ChangedLines
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.scores import Scores
from selfheal.locate.source import Symbol
from selfheal.locate.symbols import SymbolIndex

_TIED = 1.0
_MAX_LINES = 400


def blame_changes(index: SymbolIndex, changed: tuple[ChangedLines, ...], scores: Scores) -> None:
    """Raise changed symbols strongly where other evidence points at them too, a little where none does."""
    touched: dict[Symbol, int] = {}
    for change in changed:
        if is_test_path(change.file) or index.file(change.file) is None:
            continue
        last = max(change.first_line, min(change.last_line, change.first_line + _MAX_LINES))
        for line in range(change.first_line, last + 1):
            symbol = index.enclosing(change.file, line)
            if symbol is not None and index.source(symbol).strip():
                touched.setdefault(symbol, line)
    for symbol, line in touched.items():
        is_tied = scores.score(symbol) >= 0.1
        text = f"the commit under test changed it (line {line})"
        scores.add(symbol, _TIED if is_tied else _alone(len(touched)), text)


def _alone(count: int) -> float:
    """The fewer places a commit touched, the more each of them says without other evidence."""
    return 0.9 if count <= 3 else 0.6 if count <= 10 else 0.3
