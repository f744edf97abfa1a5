"""What the first argument of a method is called, attributes that `__init__` forgot, members that are misspelt."""

import ast
import re
from difflib import get_close_matches

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import renamed, taken
from selfheal.fix.lint.project import top_names
from selfheal.fix.lint.source import FunctionNode, Source, Splice
from selfheal.fix.lint.statements import first_line
from selfheal.fix.lint.undefined_names import members

_HINT = re.compile(r"has no ['`](\w+)['`] member; maybe ['`](\w+)['`]")
_MEMBER = re.compile(r"(?:has no ['`](\w+)['`] member|No name ['`](\w+)['`] in module ['`]([\w.]+)['`])")
_CLOSE = 0.7


def _method(source: Source, line: int) -> FunctionNode | None:
    heads = (n for n in source.functions() if n.lineno <= line <= max(n.lineno, n.body[0].lineno - 1))
    return next(heads, None)


def _first_argument(spot: Spot) -> tuple[Rewrite, ...]:
    """`self` for a method, `cls` for a class method."""
    source = spot.source
    method = _method(source, spot.finding.line)
    if method is None:
        return ()
    wanted = "cls" if spot.finding.code in ("N804", "C0202", "C0204") or "`cls`" in spot.finding.message else "self"
    arguments = [*method.args.posonlyargs, *method.args.args]
    if not arguments:
        return _no_argument(source, method)
    old = arguments[0].arg
    if wanted in taken(method):
        return ()
    looks_static = old not in ("cls", "this", "me", "s", "klass", "mcs", "metacls", "_self") and not any(
        isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == old for n in ast.walk(method)
    )
    rename = renamed_first(source, method, old, wanted)
    made_static = _decorated(source, method) if wanted == "self" and not method.decorator_list else ()
    same = Rewrite(
        rename, f"the first argument of a method is called {wanted}", is_sure=not looks_static or wanted == "cls"
    )
    return (*made_static, same) if looks_static and made_static else ((same,) if rename else ())


def renamed_first(source: Source, method: FunctionNode, old: str, new: str) -> tuple[Splice, ...]:
    """The splices that call a method's first argument otherwise; none where that can't be done for sure."""
    words = taken(method)
    if new in words:
        return ()
    return renamed(source, method, old, new, fresh_in=method) or ()


def _no_argument(source: Source, method: FunctionNode) -> tuple[Rewrite, ...]:
    opening = source.raw.find(b"(", source.span(method)[0])
    if opening < 0 or method.args.vararg or method.args.kwonlyargs or method.args.kwarg:
        return ()
    why = "a method takes its object; without one it could not be called on it"
    with_self = Rewrite((source.insert(opening + 1, "self"),), why, is_sure=False)
    return (with_self, *_decorated(source, method))


def _decorated(source: Source, method: FunctionNode) -> tuple[Rewrite, ...]:
    line = first_line(method)
    text = f"{source.indent(line)}@staticmethod{source.newline}"
    why = "the method uses no object, so it is a static one"
    return (Rewrite((source.insert(source.line_start(line), text),), why, is_sure=False),)


def _attribute(spot: Spot) -> tuple[Rewrite, ...]:
    """A member that nothing has, where one is spelt nearly like it."""
    source, message = spot.source, spot.finding.message
    found = _MEMBER.search(message)
    if found is None:
        return ()
    wrong = found.group(1) or found.group(2)
    hint = _HINT.search(message)
    uses = [
        n
        for n in source.nodes(ast.Attribute)
        if n.attr == wrong and n.lineno <= spot.finding.line <= (n.end_lineno or 0)
    ]
    rights = [hint.group(2)] if hint and hint.group(2)[:1] != "_" else _candidates(spot, uses, wrong, found.group(3))
    rewrites = []
    for right in rights:
        why = f"there is no {wrong}, {right} is what it must mean"
        if found.group(2):
            statement = next((n for n in source.nodes(ast.ImportFrom, line=spot.finding.line)), None)
            alias = next((a for a in statement.names if a.name == wrong), None) if statement is not None else None
            if alias is None:
                continue
            end = source.span(alias)[0] + len(wrong)
            name = f"{right} as {wrong}" if alias.asname is None else right
            splice = source.splice(source.span(alias)[0], end, name)
            rewrites.append(Rewrite((splice,), why))
        elif uses:
            end = source.span(uses[0])[1]
            rewrites.append(Rewrite((source.splice(end - len(wrong), end, right),), why))
    return tuple(rewrites)


def _candidates(spot: Spot, uses: list[ast.Attribute], wrong: str, module: str | None) -> list[str]:
    source = spot.source
    known: set[str] = set()
    if module:
        ends = (f"{module.replace('.', '/')}.py", f"{module.replace('.', '/')}/__init__.py")
        path = next((p for p in spot.project.files if p.endswith(ends)), None)
        own = spot.project.source(path) if path else None
        known = set(top_names(own.tree)) if own is not None else set()
    elif uses:
        holder = next((n for n in source.above(uses[0]) if isinstance(n, ast.ClassDef)), None)
        owner = uses[0].value
        if holder is not None and isinstance(owner, ast.Name) and owner.id in ("self", "cls"):
            known = members(holder)
        elif isinstance(owner, ast.Name):
            known = _of_library(source, owner.id)
    return get_close_matches(wrong, sorted(known - {wrong}), n=2, cutoff=_CLOSE)


def _of_library(source: Source, name: str) -> set[str]:
    """What a module of the standard library has, where this program happens to know it."""
    import sys

    module = next((a.name for n in source.nodes(ast.Import) for a in n.names if (a.asname or a.name) == name), "")
    is_ours = module.partition(".")[0] in sys.stdlib_module_names and module in sys.modules
    return {n for n in dir(sys.modules[module]) if not n.startswith("_")} if is_ours else set()


def _outside_init(spot: Spot) -> tuple[Rewrite, ...]:
    """An attribute that is first set elsewhere is set to None in `__init__`."""
    source, name = spot.source, spot.finding.name
    holder = next(
        (n for n in reversed(source.nodes(ast.ClassDef)) if n.lineno <= spot.finding.line <= (n.end_lineno or 0)), None
    )
    init = next((m for m in holder.body if getattr(m, "name", "") == "__init__"), None) if holder is not None else None
    if not isinstance(init, ast.FunctionDef) or not init.args.args or init.body[-1].lineno == init.lineno:
        return ()
    if isinstance(init.body[-1], ast.Return | ast.Raise):
        return ()
    at = source.line_start((init.end_lineno or 0) + 1)
    own = init.args.args[0].arg
    lead = "" if source.raw[:at].endswith((b"\n", b"\r")) else source.newline
    line = f"{lead}{source.indent(init.body[-1].lineno)}{own}.{name} = None{source.newline}"
    why = f"{name} is there, empty, from the start; what asks whether it is set sees that"
    return (Rewrite((source.insert(at, line),), why, is_sure=False),)


RULES: tuple[Rule, ...] = (
    rule(
        "E0213 E0211 N805 N804 C0202 C0203 C0204",
        _first_argument,
    ),
    rule("E1101 E0611", _attribute),
    rule("W0201", _outside_init),
)
