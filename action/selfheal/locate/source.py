"""One Python file, parsed as far as it can be: its definitions, imports and module-level statements."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_MAX_BYTES = 2_000_000
_DEFINITION = re.compile(r"([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w{1,200})")


class Kind(Enum):
    """What a symbol is."""

    FUNCTION = "function"
    CLASS = "class"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A span of source with a name: a function, a class, or a statement at module level.

    `name` is dotted (`Cart.total`, `outer.inner`); of a statement it is the name that it binds, or empty.
    Lines count from 1, both included, decorators too.
    """

    file: str
    name: str
    kind: Kind
    first_line: int
    last_line: int

    @property
    def short_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class ImportedName:
    """What a name was imported from. `name` None means the module itself; `level` counts leading dots."""

    module: str
    name: str | None
    level: int


class SourceFile:
    """A parsed file. Where `module` is None it does not parse, and only `symbols` is guessed by indentation."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        text = content[:_MAX_BYTES].decode("utf-8-sig", "replace")
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.text.split("\n")
        self.module = _parsed(self.text)
        self.imports: dict[str, ImportedName] = {}
        self.stars: list[ImportedName] = []
        self.nodes: dict[Symbol, FunctionNode | ast.ClassDef | ast.stmt] = {}
        self.bound: dict[str, Symbol] = {}
        self.symbols = tuple(self._collected() if self.module is not None else self._guessed())
        self._by_name = {symbol.name: symbol for symbol in reversed(self.symbols)}

    def symbol(self, name: str) -> Symbol | None:
        """The function or class with this dotted name; the first of several."""
        return self._by_name.get(name)

    def enclosing(self, line: int) -> Symbol:
        """The innermost function around a line, else the class, else the statement at module level."""
        around = [one for one in self.symbols if one.first_line <= line <= one.last_line]
        functions = [one for one in around if one.kind is Kind.FUNCTION]
        chosen = functions or around
        if chosen:
            return min(chosen, key=lambda one: one.last_line - one.first_line)
        return self._statement(line)

    def segment(self, first_line: int, last_line: int) -> str:
        """The text of some lines."""
        return "\n".join(self.lines[max(0, first_line - 1) : last_line])

    def _statement(self, line: int) -> Symbol:
        for statement in self.module.body if self.module is not None else ():
            last = statement.end_lineno or statement.lineno
            if statement.lineno <= line <= last:
                name = next(iter(_bound_names(statement)), "")
                return Symbol(self.path, name, Kind.STATEMENT, statement.lineno, last)
        return Symbol(self.path, "", Kind.STATEMENT, line, line)

    def _collected(self) -> Iterator[Symbol]:
        if self.module is None:
            return
        for statement in ast.walk(self.module):
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._import(statement)
        for statement in _flat(self.module.body):
            for name in _bound_names(statement):
                last = statement.end_lineno or statement.lineno
                symbol = Symbol(self.path, name, Kind.STATEMENT, statement.lineno, last)
                self.bound[name] = symbol
                self.nodes[symbol] = statement
        stack: list[tuple[str, ast.AST]] = [("", self.module)]
        while stack:
            prefix, node = stack.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    symbol = self._definition(prefix, child)
                    yield symbol
                    stack.append((f"{symbol.name}.", child))
                elif isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                    stack.append((prefix, child))

    def _definition(self, prefix: str, node: FunctionNode | ast.ClassDef) -> Symbol:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        kind = Kind.CLASS if isinstance(node, ast.ClassDef) else Kind.FUNCTION
        symbol = Symbol(self.path, f"{prefix}{node.name}", kind, first, node.end_lineno or node.lineno)
        self.nodes[symbol] = node
        return symbol

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname is not None:
                    self.imports[alias.asname] = ImportedName(alias.name, None, 0)
                else:
                    top = alias.name.partition(".")[0]
                    self.imports.setdefault(top, ImportedName(top, None, 0))
            return
        for alias in node.names:
            imported = ImportedName(node.module or "", alias.name, node.level)
            if alias.name == "*":
                self.stars.append(ImportedName(node.module or "", None, node.level))
            else:
                self.imports[alias.asname or alias.name] = imported

    def _guessed(self) -> Iterator[Symbol]:
        """Definitions by their indentation, for a file that does not parse."""
        open_: list[tuple[int, str, int, Kind]] = []
        last_code = 0
        for number, line in enumerate(self.lines, start=1):
            bare = line.strip()
            if not bare or bare.startswith("#"):
                continue
            indent = len(line) - len(line.lstrip())
            is_closing = bare[0] in ")]}"
            while open_ and indent <= open_[-1][0] and not is_closing:
                _, name, first, kind = open_.pop()
                yield Symbol(self.path, name, kind, first, last_code)
            last_code = number
            found = _DEFINITION.match(line)
            if found is not None:
                prefix = f"{open_[-1][1]}." if open_ else ""
                kind = Kind.CLASS if found.group(2) == "class" else Kind.FUNCTION
                open_.append((indent, f"{prefix}{found.group(3)}", number, kind))
        for _, name, first, kind in open_:
            yield Symbol(self.path, name, kind, first, max(first, last_code))


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            # Someone else's invalid escapes are not our warnings.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at module level, those in `if` and `try` too."""
    for statement in body:
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            yield from _flat(statement.body)
            yield from _flat(getattr(statement, "orelse", []))
            for handler in getattr(statement, "handlers", []):
                yield from _flat(handler.body)


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)) and isinstance(statement.target, ast.Name):
        yield statement.target.id
