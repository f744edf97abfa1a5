"""Tokens of Python text that may be broken, by parso's tolerant tokenizer."""

from dataclasses import dataclass
from functools import lru_cache

OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}
BUILTINS = frozenset({
    "abs", "all", "any", "bool", "bytes", "dict", "enumerate", "filter", "float", "frozenset", "getattr",
    "hasattr", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min", "next", "object",
    "open", "print", "range", "repr", "reversed", "round", "self", "set", "sorted", "str", "sum", "super",
    "tuple", "type", "zip",
})  # fmt: skip
"""Names that every Python file may use."""
_GRAMMAR = "3.13"
_KINDS = {"NAME": "name", "NUMBER": "number", "STRING": "string", "OP": "op", "ERRORTOKEN": "error"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is name, number, string, op or error. `start` and `end` are offsets, `line` counts from 1."""

    kind: str
    text: str
    start: int
    end: int
    line: int

    @property
    def ends_operand(self) -> bool:
        """True where an expression may end with it."""
        return (
            self.kind in ("number", "string")
            or (self.kind == "name" and not is_operator(self.text))
            or (self.text in CLOSERS)
        )

    @property
    def begins_operand(self) -> bool:
        """True where an expression may begin with it."""
        return (
            self.kind in ("number", "string")
            or (self.kind == "name" and not is_operator(self.text))
            or (self.text in OPENERS)
        )


_OPERATORS = frozenset({
    "and", "or", "not", "in", "is", "if", "else", "for", "return", "import", "from", "as", "lambda", "while",
    "elif", "with", "assert", "del", "raise", "except", "yield", "await", "def", "class", "try", "finally",
    "global", "nonlocal", "async",
})  # fmt: skip


def is_operator(word: str) -> bool:
    """Tell whether a word stands between expressions or before one and is none itself."""
    return word in _OPERATORS


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[Token, ...]:
    """List the tokens; comments and blanks are left out, an f-string is one token."""
    from parso.python.tokenize import tokenize
    from parso.utils import parse_version_string

    starts = [0]
    for row in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))
    found: list[Token] = []
    depth, opened = 0, (0, 0)
    try:
        for token in tokenize(text, version_info=parse_version_string(_GRAMMAR)):
            name = token.type.name
            line = int(token.start_pos[0])
            start = starts[min(line, len(starts)) - 1] + int(token.start_pos[1])
            if name == "FSTRING_START":
                depth += 1
                opened = (start, line) if depth == 1 else opened
            elif name == "FSTRING_END" and depth:
                depth -= 1
                if not depth:
                    end = start + len(token.string)
                    found.append(Token("string", text[opened[0] : end], opened[0], end, opened[1]))
            elif not depth and name in _KINDS and token.string:
                found.append(Token(_KINDS[name], token.string, start, start + len(token.string), line))
    except (RecursionError, IndexError, ValueError):
        return tuple(found)
    return tuple(found)
