"""Evidence of checkers: the span around the line, then the symbol that the message is about."""

import re

from selfheal.contract.diagnosis import Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.scores import Scores
from selfheal.locate.symbols import SymbolIndex

CHECKERS = frozenset({"mypy", "pyright", "ruff", "flake8", "pylint", "black", "isort"})
_QUOTED = re.compile(r"[\"“]([A-Za-z_][\w.]{1,200})[\"”]")
_BUILTIN = frozenset({"int", "str", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object", "None", "Any"})


def blame_checker(index: SymbolIndex, failure: Failure, scores: Scores, *, weight: float) -> None:
    """The enclosing function, class or statement first; for types the named definitions second."""
    if failure.file is None:
        return
    place = index.enclosing(failure.file, failure.line or 1)
    label = f"{failure.tool} reports {failure.code}" if failure.code else f"{failure.tool} reports an error"
    scores.add(place, weight, f"{label} at line {failure.line or 1}")
    if failure.tool not in ("mypy", "pyright"):
        return
    for name in dict.fromkeys(_QUOTED.findall(failure.message[:2_000])):
        if name in _BUILTIN or name.rpartition(".")[2] in _BUILTIN:
            continue
        source = index.file(failure.file)
        near = index.resolver.name(failure.file, name.partition(".")[0]) if source is not None else None
        for symbol in index.definitions(name)[:3]:
            if symbol != place and not is_test_path(symbol.file):
                factor = 0.55 if symbol == near or symbol.file == failure.file else 0.45
                scores.add(symbol, weight * factor, f"defines {name}, which the message names")
