"""Names that could be taken for something else, or are spelt in another style: a consistent rename in one scope."""

import ast
import builtins
import keyword
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import renamed, renamed_definition, snake, taken
from selfheal.fix.lint.source import FunctionNode, Source

_AMBIGUOUS = {"l": ("line", "length", "left", "item_l"), "O": ("obj", "out"), "I": ("idx", "index")}
_MADE_BY = {"len": "length", "list": "items", "sorted": "items", "max": "longest", "open": "handle", "Lock": "lock"}


def _binding(source: Source, name: str, line: int) -> ast.AST | None:
    """The place on a line that gives a name its value."""
    found: list[ast.AST] = [n for n in source.nodes(ast.Name, line=line) if n.id == name]
    found += [a for a in source.nodes(ast.arg, line=line) if a.arg == name]
    found += [h for h in source.nodes(ast.ExceptHandler, line=line) if h.name == name]
    if not found:
        functions = [n for n in source.nodes(ast.stmt, line=line) if isinstance(n, FunctionNode)]
        found = [a for f in functions for a in ast.walk(f.args) if isinstance(a, ast.arg) and a.arg == name]
    return found[0] if found else None


def _scope_of(source: Source, bound: ast.AST) -> ast.AST | None:
    """The part of the file in which a local name means this; None where it is the module's or a class's."""
    for outer in source.above(bound):
        loops = getattr(outer, "generators", ())
        if any(bound in ast.walk(loop.target) for loop in loops):
            return outer
        if isinstance(outer, FunctionNode | ast.Lambda):
            return outer
        if isinstance(outer, ast.ClassDef):
            return None
    return None


def _is_open(spot: Spot, bound: ast.AST, scope: ast.AST) -> bool:
    """Tell whether somebody may pass the name as a keyword."""
    if not isinstance(bound, ast.arg):
        return False
    if isinstance(scope, ast.Lambda):
        return False
    return not isinstance(scope, FunctionNode) or spot.project.passes_keyword(scope.name, bound.arg)


def _rename(spot: Spot, bound: ast.AST, old: str, new: str, why: str) -> tuple[Rewrite, ...]:
    scope = _scope_of(spot.source, bound)
    if scope is None:
        return _rename_in_module(spot, old, new, why)
    if _is_open(spot, bound, scope) or old == new or keyword.iskeyword(new):
        return ()
    splices = renamed(spot.source, scope, old, new)
    if splices is None:
        return ()
    is_public = (
        isinstance(bound, ast.arg)
        and isinstance(scope, FunctionNode)
        and (not scope.name.startswith("_") or bool(scope.decorator_list))
    )
    doubt = "; nothing here passes the argument by its name, but callers elsewhere may" if is_public else ""
    return (Rewrite(splices, why + doubt, is_sure=not is_public),)


def _rename_in_module(spot: Spot, old: str, new: str, why: str) -> tuple[Rewrite, ...]:
    """A name of the module's: only where no other file has heard of it."""
    if next(spot.project.mentioning(old, but=spot.source.path), None) is not None or keyword.iskeyword(new):
        return ()
    splices = renamed(spot.source, spot.source.tree, old, new)
    private = old.startswith("_")
    doubt = "" if private else "; no other file of the repository uses it, but who imports the module may"
    return (Rewrite(splices, why + doubt, is_sure=private),) if splices else ()


def _ambiguous(spot: Spot) -> tuple[Rewrite, ...]:
    """`l`, `O` and `I` look like digits."""
    source, old = spot.source, spot.finding.name
    bound = _binding(source, old, spot.finding.line)
    if bound is None or old not in _AMBIGUOUS:
        return ()
    words = taken(source.tree)
    wished = (*_meanings(source, bound, old), *_AMBIGUOUS[old], f"{old.lower()}_value")
    new = next((n for n in wished if n not in words and n.isidentifier() and not keyword.iskeyword(n)), None)
    return _rename(spot, bound, old, new, f"{old} is easily read as a digit") if new else ()


def _meanings(source: Source, bound: ast.AST, old: str) -> tuple[str, ...]:
    """What a loop or an assignment says about the name."""
    holder = source.parent(bound)
    match holder:
        case ast.For(iter=items) | ast.comprehension(iter=items):
            text = re.sub(r"\(.*", "", source.text(items)).rpartition(".")[2].lower()
            if text.endswith("lines") or text in ("open", "readlines", "splitlines", "f", "fp"):
                return ("line",)
            return (text[:-1],) if text.endswith("s") and len(text) > 3 and old == "l" else ("item",)
        case ast.Assign(value=ast.Call(func=made)):
            name = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
            return (_MADE_BY[name],) if name in _MADE_BY else ()
        case ast.Assign(value=ast.List() | ast.ListComp()):
            return ("items",)
        case ast.arguments():
            return ("items",)
        case _:
            return ()


def _style(spot: Spot) -> tuple[Rewrite, ...]:
    """Local and private names in snake case, classes in CamelCase, constants in capitals."""
    source, finding = spot.source, spot.finding
    old = next((q for q in finding.quoted if q.isidentifier()), "")
    message = finding.message
    if not old:
        return ()
    if "UPPER_CASE" in message:
        new = snake(old).upper()
    elif "PascalCase" in message or "CapWords" in message or finding.code == "N801":
        new = "".join(part[:1].upper() + part[1:] for part in old.lstrip("_").split("_"))
        new = "_" * (len(old) - len(old.lstrip("_"))) + new
    else:
        new = snake(old)
    if new == old or hasattr(builtins, new):
        return ()
    why = f"{old} is spelt like the other names of its kind"
    bound = _binding(source, old, finding.line)
    if bound is not None and not _is_member(source, bound):
        return _rename(spot, bound, old, new, why)
    return _definition(spot, old, new, why)


def _is_member(source: Source, bound: ast.AST) -> bool:
    return isinstance(source.scope(bound), ast.ClassDef)


def _definition(spot: Spot, old: str, new: str, why: str) -> tuple[Rewrite, ...]:
    """A function or class of the module, or an inner one, that only this file knows."""
    source = spot.source
    node = next((n for n in source.nodes(ast.stmt) if getattr(n, "name", "") == old), None)
    if node is None or isinstance(source.scope(node), ast.ClassDef):
        return ()
    if next(spot.project.mentioning(old, but=source.path), None) is not None or new in taken(source.tree):
        return ()
    splices = renamed_definition(source, node, old, new)
    if splices is None:
        return ()
    is_inner = isinstance(source.scope(node), FunctionNode)
    sure = is_inner or old.startswith("_")
    doubt = "" if sure else "; no other file of the repository uses it, but who imports the module may"
    return (Rewrite(splices, why + doubt, is_sure=sure),)


def _builtin(spot: Spot) -> tuple[Rewrite, ...]:
    """A local name that hides a built-in one gets an underscore at its end."""
    source = spot.source
    old = next((q for q in spot.finding.quoted if q.isidentifier() and hasattr(builtins, q)), "")
    bound = _binding(source, old, spot.finding.line) if old else None
    if bound is None or _is_member(source, bound):
        return ()
    return _rename(spot, bound, old, f"{old}_", f"{old} is a name of Python's own")


def _outer(spot: Spot) -> tuple[Rewrite, ...]:
    """A local name that hides one of the module's gets an underscore at its end."""
    old = spot.finding.name
    bound = _binding(spot.source, old, spot.finding.line)
    if bound is None or _scope_of(spot.source, bound) is None:
        return ()
    return _rename(spot, bound, old, f"{old}_", f"the module has another {old}")


RULES: tuple[Rule, ...] = (
    rule("E741", _ambiguous),
    rule("C0103 N801 N802 N803 N806 N815 N816", _style),
    rule("W0622 A001 A002", _builtin),
    rule("W0621", _outer),
)
