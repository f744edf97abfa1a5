"""Tell a change of layout from a change of meaning, in languages that we don't parse."""

import re

from selfheal.contract.policy.interface import FileChange
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.equivalence import is_same_program

_SOURCES = (
    *(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".go", ".rs", ".java", ".kt"),
    *(".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".css", ".scss", ".less", ".vue", ".svelte"),
)
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte")
_TOKEN = re.compile(
    rb"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|[\w$]+|[^\s\w$]", re.DOTALL
)
_CLOSERS = (b")", b"]", b"}")
_LINE_END = re.compile(rb"[ \t]*(?:\r?\n|\}|//|/\*|$)")
_HEADS = frozenset({b"for", b"while", b"if", b"with"})
_MAX_BYTES = 2_000_000


def is_layout_only(change: FileChange) -> bool:
    """True where both sides are the same tokens: blanks, line ends, and what a formatter adds or leaves out.

    That is a comma before a closing bracket, and in JavaScript and TypeScript the semicolon at a line's end,
    the kind of a string's quotes, and the parentheses round a lone parameter of an arrow function.
    """
    if change.before is None or change.after is None:
        return False
    if python.is_python(change.path):
        return is_same_program(change.before, change.after, may_drop_imports=False, may_annotate=False)
    if not change.path.endswith(_SOURCES) or len(change.before) + len(change.after) > _MAX_BYTES:
        return False
    is_script = change.path.endswith(_SCRIPTS)
    return _tokens(change.before, is_script=is_script) == _tokens(change.after, is_script=is_script)


def _tokens(source: bytes, *, is_script: bool) -> list[bytes]:
    found = [(match.group(), match.end()) for match in _TOKEN.finditer(source)]
    kept: list[bytes] = []
    openers: list[bytes] = []
    closes_head = False
    for number, (token, end) in enumerate(found):
        following = found[number + 1][0] if number + 1 < len(found) else b"}"
        if token == b"," and following in _CLOSERS:
            continue
        if is_script and token == b";" and not closes_head and _LINE_END.match(source, end) is not None:
            continue
        if token == b"(":
            openers.append(kept[-1] if kept else b"")
        # Behind `while (x)` a semicolon is a statement of its own.
        closes_head = token == b")" and bool(openers) and openers.pop() in _HEADS
        if token.startswith((b"//", b"/*")):
            token = b" ".join(token.split())
        elif is_script and token[:1] == b"'":
            token = b'"' + token[1:-1].replace(b"\\'", b"'").replace(b'"', b'\\"') + b'"'
        kept.append(token)
    return _without_lone_parentheses(kept) if is_script else kept


def _without_lone_parentheses(tokens: list[bytes]) -> list[bytes]:
    """`(x) =>` as `x =>`; `=` and `>` are two tokens here."""
    kept: list[bytes] = []
    number = 0
    while number < len(tokens):
        window = tokens[number : number + 5]
        is_lone = len(window) == 5 and window[0] == b"(" and window[2:] == [b")", b"=", b">"]
        if is_lone and re.fullmatch(rb"[A-Za-z_$][\w$]*", window[1]) is not None:
            kept.append(window[1])
            number += 3
            continue
        kept.append(tokens[number])
        number += 1
    return kept
