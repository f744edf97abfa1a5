"""Wrong names: another variable, attribute or method of those that are there."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from selfheal.fix.search.site import Change, Site, everything_in

_WHOLE = 0.25
"""What it is worth to put what a loop goes through in the place of its variable."""
_UNBOUND = 8.0
"""What it is worth to ask for another name than the one that the failure says has no value or is not there; chosen."""
_UNREAD = 3.0
"""What it is worth to ask for what the class gives its objects and nothing else asks for; chosen."""
_MOST, _MOST_AT_CRASH = 10, 30
_LONG = 40
"""Characters of a text that is no key any more."""
_FAMILIES: tuple[tuple[str, ...], ...] = (
    ("strip", "lstrip", "rstrip"),
    ("split", "rsplit", "splitlines", "partition", "rpartition"),
    ("partition", "rpartition"),
    ("lower", "upper", "title", "capitalize", "casefold", "swapcase"),
    ("startswith", "endswith"),
    ("find", "rfind", "index", "rindex", "count"),
    ("ljust", "rjust", "center", "zfill"),
    ("isdigit", "isalpha", "isalnum", "isnumeric", "isdecimal", "isspace", "isupper", "islower"),
    ("removeprefix", "removesuffix", "lstrip", "rstrip"),
    ("append", "extend", "insert", "add"),
    ("append", "appendleft"),
    ("pop", "popleft", "popitem", "remove", "discard"),
    ("keys", "values", "items"),
    ("add", "update", "discard", "remove"),
    ("union", "intersection", "difference", "symmetric_difference", "update"),
    ("issubset", "issuperset", "isdisjoint"),
    ("match", "search", "fullmatch", "findall", "finditer"),
    ("group", "groups"),
    ("min", "max", "sum"),
    ("any", "all"),
    ("sorted", "reversed", "list", "set", "tuple"),
    ("int", "round", "float", "abs", "str"),
    ("floor", "ceil", "trunc"),
    ("heappush", "heappop", "heappushpop", "heapreplace"),
    ("nlargest", "nsmallest"),
    ("bisect", "bisect_left", "bisect_right"),
    ("insort", "insort_left", "insort_right"),
    ("permutations", "combinations", "product", "combinations_with_replacement"),
    ("zip", "zip_longest"),
    ("enumerate", "range"),
    ("len", "sum", "max"),
    ("isinstance", "issubclass"),
    ("days", "seconds", "total_seconds()", "microseconds"),
    ("year", "month", "day", "hour", "minute", "second"),
    ("weekday", "isoweekday", "isocalendar"),
    ("ValueError", "TypeError", "KeyError", "IndexError", "RuntimeError", "AttributeError", "LookupError"),
    ("dumps", "dump"),
    ("loads", "load"),
    ("deepcopy", "copy"),
    ("setdefault", "get", "pop"),
    ("encode", "decode"),
    ("basename", "dirname"),
    ("stem", "name", "suffix"),
    ("defaultdict", "Counter", "OrderedDict", "dict"),
    ("start", "end", "span"),
    ("sort", "reverse"),
    ("name", "qualname"),
)
_BUILT_IN = frozenset({"True", "False", "None", "self", "cls"})


def variables(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another variable that is bound in the function, the likest name first."""
    if not isinstance(node, ast.Name) or node.id in _BUILT_IN:
        return
    parent = site.parent(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        yield from _functions(site, node)
        return
    is_stored = isinstance(node.ctx, ast.Store)
    names = [name for name in site.names if name != node.id]
    if node.id not in site.names and node.id not in site.module_names:
        names += [name for name in site.module_names if _likeness(name, node.id) > 0.6]
    elif node.id in site.module_names:
        names = [
            *names,
            *(name for name in site.module_names if name != node.id and name.isupper() == node.id.isupper()),
        ]
    has_crashed = node.lineno == site.hints.crashed_at
    most = _MOST_AT_CRASH if has_crashed else _MOST
    scored = sorted(((_likeness(name, node.id), name) for name in names), reverse=True)[:most]
    whole = _gone_through(site, node)
    unbound = _UNBOUND if has_crashed and node.id == site.hints.unbound else 1.0
    for likeness, name in scored:
        weight = unbound * ((0.3 if is_stored else 0.45) + 0.55 * likeness * (not is_stored))
        yield site.swap(node, name, weight=weight * (_WHOLE if name in whole else 1.0))


def _gone_through(site: Site, node: ast.Name) -> frozenset[str]:
    """Names of what the loops go through whose variable this is: who asks about one seldom meant them all."""
    found: set[str] = set()
    for inner in site.ancestors(node):
        loops = [inner] if isinstance(inner, ast.For | ast.AsyncFor) else getattr(inner, "generators", [])
        for loop in loops:
            if any(isinstance(one, ast.Name) and one.id == node.id for one in ast.walk(loop.target)):
                found |= {one.id for one in ast.walk(loop.iter) if isinstance(one, ast.Name)}
    return frozenset(found)


def exchanges(site: Site, node: ast.AST) -> Iterator[Change]:
    """Two variables, or two attributes, in each other's place all through an expression."""
    if not isinstance(node, ast.Subscript | ast.Compare | ast.Tuple | ast.BinOp | ast.Call | ast.BoolOp):
        return
    first, last = site.span(node)
    names: dict[str, list[int]] = defaultdict(list)
    fields: dict[str, list[int]] = defaultdict(list)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in site.names:
            at, held, name = site.span(inner)[0], names, inner.id
        elif isinstance(inner, ast.Attribute):
            at, held, name = site.span(inner)[1] - len(inner.attr), fields, inner.attr
        else:
            continue
        # Inside of f-strings places are wrong before Python 3.12.
        if site.text.startswith(name, at):
            held[name].append(at)
    for found in (names, fields):
        for one, other in list(combinations(found, 2))[:_MOST]:
            # Where each stands once, a neighbour's order is another operator's.
            if len(found[one]) + len(found[other]) > 2 or not isinstance(node, ast.Tuple):
                yield Change(first, last, _exchanged(site.text, first, last, found, one, other), node.lineno, 0.6)


def _exchanged(text: str, first: int, last: int, found: dict[str, list[int]], one: str, other: str) -> str:
    places = sorted([(at, one, other) for at in found[one]] + [(at, other, one) for at in found[other]])
    made, done = "", first
    for at, old, new in places:
        made += text[done:at] + new
        done = at + len(old)
    return made + text[done:last]


def attributes(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another attribute or method: of the same family, of the class, or the one that the error asks for."""
    if not isinstance(node, ast.Attribute):
        return
    _, end = site.span(node)
    first = end - len(node.attr)
    if site.text[first:end] != node.attr:
        return
    tried: dict[str, float] = dict.fromkeys(_relatives(node.attr), 0.9)
    if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
        for name in site.attributes:
            if name.startswith("__") and not node.attr.startswith("__"):
                continue
            tried.setdefault(name, 0.35 + 0.6 * _likeness(name, node.attr))
    for name in site.hints.names:
        likeness = _likeness(name, node.attr)
        if likeness > 0.6:
            tried[name] = max(tried.get(name, 0.0), likeness)
    tried.pop(node.attr, None)
    for name in tried.keys() & site.unread_attributes:
        tried[name] *= _UNREAD
    line = node.end_lineno or node.lineno
    is_lacking = line == site.hints.crashed_at and node.attr == site.hints.lacking
    best = sorted(tried.items(), key=lambda one: -one[1])[: _MOST_AT_CRASH if is_lacking else _MOST + 4]
    for name, weight in best:
        yield Change(first, end, name, line, weight * (_UNBOUND if is_lacking else 1.0))


def strings_as_keys(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another key of those that the file uses, where a text is looked up."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    parent = site.parent(node)
    is_key = isinstance(parent, ast.Subscript | ast.Compare) or (
        isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr in ("get", "pop")
    )
    if not is_key:
        return
    keys = [key for key in _texts_of(site) if key != node.value]
    likenesses = {key: _likeness(key, node.value) for key in keys}
    for key in sorted(keys, key=lambda one: -likenesses[one])[:_MOST]:
        yield site.swap(node, repr(key), weight=0.3 + 0.7 * likenesses[key])


@lru_cache(maxsize=32)
def _texts_of(site: Site) -> tuple[str, ...]:
    """The short texts that the file holds, each once."""
    held = (one.value for one in everything_in(site.module) if isinstance(one, ast.Constant))
    return tuple(dict.fromkeys(text for text in held if isinstance(text, str) and 0 < len(text) < _LONG))


def _functions(site: Site, node: ast.Name) -> Iterator[Change]:
    tried = {other: 0.9 for other in _relatives(node.id) if "_" not in other or other in site.text}
    for name in site.signatures:
        tried.setdefault(name, 0.3 + 0.6 * _likeness(name, node.id))
    tried.pop(node.id, None)
    tried.pop(site.function.name, None)
    for name, weight in sorted(tried.items(), key=lambda one: -one[1])[:_MOST]:
        yield site.swap(node, name, weight=weight)


def _relatives(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for family in _FAMILIES if name in family for one in family if one != name))


@lru_cache(maxsize=1 << 15)
def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
