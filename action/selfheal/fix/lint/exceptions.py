"""What is caught too widely, and raised without its cause."""

import ast
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.raised import known_errors
from selfheal.fix.lint.source import Splice
from selfheal.fix.lint.statements import dedented, first_line

_PYLINT_FILES = ("pylintrc", ".pylintrc", "pyproject.toml", "setup.cfg", "tox.ini")
_RUFF_FILES = ("ruff.toml", ".ruff.toml", "pyproject.toml")


def _bare(spot: Spot) -> tuple[Rewrite, ...]:
    source = spot.source
    handler = next(iter(source.nodes(ast.ExceptHandler, line=spot.finding.line)), None)
    if handler is None or handler.type is not None:
        return ()
    at = source.span(handler)[0] + len(b"except")
    narrow = _narrow(spot, handler)
    why = f"only {narrow}, which the block is known to raise, is caught; other errors are seen now"
    narrowed = (Rewrite((source.insert(at, f" {narrow}"),), why, is_sure=False),) if narrow else ()
    if spot.finding.tool == "pylint" and _minds_broad_ones(spot) and not _raises(handler):
        return narrowed
    reraises = any(isinstance(n, ast.Raise) and n.exc is None for s in handler.body for n in ast.walk(s))
    name = "BaseException" if reraises else "Exception"
    why = "a bare `except` also catches an interrupt and the program's own end: those pass now"
    if reraises:
        why = "what a bare `except` catches is named; it is raised again"
    broad = (Rewrite((source.insert(at, f" {name}"),), why, is_sure=reraises),)
    is_narrow_better = not reraises and (_drops(handler) or _minds_broad_ones(spot))
    return (*narrowed, *broad) if is_narrow_better else (*broad, *narrowed)


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for statement in handler.body for node in ast.walk(statement))


def _minds_broad_ones(spot: Spot) -> bool:
    """Tell whether the linter would find fault with `except Exception` next.

    pylint does unless it was told not to, ruff where it was told to, flake8 never.
    """
    if spot.finding.tool == "ruff":
        return _is_said(spot, _RUFF_FILES, rb"""["'](?:BLE(?:001?)?|ALL)["']""")
    return spot.finding.tool == "pylint" and not _is_said(spot, _PYLINT_FILES, rb"broad-except|W0718|W0703")


def _is_said(spot: Spot, files: tuple[str, ...], pattern: bytes) -> bool:
    return any(re.search(pattern, spot.project.read(path) or b"") for path in files)


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(s, ast.Pass | ast.Continue | ast.Break) for s in handler.body)


def _drops(handler: ast.ExceptHandler) -> bool:
    """Tell whether the error leaves no trace: better then to name what is expected than every error."""
    for statement in handler.body:
        match statement:
            case ast.Pass() | ast.Continue() | ast.Break() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Return(value=None | ast.Constant() | ast.Name() | ast.List(elts=[]) | ast.Tuple(elts=[])):
                continue
            case ast.Return(value=ast.Dict(keys=[])) | ast.Assign(value=ast.Constant()):
                continue
            case _:
                return False
    return True


def _narrow(spot: Spot, handler: ast.ExceptHandler) -> str:
    block = spot.source.parent(handler)
    if not isinstance(block, ast.Try):
        return ""
    return known_errors(block, spot.source, spot.project, is_silent=_does_nothing(handler))


def _broad(spot: Spot) -> tuple[Rewrite, ...]:
    """`except Exception` as the errors that the block is known to raise."""
    source = spot.source
    handlers = [h for h in source.nodes(ast.ExceptHandler) if h.type is not None]
    here = [h for h in handlers if spot.finding.line in (h.lineno, h.type.lineno if h.type else 0)]
    narrow = _narrow(spot, here[0]) if here else ""
    if not narrow or here[0].type is None or source.text(here[0].type) not in ("Exception", "BaseException"):
        return ()
    why = f"only {narrow}, which the block is known to raise, is caught; other errors are seen now"
    return (Rewrite((source.replace(here[0].type, narrow),), why, is_sure=False),)


def _from_cause(spot: Spot) -> tuple[Rewrite, ...]:
    """Say where an error comes from: `from err`, with a name for it where there was none."""
    source = spot.source
    raised = source.covering(spot.finding.line, spot.finding.column, ast.Raise)
    if raised is None or raised.exc is None or raised.cause is not None:
        return ()
    handler = next((n for n in source.above(raised) if isinstance(n, ast.ExceptHandler)), None)
    if handler is None or any(
        isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for n in source.above(raised)
        if n in list(ast.walk(handler))
    ):
        return ()
    why = "the error says what it came from"
    at = source.span(raised)[1]
    if handler.name is not None:
        return (Rewrite((source.insert(at, f" from {handler.name}"),), why),)
    if handler.type is None:
        return (Rewrite((source.insert(at, " from None"),), "the error stands for itself", is_sure=False),)
    name = next(n for n in ("err", "error", "exc", "cause") if n not in taken(source.scope(raised)))
    end = source.span(handler.type)[1]
    colon = source.raw.find(b":", end)
    named = Splice(colon, colon, f" as {name}".encode())
    return (Rewrite((named, source.insert(at, f" from {name}")), why),)


def _only_reraises(spot: Spot) -> tuple[Rewrite, ...]:
    """A handler that does nothing but raise again goes, and the `try` with it where it was the only one."""
    source = spot.source
    handler = next(iter(source.nodes(ast.ExceptHandler, line=spot.finding.line)), None)
    block = source.parent(handler) if handler is not None else None
    if handler is None and (tried := source.covering(spot.finding.line, spot.finding.column, ast.Try)):
        handler, block = tried.handlers[-1], tried
    if handler is None or not isinstance(block, ast.Try) or not isinstance(handler.body[0], ast.Raise):
        return ()
    why = "an error that is only raised again need not be caught"
    if len(block.handlers) > 1:
        if handler is not block.handlers[-1]:
            return ()
        start, end = source.line_start(handler.lineno), source.line_start((handler.end_lineno or 0) + 1)
        return (Rewrite((Splice(start, end, b""),), why),)
    if block.finalbody or block.orelse or block.body[0].lineno == block.lineno:
        return ()
    by = len(source.indent(block.body[0].lineno)) - len(source.indent(block.lineno))
    head = Splice(source.line_start(block.lineno), source.line_start(first_line(block.body[0])), b"")
    tail = Splice(source.line_start(handler.lineno), source.line_start((block.end_lineno or 0) + 1), b"")
    return (Rewrite((head, *dedented(source, block.body, by=by), tail), why),)


def _broad_raises(spot: Spot) -> tuple[Rewrite, ...]:
    """`raise Exception("x")`, `raise NotImplemented` and the like."""
    raised = spot.source.covering(spot.finding.line, spot.finding.column, ast.Raise)
    match raised:
        case ast.Raise(exc=ast.Name(id="NotImplemented") as name):
            pass
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplemented") as name)):
            pass
        case _:
            return ()
    return (Rewrite((spot.source.replace(name, "NotImplementedError"),), "NotImplemented is no error"),)


def _duplicate_handler(spot: Spot) -> tuple[Rewrite, ...]:
    """`except (A, A)`: each error once."""
    source = spot.source
    kinds = next(iter(h.type for h in source.nodes(ast.ExceptHandler, line=spot.finding.line)), None)
    if not isinstance(kinds, ast.Tuple):
        return ()
    texts = list(dict.fromkeys(source.text(kind) for kind in kinds.elts))
    if len(texts) == len(kinds.elts):
        return ()
    new = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return (Rewrite((source.replace(kinds, new),), "each error is named once"),)


RULES: tuple[Rule, ...] = (
    rule("E722 W0702 B001", _bare),
    rule("BLE001 W0718 W0703", _broad),
    rule("B904 W0707 TRY200", _from_cause),
    rule("W0706 TRY203 TRY302", _only_reraises),
    rule("F901 E0711 E0702", _broad_raises),
    rule("B014 B025 W0705", _duplicate_handler),
)
