"""A value of the wrong type where one call makes it right: `str(number)`, `list(pair)`, a literal's other form."""

import ast
import re
from collections.abc import Iterator

from selfheal.fix.types.arguments import arguments
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.literals import written_as
from selfheal.fix.types.mend import Import, Mend, replacing
from selfheal.fix.types.optional_default import defaults_told
from selfheal.fix.types.rendering import plain

_MISMATCH = (
    r'Argument (?P<name>"\w+"|\d+)(?: to .*)? has incompatible type "(?P<got>[^"]*)"; expected "(?P<want>[^"]*)"',
    r'Argument of type "(?P<got>[^"]*)" cannot be assigned to parameter "\w+" of type "(?P<want>[^"]*)"',
    r'Expression of type "(?P<got>[^"]*)" cannot be assigned to parameter of type "(?P<want>[^"]*)"',
    r'Incompatible return value type \(got "(?P<got>[^"]*)", expected "(?P<want>[^"]*)"\)',
    r'Incompatible types in assignment \(expression has type "(?P<got>[^"]*)", \w+ has type "(?P<want>[^"]*)"\)',
    r'Incompatible default for \w+ "\w+" \(default has type "(?P<got>[^"]*)", \w+ has type "(?P<want>[^"]*)"\)',
    r'Type "(?P<got>[^"]*)" is not assignable to (?:return|declared) type "(?P<want>[^"]*)"',
    r'Cannot assign to attribute "\w+" for class "[^"]*"\s+"(?P<got>[^"]*)" is not assignable to "(?P<want>[^"]*)"',
    r'Dict entry \d+ has incompatible type "[^"]*": "(?P<got>[^"]*)"; expected "[^"]*": "(?P<want>[^"]*)"',
    r'List item \d+ has incompatible type "(?P<got>[^"]*)"; expected "(?P<want>[^"]*)"',
)
_OPERANDS = (
    r'Unsupported operand types for \+ \("(?P<left>[^"]*)" and "(?P<right>[^"]*)"\)',
    r'Operator "\+" not supported for types "(?P<left>[^"]*)" and "(?P<right>[^"]*)"',
)
_TAKEN = re.compile(r'is not assignable to (?:(?:declared |return )?type )?"([^"]*)"')
"""What pyright says of each type that would do."""
_CAUTION = "the value has another type than before"
_CALLS = {
    ("int", "str"): "str({})",
    ("float", "str"): "str({})",
    ("bool", "str"): "str({})",
    ("Path", "str"): "str({})",
    ("str", "int"): "int({})",
    ("str", "float"): "float({})",
    ("float", "int"): "int({})",
    ("str", "Path"): "Path({})",
    ("bytes", "str"): "{}.decode()",
    ("str", "bytes"): "{}.encode()",
}
_LAZY = frozenset({"Iterator", "Iterable", "Generator", "Sequence", "filter", "map", "zip", "range", "reversed"})
_VIEWS = frozenset({"dict_keys", "dict_values", "dict_items", "KeysView", "ValuesView", "ItemsView"})
_CONTAINERS = {
    "list": _LAZY | _VIEWS | {"tuple", "set", "frozenset"},
    "tuple": _LAZY | _VIEWS | {"list", "set", "frozenset"},
    "set": _LAZY | _VIEWS | {"list", "tuple", "frozenset"},
    "frozenset": _LAZY | _VIEWS | {"list", "tuple", "set"},
    "dict": frozenset({"Mapping", "defaultdict"}),
}


def convert(finding: Finding) -> Iterator[Mend]:
    """Convert the value that has the wrong type."""
    found = finding.search(*_MISMATCH)
    if found is not None:
        for value in _values(finding, found.groupdict().get("name")):
            yield from _converted(finding, value, found["got"], found["want"])
    elif operands := finding.search(*_OPERANDS):
        for node in finding.nodes(ast.BinOp):
            if isinstance(node.op, ast.Add) and plain(operands["left"]) == "str":
                yield from _converted(finding, node.right, operands["right"], "str")
            elif isinstance(node.op, ast.Add) and plain(operands["right"]) == "str":
                yield from _converted(finding, node.left, operands["left"], "str")


def rewrite_literal(finding: Finding) -> Iterator[Mend]:
    """Write a literal that is of the wrong type as one of the right: `"2"` as `2`."""
    found = finding.search(*_MISMATCH)
    if found is not None:
        for value in _values(finding, found.groupdict().get("name")):
            yield from _rewritten(finding, value, found["want"])
    for value in finding.nodes_there(ast.Constant):
        for want in _TAKEN.findall(finding.message):
            yield from _rewritten(finding, value, want)


def mismatch(finding: Finding) -> tuple[str, str] | None:
    """Give the type that is there and the one that is wanted, where the finding is about such a pair."""
    found = finding.search(*_MISMATCH)
    return (plain(found["got"]), plain(found["want"])) if found is not None else None


def _converted(finding: Finding, value: ast.expr, got: str, want: str) -> Iterator[Mend]:
    got, want = plain(got), plain(want)
    yield from _rewritten(finding, value, want)
    if isinstance(value, ast.Constant) or want == got.replace("Coroutine[Any, Any, ", ""):
        return
    members = [member for member in got.split(" | ") if member != want]
    templates = {_CALLS.get((member, want)) or _container(member, want) for member in members}
    if want == "str" and not {"bytes", "bytearray", "Any"} & set(members):
        templates = {"str({})"}
    template = templates.pop() if len(templates) == 1 else None
    if template is None:
        return
    text = finding.source.segment(value)
    is_open = isinstance(value, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Compare | ast.UnaryOp | ast.Await | ast.Lambda)
    if template.startswith("{}") and is_open:
        text = f"({text})"
    if isinstance(value, ast.GeneratorExp) and text.startswith("("):
        text = text[1:-1]
    if isinstance(value, ast.Tuple) and not text.startswith("("):
        text = f"({text})"
    yield _mend(finding, value, template.format(text), want)


def _rewritten(finding: Finding, value: ast.expr, want: str) -> Iterator[Mend]:
    if isinstance(value, ast.Constant):
        literal = written_as(finding.source.segment(value), value.value, plain(want))
        if literal is not None:
            yield _mend(finding, value, literal, plain(want))


def _mend(finding: Finding, value: ast.expr, text: str, want: str) -> Mend:
    imports = (Import(finding.source.path, "pathlib", "Path"),) if text.startswith("Path(") else ()
    return Mend(
        (replacing(finding.source, value, text),), f"a {want} is wanted here", imports=imports, caution=_CAUTION
    )


def _container(got: str, want: str) -> str | None:
    kind = want.partition("[")[0]
    given = got.partition("[")[0]
    return f"{kind}({{}})" if given in _CONTAINERS.get(kind, ()) else None


def _values(finding: Finding, name: str | None) -> Iterator[ast.expr]:
    if "Argument" in finding.message[:9]:
        yield from arguments(finding, name)
        return
    if finding.message.startswith(("Dict entry", "List item")):
        yield from (node for node in finding.nodes(ast.Constant) if isinstance(node.value, str | int | float))
        return
    for statement in finding.statements():
        if isinstance(statement, ast.Return | ast.Assign | ast.AnnAssign) and statement.value is not None:
            yield statement.value
    yield from (value for _, value in defaults_told(finding))
