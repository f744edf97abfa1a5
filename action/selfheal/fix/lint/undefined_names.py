"""Names that nothing defines: a misspelling, a missing import, a missing `self.`."""

import ast
import builtins
import sys
from difflib import get_close_matches

from selfheal.fix.lint.adding_imports import add_import
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.project import module_of, top_names
from selfheal.fix.lint.source import FunctionNode, Source

_CLOSE = 0.75
_FROM_STDLIB = {
    "Path": "from pathlib import Path",
    "PurePath": "from pathlib import PurePath",
    "dataclass": "from dataclasses import dataclass",
    "field": "from dataclasses import field",
    "defaultdict": "from collections import defaultdict",
    "Counter": "from collections import Counter",
    "OrderedDict": "from collections import OrderedDict",
    "deque": "from collections import deque",
    "namedtuple": "from collections import namedtuple",
    "datetime": "from datetime import datetime",
    "timedelta": "from datetime import timedelta",
    "timezone": "from datetime import timezone",
    "Enum": "from enum import Enum",
    "partial": "from functools import partial",
    "wraps": "from functools import wraps",
    "lru_cache": "from functools import lru_cache",
    "reduce": "from functools import reduce",
    "contextmanager": "from contextlib import contextmanager",
    "suppress": "from contextlib import suppress",
    "ABC": "from abc import ABC",
    "abstractmethod": "from abc import abstractmethod",
    "Decimal": "from decimal import Decimal",
    "StringIO": "from io import StringIO",
    "BytesIO": "from io import BytesIO",
    "deepcopy": "from copy import deepcopy",
    "chain": "from itertools import chain",
    "Thread": "from threading import Thread",
    "Lock": "from threading import Lock",
    "sleep": "from time import sleep",
    "urlparse": "from urllib.parse import urlparse",
    "warn": "from warnings import warn",
    "uuid4": "from uuid import uuid4",
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "tf": "import tensorflow as tf",
}
_TYPING = frozenset(
    [
        "Any",
        "Callable",
        "ClassVar",
        "Dict",
        "Final",
        "FrozenSet",
        "Generic",
        "Iterable",
        "Iterator",
        "List",
        "Literal",
        "Mapping",
        "NamedTuple",
        "Optional",
        "Protocol",
        "Sequence",
        "Set",
        "Tuple",
        "Type",
        "TypedDict",
        "TypeVar",
        "Union",
        "TYPE_CHECKING",
        "Generator",
        "NoReturn",
        "Awaitable",
        "cast",
    ]
)
_PYTHON_2 = {
    "unicode": "str",
    "basestring": "str",
    "xrange": "range",
    "raw_input": "input",
    "long": "int",
    "unichr": "chr",
    "reduce": "functools.reduce",
}


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    name = spot.finding.name
    if not name.isidentifier():
        return ()
    source = spot.source
    uses = [n for n in source.nodes(ast.Name, line=spot.finding.line) if n.id == name]
    if not uses:
        return _in_text(spot, name)
    use = spot.source.covering(spot.finding.line, spot.finding.column, ast.Name)
    use = use if use is not None and use.id == name else uses[0]
    return (*_own_member(source, use), *_imported(spot, use), *_misspelt(source, use))


def _own_member(source: Source, use: ast.Name) -> tuple[Rewrite, ...]:
    """`run()` in a method of a class that has a `run`."""
    function = next((n for n in source.above(use) if isinstance(n, FunctionNode)), None)
    holder = source.scope(function) if function is not None else None
    if not isinstance(holder, ast.ClassDef) or function is None:
        return ()
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    if static or not function.args.args or use.id not in members(holder):
        return ()
    own = function.args.args[0].arg
    why = f"{use.id} is a member of {holder.name}"
    return (Rewrite((source.insert(source.span(use)[0], f"{own}."),), why),)


def members(holder: ast.ClassDef) -> set[str]:
    """The names of a class's own methods and attributes, as far as its body shows them."""
    names = {n.name for n in holder.body if isinstance(n, FunctionNode | ast.ClassDef)}
    for node in ast.walk(holder):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) if node in holder.body:
                names.add(name)
            case ast.Assign() if node in holder.body:
                names.update(t.id for t in node.targets if isinstance(t, ast.Name))
            case _:
                continue
    return names


def _imported(spot: Spot, use: ast.Name) -> tuple[Rewrite, ...]:
    source, name = spot.source, use.id
    lines = []
    is_module = isinstance(source.parent(use), ast.Attribute)
    if is_module and name in sys.stdlib_module_names:
        lines.append(f"import {name}")
    if name in _FROM_STDLIB and (not is_module or name not in sys.stdlib_module_names or name == "datetime"):
        lines.append(_FROM_STDLIB[name])
    if name in _TYPING:
        lines.append(f"from typing import {name}")
    owners = [path for path in spot.project.defining(name) if path != source.path]
    if len(owners) == 1 and module_of(owners[0]):
        lines.append(_from_own(spot, owners[0], name))
    if lines and (name == "datetime" and is_module):
        first = source.parent(use)
        attribute = first.attr if isinstance(first, ast.Attribute) else ""
        lines.sort(
            key=lambda line: line.startswith("import") != (attribute in ("datetime", "timedelta", "date", "timezone"))
        )
    return tuple(
        Rewrite((add_import(source, line),), f"{name} is used and was never imported", is_sure=len(lines) == 1)
        for line in dict.fromkeys(lines)
    )


def _from_own(spot: Spot, owner: str, name: str) -> str:
    """The import in the way that the file imports its own package elsewhere."""
    module = module_of(owner)
    here = spot.source.path.rpartition("/")[0]
    there = owner.rpartition("/")[0]
    relative = any(n.level for n in spot.source.nodes(ast.ImportFrom))
    if relative and here == there:
        return f"from .{owner.rpartition('/')[2].removesuffix('.py')} import {name}"
    return f"from {module} import {name}"


def _misspelt(source: Source, use: ast.Name) -> tuple[Rewrite, ...]:
    """The closest names that are bound where the use stands, or built in."""
    known = visible(source, use)
    rewrites = []
    if use.id in _PYTHON_2 and "." not in _PYTHON_2[use.id]:
        new = _PYTHON_2[use.id]
        why = f"Python 3 has {new} in the place of {use.id}"
        rewrites.append(Rewrite((source.replace(use, new),), why, is_sure=new in ("range", "input", "chr")))
    close = get_close_matches(use.id, sorted(known - {use.id}), n=3, cutoff=_CLOSE)
    if not close:
        close = get_close_matches(use.id, [b for b in dir(builtins) if not b.startswith("_")], n=1, cutoff=_CLOSE)
    for word in close:
        why = f"{use.id} is defined nowhere, {word} is what it must mean"
        rewrites.append(Rewrite((source.replace(use, word),), why, is_sure=len(close) == 1))
    return tuple(rewrites)


def visible(source: Source, node: ast.AST) -> set[str]:
    """The names that are bound in the scopes around a node."""
    names = set(top_names(source.tree))
    for outer in source.above(node):
        if isinstance(outer, FunctionNode | ast.Lambda):
            names |= {n.id for n in ast.walk(outer) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            names |= {a.arg for a in ast.walk(outer.args) if isinstance(a, ast.arg)}
            names |= taken(outer) - {n.id for n in ast.walk(outer) if isinstance(n, ast.Name)}
        if isinstance(outer, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            names |= {n.id for g in outer.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    for statement in source.imports():
        names |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
    return names


def _in_text(spot: Spot, name: str) -> tuple[Rewrite, ...]:
    """A name in an annotation that is written as a text, or in `__all__`."""
    source = spot.source
    texts = [n for n in source.nodes(ast.Constant) if isinstance(n.value, str) and n.lineno == spot.finding.line]
    texts = [n for n in texts if name in str(n.value) and "\n" not in str(n.value)]
    if not texts:
        return ()
    listed = next((n for n in texts if n.value == name), None)
    parent = source.parent(listed) if listed is not None else None
    if isinstance(parent, ast.List | ast.Tuple) and "__all__" in spot.finding.message:
        close = get_close_matches(name, [n for n in visible(source, parent) if n != name], n=1, cutoff=_CLOSE)
        if close and listed is not None:
            quote = source.text(listed)[:1]
            why = f"`__all__` names {name}, the module has {close[0]}"
            return (Rewrite((source.replace(listed, f"{quote}{close[0]}{quote}"),), why),)
        return ()
    probe = ast.Name(id=name, ctx=ast.Load())
    return _imported(spot, probe)


RULES: tuple[Rule, ...] = (rule("F821 E0602 F822 E0603", _repair),)
