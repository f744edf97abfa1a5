"""A name that is defined twice in one scope."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.source import Source

_MYPY = r'Name "(?P<name>\w+)" already defined(?: on line (?P<line>\d+))?'
_PYRIGHT = r'declaration "(?P<name>\w+)" is obscured by a declaration of the same name'
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def define_once(finding: Finding) -> Iterator[Mend]:
    """Drop the second annotation, the second import, or the definition that the later one hides."""
    found = finding.search(_MYPY, _PYRIGHT)
    if found is None:
        return
    name = found["name"]
    source = finding.source
    for statement in finding.statements():
        match statement:
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr(), simple=1):
                start, end = source.span(target)[1], source.span(statement.annotation)[1]
                yield Mend((Splice(source.path, start, end, ""),), f"{name} is annotated where it is defined first")
            case ast.ImportFrom() | ast.Import():
                yield from _import(finding, statement, name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield from _hidden(finding, statement, name)
            case _:
                continue


def _import(finding: Finding, statement: ast.Import | ast.ImportFrom, name: str) -> Iterator[Mend]:
    source = finding.source
    if len(statement.names) == 1 and source.line(statement.lineno).lstrip().startswith(("import", "from")):
        block = getattr(source.parent(statement), "body", [])
        if len(block) > 1:
            yield Mend((_lines(source, statement, statement),), f"{name} is imported already")
        return
    for index, alias in enumerate(statement.names):
        if (alias.asname or alias.name) == name:
            start, end = source.span(alias)
            if index + 1 < len(statement.names):
                end = source.span(statement.names[index + 1])[0]
            else:
                start = source.span(statement.names[index - 1])[1]
            yield Mend((Splice(source.path, start, end, ""),), f"{name} is imported already")


def _hidden(finding: Finding, statement: _Definition, name: str) -> Iterator[Mend]:
    """Remove the earlier of two definitions: the later one is what the program uses today."""
    source = finding.source
    body = getattr(source.parent(statement), "body", [])
    same = [node for node in body if isinstance(node, _Definition) and node.name == name]
    if len(same) != 2 or any(node.decorator_list for node in same):
        return
    first, second = same
    between = body[body.index(first) + 1 : body.index(second)]
    if any(
        isinstance(node, ast.Name) and node.id == name and not _is_later(node, between)
        for one in between
        for node in ast.walk(one)
    ):
        return
    is_same = ast.dump(first) == ast.dump(second)
    caution = "" if is_same else "two different definitions share a name: the first may have meant another one"
    following = body[body.index(first) + 1]
    yield Mend((_lines(source, first, following),), f"the later definition of {name} hides this one", caution=caution)


def _is_later(node: ast.Name, between: list[ast.stmt]) -> bool:
    """Tell whether a use runs only when a function is called, after all is defined."""
    return any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and node in set(ast.walk(one)) for one in between
    )


def _lines(source: Source, statement: ast.stmt, following: ast.stmt) -> Splice:
    """Cut whole lines, those of the blank space up to the next statement included."""
    start = source.start_of(statement.lineno)
    if following is statement:
        return Splice(source.path, start, source.start_of((statement.end_lineno or statement.lineno) + 1), "")
    decorators = [one.lineno for one in getattr(following, "decorator_list", ())]
    end = source.start_of(min([following.lineno, *decorators]))
    kept = source.text[source.start_of((statement.end_lineno or statement.lineno) + 1) : end]
    comment = kept[kept.find("#") :] if "#" in kept else ""
    return Splice(source.path, start, end, comment and source.indent(statement) + comment)
