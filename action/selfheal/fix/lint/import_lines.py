"""How imports are written: one a line, at the top, in order, without a second name, without a star."""

import ast
import re

from selfheal.fix.lint.adding_imports import add_import, group
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.project import top_names
from selfheal.fix.lint.source import FunctionNode, Source, Splice
from selfheal.fix.lint.statements import block_of, delete
from selfheal.fix.lint.unused_imports import statement_at
from selfheal.fix.python_tree import module_asked


def _one_a_line(spot: Spot) -> tuple[Rewrite, ...]:
    """`import a, b` over two lines."""
    source = spot.source
    node = statement_at(source, spot.finding.line)
    if not isinstance(node, ast.Import) or len(node.names) < 2:
        return ()
    indent = source.indent(node.lineno)
    new = f"{source.newline}{indent}".join(f"import {source.text(alias)}" for alias in node.names)
    return (Rewrite((source.replace(node, new),), "each import has a line of its own"),)


def _same_alias(spot: Spot) -> tuple[Rewrite, ...]:
    """`import a as a` as `import a`; `import a.b as b` as `from a import b`."""
    source = spot.source
    node = statement_at(source, spot.finding.line)
    if node is None:
        return ()
    splices: list[Splice] = []
    for alias in node.names:
        if alias.asname == alias.name:
            splices.append(source.replace(alias, alias.name))
        parent, _, last = alias.name.rpartition(".")
        if isinstance(node, ast.Import) and alias.asname == last and parent and len(node.names) == 1:
            return (Rewrite((source.replace(node, f"from {parent} import {last}"),), "the import says what it takes"),)
    if not splices or source.path.endswith("__init__.py"):
        return ()
    return (Rewrite(tuple(splices), "the second name is the first"),)


def _to_top(spot: Spot) -> tuple[Rewrite, ...]:
    """An import inside a function, or below code, moves to the top: that may close a circle, so a human looks."""
    source = spot.source
    node = statement_at(source, spot.finding.line)
    if node is None or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
        return ()
    outer = list(source.above(node))
    if any(isinstance(n, ast.Try | ast.If | ast.With) for n in outer):
        return ()
    text = " ".join(source.text(node).split()) if "(" not in source.text(node) else source.text(node)
    text = re.sub(r"\n[ \t]+", "\n    ", text).replace("\n    )", "\n)")
    names = {(a.asname or a.name).partition(".")[0] for a in node.names}
    is_inner = any(isinstance(n, FunctionNode | ast.ClassDef) for n in outer)
    if is_inner and any(name in _bound_at_top(source) for name in names):
        return ()
    add = add_import(source, text)
    if not is_inner and _relies_on(source, node):
        return ()
    module = "." * getattr(node, "level", 0) + (getattr(node, "module", None) or node.names[0].name)
    sure = group(module) == 0 or not is_inner
    why = "the import stands at the top with the others"
    doubt = "" if sure else "; it is now loaded when the module is, which matters where two modules import each other"
    return (Rewrite((add, delete(source, node)), why + doubt, is_sure=sure and is_inner),)


def _bound_at_top(source: Source) -> set[str]:
    return set(top_names(source.tree)) | {
        (a.asname or a.name).partition(".")[0]
        for n in source.tree.body
        if isinstance(n, ast.Import | ast.ImportFrom)
        for a in n.names
    }


def _relies_on(source: Source, node: ast.stmt) -> bool:
    """Tell whether code above sets up what the import needs: the path, the environment, a patch."""
    block = block_of(source, node)
    above = " ".join(
        source.text(s) for s in block[: block.index(node)] if not isinstance(s, ast.Import | ast.ImportFrom)
    )
    return re.search(r"sys\.path|os\.environ|matplotlib\.use|patch|setup\(|chdir|filterwarnings", above) is not None


def _in_order(spot: Spot) -> tuple[Rewrite, ...]:
    """The block of imports at the top, the standard library first, then what is installed, then the package itself."""
    source = spot.source
    node = statement_at(source, spot.finding.line)
    if node is None or node not in source.tree.body:
        return ()
    run = _run_around(source, node)
    if any("#" in source.between(source.line_start(n.lineno), source.line_start((n.end_lineno or 0) + 1)) for n in run):
        return ()
    first, last = run[0].lineno, run[-1].end_lineno or 0
    if any(source.line(n).lstrip().startswith("#") for n in range(first, last + 1)):
        return ()
    own = _own_roots(spot)
    keyed = sorted(
        run, key=lambda n: (_future(n), _place(n, own), isinstance(n, ast.ImportFrom), module_asked(n).lower())
    )
    lines: list[str] = []
    previous: tuple[int, int] | None = None
    for statement in keyed:
        place = (_future(statement), _place(statement, own))
        if previous is not None and place != previous:
            lines.append("")
        lines.append(source.text(statement))
        previous = place
    new = source.newline.join(lines)
    start, end = source.span(run[0])[0], source.span(run[-1])[1]
    if source.between(start, end) == new:
        return ()
    return (Rewrite((source.splice(start, end, new),), "imports stand in their usual order"),)


def _run_around(source: Source, node: ast.stmt) -> list[ast.stmt]:
    body = source.tree.body
    first = last = body.index(node)
    while first and isinstance(body[first - 1], ast.Import | ast.ImportFrom):
        first -= 1
    while last + 1 < len(body) and isinstance(body[last + 1], ast.Import | ast.ImportFrom):
        last += 1
    return list(body[first : last + 1])


def _own_roots(spot: Spot) -> set[str]:
    roots = set()
    for path in spot.project.files:
        for part in path.removeprefix("src/").split("/")[:1]:
            roots.add(part.removesuffix(".py"))
    return roots


def _future(node: ast.stmt) -> int:
    return 0 if module_asked(node) == "__future__" else 1


def _place(node: ast.stmt, own: set[str]) -> int:
    module = module_asked(node)
    place = group(module)
    return 2 if module.partition(".")[0] in own and place == 1 else (3 if module.startswith(".") else place)


def _star(spot: Spot) -> tuple[Rewrite, ...]:
    """`from m import *` with the names that the file uses and the repository's module, or the library, has."""
    source = spot.source
    stars = [n for n in source.nodes(ast.ImportFrom) if n.names[0].name == "*" and n in source.tree.body]
    at_line = [n for n in stars if n.lineno == spot.finding.line]
    node = at_line[0] if at_line else (stars[0] if len(stars) == 1 else None)
    if node is None or (len(stars) > 1 and not at_line):
        return ()
    offered = _offered(spot, node)
    if not offered:
        return ()
    used = {n.id for n in source.nodes(ast.Name) if isinstance(n.ctx, ast.Load)}
    bound = {n.id for n in source.nodes(ast.Name) if isinstance(n.ctx, ast.Store)} | _bound_at_top(source)
    wanted = sorted((used & offered) - bound, key=lambda n: (not n.isupper(), not n[:1].isupper(), n))
    if any(spot.project.imports_from(source.path, name) for name in offered - set(wanted)):
        return ()
    if not wanted:
        return (Rewrite((delete(source, node),), "nothing of the star import is used"),)
    head = source.text(node).rpartition("*")[0].rstrip()
    line = f"{head} {', '.join(wanted)}"
    if len(line) > 79:
        nl = source.newline
        line = f"{head} ({nl}" + "".join(f"    {name},{nl}" for name in wanted) + ")"
    sure = not source.path.endswith("__init__.py")
    return (Rewrite((source.replace(node, line),), "the import names what the file uses", is_sure=sure),)


def _offered(spot: Spot, node: ast.ImportFrom) -> set[str]:
    """What a star import of a module of the repository, or of the standard library, gives."""
    import importlib
    import sys

    module = node.module or ""
    if not node.level and module.partition(".")[0] in sys.stdlib_module_names:
        loaded = sys.modules.get(module) or (importlib.import_module(module) if module in _HARMLESS else None)
        names = getattr(loaded, "__all__", None) or [n for n in dir(loaded) if not n.startswith("_")]
        return set(names) if loaded is not None else set()
    here = spot.source.path.rpartition("/")[0]
    for _ in range(node.level - 1):
        here = here.rpartition("/")[0]
    stem = module.replace(".", "/")
    bases = [f"{here}/{stem}".strip("/")] if node.level else [stem, f"src/{stem}", f"{here}/{stem}".strip("/")]
    for base in bases:
        for path in (f"{base}.py", f"{base}/__init__.py"):
            own = spot.project.source(path)
            if own is not None:
                return _exported(own)
    return set()


_HARMLESS = frozenset({"math", "os.path", "struct", "ctypes", "decimal", "collections.abc"})
"""Modules that may be loaded to see what they offer, besides those that are loaded anyway."""


def _exported(own: Source) -> set[str]:
    for statement in own.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=elts) | ast.Tuple(elts=elts)):
                return {e.value for e in elts if isinstance(e, ast.Constant) and isinstance(e.value, str)}
            case _:
                continue
    has_star = any(n.names[0].name == "*" for n in own.nodes(ast.ImportFrom))
    names = {n for n in taken(own.tree) if n in _bound_at_top(own)}
    return set() if has_star else {n for n in names if not n.startswith("_")}


RULES: tuple[Rule, ...] = (
    rule("E401 C0410", _one_a_line),
    rule("C0414 PLC0414 R0402 PLR0402", _same_alias),
    rule("C0415 PLC0415 E402 C0413", _to_top),
    rule("C0411 C0412", _in_order),
    rule("F403 F405 W0401 W0614", _star),
)
