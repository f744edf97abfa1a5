"""Other languages, line by line: code and comments told apart without a grammar."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

# Each alternative consumes what it looked at (what is unclosed runs to the end), so that the scan stays linear.
_SLASHES = re.compile(
    r"""
      "(?:\\.|[^"\\\n])*"
    | '(?:\\.|[^'\\\n])*'
    | `(?:\\[\s\S]|[^`\\])*(?:`|\Z)
    | //[^\n]*
    | /\*(?:[^*]|\*(?!/))*(?:\*/|\Z)
    | <!--(?:[^-]|-(?!->))*(?:-->|\Z)
    """,
    re.VERBOSE,
)
_HASHES = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<!\S)\#[^\n]*""")

_SLASH_SUFFIXES = frozenset({
    ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro", ".go", ".rs", ".java",
    ".kt", ".kts", ".scala", ".groovy", ".cs", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".swift", ".dart",
    ".php", ".css", ".scss", ".less", ".m", ".mm", ".proto", ".zig",
})  # fmt: skip
_HASH_SUFFIXES = frozenset({
    ".sh", ".bash", ".zsh", ".ksh", ".fish", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".conf", ".rb", ".rake",
    ".gemspec", ".pl", ".pm", ".r", ".jl", ".ex", ".exs", ".mk", ".cmake", ".tf", ".nix", ".ps1", ".dockerfile",
})  # fmt: skip
_HASH_NAMES = frozenset({
    "Makefile", "GNUmakefile", "makefile", "justfile", "Justfile", "Dockerfile", "Containerfile", "Gemfile",
    "Rakefile",
})  # fmt: skip


class Family(Enum):
    """How a language writes comments."""

    SLASHES = "slashes"
    HASHES = "hashes"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one kind. Lines count from 1."""

    line: int
    text: str


def family(path: str, text: str = "") -> Family | None:
    """The comment style of a file by its name, or its `#!` line; None for prose and data."""
    pure = PurePosixPath(path)
    suffix = pure.suffix.lower()
    if suffix in _SLASH_SUFFIXES:
        return Family.SLASHES
    if suffix in _HASH_SUFFIXES or pure.name in _HASH_NAMES or text.startswith("#!"):
        return Family.HASHES
    return None


def decode(content: bytes) -> str:
    """Text of any bytes; what is no UTF-8 is replaced."""
    return content.decode("utf-8", "replace")


def comment_pieces(text: str, style: Family) -> Iterator[Piece]:
    """The comments, and what follows a quote that is never closed: it could hide one."""
    line, position = 1, 0
    for match in _pattern(style).finditer(text):
        if _is_comment(match[0]) or _is_unclosed(match[0]):
            line += text.count("\n", position, match.start())
            position = match.start()
            yield Piece(line, match[0])


def code_only(text: str, style: Family) -> str:
    """The text with comments blanked and strings emptied; line numbers stay."""

    def blank(match: re.Match[str]) -> str:
        if _is_unclosed(match[0]):
            return match[0]
        return ("" if _is_comment(match[0]) else '""') + "\n" * match[0].count("\n")

    return _pattern(style).sub(blank, text)


def without_comments(text: str, style: Family) -> str:
    """The text with comments blanked and strings kept; line numbers stay."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n") if _is_comment(match[0]) else match[0]

    return _pattern(style).sub(blank, text)


def matches(text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[str, int]]:
    """Every match as (name, line)."""
    for name, pattern in patterns:
        line, position = 1, 0
        for match in pattern.finditer(text):
            line += text.count("\n", position, match.start())
            position = match.start()
            yield name, line


def _pattern(style: Family) -> re.Pattern[str]:
    return _SLASHES if style is Family.SLASHES else _HASHES


def _is_comment(piece: str) -> bool:
    return piece.startswith(("//", "/*", "<!--", "#"))


def _is_unclosed(piece: str) -> bool:
    return piece.startswith("`") and (len(piece) == 1 or not piece.endswith("`"))
