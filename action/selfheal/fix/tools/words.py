"""Split shell text into its simple commands, each word as it was written and as the shell would read it. Pure."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATOR = re.compile(r"&&|\|\||;;|\|&|&>>?|\d?(?:>>|>&|>\||>|<<<|<<-?|<&|<)|[;&|()\n]")
_BLANK = " \t\r"
_ENDS_WORD = frozenset(" \t\r\n;&|()<>")
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "for", "time", "!", "{", "}", "[", "[["}
)
_DEEPEST = 5
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Word:
    """`raw` is as written, quotes and expansions in it; `value` is without its quotes."""

    raw: str
    value: str


@dataclass(frozen=True, slots=True)
class Simple:
    """One simple command without its redirections; `folder` is where it runs, "" for where the text begins."""

    words: tuple[Word, ...]
    folder: str


def simple_commands(text: str, folder: str = "") -> tuple[Simple, ...]:
    """List the simple commands of a shell text, those in its substitutions too; empty where it can't be read."""
    if len(text) > _LONGEST:
        return ()
    try:
        return tuple(_read(text, folder, 0))
    except (ValueError, RecursionError):
        return ()


def join_folder(folder: str, below: str) -> str | None:
    """Join two relative folders; None where the result would lie outside."""
    joined = posixpath.normpath(posixpath.join(folder, below)) if below else folder
    joined = "" if joined == "." else joined
    return None if joined.startswith(("/", "..")) else joined


def _read(text: str, folder: str | None, depth: int) -> Iterator[Simple]:
    outer: list[str | None] = []
    words: list[Word] = []
    skips = False
    for token in (*_tokens(text), ";"):
        if isinstance(token, Word):
            if depth < _DEEPEST:
                for inner in _substitutions(token.raw):
                    yield from _read(inner, folder, depth + 1)
            if not skips:
                words.append(token)
            skips = False
        elif ">" in token or "<" in token:
            skips = True
        else:
            while words and words[0].value in _KEYWORDS:
                words.pop(0)
            if words and words[0].value in ("cd", "pushd", "popd"):
                folder = _moved(folder, words)
            elif words and folder is not None:
                yield Simple(tuple(words), folder)
            words = []
            match token:
                case "(":
                    outer.append(folder)
                case ")" if outer:
                    folder = outer.pop()


def _moved(folder: str | None, words: list[Word]) -> str | None:
    if folder is None or len(words) != 2 or set("$`*~-") & set(words[1].value[:1]) or "$" in words[1].value:
        return None
    return join_folder(folder, words[1].value)


def _tokens(text: str) -> Iterator[Word | str]:
    at = 0
    while at < len(text):
        if text.startswith("\\\n", at):
            at += 2
        elif text[at] in _BLANK:
            at += 1
        elif text[at] == "#":
            at = (text.find("\n", at) + 1 or len(text) + 1) - 1
        elif (operator := _OPERATOR.match(text, at)) is not None:
            yield operator.group()
            at = operator.end()
        else:
            stop = _word_end(text, at)
            yield Word(text[at:stop], _value(text[at:stop]))
            at = stop


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in _ENDS_WORD:
        at = _piece_end(text, at)
    return at


def _piece_end(text: str, at: int) -> int:
    """Step over one character, one quoted piece or one substitution. Raises ValueError where it is not closed."""
    match text[at]:
        case "\\":
            return min(at + 2, len(text))
        case "'" | "`" as mark:
            return text.index(mark, at + 1) + 1
        case '"':
            at += 1
            while text[at : at + 1] != '"':
                if at >= len(text):
                    raise ValueError("a quote is not closed")
                at = at + 1 if text[at] == "'" else _piece_end(text, at)
            return at + 1
        case "$" if text.startswith("$(", at):
            at += 2
            while text[at : at + 1] != ")":
                if at >= len(text):
                    raise ValueError("a substitution is not closed")
                at = text.index(")", at) if text[at] == "#" else _parenthesis_end(text, at)
            return at + 1
        case _:
            return at + 1


def _parenthesis_end(text: str, at: int) -> int:
    if text[at] != "(":
        return _piece_end(text, at)
    depth = 0
    while at < len(text):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if not depth:
            return at
    raise ValueError("a parenthesis is not closed")


def _substitutions(raw: str) -> Iterator[str]:
    at = 0
    while at < len(raw):
        if raw[at] == '"':
            at += 1
            continue
        stop = _piece_end(raw, at)
        piece = raw[at:stop]
        if piece.startswith("$(") and not piece.startswith("$(("):
            yield piece[2:-1]
        elif piece.startswith("`"):
            yield piece[1:-1]
        at = stop


def _value(raw: str) -> str:
    try:
        parts = shlex.split(raw)
    except ValueError:
        return raw
    return parts[0] if len(parts) == 1 else raw if parts else ""
