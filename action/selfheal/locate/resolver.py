"""Resolve an expression to what it stands for: a symbol, a module, or an instance of a class."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selfheal.locate.fixtures import fixture_for
from selfheal.locate.source import FunctionNode, ImportedName, Kind, SourceFile, Symbol
from selfheal.locate.symbols import SymbolIndex

_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the repository."""

    path: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the repository."""

    cls: Symbol


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute that is no method: where it is set, and what it holds where that is known."""

    place: Symbol
    value: Instance | None


Target = Symbol | Module | Instance | Field | None
Scope = Mapping[str, Target]


class Resolver:
    """Resolves names through imports, re-exports, aliases, bases and simple assignments."""

    def __init__(self, index: SymbolIndex) -> None:
        self._index = index
        self._busy: set[tuple[str, str]] = set()
        self._results: dict[Symbol, Instance | None] = {}
        self._scopes: dict[Symbol, dict[str, Target]] = {}

    def name(self, file: str, name: str, *, depth: int = 0) -> Target:
        """What a name at module level of a file stands for."""
        source = self._index.file(file)
        if source is None or depth > _DEPTH:
            return None
        symbol = source.symbol(name)
        if symbol is not None:
            return symbol
        imported = source.imports.get(name)
        if imported is not None:
            found = self._imported(imported, file, depth)
            if found is not None:
                return found
        bound = source.bound.get(name)
        if bound is not None:
            alias = self._aliased(source, bound, depth)
            return alias if isinstance(alias, (Symbol, Instance)) else bound
        for star in source.stars:
            path = self._index.modules.find(star.module, importer=file, level=star.level)
            found = self.name(path, name, depth=depth + 1) if path is not None and path != file else None
            if found is not None:
                return found
        return None

    def expression(self, node: ast.AST, file: str, scope: Scope, *, depth: int = 0) -> Target:
        """What an expression stands for, as far as simple means tell."""
        if depth > _DEPTH:
            return None
        match node:
            case ast.Name(id=name):
                return scope[name] if name in scope else self.name(file, name, depth=depth + 1)
            case ast.Attribute(value=value, attr=attr):
                base = self.expression(value, file, scope, depth=depth + 1)
                return self.attribute(base, attr, depth=depth + 1)
            case ast.Call(func=ast.Name(id="super")):
                own = scope.get("super()")
                return own if isinstance(own, Instance) else None
            case ast.Call(func=function):
                return self.result(self.expression(function, file, scope, depth=depth + 1), depth=depth + 1)
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.expression(value, file, scope, depth=depth + 1)
            case ast.IfExp(body=one, orelse=other):
                return self.expression(one, file, scope, depth=depth + 1) or self.expression(
                    other, file, scope, depth=depth + 1
                )
            case ast.BoolOp(values=values):
                found = (self.expression(value, file, scope, depth=depth + 1) for value in values)
                return next((one for one in found if one is not None), None)
        return None

    def attribute(self, base: Target, attr: str, *, depth: int = 0) -> Target:
        """What `base.attr` stands for."""
        match base:
            case Module(path=path):
                found = self.name(path, attr, depth=depth + 1)
                if found is not None:
                    return found
                package = path.removesuffix("__init__.py").rstrip("/")
                inner = self._index.modules.find(attr, importer=path, level=1) if path.endswith("__init__.py") else None
                return Module(inner) if inner is not None and package else None
            case Symbol(kind=Kind.CLASS):
                return self.member(base, attr, depth=depth + 1)
            case Instance(cls=cls) | Field(value=Instance(cls=cls)):
                return self.member(cls, attr, depth=depth + 1)
        return None

    def member(self, cls: Symbol, attr: str, *, depth: int = 0) -> Target:
        """A method or field of a class, its bases asked too."""
        source = self._index.file(cls.file)
        if source is None or depth > _DEPTH:
            return None
        method = source.symbol(f"{cls.name}.{attr}")
        if method is not None:
            return method
        field = self._field(cls, attr, depth)
        if field is not None:
            return field
        for base in self.bases(cls, depth=depth):
            found = self.member(base, attr, depth=depth + 1)
            if found is not None:
                return found
        return None

    def bases(self, cls: Symbol, *, depth: int = 0) -> Iterator[Symbol]:
        """The classes of the repository that a class inherits from."""
        node = self._index.node(cls)
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                found = self.expression(base, cls.file, {}, depth=depth + 1)
                if isinstance(found, Symbol) and found.kind is Kind.CLASS and found != cls:
                    yield found

    def result(self, callee: Target, *, depth: int = 0) -> Instance | None:
        """What calling gives: an object of the class, or what a function returns or yields."""
        if isinstance(callee, Symbol) and callee.kind is Kind.CLASS:
            return Instance(callee)
        if not isinstance(callee, Symbol) or callee.kind is not Kind.FUNCTION or depth > _DEPTH:
            return None
        node = self._index.node(callee)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        key = (callee.file, callee.name)
        if callee in self._results or key in self._busy:
            return self._results.get(callee)
        self._busy.add(key)
        try:
            self._results[callee] = self._returned(callee, node, depth)
        finally:
            self._busy.discard(key)
        return self._results[callee]

    def _returned(self, callee: Symbol, node: FunctionNode, depth: int) -> Instance | None:
        annotated = self.annotation(node.returns, callee.file, depth=depth + 1)
        if annotated is not None:
            return annotated
        scope = self.scope(callee, depth=depth + 1)
        for inner in _own_nodes(node):
            if isinstance(inner, (ast.Return, ast.Yield)) and inner.value is not None:
                found = self.expression(inner.value, callee.file, scope, depth=depth + 1)
                value = found.value if isinstance(found, Field) else found
                if isinstance(value, Instance):
                    return value
        return None

    def annotation(self, node: ast.expr | None, file: str, *, depth: int = 0) -> Instance | None:
        """The class that an annotation names: `C`, `"C"`, `C | None`, `Optional[C]`, `Iterator[C]`."""
        if node is None or depth > _DEPTH:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError):
                return None
        if isinstance(node, (ast.Name, ast.Attribute)):
            found = self.expression(node, file, {}, depth=depth + 1)
            return Instance(found) if isinstance(found, Symbol) and found.kind is Kind.CLASS else None
        if isinstance(node, ast.BinOp):
            return self.annotation(node.left, file, depth=depth + 1) or self.annotation(
                node.right, file, depth=depth + 1
            )
        if isinstance(node, ast.Subscript):
            inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            outer = self.annotation(node.value, file, depth=depth + 1)
            return outer or self.annotation(inner, file, depth=depth + 1)
        return None

    def scope(self, function: Symbol, *, depth: int = 0) -> dict[str, Target]:
        """What the local names of a function stand for: self, parameters, fixtures, simple assignments."""
        if function in self._scopes:
            return self._scopes[function]
        scope = self._scoped(function, depth)
        self._scopes[function] = scope
        return scope

    def _scoped(self, function: Symbol, depth: int) -> dict[str, Target]:
        node = self._index.node(function)
        scope: dict[str, Target] = {}
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or depth > _DEPTH:
            return scope
        owner = self._index.owner(function)
        for position, argument in enumerate((*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)):
            if position == 0 and owner is not None and not _is_static(node):
                scope[argument.arg] = owner if _is_classmethod(node) else Instance(owner)
                scope["super()"] = next((Instance(base) for base in self.bases(owner, depth=depth)), None)
                continue
            scope[argument.arg] = self.annotation(argument.annotation, function.file, depth=depth + 1)
            if scope[argument.arg] is None:
                fixture = fixture_for(self._index, function.file, argument.arg)
                scope[argument.arg] = self.result(fixture, depth=depth + 1) if fixture is not None else None
        for inner in _own_nodes(node):
            self._bind(inner, function, scope, depth)
        return scope

    def _bind(self, node: ast.AST, function: Symbol, scope: dict[str, Target], depth: int) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                scope[name] = self.expression(value, function.file, scope, depth=depth + 1)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                scope[name] = self.annotation(annotation, function.file, depth=depth + 1)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if isinstance(item.optional_vars, ast.Name):
                        entered = self.expression(item.context_expr, function.file, scope, depth=depth + 1)
                        scope[item.optional_vars.id] = entered
            case (
                ast.For(target=ast.Name(id=name), iter=iterated) | ast.AsyncFor(target=ast.Name(id=name), iter=iterated)
            ):
                if isinstance(iterated, ast.Call):
                    scope[name] = self.expression(iterated, function.file, scope, depth=depth + 1)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                source = self._index.file(function.file)
                scope[name] = source.symbol(f"{function.name}.{name}") if source is not None else None

    def _imported(self, imported: ImportedName, file: str, depth: int) -> Target:
        modules = self._index.modules
        path = modules.find(imported.module, importer=file, level=imported.level)
        if imported.name is None:
            return Module(path) if path is not None else None
        found = self.name(path, imported.name, depth=depth + 1) if path is not None and path != file else None
        if found is not None:
            return found
        inner = f"{imported.module}.{imported.name}" if imported.module else imported.name
        submodule = modules.find(inner, importer=file, level=imported.level)
        return Module(submodule) if submodule is not None else None

    def _aliased(self, source: SourceFile, bound: Symbol, depth: int) -> Target:
        """`public = _private` and `client = Client()` at module level."""
        node = source.nodes.get(bound)
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute, ast.Call)):
            if isinstance(node.value, ast.Name) and node.value.id == bound.name:
                return None
            return self.expression(node.value, source.path, {}, depth=depth + 1)
        return None

    def _field(self, cls: Symbol, attr: str, depth: int) -> Field | None:
        node = self._index.node(cls)
        if not isinstance(node, ast.ClassDef):
            return None
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                if statement.target.id == attr:
                    return Field(cls, self.annotation(statement.annotation, cls.file, depth=depth + 1))
            elif isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == attr for target in statement.targets
            ):
                value = self.expression(statement.value, cls.file, {}, depth=depth + 1)
                return Field(cls, value if isinstance(value, Instance) else None)
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found = self._set_in(cls, statement, attr, depth)
                if found is not None:
                    return found
        return None

    def _set_in(self, cls: Symbol, method: FunctionNode, attr: str, depth: int) -> Field | None:
        """`self.attr = ...` in a method."""
        source = self._index.file(cls.file)
        symbol = source.symbol(f"{cls.name}.{method.name}") if source is not None else None
        if symbol is None or not method.args.args:
            return None
        own = method.args.args[0].arg
        for node in _own_nodes(method):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            for place in targets:
                match place:
                    case ast.Attribute(value=ast.Name(id=name), attr=found) if name == own and found == attr:
                        return Field(symbol, self._assigned(node, symbol, depth))
        return None

    def _assigned(self, node: ast.AST, method: Symbol, depth: int) -> Instance | None:
        key = (method.file, f"{method.name}=")
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            if isinstance(node, ast.AnnAssign):
                annotated = self.annotation(node.annotation, method.file, depth=depth + 1)
                if annotated is not None:
                    return annotated
            value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
            if value is None:
                return None
            found = self.expression(value, method.file, self.scope(method, depth=depth + 2), depth=depth + 1)
            return found if isinstance(found, Instance) else None
        finally:
            self._busy.discard(key)


def _own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function in source order, without the bodies of functions inside it."""
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def _decorators(node: FunctionNode) -> set[str]:
    return {one.id for one in node.decorator_list if isinstance(one, ast.Name)}


def _is_static(node: FunctionNode) -> bool:
    return "staticmethod" in _decorators(node)


def _is_classmethod(node: FunctionNode) -> bool:
    return "classmethod" in _decorators(node)
