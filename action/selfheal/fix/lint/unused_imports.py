"""Unused imports go; re-exports are made explicit; imports that are there for what they do need a human."""

import ast
import re
import sys
from collections.abc import Iterable

from selfheal.fix.lint.finding import Finding, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.project import top_names
from selfheal.fix.lint.source import ImportNode, Source, Splice
from selfheal.fix.lint.statements import delete
from selfheal.fix.python_tree import dunder_all, module_asked

_PYFLAKES = re.compile(r"[`'](.+?)[`'] imported but unused")
_PYLINT = re.compile(
    r"Unused (?:import )?(?P<name>[\w.]+)(?: imported from (?P<module>[\w.]+))?(?: (?:imported )?as (?P<as>\w+))?$"
)
_FOR_ITS_EFFECT = frozenset({"readline", "rlcompleter", "antigravity", "this", "mpl_toolkits.mplot3d", "seaborn"})
_PROBES = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    statement = statement_at(spot.source, spot.finding.line)
    if statement is None or _is_probe(spot.source, statement):
        return ()
    unused = [a for a in statement.names if any(_means(f.message, statement, a) for f in _near(spot, statement))]
    mine = [alias for alias in unused if _means(spot.finding.message, statement, alias)]
    if not mine or _has_fallback(spot.source, statement, mine[0]):
        return ()
    exported = [alias for alias in unused if _is_reexport(spot, statement, alias)]
    if mine[0] in exported:
        return _explicit(spot, exported)
    gone = [alias for alias in unused if alias not in exported]
    splices = remove_aliases(spot.source, statement, gone)
    sure = all(not _acts(spot, statement, alias) for alias in gone)
    names = ", ".join(alias.asname or alias.name for alias in gone)
    doubt = "" if sure else "; importing it runs code of its own, so somebody has to tell that nothing relies on it"
    return (Rewrite(splices, f"{names} is imported and never used{doubt}", is_sure=sure),)


def statement_at(source: Source, line: int) -> ImportNode | None:
    """The import whose lines hold a line."""
    return next((n for n in source.imports() if n.lineno <= line <= (n.end_lineno or n.lineno)), None)


def remove_aliases(source: Source, statement: ImportNode, gone: Iterable[ast.alias]) -> tuple[Splice, ...]:
    """Take names out of an import, the whole statement where none is left."""
    names, going = statement.names, list(gone)
    kept = [alias for alias in names if alias not in going]
    if not kept:
        return (delete(source, statement),)
    splices = []
    last_kept = names.index(kept[-1])
    for index, alias in enumerate(names[:last_kept]):
        if alias in going:
            splices.append(Splice(source.span(alias)[0], source.span(names[index + 1])[0], b""))
    if last_kept < len(names) - 1:
        splices.append(Splice(source.span(kept[-1])[1], source.span(names[-1])[1], b""))
    return tuple(splices)


def _near(spot: Spot, statement: ImportNode) -> list[Finding]:
    return [f for f in spot.fellows if statement.lineno <= f.line <= (statement.end_lineno or statement.lineno)]


def _means(message: str, statement: ImportNode, alias: ast.alias) -> bool:
    if (found := _PYFLAKES.match(message)) is not None:
        module = module_asked(statement) if isinstance(statement, ast.ImportFrom) else ""
        full = f"{module}{'.' if module and not module.endswith('.') else ''}{alias.name}"
        spellings = {full, alias.name, f"{full} as {alias.asname}", f"{alias.name} as {alias.asname}"}
        return found.group(1) in spellings | {full.lstrip("."), f"{full.lstrip('.')} as {alias.asname}"}
    if (found := _PYLINT.match(message)) is not None:
        return found["name"] == alias.name and found["as"] in (None, alias.asname)
    return False


def _is_probe(source: Source, statement: ImportNode) -> bool:
    parent = source.parent(statement)
    if not isinstance(parent, ast.Try) or statement not in parent.body:
        return False
    caught = [node for handler in parent.handlers for node in ast.walk(handler.type or ast.Name("Exception"))]
    return any(isinstance(node, ast.Name) and node.id in _PROBES for node in caught)


def _has_fallback(source: Source, statement: ImportNode, alias: ast.alias) -> bool:
    """Tell whether another branch imports the same name: who loads it from here gets one or the other."""
    name = alias.asname or alias.name
    others = [n for n in source.imports() if n is not statement]
    if statement in source.tree.body:
        return False
    return any((a.asname or a.name) == name and n not in source.tree.body for n in others for a in n.names)


def _is_reexport(spot: Spot, statement: ImportNode, alias: ast.alias) -> bool:
    """What other files take from here, and what a package's `__init__` takes from its own modules."""
    name = alias.asname or alias.name.partition(".")[0]
    path = spot.source.path
    if path.endswith("__init__.py") and isinstance(statement, ast.ImportFrom):
        package = path.removesuffix("/__init__.py").rpartition("/")[2]
        own = statement.level > 0 or (statement.module or "").partition(".")[0] == package
        return own or spot.project.imports_from(path, name)
    return spot.project.imports_from(path, name)


def _explicit(spot: Spot, exported: list[ast.alias]) -> tuple[Rewrite, ...]:
    source = spot.source
    names = [alias.asname or alias.name for alias in exported]
    listed = dunder_all(source.tree)
    if listed is not None:
        missing = [name for name in names if name not in [getattr(e, "value", "") for e in listed.elts]]
        return (Rewrite((_listed(source, listed, missing),), f"{', '.join(names)} is exported, so `__all__` names it"),)
    if spot.finding.tool == "ruff" and all(alias.asname is None and "." not in alias.name for alias in exported):
        splices = tuple(source.insert(source.span(a)[1], f" as {a.name}") for a in exported)
        return (Rewrite(splices, f"{', '.join(names)} is imported for others, and now says so"),)
    if not source.path.endswith("__init__.py"):
        return ()
    known = [n for n in top_names(source.tree) if not n.startswith("_")]
    froms = [i for i in source.nodes(ast.ImportFrom) if i in source.tree.body and i.module != "__future__"]
    mine = [a.asname or a.name for i in froms for a in i.names]
    every = sorted({n for n in (*known, *mine) if not n.startswith("_") and n != "*"})
    last = [n for n in source.tree.body if isinstance(n, ast.Import | ast.ImportFrom)][-1:]
    if not last:
        return ()
    at = source.line_start((last[0].end_lineno or 1) + 1)
    lead = "" if source.raw[:at].endswith((b"\n", b"\r")) else source.newline
    body = source.newline.join(f'    "{name}",' for name in every)
    text = f"{lead}{source.newline}__all__ = [{source.newline}{body}{source.newline}]{source.newline}"
    why = "the names that the package exports are now listed in `__all__`, which also decides what `import *` gives"
    return (Rewrite((source.insert(at, text),), why, is_sure=False),)


def _listed(source: Source, listed: ast.List | ast.Tuple, names: list[str]) -> Splice:
    if not listed.elts:
        start, end = source.span(listed)
        return source.insert(end - 1 if source.raw[start:end][:1] in b"([" else end, ", ".join(map(_quoted, names)))
    last = listed.elts[-1]
    indent = source.indent(last.lineno)
    is_long = last.lineno > listed.lineno
    joint = f",{source.newline}{indent}" if is_long else ", "
    quote = source.text(last)[:1]
    return source.insert(source.span(last)[1], "".join(f"{joint}{_quoted(name, quote)}" for name in names))


def _quoted(name: str, quote: str = '"') -> str:
    return f"{quote}{name}{quote}"


def _acts(spot: Spot, statement: ImportNode, alias: ast.alias) -> bool:
    """Tell whether the import may be there for what the module does when it is loaded."""
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "") in _FOR_ITS_EFFECT
    root = alias.name.partition(".")[0]
    if alias.name in _FOR_ITS_EFFECT:
        return True
    if root in sys.stdlib_module_names:
        return False
    ends = (f"{alias.name.replace('.', '/')}.py", f"{alias.name.replace('.', '/')}/__init__.py")
    own = next((p for p in spot.project.files if p.endswith(ends)), None)
    module = spot.project.source(own) if own else None
    if module is None:
        return False
    return any(_does_something(node) for node in module.tree.body)


def _does_something(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    return bool(getattr(node, "decorator_list", ()))


RULES: tuple[Rule, ...] = (rule("F401 W0611", _repair),)
