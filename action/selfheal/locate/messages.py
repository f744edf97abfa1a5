"""Evidence of the error's own words: what it names, and where that is defined."""

import difflib
import re

from selfheal.contract.diagnosis import Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.scores import Scores
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex

_ATTRIBUTE = re.compile(
    r"(?:'([\w.]{1,200})' object|type object '([\w.]{1,200})'|module '([\w.]{1,200})') has no attribute '(\w{1,200})'"
)
_ARGUMENT = re.compile(
    r"([\w.<>]{1,300})\(\) (?:missing \d+ required|takes|got an unexpected|got multiple|got some positional)"
)
_IMPORT = re.compile(r"cannot import name '(\w{1,200})' from (?:partially initialized module )?'([\w.]{1,300})'")
_NO_MODULE = re.compile(r"No module named '([\w.]{1,300})'")
_NAME = re.compile(r"name '(\w{1,200})' is not defined")
_ABSTRACT = re.compile(r"Can't instantiate abstract class (\w{1,200})")
_MAX = 3


def blame_names(index: SymbolIndex, failure: Failure, scores: Scores, *, weight: float) -> None:
    """Raise the definitions of what the message names."""
    text = failure.message[:4_000]
    if (match := _ATTRIBUTE.search(text)) is not None:
        owner = next(group for group in match.groups()[:3] if group) if any(match.groups()[:3]) else ""
        _attribute(index, owner, match.group(4), is_module=match.group(3) is not None, scores=scores, weight=weight)
    if (match := _ARGUMENT.search(text)) is not None:
        name = match.group(1).replace("<locals>.", "")
        for symbol in _defined(index, name):
            scores.add(symbol, weight * 0.8, f"defines {name}, whose arguments did not fit")
    if (match := _ABSTRACT.search(text)) is not None:
        for symbol in _defined(index, match.group(1)):
            scores.add(symbol, weight * 0.9, f"defines the abstract class {match.group(1)}")
    if (match := _IMPORT.search(text)) is not None:
        _import(index, match.group(1), match.group(2), scores=scores, weight=weight)
    if (match := _NO_MODULE.search(text)) is not None and (package := match.group(1).rpartition(".")[0]):
        path = index.modules.find(package, importer=failure.file or "")
        if path is not None:
            scores.add(index.enclosing(path, 1), weight * 0.6, f"{package} has no module {match.group(1)}")
    if (match := _NAME.search(text)) is not None and failure.file is not None:
        for symbol in _defined(index, match.group(1)):
            scores.add(symbol, weight * 0.4, f"defines a {match.group(1)} that {failure.file} does not import")


def _defined(index: SymbolIndex, name: str) -> list[Symbol]:
    return [symbol for symbol in index.definitions(name) if not is_test_path(symbol.file)][:_MAX]


def _attribute(index: SymbolIndex, owner: str, attr: str, *, is_module: bool, scores: Scores, weight: float) -> None:
    if is_module:
        _import(index, attr, owner, scores=scores, weight=weight)
        return
    for symbol in _defined(index, owner.rpartition(".")[2]):
        if symbol.kind is Kind.CLASS:
            scores.add(symbol, weight * 0.65, f"class {symbol.name} has no attribute {attr}")
            source = index.file(symbol.file)
            methods = [one for one in (source.symbols if source is not None else ()) if index.owner(one) == symbol]
            for near in difflib.get_close_matches(attr, [one.short_name for one in methods], n=1, cutoff=0.75):
                similar = next(one for one in methods if one.short_name == near)
                scores.add(similar, weight * 0.7, f"is called {near}, where {attr} is asked for")


def _import(index: SymbolIndex, name: str, module: str, *, scores: Scores, weight: float) -> None:
    """A name that its module does not have: a similar one there, or the module's own imports."""
    path = index.modules.find(module, importer="")
    source = index.file(path) if path is not None else None
    if path is None or source is None:
        return
    top = [symbol for symbol in source.symbols if "." not in symbol.name]
    names = [*(symbol.short_name for symbol in top), *source.bound]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    for found in near:
        symbol = source.symbol(found) or source.bound.get(found)
        scores.add(symbol, weight, f"{module} has {found}, but {name} is asked for")
    for symbol in _defined(index, name):
        if symbol.file != path:
            scores.add(symbol, weight * 0.6, f"defines {name}, which {module} does not offer")
    if not near:
        scores.add(index.enclosing(path, 1), weight * 0.7, f"{module} has no {name}")
