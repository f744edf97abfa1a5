"""What `isinstance` asks for, where that is too much or too little: sister types, what is like them, one of two."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site

_TOGETHER = {
    "list": ("tuple", "set"),
    "tuple": ("list",),
    "set": ("frozenset",),
    "str": ("bytes",),
    "bytes": ("str", "bytearray"),
    "int": ("float",),
    "float": ("int",),
}
_ABSTRACT = {
    "dict": ("Mapping", "MutableMapping"),
    "list": ("Sequence", "MutableSequence", "Iterable"),
    "tuple": ("Sequence", "Iterable"),
    "set": ("Set", "AbstractSet", "Collection"),
    "int": ("Integral", "Number"),
    "float": ("Real", "Number"),
}
_TOLD_BY = {"dict": "keys", "list": "__iter__", "tuple": "__iter__", "set": "__contains__"}
"""What tells something that is like it, where the file has no name for all that is."""
_LIKE = 0.6
_FEWER = 0.5


def type_tests(site: Site, node: ast.AST) -> Iterator[Change]:
    """Ask for more types than one, for an abstract one that the file knows, for a method, or for one of several."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, ast.Name(id=name) as kind], keywords=[]):
            for other in _TOGETHER.get(name, ()):
                yield site.swap(kind, f"({name}, {other})")
            for other in _ABSTRACT.get(name, ()):
                if other in site.known_names:
                    yield site.swap(kind, other)
            if (method := _TOLD_BY.get(name)) is not None and not any(
                other in site.known_names for other in _ABSTRACT[name]
            ):
                yield site.swap(node, f'hasattr({site.source(asked)}, "{method}")', weight=_LIKE)
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Tuple(elts=[_, _, *_] as kinds) as several]):
            held = [site.source(one) for one in kinds]
            for one in held:
                yield site.swap(several, one, weight=_FEWER)
                for other in _TOGETHER.get(one, ()):
                    if other not in held:
                        yield site.swap(several, f"({', '.join((*held, other))})", weight=_FEWER)
