"""All families of Python repairs, each with the parser's messages that it is for. A new one is a line here."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from selfheal.fix.syntax import (
    blocks,
    brackets,
    characters,
    docstrings,
    fstrings,
    indentation,
    lines,
    operators,
    punctuation,
    python2,
    quotes,
    words,
)
from selfheal.fix.syntax.damage import Damage, Repair


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of repair. It is asked where its pattern is found in the parser's message."""

    name: str
    says: re.Pattern[str]
    repairs: Callable[[Damage], Iterable[Repair]]


def _family(name: str, says: str, repairs: Callable[[Damage], Iterable[Repair]]) -> Family:
    return Family(name, re.compile(says), repairs)


_PLAIN = r"invalid syntax|expected|cannot assign|forgot|Maybe you meant|Did you mean|must be|not allowed|can't|cannot"

FAMILIES: tuple[Family, ...] = (
    _family("python2 statement", r"Missing parentheses|invalid syntax|forgot a comma|expected", python2.statements),
    _family("python2 handler", r"multiple exception types|invalid syntax|expected", python2.handlers),
    _family("python2 number", r"leading zeros|invalid decimal|invalid syntax|invalid digit", python2.numbers),
    _family("invalid character", r"character|non-printable|unterminated|invalid syntax|null", characters.invalid),
    _family("escape", r"unicode error|escape", characters.escapes),
    _family("continuation", r"line continuation", characters.continuation),
    _family(
        "mixed indentation", r"inconsistent use of tabs|unindent does not match|unexpected indent", indentation.tabs
    ),
    _family("wrong unindent", r"unindent does not match", indentation.unindent),
    _family("unexpected indent", r"unexpected indent|unindent does not match", indentation.unexpected),
    _family("lost body", r"expected an indented block", indentation.body),
    _family("outside its block", r"outside|not properly in loop|expected 'except'|invalid syntax", indentation.outside),
    _family("colon", _PLAIN, punctuation.colon),
    _family("assignment", _PLAIN + r"|illegal target|expression cannot", operators.assignment),
    _family("foreign operator", _PLAIN + r"|illegal target|invalid|unexpected indent", operators.foreign),
    _family("misspelt keyword", _PLAIN + r"|unexpected indent|outside|illegal target", words.misspelt),
    _family("glued keyword", _PLAIN + r"|unexpected indent|illegal target", words.glued),
    _family("lost keyword", _PLAIN + r"|unexpected indent|illegal target|never closed", words.left_out),
    _family("unclosed bracket", _PLAIN + r"|never closed|illegal target|unexpected EOF|positional", brackets.unclosed),
    _family("unmatched bracket", r"unmatched|unexpected indent|invalid syntax|unindent", brackets.unmatched),
    _family("mismatched bracket", r"does not match opening|unmatched", brackets.mismatched),
    _family("lopsided line", _PLAIN + r"|never closed|unmatched|does not match|indent|illegal", brackets.lopsided),
    _family("lost opener", r"unexpected indent|unmatched|invalid syntax", brackets.opener_lost),
    _family("def without brackets", r"expected '\('", brackets.expected_opener),
    _family("unterminated string", r"unterminated string|EOL while|f-string", quotes.unterminated),
    _family(
        "triple quote", r"triple|invalid|unexpected indent|unterminated|expected|forgot|leading", docstrings.triple
    ),
    _family("half a triple quote", r"triple|unterminated|invalid|forgot|indent|expected", docstrings.half_triple),
    _family("f-string braces", r"f-string", fstrings.braces),
    _family(
        "f-string quotes", r"f-string|invalid syntax|unterminated|never closed|forgot|unmatched", fstrings.inner_quotes
    ),
    _family("side by side", _PLAIN + r"|illegal target|invalid", punctuation.side_by_side),
    _family("two statements in a line", _PLAIN + r"|illegal target", lines.joined),
    _family("superfluous token", _PLAIN + r"|invalid|unmatched|unexpected indent|illegal", punctuation.superfluous),
    _family("lost handler", r"expected 'except'", blocks.handlerless),
    _family("await outside", r"'await' outside|asynchronous", blocks.coroutine),
)
