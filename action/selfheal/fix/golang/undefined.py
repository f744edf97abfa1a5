"""Names that Go does not know: a package that is not imported, a member or variable that is spelt otherwise."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from selfheal.fix.golang.source import GoPlace, go_files, inside, last_part
from selfheal.fix.golang.standard_library import STANDARD
from selfheal.fix.golang.unused import UNUSED
from selfheal.fix.types.mend import Mend, Splice
from selfheal.grammar import parsed
from selfheal.grammar.parsed_source import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(r"^undefined: (\w+)$")
MEMBER = re.compile(r"^undefined: (\w+)\.(\w+)$")
_MEANT = re.compile(r"but (?:does have|have|it has) (?:field |method )?(\w+)|did you mean (\w+)\?")
_CAUTION = "another package of that name may be meant"
_CAUTION_NAME = "another name may be meant"
_CAUTION_AGAIN = "the variable is set again, where another one may have been meant"
_NEAR = 0.7
_DECLARED = ("var_spec", "const_spec", "type_spec", "function_declaration")
_MODULE = re.compile(rb"^module\s+\"?([^\s\"]+)", re.MULTILINE)


def import_package(place: GoPlace) -> Iterator[Mend]:
    """Import the package that a name before a dot means: as the repository does, its own, or the standard library's."""
    found, node = _NAME.match(place.message), place.node()
    if found is None or node is None or place.of(node) != found.group(1):
        return
    name = found.group(1)
    holder = node.parent
    operand = holder.child_by_field_name("operand") or holder.child_by_field_name("package") if holder else None
    if operand is None or operand != node:
        return
    ways = list(dict.fromkeys((*_as_elsewhere(place, name), *_own(place, name), *STANDARD.get(name, ()))))
    for path in ways:
        splice = _import_splice(place, path, name)
        yield Mend((splice,), f"{name} is {path}", caution=_CAUTION if len(ways) > 1 else "")


def correct_name(place: GoPlace) -> Iterator[Mend]:
    """Write the nearest name that is known there; one that is declared and never used comes first."""
    found, node = _NAME.match(place.message), place.node()
    if found is None or node is None or place.of(node) != found.group(1):
        return
    unused = [place_name(one.message) for one in place.failures if one.file == place.path]
    known = [*_local(place, node), *_top_level(place)]
    yield from _nearest(place, node, [*(one for one in unused if one), *known], prefer=frozenset(unused))


def correct_member(place: GoPlace, exported: Iterable[str] = ()) -> Iterator[Mend]:
    """Write the member that the compiler names, else the nearest of the type, or of the package's `exported` names."""
    node = _member_node(place)
    if node is None:
        return
    meant = _MEANT.search(place.message)
    if meant is not None:
        name = meant.group(1) or meant.group(2)
        yield Mend((place.replace(node, name),), f"{place.of(node)} is spelt {name}")
        return
    yield from _nearest(place, node, list(exported) or list(_members(place)), prefer=frozenset())


def assign_again(place: GoPlace) -> Iterator[Mend]:
    """Write `=` where `:=` declares nothing new."""
    if not place.message.startswith("no new variables on left side of :="):
        return
    for node in walk(place.read.root):
        at = (node.start_point[0] + 1, node.start_point[1] + 1)
        if node.type == ":=" and at == (place.failure.line, place.failure.column):
            yield Mend((place.replace(node, "="),), "the variable is there already", caution=_CAUTION_AGAIN)


def place_name(message: str) -> str:
    """Give the variable that a message calls unused; empty where it tells something else."""
    found = UNUSED.match(message)
    return (found.group(1) or found.group(2)) if found is not None else ""


def _member_node(place: GoPlace) -> "Node | None":
    """Give the name behind the dot, or the field of a literal, that the finding is about."""
    found = MEMBER.match(place.message)
    field = re.match(r"^unknown field '?(\w+)'? in struct literal", place.message)
    name = found.group(2) if found is not None else field.group(1) if field is not None else ""
    if not name and (told := re.search(r"has no field or method (\w+)", place.message)) is not None:
        name = told.group(1)
    for node in walk(place.read.root) if name else ():
        is_name = node.type in ("field_identifier", "type_identifier", "identifier") and place.of(node) == name
        if is_name and node.start_point[0] + 1 == place.failure.line and not node.children:
            behind = node.start_point[1] + 1 >= (place.failure.column or 0)
            if behind:
                return node
    return None


def _nearest(place: GoPlace, node: "Node", known: list[str], *, prefer: frozenset[str]) -> Iterator[Mend]:
    name = place.of(node)
    names = [one for one in dict.fromkeys(known) if one != name]
    near = get_close_matches(name, names, n=3, cutoff=_NEAR)
    same = [one for one in names if one.lower() == name.lower()]
    ways = list(dict.fromkeys((*same, *(one for one in near if one in prefer), *near)))
    for one in ways:
        caution = _CAUTION_NAME if len(ways) > 1 and one not in same else ""
        yield Mend((place.replace(node, one),), f"{name} is not known, {one} is", caution=caution)


def _local(place: GoPlace, node: "Node") -> Iterator[str]:
    """Name what the function around a place declares before it."""
    function = inside(node, "function_declaration", "method_declaration")
    for one in walk(function) if function is not None else ():
        if one.type != "identifier" or one.start_byte >= node.start_byte or one.parent is None:
            continue
        kind, above = one.parent.type, one.parent.parent
        is_left = kind == "expression_list" and above is not None and above.child_by_field_name("left") == one.parent
        if kind in ("parameter_declaration", "var_spec", "const_spec") or is_left:
            yield place.of(one)


def _top_level(place: GoPlace) -> Iterator[str]:
    """Name what the package declares."""
    for read in place.package():
        for node in walk(read.root):
            above = node.parent
            is_name = above is not None and above.child_by_field_name("name") == node
            is_spec = above is not None and above.type in (
                "var_spec",
                "const_spec",
                "type_spec",
                "function_declaration",
            )
            if is_name and is_spec and inside(node, "block") is None:
                yield read.text(node)


def _members(place: GoPlace) -> Iterator[str]:
    """Name the fields and methods of the type that the finding names, as the package declares them."""
    found = re.search(r"type \*?(?:[\w./]+\.)?(\w+) has no|of type \*?(?:[\w./]+\.)?(\w+)$", place.message)
    kind = next((one for one in found.groups() if one), "") if found is not None else ""
    for read in place.package():
        for node in walk(read.root):
            if node.type == "field_identifier" and node.parent is not None:
                holder = inside(node, "type_spec")
                named = holder.child_by_field_name("name") if holder is not None else None
                is_field = node.parent.type == "field_declaration" and named is not None and read.text(named) == kind
                receiver = node.parent.child_by_field_name("receiver")
                is_method = receiver is not None and re.search(rf"\b{re.escape(kind)}\b", read.text(receiver))
                if is_field or (kind and is_method):
                    yield read.text(node)


def _as_elsewhere(place: GoPlace, name: str) -> Iterator[str]:
    """Give the packages that other files of the repository import by that name, the commonest first."""
    counts: Counter[str] = Counter()
    for path, raw in go_files(place.tree):
        read = parsed(path, raw) if name.encode() in raw and path != place.path else None
        if read is not None:
            counts.update(text for _, text, known in place.imports(read) if known == name)
    yield from (path for path, _ in counts.most_common(3))


def _own(place: GoPlace, name: str) -> Iterator[str]:
    """Give the paths of the repository's own packages of that name."""
    modules = {
        posixpath.dirname(path): found.group(1).decode(errors="replace")
        for path in place.tree.paths()
        if posixpath.basename(path) == "go.mod" and (found := _MODULE.search(place.tree.read(path) or b""))
    }
    folders = {posixpath.dirname(path) for path, raw in go_files(place.tree) if f"package {name}".encode() in raw}
    for folder in sorted(folders - {posixpath.dirname(place.path)}):
        roots = [root for root in modules if not root or folder == root or folder.startswith(f"{root}/")]
        if roots:
            root = max(roots, key=len)
            yield posixpath.join(modules[root], posixpath.relpath(folder, root or ".")).removesuffix("/.")


def _import_splice(place: GoPlace, path: str, name: str) -> Splice:
    """Write an import where it sorts in: among those of its kind in the block, else in a declaration of its own."""
    spec = f'"{path}"' if last_part(path) == name else f'{name} "{path}"'
    present = [(node, text) for node, text, _ in place.imports()]
    blocks = [node for node, _ in present if node.parent is not None and node.parent.type == "import_spec_list"]
    if blocks:
        alike = [(node, text) for node, text in present if node in blocks and ("." in text) == ("." in path)]
        later = next((node for node, text in alike if text > path), None)
        after = alike[-1][0] if alike else blocks[-1]
        at = place.lines_of(later).start if later is not None else place.lines_of(after).end
        gap = "" if alike else "\n"
        return Splice(place.path, at, at, f"{gap}\t{spec}\n")
    single = [inside(node, "import_declaration") for node, _ in present]
    if single and single[-1] is not None:
        at = place.lines_of(single[-1]).end
        return Splice(place.path, at, at, f"import {spec}\n")
    clause = next((node for node in place.read.root.children if node.type == "package_clause"), None)
    at = place.lines_of(clause).end if clause is not None else 0
    return Splice(place.path, at, at, f"\nimport {spec}\n")
