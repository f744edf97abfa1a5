"""Give a module a name back that it does not export: `cannot import name`, `module ... has no attribute`. No model.

What a formatter takes for an unused import of a package is often what others import from there; a name that is left out
of `__all__` is not passed on by `import *`; and what has moved to another module is still asked for in the old one.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.contract.test_paths import is_test_path
from selfheal.fix.import_name import NO_NAME, importing_files
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.python_tree import dunder_all, module_asked
from selfheal.fix.types.edits import candidate_of, edits_of
from selfheal.fix.types.importing import bound_at_top
from selfheal.fix.types.mend import Import, Mend, Splice
from selfheal.fix.types.project import Project, module_of
from selfheal.fix.types.source import Source

_NO_ATTRIBUTE = re.compile(r"module '(?P<module>[\w.]{1,200})' has no attribute '(?P<name>\w{1,200})'")
_MOST_WAYS = 3
_MOST_NAMES = 3
_MOSTLY = 0.8
"""Of neighbours so many must stand in order for a list to be one in order."""


class MissingExport:
    """The strategy for a name that another module of the repository has, and the one that is asked does not."""

    name = "missing_export"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for each name that is missing and can be had, with as many samples as there are ways."""
        asked: dict[tuple[str, str], None] = {}
        for failure in case.diagnosis.failures:
            if match := NO_NAME.search(failure.message) or _NO_ATTRIBUTE.search(failure.message):
                asked[match["module"], match["name"]] = None
        found = []
        for module, name in list(asked)[:_MOST_NAMES]:
            if ways := _ways_of(case, module, name):
                found.append(Target(strategy=self.name, place=f"{module}:{name}", samples=len(ways)))
        return tuple(found)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose way number `sample`; where there are several a person decides."""
        module, _, name = target.place.partition(":")
        ways = _ways_of(case, module, name)
        edits = edits_of(case.tree, ways[sample : sample + 1])
        if not edits:
            return NoCandidate(f"{module} can't be given {name}", is_spent=sample + 1 >= len(ways))
        made = candidate_of(self.name, ways[sample : sample + 1], edits)
        return made if len(ways) == 1 else made.model_copy(update={"disposition": Disposition.NEEDS_HUMAN})


def _ways_of(case: RepairCase, module: str, name: str) -> tuple[Mend, ...]:
    return case.once(("missing export", module, name), lambda: tuple(_ways(case, module, name))[:_MOST_WAYS])


def _ways(case: RepairCase, module: str, name: str) -> Iterator[Mend]:
    project = Project(case.tree)
    modules = project.modules()
    asked = project.source(modules.get(module, ""))
    if asked is None or name in bound_at_top(asked):
        return
    if f"{module}.{name}" in modules:
        yield _exported(asked, module, name, module)
        return
    if passing_on := list(_left_out(project, asked, module, name)):
        yield from passing_on
        return
    holders = [
        (source, holder)
        for source in project.holding(name)
        if (holder := module_of(source.path)) != module and not is_test_path(source.path) and _defines(source, name)
    ]
    for source, holder in holders:
        if holder.startswith(f"{module}."):
            yield _exported(asked, module, name, holder)
        elif importer := _importer(case, project, module, name):
            yield _imported_from(importer, module, name, module_of(source.path))


def _left_out(project: Project, asked: Source, module: str, name: str) -> Iterator[Mend]:
    """Names that a module of which all is imported has, and does not list."""
    for node in asked.tree.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            source = project.source(project.modules().get(_absolute(asked, module, node), ""))
            listed = _listing(source) if source is not None else None
            added = _added(source, listed, name) if source is not None and listed is not None else ()
            if source is not None and added and name in bound_at_top(source):
                yield Mend(added, f"{source.path} has {name}, and now lists it in `__all__`")


def _exported(asked: Source, module: str, name: str, holder: str) -> Mend:
    """Import the name from where it is, as the module imports its other names, and list it where those are listed."""
    own = [one for one in asked.tree.body if isinstance(one, ast.ImportFrom) and _is_own(one, module)]
    is_absolute = bool(own) and not any(one.level for one in own)
    origin = holder if is_absolute else holder.removeprefix(module) or "."
    listed = _listing(asked)
    return Mend(
        _added(asked, listed, name) if listed is not None else (),
        f"{module} exports {name} of {holder}",
        (Import(asked.path, origin, name),),
    )


def _imported_from(importer: tuple[Source, ast.ImportFrom], module: str, name: str, holder: str) -> Mend:
    """Ask the module that has it; what else is imported in that statement stays as it is."""
    source, statement = importer
    holder = _spelt(source, statement, holder)
    rationale = f"{name} is imported from {holder}, which has it; {module} has not"
    if len(statement.names) == 1:
        start, end = source.span(statement)
        text = source.text[start:end]
        origin = re.compile(rf"from\s+{re.escape(module_asked(statement))}\s+import\b")
        return Mend((Splice(source.path, start, end, origin.sub(f"from {holder} import", text, count=1)),), rationale)
    at = next(n for n, alias in enumerate(statement.names) if alias.name == name)
    if at + 1 < len(statement.names):
        start, end = source.span(statement.names[at])[0], source.span(statement.names[at + 1])[0]
    else:
        start, end = source.span(statement.names[at - 1])[1], source.span(statement.names[at])[1]
    return Mend((Splice(source.path, start, end, ""),), rationale, (Import(source.path, holder, name),))


def _importer(case: RepairCase, project: Project, module: str, name: str) -> tuple[Source, ast.ImportFrom] | None:
    """The statement of the failure's frames that imports the name under its own name; none of a test's."""
    for path in importing_files(case.diagnosis.failures):
        source = project.source(path) if not is_test_path(path) else None
        for node in source.tree.body if source is not None else ():
            if source is not None and isinstance(node, ast.ImportFrom):
                is_asked = _absolute(source, module_of(path), node) == module
                if is_asked and any(one.name == name and one.asname is None for one in node.names):
                    return source, node
    return None


def _absolute(source: Source, module: str, node: ast.ImportFrom) -> str:
    """The dotted name of the module from which a statement imports."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    up = node.level - (PurePosixPath(source.path).stem == "__init__")
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def _spelt(source: Source, statement: ast.ImportFrom, holder: str) -> str:
    """The module as this file would name it: from its own package where the statement does, if it is in that."""
    if not statement.level:
        return holder
    package = module_of(source.path)
    if PurePosixPath(source.path).stem != "__init__":
        package = package.rpartition(".")[0]
    return holder.removeprefix(package) if package and holder.startswith(f"{package}.") else holder


def _is_own(node: ast.ImportFrom, module: str) -> bool:
    return node.level > 0 or f"{node.module}.".startswith(f"{module}.")


def _defines(source: Source, name: str) -> bool:
    """True where the name is made at the top of the file, and not imported."""
    for node in source.tree.body:
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                if found == name:
                    return True
            case ast.Assign(targets=[ast.Name(id=found)]) | ast.AnnAssign(target=ast.Name(id=found)):
                if found == name:
                    return True
    return False


def _listing(source: Source) -> ast.List | ast.Tuple | None:
    """The literal that is the file's `__all__`, where it holds texts alone."""
    listed = dunder_all(source.tree)
    is_plain = listed is not None and all(isinstance(getattr(one, "value", None), str) for one in listed.elts)
    return listed if is_plain else None


def _added(source: Source, listed: ast.List | ast.Tuple, name: str) -> tuple[Splice, ...]:
    """List a name too: in front of the first that comes after it where they stand in order, else at the end."""
    names = [one.value for one in listed.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name in names or not names:
        return ()
    quote = source.segment(listed.elts[0])[0]
    text = f"{quote}{name}{quote}"
    spans = [source.span(one) for one in listed.elts]
    between = ", "
    if len(spans) > 1 and "#" not in source.text[spans[0][1] : spans[1][0]]:
        between = source.text[spans[0][1] : spans[1][0]]
    in_order = sum(one.lower() <= other.lower() for one, other in pairwise(names))
    after = next((at for at, one in enumerate(names) if one.lower() > name.lower()), None)
    if after is not None and in_order >= _MOSTLY * (len(names) - 1):
        at = spans[after][0]
        return (Splice(source.path, at, at, text + between),)
    at = spans[-1][1]
    return (Splice(source.path, at, at, between + text),)
