"""Defaults that are made once and shared by all calls."""

import ast
import itertools
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken, uses
from selfheal.fix.lint.source import FunctionNode, Source, Splice
from selfheal.fix.lint.statements import docstring, first_line, has_own_lines

_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset({"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque", "bytearray"})
_READERS = frozenset(
    {*("len", "list", "tuple", "set", "dict", "frozenset", "sorted", "sum", "any", "all", "min", "max", "bool")}
)
_LOOKS = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
"""Functions and methods that look at a collection and keep nothing of it."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Pair = tuple[ast.arg, ast.expr]


def _mutable(spot: Spot) -> tuple[Rewrite, ...]:
    why = "a default is made once and shared by all calls: each call now gets its own"
    return (*_plain(spot), *_sentinel(spot, _is_mutable, why, is_sure=True), *_in_place(spot, why))


def _plain(spot: Spot) -> tuple[Rewrite, ...]:
    """None alone, where the body knows what to do with it."""
    source = spot.source
    function = _function(source, spot.finding.line, spot.finding.column)
    pairs = [pair for pair in _defaults(function) if _is_mutable(pair[1])] if function is not None else []
    if function is None or not pairs:
        return ()
    if not _is_stub(function) and not all(_asks_for_none(function, arg.arg) for arg, _ in pairs):
        return ()
    splices = [splice for arg, one in pairs for splice in (source.replace(one, "None"), *_optional(source, arg))]
    if _is_stub(function):
        return (Rewrite(tuple(splices), "a signature without a body needs no list of its own"),)
    names = ", ".join(arg.arg for arg, _ in pairs)
    why = f"a default is made once and shared by all calls: it is None now, which the body asks {names} for"
    return (Rewrite(tuple(splices), why, is_sure=False),)


def _is_stub(function: FunctionNode) -> bool:
    """Tell whether nothing is run: an overload, or a method of a protocol."""
    return all(isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in function.body)


def _asks_for_none(function: FunctionNode, name: str) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Compare(left=ast.Name(id=asked), ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(None)]):
                if asked == name:
                    return True
            case _:
                continue
    return False


def _call(spot: Spot) -> tuple[Rewrite, ...]:
    why = "the default was worked out once, when the function was defined: it is now worked out at each call"
    return _sentinel(spot, lambda node: isinstance(node, ast.Call), why, is_sure=False)


def _sentinel(spot: Spot, wanted: object, why: str, *, is_sure: bool) -> tuple[Rewrite, ...]:
    source = spot.source
    function = _function(source, spot.finding.line, spot.finding.column)
    if function is None or not callable(wanted):
        return ()
    pairs = [pair for pair in _defaults(function) if wanted(pair[1])]
    if not pairs:
        return ()
    splices: list[Splice] = []
    lines: list[str] = []
    for arg, default in pairs:
        splices.append(source.replace(default, "None"))
        splices += _optional(source, arg)
        lines.append(f"if {arg.arg} is None:\n{{deeper}}{arg.arg} = {source.text(default)}")
    body = _inserted(source, function, lines)
    if body is None or any("\n" in source.text(default) for _, default in pairs):
        return ()
    is_alone = is_sure and _share_nothing(source, function, pairs)
    doubt = "" if is_alone or not is_sure else "; who relied on what calls share will see the difference"
    return (Rewrite((*splices, body), why + doubt, is_sure=is_alone),)


def _in_place(spot: Spot, why: str) -> tuple[Rewrite, ...]:
    """The default is made where the argument is read: for a name that a linter does not want assigned."""
    source = spot.source
    function = _function(source, spot.finding.line, spot.finding.column)
    pairs = [pair for pair in _defaults(function) if _is_mutable(pair[1])] if function is not None else []
    splices: list[Splice] = []
    for arg, default in pairs:
        read = uses(function, arg.arg) if function is not None else []
        if len(read) != 1 or not isinstance(read[0].ctx, ast.Load) or not _is_plainly_read(source, read[0], function):
            return ()
        text = f"{source.text(default)} if {arg.arg} is None else {arg.arg}"
        is_whole = isinstance(source.parent(read[0]), ast.Assign | ast.AnnAssign | ast.Return)
        splices += [source.replace(default, "None"), *_optional(source, arg)]
        splices.append(source.replace(read[0], text if is_whole else f"({text})"))
    if function is None or not splices:
        return ()
    return (Rewrite(tuple(splices), why, is_sure=_share_nothing(source, function, pairs)),)


def _is_plainly_read(source: Source, name: ast.Name, function: FunctionNode | None) -> bool:
    """False inside a loop or an inner function, where one reading may be many."""
    inside = list(itertools.takewhile(lambda node: node is not function, source.above(name)))
    repeated = (ast.For, ast.AsyncFor, ast.While, ast.Lambda, ast.comprehension, *_COMPREHENSIONS, FunctionNode)
    return not any(isinstance(node, repeated) for node in inside)


def _function(source: Source, line: int, column: int | None) -> FunctionNode | None:
    """The function whose head holds the finding."""
    at = source.place(line, column)
    found = [
        node
        for node in source.functions()
        if first_line(node) <= line and (at < source.span(node.body[0])[0] or node.lineno == line)
    ]
    return max(found, key=lambda n: n.lineno, default=None)


def _defaults(function: FunctionNode) -> list[Pair]:
    every = function.args
    positional = [*every.posonlyargs, *every.args]
    tail = positional[len(positional) - len(every.defaults) :]
    pairs = list(zip(tail, every.defaults, strict=True))
    return pairs + [(a, d) for a, d in zip(every.kwonlyargs, every.kw_defaults, strict=True) if d is not None]


def _is_mutable(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in _MAKERS
    return isinstance(node, _MUTABLE)


def _optional(source: Source, arg: ast.arg) -> list[Splice]:
    """`list[str]` becomes `list[str] | None`, in the file's own way of saying so."""
    if arg.annotation is None or re.search(r"\bOptional\b|\bNone\b|\bAny\b", source.text(arg.annotation)):
        return []
    text = source.text(arg.annotation)
    if isinstance(arg.annotation, ast.Constant):
        inner = str(arg.annotation.value)
        return [source.replace(arg.annotation, f"{text[:1]}{inner} | None{text[-1:]}")]
    if "Optional" in taken(source.tree):
        return [source.replace(arg.annotation, f"Optional[{text}]")]
    return [source.insert(source.span(arg.annotation)[1], " | None")]


def _inserted(source: Source, function: FunctionNode, lines: list[str]) -> Splice | None:
    documented = docstring(function)
    rest = function.body[1:] if documented else function.body
    if not has_own_lines(source, function):
        return None
    indent = source.indent(function.body[0].lineno)
    step = indent[len(source.indent(function.lineno)) :] or "    "
    text = "\n".join(line.replace("{deeper}", f"{indent}{step}") for line in lines)
    text = "\n".join(part if part.startswith(indent) else indent + part for part in text.split("\n")) + "\n"
    text = text.replace("\n", source.newline)
    if not rest and documented is not None:
        return source.insert(source.line_start((documented.end_lineno or 0) + 1), text)
    return source.insert(source.line_start(first_line(rest[0])), text)


def _share_nothing(source: Source, function: FunctionNode, pairs: list[Pair]) -> bool:
    """Tell whether the body neither changes the values nor lets them out: calls could share nothing."""
    is_plain = all(isinstance(part, ast.Constant) for _, default in pairs for part in _parts(default))
    return is_plain and all(_is_reading(source, use) for arg, _ in pairs for use in uses(function, arg.arg))


def _parts(default: ast.expr) -> list[ast.expr]:
    """What a default is made of; itself where that is worked out."""
    match default:
        case ast.List(elts=elements) | ast.Set(elts=elements):
            return elements
        case ast.Dict(keys=keys, values=values):
            return [*(key for key in keys if key is not None), *values]
        case ast.Call(args=[], keywords=[]):
            return []
        case _:
            return [default]


def _is_reading(source: Source, use: ast.Name) -> bool:
    """Tell whether a use looks at the value alone: goes through it, asks for a part, its length or its truth."""
    if not isinstance(use.ctx, ast.Load):
        return False
    match source.parent(use):
        case ast.For(iter=looked) | ast.AsyncFor(iter=looked) | ast.comprehension(iter=looked):
            return looked is use
        case ast.If(test=looked) | ast.While(test=looked) | ast.IfExp(test=looked):
            return looked is use
        case ast.Subscript(value=looked, ctx=ast.Load()):
            return looked is use
        case ast.Call(func=ast.Name(id=reader), args=[_], keywords=[]):
            return reader in _READERS
        case ast.Call(func=ast.Attribute(attr="join"), args=[_], keywords=[]):
            return True
        case ast.Attribute(attr=looks) as method:
            called = source.parent(method)
            return looks in _LOOKS and isinstance(called, ast.Call) and called.func is method
        case ast.UnaryOp(op=ast.Not()) | ast.Compare() | ast.Starred() | ast.keyword(arg=None):
            return True
        case _:
            return False


RULES: tuple[Rule, ...] = (
    rule("B006 W0102", _mutable),
    rule("B008", _call),
)
