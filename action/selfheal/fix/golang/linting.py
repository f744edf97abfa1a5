"""What golangci-lint finds and has no fix for: errors that nobody looks at, declarations that nothing uses."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selfheal.fix.golang.returning import before_error, guarded
from selfheal.fix.golang.source import GoPlace
from selfheal.fix.types.mend import Mend
from selfheal.grammar.parsed_source import walk

if TYPE_CHECKING:
    from tree_sitter import Node

CODES = frozenset({"errcheck", "unused"})
_UNCHECKED = re.compile(r"^Error return value(?: of `[^`]{1,300}`)? is not checked")
_UNUSED = re.compile(r"^(?:func|var|const|type) `?[^`\s]{1,300}`? is unused")
_DECLARED = ("function_declaration", "method_declaration", "var_spec", "const_spec", "type_spec")
_CAUTION_ERROR = "the function now returns the error that it did not look at before"
_CAUTION_GONE = "nothing uses it now; whether it was to be used is not known"


def check_error(place: GoPlace) -> Iterator[Mend]:
    """Return the error of a call, where the function returns errors; silence is no way to look at one."""
    if _UNCHECKED.match(place.message) is None:
        return
    at = ((place.failure.line or 0) - 1, (place.failure.column or 1) - 1)
    for node in walk(place.read.root):
        arguments = node.child_by_field_name("arguments") if node.type == "call_expression" else None
        statement = node.parent
        if arguments is None or arguments.start_point != at or statement is None:
            continue
        back = before_error(place, node)
        if statement.type == "expression_statement" and back is not None:
            for names in ("err", "_, err"):
                text = guarded(place, statement, f"{names} := {place.of(node)}", name="err", before=back)
                why = f"the error of {place.of(node)[:60]} is returned"
                yield Mend((place.replace(statement, text),), why, caution=_CAUTION_ERROR)


def drop_declaration(place: GoPlace) -> Iterator[Mend]:
    """Take a function, type, variable or constant out that nothing uses, with the comment above it."""
    node = place.node() if _UNUSED.match(place.message) is not None else None
    spec = node.parent if node is not None else None
    if spec is None or spec.type not in _DECLARED or spec.child_by_field_name("name") != node:
        return
    gone: Node = spec
    if spec.type.endswith("_spec"):
        declaration = spec.parent if spec.parent is not None and spec.parent.type.endswith("declaration") else None
        if declaration is None or sum(one.type == spec.type for one in declaration.named_children) != 1:
            return
        gone = declaration
    first = gone
    while (above := first.prev_sibling) is not None and above.type == "comment":
        if above.end_point[0] + 1 != first.start_point[0]:
            break
        first = above
    start, end = place.lines_of(first).start, place.lines_of(gone).end
    if place.text[end : end + 1] == "\n":
        end += 1
    if place.stands_alone(gone):
        yield Mend((place.cut(start, end),), f"{place.message[:80]}", caution=_CAUTION_GONE)
