"""What the model is shown of a type error: the place, the error, the types there, the signatures involved.

A small model on two cores reads some 50 tokens a second, so that nothing else is shown.
"""

import ast
import textwrap
from collections.abc import Iterator

from selfheal.contract.diagnosis import Failure
from selfheal.fix.types.finding import Question, Revealed
from selfheal.fix.types.project import Project, called_name
from selfheal.fix.types.region import Region
from selfheal.fix.types.rendering import plain
from selfheal.fix.types.source import Function, Source

_MAX_TYPES = 8
_MAX_TYPE = 140
_MAX_SIGNATURES = 4
_MAX_FIELDS = 8
_MAX_MESSAGE = 500
BEGIN, END = "# >>> wrong", "# <<<"


def questions_in(source: Source, region: Region) -> Iterator[Question]:
    """Give the names and attributes that the region reads, the outer ones of a chain."""
    seen: set[str] = set()
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        parent = source.parent(node)
        is_inner = isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node)
        text = source.segment(node)
        is_inside = region.first <= node.lineno <= region.last and not _is_annotation(source, node)
        if is_inside and not is_inner and text not in seen and len(seen) < _MAX_TYPES:
            seen.add(text)
            yield source, node


def prompt(source: Source, failure: Failure, region: Region, *, types: Revealed, project: Project, past: str) -> str:
    """Write what changes from call to call, what is asked for last: a small model repeats the code that it read last.

    `past` tells what was tried.
    """
    parts = []
    if signatures := _signatures(source, region, project):
        parts.append("Known elsewhere:\n" + "\n".join(signatures))
    parts.append(f"{source.path}:\n```python\n{_code(source, region)}\n```")
    if known := _types(source, region, types):
        parts.append("Types:\n" + "\n".join(known))
    parts.append(f"The checker says:\n{_said(failure)}")
    if past:
        parts.append(past)
    if region.function is None and not region.lacking:
        parts.append(f"Correct this:\n```python\n{_marked(source, region)}\n```")
    return "\n\n".join([*parts, f"{region.wanted}:"])


def _marked(source: Source, region: Region) -> str:
    lines = [source.line(number).rstrip("\r\n") for number in range(region.first, region.last + 1)]
    return textwrap.dedent("\n".join(lines))


def _code(source: Source, region: Region) -> str:
    lines = [source.line(number).rstrip("\r\n") for number in range(region.shown_first, region.shown_last + 1)]
    if region.function is None and not region.lacking:
        at = region.first - region.shown_first
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines.insert(region.last - region.shown_first + 1, indent + END)
        lines.insert(at, indent + BEGIN)
    return textwrap.dedent("\n".join(lines)).rstrip()


def _said(failure: Failure) -> str:
    code = f"  [{failure.code}]" if failure.code else ""
    return f"line `{failure.line}`: {failure.message[:_MAX_MESSAGE]}{code}"


def _types(source: Source, region: Region, types: Revealed) -> list[str]:
    known = []
    for _, node in questions_in(source, region):
        text = plain(types.get((source.path, source.span(node)[0]), ""))
        if text and "Any" not in text:
            known.append(f"{source.segment(node)}: {text[:_MAX_TYPE]}")
    return known


def _signatures(source: Source, region: Region, project: Project) -> list[str]:
    """Write the heads of the repository's functions and classes that the region names, outside of what is shown."""
    found: dict[str, None] = {}
    for lacking in region.lacking:
        for _, function in project.functions(lacking):
            if any(ast.unparse(one).endswith("abstractmethod") for one in function.decorator_list):
                found[_head_of(function)] = None
    for node in ast.walk(source.tree):
        if not region.first <= getattr(node, "lineno", 0) <= region.last:
            continue
        name = called_name(node) if isinstance(node, ast.Call) else node.id if isinstance(node, ast.Name) else None
        if name is None or len(found) >= _MAX_SIGNATURES:
            continue
        functions = list(project.functions(name))
        for where, function in functions if len(functions) == 1 else []:
            is_shown = where is source and region.shown_first <= function.lineno <= region.shown_last
            if not is_shown:
                found[_head_of(function)] = None
        for _, holder in list(project.classes(name))[:1]:
            found["\n".join(_class_lines(holder))] = None
    return list(found)


def _head_of(function: Function) -> str:
    """Write a function's signature, with the first line of its docstring behind it."""
    word = "async def" if isinstance(function, ast.AsyncFunctionDef) else "def"
    back = f" -> {ast.unparse(function.returns)}" if function.returns is not None else ""
    told = (ast.get_docstring(function) or "").partition("\n")[0]
    return f"{word} {function.name}({ast.unparse(function.args)}){back}: ..." + (f"  # {told[:80]}" if told else "")


def _class_lines(holder: ast.ClassDef) -> Iterator[str]:
    bases = ", ".join(ast.unparse(base) for base in holder.bases)
    yield f"class {holder.name}({bases}):" if bases else f"class {holder.name}:"
    for count, node in enumerate(holder.body):
        if count >= _MAX_FIELDS:
            return
        match node:
            case ast.AnnAssign():
                yield f"    {ast.unparse(node)}"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                back = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
                yield f"    def {node.name}({ast.unparse(node.args)}){back}: ..."
            case _:
                continue


def _is_annotation(source: Source, node: ast.AST) -> bool:
    child = node
    for one in source.ancestors(node):
        if child in (getattr(one, "annotation", None), getattr(one, "returns", None)):
            return True
        if isinstance(one, ast.stmt):
            return isinstance(one, ast.ClassDef | ast.Import | ast.ImportFrom) or child in getattr(
                one, "decorator_list", ()
            )
        child = one
    return False
