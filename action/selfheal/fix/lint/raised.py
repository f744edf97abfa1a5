"""Which errors a block of code is known to raise. A guess, and always told as one."""

import ast
import builtins
import re
from collections.abc import Iterator

from selfheal.fix.lint.names import taken
from selfheal.fix.lint.project import Project
from selfheal.fix.lint.source import FunctionNode, Source

_CAN_RAISE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^\s*(?:import|from) ", ("ImportError",)),
    (r"\bos\.|\bshutil\.|\bopen\(|\.read_(?:text|bytes)\(|\.write_text\(|\.unlink\(|\.mkdir\(|\.stat\(", ("OSError",)),
    (r"\bsocket\.|\burlopen\(", ("OSError",)),
    (r"\bsubprocess\.", ("OSError", "subprocess.SubprocessError")),
    (r"\bint\(|\bfloat\(", ("TypeError", "ValueError")),
    (r"\bjson\.loads?\(|fromisoformat\(|\.strptime\(|\.index\(|\.decode\(|\.encode\(", ("ValueError",)),
    (r"\b(?:str|bytes)\([^()]+, ", ("TypeError", "ValueError")),
    (r"\bgetattr\(|\b__getattr(?:ibute)?__\(", ("AttributeError",)),
    (r"\bnext\(", ("StopIteration",)),
    (r" / | // | % ", ("ZeroDivisionError",)),
)
"""What the usual calls can raise, by how they are written."""
_MOST = 4
_DEEPEST = 2
_MOST_FILES = 3


def known_errors(block: ast.Try, source: Source, project: Project, *, is_silent: bool) -> str:
    """Write the errors of a `try` as an `except` names them; empty where none is known, or too many are.

    With `is_silent`, for a handler that does nothing, an error that the block itself raises is meant to get out.
    """
    code = "\n".join(re.sub(r"""(["']).*?\1""", "''", source.text(statement)) for statement in block.body)
    found = {error for pattern, errors in _CAN_RAISE if re.search(pattern, code, re.MULTILINE) for error in errors}
    found |= {error for statement in block.body for error in _of_reads(statement, source)}
    found |= {error for statement in block.body for error in _of_calls(statement, source, project, depth=0)}
    if not found and any(_reads_members(statement, source) for statement in block.body):
        found = {"AttributeError"}
    raised = {error for statement in block.body for error in _raises(statement)}
    found = found - raised if is_silent else found | raised
    known = taken(source.tree)
    names = {one for one in found if one.partition(".")[0] in known or hasattr(builtins, one)}
    names = {one for one in names if not any(_is_below(one, other) for other in names)}
    if not names or len(names) > _MOST or names & {"Exception", "BaseException"}:
        return ""
    listed = sorted(names)
    return listed[0] if len(listed) == 1 else f"({', '.join(listed)})"


def _of_reads(statement: ast.stmt, source: Source) -> Iterator[str]:
    """What a subscript and a member of whatever the caller passed can raise."""
    function = next((n for n in source.above(statement) if isinstance(n, FunctionNode)), None)
    arguments = [a.arg for a in (*function.args.posonlyargs, *function.args.args)] if function is not None else []
    passed = set(arguments) - {"self", "cls"}
    for node in ast.walk(statement):
        match node:
            case ast.Subscript(ctx=ast.Store()):
                yield "IndexError"
            case ast.Subscript(slice=index) if not isinstance(index, ast.Slice):
                yield from ("IndexError", "KeyError")
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load()) if name in passed:
                if not (isinstance(holder := source.parent(node), ast.Call) and holder.func is node):
                    yield "AttributeError"


def _reads_members(statement: ast.stmt, source: Source) -> bool:
    """Tell whether it reads what something else than `self` may not have, and does not only call it."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            holder = source.parent(node)
            is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not is_own and not (isinstance(holder, ast.Call) and holder.func is node):
                return True
    return False


def _of_calls(statement: ast.AST, source: Source, project: Project, *, depth: int) -> Iterator[str]:
    """What the project's own functions raise that are called here, and those that they call."""
    for name in dict.fromkeys(_called(statement)):
        here = [(function, source) for function in source.functions() if function.name == name]
        for function, file in here or (_elsewhere(name, source, project) if depth == 0 else ()):
            for inner in function.body:
                yield from _raises(inner)
                if depth + 1 < _DEEPEST:
                    yield from _of_calls(inner, file, project, depth=depth + 1)


def _called(statement: ast.AST) -> Iterator[str]:
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
                yield name
            case ast.Subscript(ctx=ast.Store()):
                yield "__setitem__"


def _elsewhere(name: str, source: Source, project: Project) -> Iterator[tuple[FunctionNode, Source]]:
    """The function of that name in another file, where this one imports it."""
    if not any(alias.name == name for one in source.nodes(ast.ImportFrom) for alias in one.names):
        return
    for path in project.defining(name)[:_MOST_FILES]:
        file = project.source(path)
        for function in file.functions() if file is not None else ():
            if function.name == name and file is not None:
                yield function, file


def _raises(statement: ast.AST) -> Iterator[str]:
    """The errors that stand behind a `raise`, nested functions left out."""
    if isinstance(statement, FunctionNode | ast.Lambda | ast.ClassDef):
        return
    match statement:
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) | ast.Raise(exc=ast.Name(id=name)):
            if name[:1].isupper():
                yield name
        case ast.Raise(exc=ast.Call(func=ast.Attribute() as dotted)):
            yield ast.unparse(dotted)
    for child in ast.iter_child_nodes(statement):
        yield from _raises(child)


def _is_below(name: str, other: str) -> bool:
    one, base = getattr(builtins, name, None), getattr(builtins, other, None)
    return name != other and isinstance(one, type) and isinstance(base, type) and issubclass(one, base)
