"""Lay a long line of code out: at its last bracket, an element a line, at its operators."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from itertools import pairwise

from selfheal.fix.lint.long_texts import by_text, is_inside
from selfheal.fix.lint.source import Source, Splice

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_MIN_INSIDE = 6


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of brackets on one line, as columns of its opening and closing sign."""

    opening: int
    closing: int
    commas: tuple[int, ...]


def laid_out(source: Source, number: int, limit: int) -> tuple[Splice, ...] | None:
    """The edit that makes a line of code fit; None where there is no safe one."""
    text = source.line(number)
    start = source.line_start(number)
    for lines in (
        _by_names(text),
        _by_brackets(text, limit),
        _by_operators(source, number, limit),
        by_text(source, number, limit),
    ):
        if lines is not None and all(len(line) <= limit for line in lines):
            new = source.newline.join(lines).encode()
            if _same_program(source.raw, start, len(text.encode()), new):
                return (Splice(start, start + len(text.encode()), new),)
    return None


def _same_program(raw: bytes, start: int, length: int, new: bytes) -> bool:
    before, after = ast.parse(raw), None
    try:
        after = ast.parse(raw[:start] + new + raw[start + length :])
    except (SyntaxError, ValueError):
        return False
    return ast.dump(before) == ast.dump(after)


def _groups(text: str) -> list[Group] | None:
    """The bracket pairs that open and close on a line, the outermost first; None where it can't be read."""
    stack: list[tuple[str, int, list[int]]] = []
    found: list[Group] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.strip() + "\n").readline):
            _take(token, stack, found, shift=len(text) - len(text.lstrip()))
    except (tokenize.TokenError, IndentationError, SyntaxError, ValueError):
        if not found:
            return None
    return sorted(found, key=lambda g: (g.opening, -g.closing))


def _take(
    token: tokenize.TokenInfo, stack: list[tuple[str, int, list[int]]], found: list[Group], *, shift: int
) -> None:
    if token.type != tokenize.OP:
        return
    column = token.start[1] + shift
    if token.string in _PAIRS:
        stack.append((token.string, column, []))
    elif token.string == "," and stack:
        stack[-1][2].append(column)
    elif token.string in _PAIRS.values() and stack and _PAIRS[stack[-1][0]] == token.string:
        _, opening, commas = stack.pop()
        found.append(Group(opening, column, tuple(commas)))


def _by_brackets(text: str, limit: int) -> list[str] | None:
    """The content of the last outermost brackets on lines of their own, or an element a line."""
    groups = _groups(text)
    if not groups:
        return None
    outer = [g for g in groups if not any(o.opening < g.opening and g.closing < o.closing for o in groups)]
    wide = [g for g in reversed(outer) if g.closing - g.opening > _MIN_INSIDE]
    for group in wide:
        lines = _opened(text, group, limit)
        if lines is not None and all(len(line) <= limit for line in lines):
            return lines
    return None


def _opened(text: str, group: Group, limit: int) -> list[str] | None:
    indent = text[: len(text) - len(text.lstrip())]
    step = "\t" if indent.startswith("\t") else "    "
    deep = indent + step
    head, inside, tail = text[: group.opening + 1], text[group.opening + 1 : group.closing], text[group.closing :]
    if len(head) > limit or not inside.strip():
        return None
    whole = f"{deep}{inside.strip()}"
    if len(whole) <= limit and (len(group.commas) == 0 or _is_header(text) is False):
        return [head, whole, f"{indent}{tail}"]
    loops = _at_words(whole, ("for", "if"), deep)
    if len(loops) > 1 and all(len(line) <= limit for line in loops):
        return [head, *loops, f"{indent}{tail}"]
    parts = _elements(text, group)
    if len(parts) < 2:
        inner = _by_brackets(whole, limit)
        return [head, *inner, f"{indent}{tail}"] if inner is not None else None
    lines: list[str] = []
    for part in parts:
        line = f"{deep}{part},"
        nested = [line] if len(line) <= limit else _by_brackets(line, limit)
        if nested is None:
            return None
        lines += nested
    is_subscript = text[group.opening] == "[" and group.opening > 0 and text[group.opening - 1].isalnum()
    if parts[-1].startswith("*") or is_subscript:
        lines[-1] = lines[-1].rstrip(",")
    return [head, *lines, f"{indent}{tail}"]


def _is_header(text: str) -> bool:
    return text.lstrip().startswith(("def ", "async def ", "class "))


def _elements(text: str, group: Group) -> list[str]:
    edges = [group.opening, *group.commas, group.closing]
    parts = [text[a + 1 : b].strip() for a, b in pairwise(edges)]
    return [part for part in parts if part]


def _by_names(text: str) -> list[str] | None:
    """`from a import b, c` with a name a line."""
    match = re.fullmatch(r"(\s*)(from\s+\S+\s+import) ([^()#*]+)", text)
    if match is None:
        return None
    indent, head, names = match.groups()
    return [f"{indent}{head} (", *(f"{indent}    {name.strip()}," for name in names.split(",")), f"{indent})"]


def _at_words(text: str, words: tuple[str, ...], indent: str) -> list[str]:
    """A comprehension's parts on lines of their own; one line where it is none."""
    joints = [joint for joint in _top_joints(text) if text[joint:].startswith(words)]
    if not any(text[joint:].startswith("for ") for joint in joints):
        return [text]
    edges = [0, *joints, len(text)]
    return [f"{indent}{text[a:b].strip()}" for a, b in pairwise(edges)]


def _by_operators(source: Source, number: int, limit: int) -> list[str] | None:
    """`x = a + b` and `if a and b:` in brackets, a line for each operand."""
    text = source.line(number)
    statement = next((n for n in source.nodes(ast.stmt, line=number)), None)
    value = getattr(statement, "test", None) or getattr(statement, "value", None)
    if value is None or value.lineno != number or value.end_lineno != number:
        return _at_joints(source, number, limit)
    start, end = source.span(value)
    line_start = source.line_start(number)
    head, tail = source.between(line_start, start), source.between(end, line_start + len(text.encode()))
    if head.rstrip().endswith("(") or tail.lstrip().startswith(")"):
        return None
    indent = source.indent(number)
    deep = f"{indent}    "
    words = _operands(source, value)
    if len(words) < 2 and len(deep + source.text(value)) > limit:
        inner = _by_brackets(f"{deep}{source.text(value)}", limit)
        return [f"{head}(", *inner, f"{indent}){tail}"] if inner else None
    if len(deep + source.text(value)) <= limit:
        words = [source.text(value)]
    return [f"{head}(", *(f"{deep}{word}" for word in words), f"{indent}){tail}"]


def _operands(source: Source, value: ast.expr) -> list[str]:
    """The parts of an expression, each with the operator in front of it."""
    parts: list[ast.expr]
    match value:
        case ast.BoolOp(values=values):
            parts = list(values)
        case ast.BinOp():
            parts = []
            node: ast.expr = value
            while isinstance(node, ast.BinOp) and type(node.op) is type(value.op):
                parts.insert(0, node.right)
                node = node.left
            parts.insert(0, node)
        case ast.IfExp(body=body, test=test, orelse=orelse):
            return [source.text(body), f"if {source.text(test)}", f"else {source.text(orelse)}"]
        case _:
            return [source.text(value)]
    words = []
    whole_start, whole_end = source.span(value)
    position = whole_start
    cuts = [source.span(part)[1] for part in parts[:-1]]
    for cut in cuts:
        while source.raw[cut : cut + 1] == b")":
            cut += 1
        words.append(source.between(position, cut).strip())
        position = cut
    words.append(source.between(position, whole_end).strip())
    return words


def _at_joints(source: Source, number: int, limit: int) -> list[str] | None:
    """A line inside brackets is cut at its own commas, or in front of its operators."""
    text = source.line(number)
    if not is_inside(source, number):
        return None
    indent = source.indent(number)
    joints = _top_joints(text)
    parts, position = [], len(indent)
    for joint in joints:
        parts.append(text[position:joint].strip())
        position = joint
    parts.append(text[position:].strip())
    lines: list[str] = []
    for part in (p for p in parts if p):
        if lines and len(f"{lines[-1]} {part}") <= limit and not joints:
            lines[-1] += f" {part}"
        else:
            lines.append(f"{indent}{part}")
    return lines if len(lines) > 1 else None


def _top_joints(text: str) -> list[int]:
    """Columns behind commas and before `and`, `or`, `+`, `if`, `else`, `for` outside of all brackets of the line."""
    shift, depth, found = len(text) - len(text.lstrip()), 0, []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.strip() + "\n").readline):
            column = token.start[1] + shift
            depth += (token.string in _PAIRS) - (token.string in _PAIRS.values()) if token.type == tokenize.OP else 0
            if depth:
                continue
            if token.string == "," and token.type == tokenize.OP:
                found.append(column + 1)
            elif token.string in ("and", "or", "+", "|", "if", "else", "for") and column > shift:
                found.append(column)
    except (tokenize.TokenError, IndentationError, SyntaxError, ValueError):
        return found
    return found
