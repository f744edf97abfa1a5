"""Fault localisation: a diagnosis and a tree in, ranked suspects out. Pure functions over a tree view."""

from selfheal.locate.context import context_for
from selfheal.locate.locate import locate
from selfheal.locate.symbols import SymbolIndex

__all__ = ["SymbolIndex", "context_for", "locate"]
