"""A lost statement that the functions beside this one still have: what methods of a class do alike.

`parse_softbreak` and `parse_linebreak` each append a token of their own name: the part of the name that differs is
renamed in what is taken over.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from selfheal.fix.python_tree import FunctionNode
from selfheal.fix.search.forgotten import names_in, put_behind
from selfheal.fix.search.site import Change, Site, is_bare_value, parameters_of

_LONGEST = 100
_MOST = 16
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign)


def borrowed(site: Site, node: ast.AST) -> Iterator[Change]:
    """A statement of a function beside this one, in each place."""
    if node is site.function and not site.is_definition:
        yield from put_behind(site, site.function.lineno, borrowable(site))


@lru_cache(maxsize=32)
def borrowable(site: Site) -> tuple[str, ...]:
    """Statements of the functions beside this one that could stand here.

    Those of functions that take the same come first, then what many of them do.
    """
    mine = "".join(site.line_text(n) for n in range(site.function.lineno, (site.function.end_lineno or 0) + 1))
    alike: Counter[str] = Counter()
    common: Counter[str] = Counter()
    for other in _beside(site):
        is_alike = parameters_of(other) == parameters_of(site.function)
        for one in ast.walk(other):
            if isinstance(one, _SIMPLE) and not is_bare_value(one) and names_in(one) <= site.known_names:
                text = _renamed(site.source(one), other.name, site.function.name)
                if "\n" not in text and len(text) <= _LONGEST and text not in mine:
                    (alike if is_alike else common)[text] += 1
    every = [*alike, *(text for text, _ in common.most_common() if text not in alike)]
    return tuple(every[:_MOST])


def _beside(site: Site) -> list[FunctionNode]:
    """The functions of the same class, or of the file's top, the nearest first; none that the language calls."""
    body = site.owner.body if site.owner is not None else site.module.body
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    others = [one for one in body if isinstance(one, kinds) and one is not site.function and one.name[:2] != "__"]
    return sorted(others, key=lambda one: abs(one.lineno - site.function.lineno))


def _renamed(text: str, other: str, own: str) -> str:
    """The text with the part of the other function's name in which it differs given way to that of its own.

    Names that share no part are no sisters: nothing is renamed.
    """
    theirs, mine = other.split("_"), own.split("_")
    while theirs and mine and theirs[0] == mine[0]:
        theirs, mine = theirs[1:], mine[1:]
    while theirs and mine and theirs[-1] == mine[-1]:
        theirs, mine = theirs[:-1], mine[:-1]
    is_sister = len(theirs) < len(other.split("_"))
    return text.replace("_".join(theirs), "_".join(mine)) if is_sister and theirs and mine else text
