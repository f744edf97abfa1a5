"""Imports and variables that are there and never used, which Go refuses."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selfheal.fix.golang.returning import before_error, guarded
from selfheal.fix.golang.source import GoPlace, inside
from selfheal.fix.types.mend import Mend, Splice
from selfheal.grammar.parsed_source import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(r'^"([^"]{1,300})" imported (?:as (\w+) )?and not used')
UNUSED = re.compile(r"^(?:declared and not used: (\w+)|(\w+) declared (?:and|but) not used)")
_PURE = frozenset(
    {"int_literal", "float_literal", "imaginary_literal", "rune_literal", "raw_string_literal", "true", "false", "nil"}
    | {"interpreted_string_literal", "identifier", "func_literal", "iota", "selector_expression", "composite_literal"}
)
_CAUTION_SHADOW = "the outer variable is set now, where a new one was made before"
_CAUTION_ERROR = "the function now returns the error that it did not look at before"
_CAUTION_DROPPED = "the result of the call is not looked at; whether it was to be is not known"


def drop_import(place: GoPlace) -> Iterator[Mend]:
    """Take an import out that nothing uses, with its declaration where it was the only one."""
    found = _IMPORT.match(place.message)
    for node, path, _ in place.imports() if found is not None else ():
        if node.start_point[0] + 1 != place.failure.line or found is None or path != found.group(1):
            continue
        declaration = inside(node, "import_declaration")
        whole = declaration is not None and sum(one.type == "import_spec" for one in walk(declaration)) == 1
        gone = declaration if whole and declaration is not None else node
        lines = place.lines_of(gone)
        end = lines.end
        if whole and place.text[end : end + 1] == "\n":
            end += 1
        if place.stands_alone(gone):
            yield Mend((place.cut(lines.start, end),), f"{path} is imported and never used")


def drop_variable(place: GoPlace) -> Iterator[Mend]:
    """Take a variable out that nothing reads; what is called to set it still is."""
    found, node = UNUSED.match(place.message), place.node()
    name = (found.group(1) or found.group(2)) if found is not None else ""
    if node is None or not name or place.of(node) != name:
        return
    holder = inside(node, "short_var_declaration", "var_spec", "range_clause", "block")
    match holder.type if holder is not None else "":
        case "short_var_declaration" if holder is not None:
            yield from _declared(place, node, holder, name)
        case "var_spec" if holder is not None:
            yield from _var(place, node, holder, name)
        case "range_clause" if holder is not None:
            yield from _ranged(place, node, holder, name)
        case _:
            return


def _declared(place: GoPlace, node: "Node", holder: "Node", name: str) -> Iterator[Mend]:
    left, right = holder.child_by_field_name("left"), holder.child_by_field_name("right")
    if left is None or right is None:
        return
    names, values = left.named_children, right.named_children
    operator = next((one for one in holder.children if one.type == ":="), None)
    if operator is not None and _is_outer(place, holder, name):
        yield Mend((place.replace(operator, "="),), f"{name} is the outer variable", caution=_CAUTION_SHADOW)
    if len(names) == 1:
        yield from _alone(place, holder, values[0], name)
    elif len(names) == len(values):
        index = names.index(node)
        if is_pure(values[index]):
            yield Mend((_without(place, names, index), _without(place, values, index)), f"{name} is never read")
    else:
        is_last = all(place.of(one) == "_" for one in names if one != node)
        blank = place.replace(node, "_")
        assign = (place.replace(operator, "="),) if operator is not None else ()
        if is_last:
            yield Mend((blank, *assign), f"{name} is never read")
            return
        yield Mend((blank,), f"{name} is never read")
        yield Mend((blank, *assign), f"{name} is never read, and nothing new is declared then")


def _alone(place: GoPlace, holder: "Node", value: "Node", name: str) -> Iterator[Mend]:
    parent = holder.parent.type if holder.parent is not None else ""
    is_statement = parent in ("block", "statement_list", "expression_case", "default_case")
    why = f"{name} is never read"
    if is_pure(value):
        if is_statement and place.stands_alone(holder):
            yield Mend((place.lines_of(holder),), why)
        return
    start, text = place.at(holder.start_byte), place.of(value)
    if value.type == "call_expression":
        back = before_error(place, holder) if is_statement and name.lower().startswith("err") else None
        if back is not None:
            guard = guarded(place, holder, place.of(holder), name=name, before=back)
            yield Mend((place.replace(holder, guard),), f"{name} is looked at", caution=_CAUTION_ERROR)
        splice = Splice(place.path, start, place.at(value.start_byte), "")
        yield Mend((splice,), f"{why}; what is called still is", caution=_CAUTION_DROPPED)
    elif is_statement:
        yield Mend((place.replace(holder, f"_ = {text}"),), f"{why}; its value is still made", caution=_CAUTION_DROPPED)


def _var(place: GoPlace, node: "Node", holder: "Node", name: str) -> Iterator[Mend]:
    names = holder.children_by_field_name("name")
    values = holder.child_by_field_name("value")
    declaration = inside(holder, "var_declaration")
    if declaration is None:
        return
    specs = [one for one in walk(declaration) if one.type == "var_spec"]
    if len(names) > 1:
        if values is None:
            yield Mend((_without(place, names, names.index(node)),), f"{name} is never read")
        return
    if values is None or all(is_pure(one) for one in values.named_children):
        gone = declaration if len(specs) == 1 else holder
        if place.stands_alone(gone):
            yield Mend((place.lines_of(gone),), f"{name} is never read")
    elif len(specs) == 1 and len(values.named_children) == 1:
        yield Mend(
            (place.replace(declaration, f"_ = {place.of(values)}"),),
            f"{name} is never read; its value is still made",
            caution=_CAUTION_DROPPED,
        )


def _ranged(place: GoPlace, node: "Node", holder: "Node", name: str) -> Iterator[Mend]:
    left, right = holder.child_by_field_name("left"), holder.child_by_field_name("right")
    if left is None or right is None:
        return
    names = left.named_children
    others = [one for one in names if one != node and place.of(one) != "_"]
    if not others:
        words = place.at(left.start_byte), place.text.index("range", place.at(left.end_byte))
        yield Mend((place.cut(*words),), f"{name} is never read")
    elif node == names[0]:
        yield Mend((place.replace(node, "_"),), f"{name} is never read")
    else:
        yield Mend((_without(place, names, names.index(node)),), f"{name} is never read")


def is_pure(node: "Node") -> bool:
    """Tell whether making a value does nothing else, and can't fail."""
    kinds = {one.type for one in walk(node)}
    is_call = kinds & {"call_expression", "index_expression", "slice_expression", "type_assertion_expression"}
    if node.type == "func_literal":
        return True
    return node.type in _PURE and not is_call and not any(one.type == "unary_expression" for one in walk(node))


def _without(place: GoPlace, rows: "list[Node]", index: int) -> Splice:
    """Take one of several, with its comma, out of a list."""
    if index + 1 < len(rows):
        return place.cut(place.at(rows[index].start_byte), place.at(rows[index + 1].start_byte))
    return place.cut(place.at(rows[index - 1].end_byte), place.at(rows[index].end_byte))


def _is_outer(place: GoPlace, holder: "Node", name: str) -> bool:
    """Tell whether a block around the declaration's has a variable of that name before it."""
    own = inside(holder, "block")
    outer = inside(own, "block") if own is not None else None
    while outer is not None:
        for one in walk(outer):
            if one.type in ("short_var_declaration", "var_spec") and one.end_byte < holder.start_byte:
                is_there = inside(one, "block") == outer
                left = one.child_by_field_name("left") or one.child_by_field_name("name")
                texts = left.named_children if left is not None and left.type == "expression_list" else [left]
                if is_there and any(each is not None and place.of(each) == name for each in texts):
                    return True
        outer = inside(outer, "block")
    return False
