"""Turn a type as a checker prints it into an annotation as the file would write it."""

import ast
import re

from selfheal.fix.types.importing import bound_at_top
from selfheal.fix.types.mend import Import
from selfheal.fix.types.project import Project, module_of
from selfheal.fix.types.source import Source

_LITERAL = re.compile(r"Literal\[((?:[^\[\]'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\]\??")
_TYPED_DICT = re.compile(r"TypedDict\('([\w.]+)', \{[^{}]*\}\)")
_FALLBACK = re.compile(r", fallback=[\w.]+")
_NAME = re.compile(r"[A-Za-z_][\w.]*\??")
_UNSAYABLE = re.compile(r"\b(?:Any|Unknown|Never|NoReturn|overload|Overload|Module|Self)\b|def |->|<|\*|@")
_OR_ANY = re.compile(r" \| (?:typing\.)?(?:Any|Unknown)\b|\b(?:typing\.)?(?:Any|Unknown) \| ")
_ANY = re.compile(r"\b(?:typing\.)?(?:Any|Unknown)\b")
_BUILTIN = frozenset({"int", "str", "float", "bool", "bytes", "complex", "object", "None", "type"})
_BUILTIN |= {"list", "dict", "set", "frozenset", "tuple", "bytearray", "memoryview", "range", "slice"}
_BUILTIN |= {"Exception", "BaseException", "ValueError", "TypeError"}
_ABC = frozenset({"Iterable", "Iterator", "Sequence", "MutableSequence", "Mapping", "MutableMapping", "Callable"})
_ABC |= {"Awaitable", "Coroutine", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator", "Collection"}
_ABC |= {"Container", "Hashable", "Sized", "KeysView", "ValuesView", "ItemsView"}
_TYPING = frozenset({"Optional", "Union", "Literal", "TextIO", "BinaryIO", "IO", "NamedTuple"})
_MOVED = {
    "_io.TextIOWrapper": "io.TextIOWrapper",
    "_io.BytesIO": "io.BytesIO",
    "_io.StringIO": "io.StringIO",
    "_io.BufferedReader": "io.BufferedReader",
    "_io.BufferedWriter": "io.BufferedWriter",
    "CoroutineType": "Coroutine",
}


def annotation(text: str, source: Source, project: Project) -> tuple[str, tuple[Import, ...]] | None:
    """Write a type for a file, with the imports that it takes; None where it can't be said without `Any`."""
    text = plain(text)
    if not text or _UNSAYABLE.search(text):
        return None
    imports: list[Import] = []
    bound = bound_at_top(source)
    failed = False

    def rename(found: re.Match[str]) -> str:
        nonlocal failed
        written = _written(found.group().rstrip("?"), source, project, bound)
        if written is None:
            failed = True
            return found.group()
        imports.extend(written[1])
        return written[0]

    text = _NAME.sub(rename, text)
    if failed:
        return None
    try:
        parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    members = list(dict.fromkeys(_members(parsed)))
    joined, more = union(members, source, project)
    return joined, (*imports, *more)


def quoted_ahead(text: str, source: Source, line: int) -> str:
    """Put an annotation into quotes where it names a class of the file that is not made yet on that line."""
    if "__future__ import annotations" in source.text or '"' in text or "'" in text:
        return text
    named = set(re.findall(r"[A-Za-z_]\w*", text))
    ahead = {
        node.name for node in source.tree.body if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) >= line
    }
    return f'"{text}"' if named & ahead else text


def without_any(text: str) -> str:
    """Say what is known of a type: `bytes | Any` is bytes to whom uses it, and what is wholly unknown is an object."""
    text = _OR_ANY.sub("", text)
    return _ANY.sub("builtins.object", text)


def home_of(name: str) -> str | None:
    """Name the module that a typing name comes from; None for any other name."""
    if name in _ABC:
        return "collections.abc"
    return "typing" if name in _TYPING else None


def plain(text: str) -> str:
    """Take out what only a checker writes: literals become the types that they are of."""
    text = _FALLBACK.sub("", _TYPED_DICT.sub(r"\1", text.replace("\xa0", " ").strip()))
    text = _LITERAL.sub(lambda found: _of_literal(found.group(1)), text)
    return text.replace("builtins.", "").replace("?", "")


def union(members: list[str], source: Source, project: Project) -> tuple[str, tuple[Import, ...]]:
    """Join types as the file and the oldest supported Python allow: `A | None`, or with `typing`'s names."""
    flat = [part for member in members for part in _flat(member)]
    members = sorted(dict.fromkeys(flat), key=lambda member: member == "None")
    if len(members) == 1:
        return members[0], ()
    if writes_bars(source, project):
        return " | ".join(members), ()
    rest = [member for member in members if member != "None"]
    inner = rest[0] if len(rest) == 1 else f"Union[{', '.join(rest)}]"
    imports = () if len(rest) == 1 else (Import(source.path, "typing", "Union"),)
    if len(rest) == len(members):
        return inner, imports
    return f"Optional[{inner}]", (*imports, Import(source.path, "typing", "Optional"))


def writes_bars(source: Source, project: Project) -> bool:
    """Tell whether `X | None` is this file's way."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "annotations" for alias in node.names):
            return True
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(note, ast.BinOp) and isinstance(note.op, ast.BitOr):
                return True
    lowest = project.lowest_python()
    has_old = bool({"Optional", "Union"} & bound_at_top(source))
    if lowest is not None and lowest < (3, 10):
        return False
    return not has_old


def _flat(text: str) -> list[str]:
    """Split a union at its bars, where it is not written as text."""
    try:
        parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return [text]
    return _members(parsed) if isinstance(parsed, ast.BinOp) else [text]


def _members(node: ast.expr) -> list[str]:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_members(left), *_members(right)]
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=elements)):
            return [member for element in elements for member in _members(element)]
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return [*_members(inner), "None"]
        case _:
            return [ast.unparse(node)]


def _of_literal(values: str) -> str:
    try:
        parsed = ast.parse(f"[{values}]", mode="eval").body
    except (SyntaxError, ValueError):
        return "Any"
    elements = parsed.elts if isinstance(parsed, ast.List) else []
    kinds = [type(one.value).__name__ if isinstance(one, ast.Constant) else "int" for one in elements]
    return " | ".join(dict.fromkeys("None" if kind == "NoneType" else kind for kind in kinds)) or "Any"


def _written(
    name: str, source: Source, project: Project, bound: frozenset[str]
) -> tuple[str, tuple[Import, ...]] | None:
    name = _MOVED.get(name, name)
    module, _, last = name.rpartition(".")
    if not module:
        return _short(last, source, project, bound)
    if module == module_of(source.path):
        return last, ()
    if module in ("typing", "typing_extensions", "collections.abc") and last in (_ABC | _TYPING):
        return _short(last, source, project, bound)
    if module.startswith("_") or "._" in module:
        return None
    if last in bound:
        return last, ()
    for node in source.tree.body:
        for alias in node.names if isinstance(node, ast.Import) else ():
            if alias.name == module:
                return f"{alias.asname or module}.{last}", ()
    return last, (Import(source.path, module, last),)


def _short(name: str, source: Source, project: Project, bound: frozenset[str]) -> tuple[str, tuple[Import, ...]] | None:
    if name in _BUILTIN or name in bound:
        return name, ()
    if (home := home_of(name)) is not None:
        return name, (Import(source.path, home, name),)
    ways = sorted(set(project.importers_of(name)))
    own = [module_of(file.path) for file, _ in project.classes(name)]
    if len(ways) == 1 and ways[0][1]:
        return name, (Import(source.path, *ways[0]),)
    if len(own) == 1 and not ways:
        return name, (Import(source.path, own[0], name),)
    return None
