"""Take a function that a model wrote and put it into a Python file with the smallest diff."""

import ast
import io
import tokenize
from dataclasses import dataclass
from difflib import SequenceMatcher

from selfheal.fix.python_tree import FunctionNode, first_line_of, function_in


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file with one function replaced."""

    text: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why an answer can't be put in; said to the model if it is asked again."""

    reason: str


def replace_function(text: str, *, name: str, first_line: int, last_line: int, answer: str) -> Rewritten | Unusable:
    """Replace lines `first_line`..`last_line` (from 1, inclusive) of `text` by the function `name` of `answer`.

    Imports that the answer brings along and the file lacks are added after the file's own. Comments
    that the model added are dropped, and lines that it only laid out anew keep their old form.
    """
    parsed = _parse(answer)
    if isinstance(parsed, Unusable):
        return parsed
    node = _find(parsed, name)
    if node is None:
        return Unusable(f"the answer holds no function called {name}")
    lines = text.splitlines(keepends=True)
    old = "".join(lines[first_line - 1 : last_line])
    old_node = _find(_parse_or_none(unindented(old)), name)
    if old_node is None:
        return Unusable(f"{name} could not be read in the file")
    new = _source_of(answer, node, keep_decorators=bool(node.decorator_list))
    if old_node.decorator_list and not node.decorator_list:
        new = _decorators(unindented(old), old_node) + new
    new = _keep_docstring(unindented(old), old_node, new)
    merged = _merge(old, _indented(new, old))
    if _dump(unindented(merged)) == _dump(unindented(old)):
        return Unusable("the answer is the same code as before")
    result = "".join([*lines[: first_line - 1], merged, *lines[last_line:]])
    result = _add_imports(result, _missing_imports(result, parsed))
    try:
        ast.parse(result)
    except (SyntaxError, ValueError) as error:
        return Unusable(f"the file would not parse: {error}")
    return Rewritten(result)


def function_at(source: bytes, *, name: str, first_line: int) -> FunctionNode | None:
    """Find the function `name` whose first line, decorators included, is `first_line`; None where there is none.

    Nor is there one in a file that is not UTF-8: Python reads it by its coding line, we would cut it in wrong places.
    """
    try:
        tree = ast.parse(source.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return function_in(ast.walk(tree), name=name, first_line=first_line)


def _parse(answer: str) -> ast.Module | Unusable:
    try:
        return ast.parse(answer)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Unusable(f"the answer is not valid Python: {error}")


def _parse_or_none(text: str) -> ast.Module | None:
    parsed = _parse(text)
    return None if isinstance(parsed, Unusable) else parsed


def _find(tree: ast.Module | None, name: str) -> FunctionNode | None:
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return node
    return None


def _source_of(answer: str, node: FunctionNode, *, keep_decorators: bool) -> str:
    first = first_line_of(node) if keep_decorators else node.lineno
    lines = answer.splitlines(keepends=True)[first - 1 : node.end_lineno]
    source = unindented("".join(lines))
    return source if source.endswith("\n") else source + "\n"


def _decorators(old: str, node: FunctionNode) -> str:
    return "".join(old.splitlines(keepends=True)[first_line_of(node) - 1 : node.lineno - 1])


def _keep_docstring(old: str, old_node: FunctionNode, new: str) -> str:
    """Put the old docstring in the place of the one that the model wrote, changed or left out."""
    new_node = _find(_parse_or_none(new), old_node.name)
    if new_node is None or ast.get_docstring(old_node) == ast.get_docstring(new_node):
        return new
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    kept: list[str] = []
    if ast.get_docstring(old_node) is not None:
        kept = old_lines[old_node.body[0].lineno - 1 : old_node.body[0].end_lineno]
    first = new_node.body[0]
    drop_to = first.end_lineno if ast.get_docstring(new_node) is not None else first.lineno - 1
    if first.lineno == new_node.lineno or (not kept and len(new_node.body) == 1):
        return new
    return "".join([*new_lines[: first.lineno - 1], *kept, *new_lines[drop_to:]])


def unindented(block: str) -> str:
    """Move a block to the left by what its first line is indented by.

    Unlike `textwrap.dedent` it does so where a text in it, or a comment, has lines further to the left: they stay.
    """
    indent = _indent_of(block)
    lines = block.splitlines(keepends=True)
    return "".join(line.removeprefix(indent) if line.strip() else line.lstrip(" \t") for line in lines)


def _indented(new: str, old: str) -> str:
    """Move `new` to where `old` stands, but for lines that the old text has further to the left."""
    indent = _indent_of(old)
    shallow = {line for line in old.splitlines(keepends=True) if not line.startswith(indent)}
    lines = new.splitlines(keepends=True)
    return "".join(line if line in shallow or not line.strip() else indent + line for line in lines)


def _indent_of(block: str) -> str:
    first = next((line for line in block.splitlines() if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


def _dump(text: str) -> str:
    tree = _parse_or_none(text)
    return ast.dump(tree) if tree is not None else text


def _merge(old: str, new: str) -> str:
    """Keep the old form of every line that the new text holds too, and drop the model's own comments."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if old_lines and not old_lines[-1].endswith("\n"):
        old_lines[-1] += "\n"
    old_keys = _without_comments(old_lines)
    new_keys = _without_comments(new_lines)
    merged: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            merged += old_lines[a:b]
        elif tag == "delete":
            merged += [line for line, key in zip(old_lines[a:b], old_keys[a:b], strict=True) if not key]
        else:
            kept = {line.strip() for line in old_lines}
            for line, key in zip(new_lines[c:d], new_keys[c:d], strict=True):
                if line.strip() in kept or not line.strip():
                    merged.append(line)
                elif key:
                    merged.append(key + "\n")
    text = "".join(merged)
    return text if _dump(unindented(text)) == _dump(unindented(new)) else new


def _without_comments(lines: list[str]) -> list[str]:
    """Give each line without its comment and trailing blanks; an empty string for blank and comment lines."""
    keys = [line.rstrip() for line in lines]
    try:
        for token in tokenize.generate_tokens(io.StringIO(unindented("".join(lines))).readline):
            if token.type == tokenize.COMMENT:
                row = token.start[0] - 1
                keys[row] = keys[row][: keys[row].rindex(token.string)].rstrip()
    except (tokenize.TokenError, IndentationError, SyntaxError, ValueError):
        return [line.rstrip() for line in lines]
    return keys


def _missing_imports(text: str, answer: ast.Module) -> list[str]:
    present = {ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)}
    wanted = [ast.unparse(node) for node in answer.body if isinstance(node, ast.Import | ast.ImportFrom)]
    bound = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    names = {
        line: {(a.asname or a.name).split(".")[0] for a in node.names}
        for node in answer.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for line in [ast.unparse(node)]
    }
    return [line for line in wanted if line not in present and not names[line] <= bound]


def _add_imports(text: str, imports: list[str]) -> str:
    if not imports:
        return text
    body = ast.parse(text).body
    last = 0
    for node in body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not isinstance(node, ast.Import | ast.ImportFrom) and not (is_docstring and last == 0):
            break
        last = node.end_lineno or node.lineno
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:last], *(line + "\n" for line in imports), *lines[last:]])
