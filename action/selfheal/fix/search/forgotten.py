"""A lost statement of which a name tells: it is given a value that nothing asks for.

What it did with the value is written like something that the function, or another method of its class, does.
"""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selfheal.fix.search.site import Change, Site, everything_in, is_bare_value

_MOST_NAMES = 2
_MOST_USES = 16
_MOST_PLACES = 14
_MOST_ELSEWHERE = 8
_LONGEST = 80
_NEARER = 0.08
"""By how much each further place and each further use counts less."""
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign)


def forgotten(site: Site, node: ast.AST) -> Iterator[Change]:
    """A use of the name in each place behind the last of its values, the nearest first."""
    if node is not site.function or site.is_definition:
        return
    yield from put_behind(site, site.function.lineno, uses_elsewhere(site))
    for stored in _unasked(site)[:_MOST_NAMES]:
        yield from put_behind(site, _end(stored), list(dict.fromkeys(_uses(site, stored)))[:_MOST_USES])


@lru_cache(maxsize=32)
def uses_elsewhere(site: Site) -> tuple[str, ...]:
    """What other functions of the file do with a parameter that nothing here asks for, the shortest first."""
    unread = frozenset(site.parameters) & site.unread_names
    if not unread:
        return ()
    inside = frozenset(everything_in(site.function))
    texts = {
        site.source(one)
        for one in everything_in(site.module)
        if isinstance(one, (*_SIMPLE, ast.Return)) and one not in inside and unread & names_in(one)
    }
    short = sorted(
        (text for text in texts if "\n" not in text and len(text) <= _LONGEST), key=lambda one: (len(one), one)
    )
    return tuple(short[:_MOST_ELSEWHERE])


def _unasked(site: Site) -> list[ast.Assign]:
    """Assignments to one name that nothing reads afterwards, in a loop not before either."""
    reads: dict[str, list[ast.Name]] = {}
    shared: set[str] = set()
    for one in everything_in(site.function):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Store):
            reads.setdefault(one.id, []).append(one)
        elif isinstance(one, ast.Global | ast.Nonlocal):
            shared |= set(one.names)
    found = []
    for node in site.nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in shared and not name.startswith("_"):
                loops = [one for one in site.ancestors(node) if isinstance(one, _LOOPS)]
                last = _end(node)
                asked = any(
                    one.lineno > last or any(loop.lineno <= one.lineno <= _end(loop) for loop in loops)
                    for one in reads.get(name, ())
                )
                # What a nested function binds may be asked by its own rules.
                if not asked and _function_around(site, node) is site.function:
                    found.append(node)
    return sorted(found, key=lambda one: one.lineno)


def _uses(site: Site, stored: ast.Assign) -> Iterator[str]:
    """Statements with the name in the place of something, the likelier first."""
    (target,) = stored.targets
    name = site.source(target)
    if isinstance(stored.value, ast.Attribute | ast.Name | ast.Lambda):
        for node in site.nodes:
            match node:
                case ast.Call(func=ast.Name() as called):
                    text = f"{name}{_behind(site, called, node)}"
                    if len(text) <= _LONGEST and "\n" not in text:
                        yield text
    others = list(_simple_statements(site, stored))
    for kind in (ast.AugAssign, ast.Expr, ast.Assign):
        for one in others:
            if isinstance(one, kind):
                yield from _with(site, one, name)


def _with(site: Site, statement: ast.stmt, name: str) -> Iterator[str]:
    """The statement with the name as its value, or as one of its arguments."""
    match statement:
        case ast.AugAssign(value=value) | ast.Assign(targets=[_], value=value):
            made = f"{_before(site, statement, value)}{name}"
            if not made.startswith(f"{name} "):
                yield made
        case ast.Expr(value=ast.Call(args=arguments)):
            for one in arguments:
                yield f"{_before(site, statement, one)}{name}{_behind(site, one, statement)}"


def _simple_statements(site: Site, stored: ast.Assign) -> Iterator[ast.stmt]:
    """Those of the function, then those of its class that name nothing but what is known here; on one line each."""
    inside = [one for one in site.nodes if isinstance(one, _SIMPLE) and one is not stored]
    owner = site.owner
    outside = [
        one
        for one in (everything_in(owner) if owner is not None else ())
        if isinstance(one, _SIMPLE) and one not in inside and one is not stored and names_in(one) <= site.known_names
    ]
    for one in (*sorted(inside, key=lambda each: each.lineno), *outside):
        is_short = one.lineno == one.end_lineno and len(site.source(one)) <= _LONGEST
        if is_short and not is_bare_value(one):
            yield one


def put_behind(site: Site, last: int, statements: Sequence[str]) -> Iterator[Change]:
    """Each of these statements, the likelier first, in each place behind line `last`, the nearest first."""
    for far, (at, indent, line) in enumerate(_places_behind(site, last)[:_MOST_PLACES]):
        for rank, statement in enumerate(statements):
            yield Change(at, at, f"{indent}{statement}\n", line, 1.0 / (1.0 + _NEARER * (far + rank)))


def _places_behind(site: Site, last: int) -> list[tuple[int, str, int]]:
    """Where a statement can be put behind line `last`: character, blanks, and a line that runs with it."""
    found: dict[tuple[int, str], int] = {}
    for node in everything_in(site.function):
        for block in (getattr(node, word, None) for word in ("body", "orelse", "finalbody")):
            # A lambda has one expression for its body.
            if not isinstance(block, list) or not block or site.text.startswith("elif", site.span(block[0])[0]):
                continue
            indent = site.indent_of(block[0].lineno)
            for one in block:
                if one.lineno > last and site.is_own_line(one) and not is_bare_value(one):
                    found.setdefault((_start(site, one), indent), one.lineno)
            closing = block[-1]
            at = site.line_span(closing.lineno, _end(closing))[1]
            is_left = isinstance(closing, ast.Return | ast.Raise | ast.Break | ast.Continue)
            if _end(closing) >= last and not is_left and site.text[:at].endswith("\n"):
                found.setdefault((at, indent), closing.lineno)
    return [(at, indent, line) for (at, indent), line in sorted(found.items(), key=lambda one: one[0][0])]


def _start(site: Site, statement: ast.stmt) -> int:
    return site.line_span(statement.lineno, statement.lineno)[0]


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def names_in(node: ast.AST) -> set[str]:
    """The names that an expression or statement uses or gives a value."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _function_around(site: Site, node: ast.AST) -> ast.AST | None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    return next((one for one in site.ancestors(node) if isinstance(one, kinds)), None)


def _before(site: Site, whole: ast.stmt, part: ast.expr) -> str:
    return site.text[site.span(whole)[0] : site.span(part)[0]]


def _behind(site: Site, part: ast.expr, whole: ast.stmt | ast.expr) -> str:
    return site.text[site.span(part)[1] : site.span(whole)[1]]
