"""What exists: the members of a class, the names of a module, the parameters of a function."""

import ast
import builtins
import importlib.util
import sys

from selfheal.fix.types.project import Project
from selfheal.fix.types.source import Scope, Source, own_nodes, read_source


def class_members(project: Project, name: str, *, depth: int = 4) -> frozenset[str]:
    """Name the attributes and methods of a class of the repository and of its bases there."""
    short = name.removeprefix("type[").partition("[")[0].rstrip("]*").rpartition(".")[2]
    members: set[str] = set()
    for _, node in project.classes(short) if short.isidentifier() and depth else ():
        for one in ast.walk(node):
            match one:
                case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found):
                    members.add(found)
                case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=found, ctx=ast.Store()):
                    members.add(found)
                case _:
                    continue
        for one in node.body:
            members |= _assigned(one)
        for base in node.bases:
            if isinstance(base, ast.Name | ast.Attribute):
                members |= class_members(project, ast.unparse(base), depth=depth - 1)
    if not members and (kind := _standard_class(short)) is not None:
        members |= {member for one in kind.__mro__ for member in vars(one)}
    return frozenset(members)


def module_names(project: Project, module: str) -> frozenset[str]:
    """Name what a module of the repository or of the standard library defines. Nothing is imported."""
    path = project.modules().get(module)
    source = project.source(path) if path else _standard(module)
    is_standard = path is None and module.partition(".")[0] in sys.stdlib_module_names
    loaded = frozenset(dir(sys.modules[module])) if is_standard and module in sys.modules else frozenset[str]()
    return loaded | (scope_names(source.tree) if source is not None else frozenset())


def parameters_of(project: Project, name: str) -> tuple[str, ...]:
    """Name the parameters of the functions of a name; of `__init__` or the fields where it is a class."""
    found: list[str] = []
    for _, node in project.functions(name):
        found += [one.arg for one in (*node.args.args, *node.args.kwonlyargs) if one.arg not in ("self", "cls")]
    for _, holder in project.classes(name):
        for one in holder.body:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                found += [arg.arg for arg in (*one.args.args[1:], *one.args.kwonlyargs)]
            elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                found.append(one.target.id)
    found += [one.arg for _, call in project.calls(name) for one in call.keywords if one.arg] if not found else []
    return tuple(dict.fromkeys(found))


def standard_parameters(source: Source, name: str) -> tuple[str, ...]:
    """Name the parameters of a function or class that a file imports from the standard library. Nothing is run."""
    for node in ast.walk(source.tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if (alias.asname or alias.name) != name or not isinstance(node, ast.ImportFrom):
                continue
            home = _standard(node.module or "")
            for one in ast.walk(home.tree) if home is not None else ():
                if isinstance(one, ast.FunctionDef) and one.name == alias.name:
                    return tuple(arg.arg for arg in (*one.args.args, *one.args.kwonlyargs))
                if isinstance(one, ast.ClassDef) and one.name == alias.name:
                    makers = [each for each in one.body if isinstance(each, ast.FunctionDef)]
                    return tuple(
                        arg.arg
                        for each in makers
                        if each.name in ("__new__", "__init__")
                        for arg in (*each.args.args[1:], *each.args.kwonlyargs)
                    )
    return ()


def attributes_named(project: Project, like: str) -> tuple[str, ...]:
    """Name the attributes that the repository reads anywhere and that begin or end as `like` does."""
    found: set[str] = set()
    for source in project.holding(f".{like[:1]}"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr != like:
                found.add(node.attr)
    return tuple(sorted(name for name in found if name[0] == like[0] or name[-1] == like[-1]))


def keywords_used(project: Project) -> frozenset[str]:
    """Name the parameters and the keywords of calls in the whole repository."""
    found: set[str] = set()
    for source in project.holding("="):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.arg | ast.keyword) and node.arg:
                found.add(node.arg)
    return frozenset(found)


def typed_dict_keys(project: Project, name: str) -> tuple[str, ...]:
    """Name the keys of a TypedDict that is written as a class."""
    keys = []
    for _, node in project.classes(name.rpartition(".")[2]):
        keys += [
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id not in ("TypedDict", name):
                keys += typed_dict_keys(project, base.id)
    return tuple(keys)


def visible_names(source: Source, node: ast.AST) -> frozenset[str]:
    """Name what a name at this place could mean."""
    names = set(dir(builtins)) | scope_names(source.tree)
    for one in source.ancestors(node):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            names |= scope_names(one)
            names |= {arg.arg for arg in ast.walk(one.args) if isinstance(arg, ast.arg)}
    return frozenset(names)


def scope_names(scope: Scope) -> frozenset[str]:
    """Name what a scope binds itself."""
    names: set[str] = set()
    for node in own_nodes(scope):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {(alias.asname or alias.name).split(".")[0] for alias in aliases}
            case _:
                continue
    return frozenset(names)


def _assigned(node: ast.stmt) -> set[str]:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Assign(targets=targets):
            return {one.id for one in targets if isinstance(one, ast.Name)}
        case _:
            return set()


def _standard_class(name: str) -> type | None:
    """Find a class of Python or its standard library by its short name, among the modules that are loaded anyway."""
    modules = [module for key, module in sys.modules.items() if key.partition(".")[0] in sys.stdlib_module_names]
    for module in (builtins, *modules):
        kind = vars(module).get(name) if name.isidentifier() else None
        if isinstance(kind, type):
            return kind
    return None


def _standard(module: str) -> Source | None:
    """Read a module of the standard library from its file."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    from pathlib import Path

    return read_source(spec.origin, Path(spec.origin).read_bytes())
