"""A name that is used but never imported."""

import ast
import sys
import typing
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend
from selfheal.fix.types.misspelt import correct_name
from selfheal.fix.types.project import module_of

_NAME = (r'Name "(?P<name>\w+)" is not defined', r'^"(?P<name>\w+)" is not defined')
_SUGGESTED = r'Suggestion: "from ([\w.]+) import (\w+)"'
_COMMON = {
    "Path": "pathlib",
    "dataclass": "dataclasses",
    "field": "dataclasses",
    "defaultdict": "collections",
    "Counter": "collections",
    "OrderedDict": "collections",
    "deque": "collections",
    "partial": "functools",
    "wraps": "functools",
    "lru_cache": "functools",
    "Decimal": "decimal",
    "datetime": "datetime",
    "timedelta": "datetime",
    "timezone": "datetime",
    "Enum": "enum",
    "ABC": "abc",
    "abstractmethod": "abc",
    "contextmanager": "contextlib",
    "suppress": "contextlib",
    "NamedTuple": "typing",
    "TYPE_CHECKING": "typing",
    "Optional": "typing",
    "Union": "typing",
    "Any": "typing",
    "Literal": "typing",
    "Protocol": "typing",
    "TypeVar": "typing",
    "Generic": "typing",
    "List": "typing",
    "Dict": "typing",
    "Tuple": "typing",
    "Set": "typing",
    "Final": "typing",
    "ClassVar": "typing",
    "Callable": "collections.abc",
    "Iterable": "collections.abc",
    "Iterator": "collections.abc",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
}


def import_or_correct(finding: Finding) -> Iterator[Mend]:
    """Import it from where the repository has it, or else take it for a misspelling."""
    found = finding.search(*_NAME)
    if found is None:
        return
    name = found["name"]
    near = list(correct_name(finding))
    ways = list(_ways(finding, name))
    imports = [
        Mend(
            (), f"{name} is used and comes from {module or name}", imports=(Import(finding.source.path, module, what),)
        )
        for module, what in ways
        if module != module_of(finding.source.path) or f"{module}.{what}" in finding.project.modules()
    ]
    if imports or not near:
        yield from imports
    yield from near


def _ways(finding: Finding, name: str) -> Iterator[tuple[str, str]]:
    if found := finding.search(_SUGGESTED):
        yield found.group(1), found.group(2)
    ways = list(finding.project.importers_of(name))
    yield from sorted(set(ways), key=lambda way: -ways.count(way))
    if name in sys.stdlib_module_names and name not in _COMMON:
        yield name, ""
    if name in _COMMON:
        yield _COMMON[name], name
    elif name in typing.__all__:
        yield "typing", name
    for module in finding.project.modules():
        parent, _, last = module.rpartition(".")
        if last == name and "test" not in module:
            yield (parent, name) if parent else (name, "")
    for source in finding.project.holding(name):
        for node in source.tree.body:
            is_definition = (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
            )
            if is_definition and "test" not in source.path:
                yield module_of(source.path), name
