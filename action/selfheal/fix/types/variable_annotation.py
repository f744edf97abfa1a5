"""A variable that begins empty and needs an annotation: what is put into it later tells the type."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Import, Mend, Splice
from selfheal.fix.types.rendering import annotation, union
from selfheal.fix.types.source import Scope
from selfheal.fix.types.usage import Put, assigned, puts, returned_as

_NEEDED = r'Need type annotation for "(?P<name>\w+)"(?: \(hint: "\w+: (?P<kind>[\w.]+)\[(?P<slots>[^"]*)\])?'
_LOOSE = {"list": "list[{}]", "set": "set[{}]", "dict": "dict[str, {}]"}
_ELEMENT_OF = ("list", "set", "frozenset", "tuple", "dict", "deque", "defaultdict", "Sequence", "Iterable", "Iterator")


def questions_of_variable(finding: Finding) -> Iterator[Question]:
    """Ask for the types of what is put into the variable."""
    place = _place(finding)
    if place is None:
        return
    _, target, scope = place
    name = finding.source.segment(target)
    for put in puts(finding.source, scope, name):
        yield finding.source, put.value
        if put.key is not None:
            yield finding.source, put.key
    if "hint" not in finding.message or "| None" in finding.message or "Optional" in finding.message:
        yield from ((finding.source, value) for value in assigned(finding.source, scope, name))


def annotate_variable(finding: Finding) -> Iterator[Mend]:
    """Write the annotation at the first assignment."""
    place = _place(finding)
    if place is None:
        return
    statement, target, scope = place
    source = finding.source
    name = source.segment(target)
    found = finding.search(_NEEDED)
    kind = (found["kind"] if found else None) or _kind(statement.value)
    options: list[tuple[str, tuple[Import, ...]]] = []
    if kind is not None:
        written = _from_puts(finding, kind, list(puts(source, scope, name)))
        options += [written] if written is not None else []
    back = returned_as(source, scope, name)
    if back is not None and (kind is None or back.startswith((kind, kind.capitalize()))):
        options.append((back, ()))
    if kind is None or kind in ("Optional", "Union"):
        types = [finding.type_of(value) for value in assigned(source, scope, name)]
        written = _joined(finding, [one for one in types if one])
        options += [written] if written is not None else []
    if not options and kind is not None and (loose := _of_anything(finding, scope, name, kind)) is not None:
        options.append(loose)
    end = source.span(target)[1]
    for text, imports in dict.fromkeys(options):
        splice = Splice(source.path, end, end, f": {text}")
        yield Mend((splice,), f"{name} holds {text}, by what is put into it", imports=imports)


def _of_anything(finding: Finding, scope: Scope, name: str, kind: str) -> tuple[str, tuple[Import, ...]] | None:
    """Say of what nothing is put in to here what is done with it: it is called, or nothing is known of it."""
    template = _LOOSE.get(kind.rpartition(".")[2])
    if template is None:
        return None
    source = finding.source
    loops = [one for one in ast.walk(scope) if isinstance(one, ast.For) and source.segment(one.iter) == name]
    is_called = any(
        isinstance(node, ast.Call) and source.segment(node.func) == source.segment(loop.target)
        for loop in loops
        for node in ast.walk(loop)
    )
    if is_called:
        return template.format("Callable[..., object]"), (Import(source.path, "collections.abc", "Callable"),)
    return template.format("object"), ()


def _from_puts(finding: Finding, kind: str, found: list[Put]) -> tuple[str, tuple[Import, ...]] | None:
    source = finding.source
    if kind in ("dict", "defaultdict", "OrderedDict", "Counter"):
        keys = [finding.type_of(put.key) for put in found if put.key is not None]
        values = [finding.type_of(put.value) for put in found if put.key is not None]
        many = [finding.type_of(put.value) for put in found if put.is_many]
        if not keys and many and many[0]:
            return annotation(many[0], source, finding.project)
        if not keys or not all(keys) or not all(values):
            return None
        key, value = _joined(finding, [one for one in keys if one]), _joined(finding, [one for one in values if one])
        if key is None or value is None:
            return None
        text = f"{kind}[{key[0]}]" if kind == "Counter" else f"{kind}[{key[0]}, {value[0]}]"
        return text, (*key[1], *value[1])
    elements = [_element(finding.type_of(put.value)) if put.is_many else finding.type_of(put.value) for put in found]
    known = [one for one in elements if one]
    joined = _joined(finding, known) if known and len(known) == len(elements) else None
    return (f"{kind}[{joined[0]}]", joined[1]) if joined is not None else None


def _joined(finding: Finding, types: list[str]) -> tuple[str, tuple[Import, ...]] | None:
    written = [annotation(one, finding.source, finding.project) for one in dict.fromkeys(types)]
    kept = [one for one in written if one is not None]
    if not kept or len(kept) != len(written):
        return None
    text, imports = union([one[0] for one in kept], finding.source, finding.project)
    return text, (*imports, *(each for one in kept for each in one[1]))


def _element(text: str | None) -> str | None:
    if text is None or "[" not in text:
        return "builtins.str" if text == "builtins.str" else None
    kind, _, inside = text.partition("[")
    return inside.rpartition("]")[0] if kind.rpartition(".")[2] in _ELEMENT_OF[:3] else None


def _kind(value: ast.expr) -> str | None:
    match value:
        case ast.List():
            return "list"
        case ast.Dict():
            return "dict"
        case ast.Call(func=ast.Name(id=name)) if name in _ELEMENT_OF:
            return name
        case _:
            return None


def _place(finding: Finding) -> tuple[ast.Assign, ast.expr, Scope] | None:
    found = finding.search(_NEEDED)
    if found is None:
        return None
    source = finding.source
    for statement in finding.statements():
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id == found["name"]:
            return statement, target, source.scope(target)
        if isinstance(target, ast.Attribute) and target.attr == found["name"]:
            return statement, target, source.enclosing_class(target) or source.scope(target)
    return None
