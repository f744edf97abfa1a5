"""Give an error on to the caller, as the function's results ask for it."""

import re
from typing import TYPE_CHECKING

from selfheal.fix.golang.source import GoPlace, inside

if TYPE_CHECKING:
    from tree_sitter import Node

_ZEROS = {"string": '""', "bool": "false", "error": "nil"}
_NIL = ("pointer_type", "slice_type", "map_type", "channel_type", "function_type")
_NUMBERS = re.compile(r"u?int(?:8|16|32|64|ptr)?|float(?:32|64)|complex(?:64|128)|byte|rune")


def guarded(place: GoPlace, statement: "Node", assignment: str, *, name: str, before: str) -> str:
    """Write `if err := f(); err != nil { return err }`, indented like the statement whose place it takes."""
    line = place.text[place.lines_of(statement).start : place.at(statement.start_byte)]
    return f"if {assignment}; {name} != nil {{\n{line}\treturn {before}{name}\n{line}}}"


def before_error(place: GoPlace, holder: "Node") -> str | None:
    """Write what goes before the error in the function's `return`; None where it returns none, or who knows what."""
    function = inside(holder, "function_declaration", "method_declaration", "func_literal")
    result = function.child_by_field_name("result") if function is not None else None
    if result is None:
        return None
    if result.type != "parameter_list":
        return "" if place.of(result) == "error" else None
    kinds = []
    for one in result.named_children:
        kind = one.child_by_field_name("type")
        names = one.children_by_field_name("name")
        kinds += [kind] * max(1, len(names))
    if not kinds or kinds[-1] is None or place.of(kinds[-1]) != "error":
        return None
    zeros = [_zero(place, one) for one in kinds[:-1]]
    return "".join(f"{one}, " for one in zeros) if all(one is not None for one in zeros) else None


def _zero(place: GoPlace, kind: "Node | None") -> str | None:
    text = place.of(kind) if kind is not None else ""
    if _NUMBERS.fullmatch(text):
        return "0"
    is_nil = kind is not None and kind.type in (
        "pointer_type",
        "slice_type",
        "map_type",
        "channel_type",
        "function_type",
    )
    return "nil" if is_nil else _ZEROS.get(text)
