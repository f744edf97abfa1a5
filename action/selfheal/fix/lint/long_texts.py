"""A long text is cut into several at its blanks; Python puts them together again."""

import ast
import io
import re
import tokenize

from selfheal.fix.lint.source import Source

_TEXT = re.compile(r"""(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>"(?!"")|'(?!''))""")
_MIN_PIECE = 12
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def is_inside(source: Source, number: int) -> bool:
    """Tell whether a line starts inside brackets."""
    depth = 0
    try:
        for token in tokenize.tokenize(io.BytesIO(source.raw).readline):
            if token.start[0] >= number:
                return depth > 0
            if token.type == tokenize.OP:
                depth += (token.string in _OPENING) - (token.string in _CLOSING)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return False
    return False


def by_text(source: Source, number: int, limit: int) -> list[str] | None:
    """The longest text of the line in two or more, which Python puts together again."""
    text = source.line(number)
    texts: list[ast.Constant | ast.JoinedStr] = [
        *source.nodes(ast.Constant, line=number),
        *source.nodes(ast.JoinedStr, line=number),
    ]
    texts = [n for n in texts if isinstance(getattr(n, "value", ""), str) and n.end_lineno == number]
    texts = [n for n in texts if not isinstance(source.parent(n), ast.JoinedStr | ast.FormattedValue)]
    if not texts:
        return None
    node = max(texts, key=lambda n: source.span(n)[1] - source.span(n)[0])
    start, end = source.span(node)
    words = source.text(node)
    match = _TEXT.match(words)
    if match is None or words.count(match["quote"]) != 2:
        return None
    line_start = source.line_start(number)
    head, tail = source.between(line_start, start), source.between(end, line_start + len(text.encode()))
    indent = source.indent(number)
    holder = source.parent(node)
    alone = isinstance(holder, ast.Call | ast.List | ast.Tuple | ast.Set) and is_inside(source, number)
    if alone and not head.strip():
        pieces = _pieces(words, match, limit - len(indent) - len(tail), limit - len(indent))
        lines = [f"{indent}{piece}" for piece in pieces] if pieces else None
        return [*lines[:-1], lines[-1] + tail] if lines else None
    deep = f"{indent}    "
    pieces = _pieces(words, match, limit - len(deep), limit - len(deep))
    if not pieces:
        return None
    if head.endswith("(") and isinstance(holder, ast.Call) and len(holder.args) == 1 and not holder.keywords:
        return [head, *(f"{deep}{piece}" for piece in pieces), f"{indent}{tail}"]
    return [f"{head}(", *(f"{deep}{piece}" for piece in pieces), f"{indent}){tail}"]


def _pieces(words: str, match: re.Match[str], last: int, width: int) -> list[str] | None:
    """Cut a text behind blanks, never inside a placeholder or an escape."""
    prefix, quote = match["prefix"], match["quote"]
    body = words[match.end() : -1]
    room = min(last, width) - len(prefix) - 2
    if room < _MIN_PIECE:
        return None
    pieces: list[str] = []
    while len(body) > room:
        cut = _cut_at(body, room, is_formatted="f" in prefix.lower())
        if cut <= 0:
            return None
        pieces.append(body[:cut])
        body = body[cut:]
    pieces.append(body)
    plain = prefix.replace("f", "").replace("F", "")
    made = []
    for piece in pieces:
        has_sign = "{" in piece or "}" in piece
        made.append(f"{prefix if has_sign or len(pieces) == 1 else plain}{quote}{piece}{quote}")
    return made if len(made) > 1 else None


def _cut_at(body: str, room: int, *, is_formatted: bool) -> int:
    depth, best = 0, 0
    for index, sign in enumerate(body[:room]):
        if is_formatted and sign in "{}":
            depth += 1 if sign == "{" else -1
        if sign == " " and depth == 0:
            best = index + 1
    return best
