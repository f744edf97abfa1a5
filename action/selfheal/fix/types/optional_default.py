"""A parameter whose default is None but whose type is not: `def f(x: int = None)`."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend, replacing
from selfheal.fix.types.rendering import union, writes_bars
from selfheal.fix.types.source import Function, Source

_MYPY = r'Incompatible default for (?:parameter|argument) "(\w+)" \(default has type "([^"]+)"'
_PYRIGHT = r'Expression of type "None" cannot be assigned to parameter of type'


def allow_none(finding: Finding) -> Iterator[Mend]:
    """Say in the annotation that None may be given."""
    found = finding.search(_MYPY)
    if found is not None and found.group(2) != "None":
        return
    if found is None and finding.search(_PYRIGHT) is None:
        return
    name = found.group(1) if found is not None else None
    for argument, _ in _parameters(finding, name):
        if argument.annotation is not None:
            made = with_none(argument.annotation, finding)
            splice = replacing(finding.source, argument.annotation, made[0])
            yield Mend((splice,), f"{argument.arg} may be None, as its default says", imports=made[1])


def with_none(note: ast.expr, finding: Finding, source: Source | None = None) -> tuple[str, tuple[Import, ...]]:
    """Write an annotation that allows None too, as the file would."""
    source = source or finding.source
    if isinstance(note, ast.Constant) and isinstance(note.value, str):
        inner, imports = union([note.value, "None"], source, finding.project)
        quote = source.segment(note)[-1]
        return f"{quote}{inner}{quote}", imports
    text = source.segment(note)
    if isinstance(note, ast.Subscript) and source.segment(note.value).rpartition(".")[2] == "Union":
        start = source.span(note)[0]
        return text[: source.span(note.slice)[1] - start] + ", None" + text[source.span(note.slice)[1] - start :], ()
    if _holds_string(note) and writes_bars(source, finding.project):
        quote = '"' if '"' not in text else "'"
        return f"{quote}{text.replace(quote, '')} | None{quote}", ()
    return union([text, "None"], source, finding.project)


def _holds_string(note: ast.expr) -> bool:
    return any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(note))


def _parameters(finding: Finding, name: str | None) -> Iterator[tuple[ast.arg, Function]]:
    """Give the annotated parameters with the default None that the finding may be about."""
    for node in ast.walk(finding.source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.lineno <= finding.line <= (node.body[0].lineno if node.body else node.lineno):
            continue
        for argument, default in defaults(node):
            is_none = isinstance(default, ast.Constant) and default.value is None
            is_there = finding.line in (argument.lineno, default.lineno, node.lineno)
            column = finding.failure.column
            is_at = name is not None or column is None or default.col_offset + 1 == column
            if is_none and is_there and is_at and name in (None, argument.arg):
                yield argument, node


def defaults(node: Function) -> Iterator[tuple[ast.arg, ast.expr]]:
    """Give the parameters that have a default, with it."""
    positional = [*node.args.posonlyargs, *node.args.args]
    given = node.args.defaults
    yield from zip(positional[len(positional) - len(given) :], given, strict=True)
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            yield argument, default


def defaults_told(finding: Finding) -> Iterator[tuple[ast.arg, ast.expr]]:
    """Give the parameter whose default a finding is about, with the default: mypy names it, pyright points at it."""
    is_pyright = finding.message.startswith("Expression of type")
    if not is_pyright and not finding.message.startswith("Incompatible default"):
        return
    column = (finding.failure.column or 0) - 1
    for node in ast.walk(finding.source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument, value in defaults(node):
                is_at = (value.lineno, value.col_offset) == (finding.line, column)
                is_named = finding.line in (argument.lineno, value.lineno) and f'"{argument.arg}"' in finding.message
                if is_at if is_pyright else is_named:
                    yield argument, value
