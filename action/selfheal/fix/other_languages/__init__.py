"""Repairs that work in any language with a grammar: a search over operators, and the model's rewrite of a function."""

from selfheal.fix.other_languages.operator_swap import OtherOperatorSwap
from selfheal.fix.other_languages.rewrite import RewriteOtherFunction

__all__ = ["OtherOperatorSwap", "RewriteOtherFunction"]
