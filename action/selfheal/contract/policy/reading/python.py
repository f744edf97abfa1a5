"""Python source as a tree and as comments; unreadable source is a value, never an exception."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_COMMENT_OR_STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(#[^\n]*)""")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with its marker. Lines count from 1."""

    line: int
    text: str


def is_python(path: str) -> bool:
    """True for source and stubs."""
    return path.endswith((".py", ".pyi", ".pyw"))


@lru_cache(maxsize=64)
def parse(source: bytes) -> ast.Module | None:
    """The tree, or None where Python could not read it. It is shared: don't change it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except _UNREADABLE:
        return None


@lru_cache(maxsize=64)
def comments(source: bytes) -> tuple[Comment, ...]:
    """All comments; words inside strings are none. Broken source is read line by line."""
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
    except (tokenize.TokenError, *_UNREADABLE):
        return _comments_by_line(source.decode("utf-8", "replace"))
    return tuple(Comment(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)


def _comments_by_line(text: str) -> tuple[Comment, ...]:
    return tuple(
        Comment(number, match[1])
        for number, line in enumerate(text.splitlines(), 1)
        for match in _COMMENT_OR_STRING.finditer(line)
        if match[1]
    )


def aliases(tree: ast.Module) -> dict[str, str]:
    """Local names of imports with the dotted names that they stand for, wherever they are imported."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for name in node.names:
                    names[name.asname or name.name.partition(".")[0]] = (
                        name.name if name.asname else name.name.partition(".")[0]
                    )
            case ast.ImportFrom() if node.module and not node.level:
                for name in node.names:
                    names[name.asname or name.name] = f"{node.module}.{name.name}"
    return names


def dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    """The dotted name that an expression stands for, with imports resolved, or the empty string.

    Sees through `__import__("os")._exit`, `import_module("os")` and `getattr(os, "_exit")`.
    """
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute():
                parts.append(node.attr)
                node = node.value
            case ast.Name():
                parts.append(names.get(node.id, node.id))
                return ".".join(reversed(parts))
            case ast.Call(func=ast.Name(id="getattr"), args=[target, ast.Constant(value=str(attribute)), *_]):
                parts.append(attribute)
                node = target
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                parts.append(module)
                return ".".join(reversed(parts))
            case _:
                return ""


def fingerprint(node: ast.AST) -> str:
    """A text that is equal for equal code, whatever its layout; the empty string where it is too deep to print."""
    try:
        return ast.dump(node)
    except RecursionError:
        return ""
