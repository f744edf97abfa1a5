"""A suspect function as the operators see it: its tree, its text, what is in scope, and what the failure speaks of."""

import ast
import builtins
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from selfheal.fix.python_tree import FunctionNode
from selfheal.fix.types.source import own_nodes

_NAME = re.compile(r"[^\W\d]\w*")
_PLAIN = re.compile(r"""'[^'"\\\n]*'""")
"""A string in single quotes that needs no others: no prefix, no quote, no backslash in it."""
_LONGEST = 60
"""Characters of an expression that is put in another place."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an operator makes of a place: characters `first`..`last` of the file give way to `text`.

    `weight` is how much likelier this one is than the operator's others; `line` is where it counts as suspicious.
    """

    first: int
    last: int
    text: str
    line: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Hints:
    """Constants that the failing test, its message and the docstring hold, as source; the nearest first."""

    numbers: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    """What the failing test expects to be raised."""
    unbound: str = ""
    """The name that the failure says has no value."""
    lacking: str = ""
    """The attribute that the failure says is not there."""
    crashed_at: int = 0
    """The line of this file at which the error arose; 0 where it arose elsewhere, or was raised on purpose."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The names of what a function of the same file takes, without `self`."""

    parameters: tuple[str, ...]
    is_async: bool = False


@lru_cache(maxsize=64)
def everything_in(node: ast.AST) -> tuple[ast.AST, ...]:
    """What `ast.walk` gives, kept: the operators ask it of the same few trees at every node.

    For a file, a class and the function in question; others would push these out.
    """
    return tuple(ast.walk(node))


@dataclass(eq=False)
class Site:
    """One function in its file. Columns of `ast` count UTF-8 bytes; everything here counts characters.

    What the operators ask for at every node is reckoned once: there is nothing else that could keep it.
    """

    path: str
    text: str
    module: ast.Module
    function: FunctionNode
    """Of statements outside of functions one that stands in no file and holds them."""
    hints: Hints = field(default_factory=Hints)
    is_definition: bool = False
    """True for statements that run when the module is loaded: no test's trace tells of them."""
    _starts: list[int] = field(init=False)
    _lines: list[str] = field(init=False)
    _parents: dict[ast.AST, ast.AST] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self._parents = {
            child: parent for parent in everything_in(self.function) for child in ast.iter_child_nodes(parent)
        }

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What a node stands in; None above the function."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out, up to the function."""
        inner = self.parent(node)
        while inner is not None:
            yield inner
            inner = self.parent(inner)

    def is_own_line(self, node: ast.stmt) -> bool:
        """True where nothing but blanks stands before a statement on its line."""
        return not self.text[self._starts[node.lineno - 1] : self.position(node.lineno, node.col_offset)].strip()

    def position(self, line: int, column: int) -> int:
        """The character at a place of `ast`."""
        text = self._lines[line - 1]
        return self._starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode()))

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> tuple[int, int]:
        """First and last character of a node."""
        return (
            self.position(node.lineno, node.col_offset),
            self.position(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset),
        )

    def source(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> str:
        """The text of a node."""
        first, last = self.span(node)
        return self.text[first:last]

    def line_span(self, first_line: int, last_line: int) -> tuple[int, int]:
        """The characters of whole lines, from 1, both included; none where the last comes before the first."""
        count = len(self._lines)
        return self._starts[min(first_line - 1, count)], self._starts[min(last_line, count)]

    def line_text(self, line: int) -> str:
        """A line with its end."""
        return self._lines[line - 1]

    def indent_of(self, line: int) -> str:
        """The blanks that a line begins with."""
        text = self._lines[line - 1]
        return text[: len(text) - len(text.lstrip())]

    def swap(self, node: ast.expr, text: str, *, weight: float = 1.0) -> Change:
        """Put `text` in a node's place, in parentheses where it must not fall apart."""
        first, last = self.span(node)
        return Change(first, last, text, node.lineno, weight)

    def held(self, node: ast.expr) -> str:
        """The text of an expression as an operand: in parentheses where it needs them."""
        text = self.source(node)
        loose = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.UnaryOp, ast.NamedExpr, ast.Await)
        return f"({text})" if isinstance(node, loose) else text

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the function that has a place of its own, and that does something.

        Parts of f-strings have no place before Python 3.12; what a function's annotations say is not what it does.
        """
        pending: list[ast.AST] = [*self.function.body] if self.is_definition else [self.function]
        found: list[ast.AST] = []
        while pending:
            node = pending.pop()
            found.append(node)
            if not isinstance(node, ast.JoinedStr):
                idle = () if self.is_definition else _idle(node)
                pending.extend(child for child in ast.iter_child_nodes(node) if child not in idle)
        return tuple(found)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The function's own parameters, without `self` and `cls`."""
        return tuple(name for name in parameters_of(self.function) if name not in ("self", "cls"))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that the function binds, its parameters first."""
        bound = dict.fromkeys(self.parameters)
        for node in everything_in(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound[node.id] = None
        return tuple(bound)

    @cached_property
    def outer_names(self) -> tuple[str, ...]:
        """What the function uses of the functions around it."""
        bound: dict[str, None] = {}
        for outer in self._outer_functions:
            bound |= dict.fromkeys(
                one.id if isinstance(one, ast.Name) else one.arg
                for one in ast.walk(outer)
                if isinstance(one, ast.arg) or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
            )
        used = {one.id for one in self.nodes if isinstance(one, ast.Name)}
        return tuple(name for name in bound if name in used and name not in self.names)

    @cached_property
    def unread_names(self) -> frozenset[str]:
        """Names in scope that are given a value, or only filled, and asked by nothing: what asked them may be lost."""
        if self.is_definition:
            return frozenset()
        around = next(iter(self._outer_functions), self.function)
        filled = {
            id(node.value.func.value)
            for node in everything_in(around)
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
        }
        read = {
            node.id
            for node in everything_in(around)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in filled
        }
        known = (name for name in (*self.names, *self.outer_names) if not name.startswith("_"))
        return frozenset(known) - read

    @cached_property
    def unread_attributes(self) -> frozenset[str]:
        """What the class gives its objects and nothing in the file asks for."""
        stored = {
            node.attr
            for node in (everything_in(self.owner) if self.owner is not None else ())
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        }
        read = {
            node.attr
            for node in everything_in(self.module)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
        }
        return frozenset(stored - read)

    @cached_property
    def _prefers_double(self) -> bool:
        return self.text.count('"') > self.text.count("'")

    def quoted_alike(self, text: str) -> str:
        """`text` with its new plain strings in double quotes, where the file writes them so.

        A formatter that the project uses would lay them out anew.
        """
        if "'" not in text or not self._prefers_double:
            return text
        lines = text.splitlines(keepends=True)
        try:
            tokens = list(tokenize.generate_tokens(iter(lines).__next__))
        except (tokenize.TokenError, IndentationError, SyntaxError):
            return text
        for token in reversed(tokens):
            if token.type == tokenize.STRING and _PLAIN.fullmatch(token.string) and token.string not in self.text:
                (row, first), (_, last) = token.start, token.end
                line = lines[row - 1]
                lines[row - 1] = f'{line[:first]}"{token.string[1:-1]}"{line[last:]}'
        return "".join(lines)

    def asks_unread(self, text: str) -> bool:
        """True where `text` names one of them."""
        return bool(self.unread_names) and not self.unread_names.isdisjoint(_NAME.findall(text))

    @cached_property
    def _outer_functions(self) -> tuple[FunctionNode, ...]:
        """The functions that this one stands in, the outermost first."""
        if self.is_definition:
            return ()
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        functions = (one for one in everything_in(self.module) if isinstance(one, kinds))
        mine = self.function.lineno
        return tuple(one for one in functions if one.lineno < mine <= (one.end_lineno or 0))

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Every name that has a value in the function, as far as the file tells."""
        mine = (*self.names, *self.outer_names, *self.module_names, *self.imported_names)
        return frozenset({*mine, *dir(builtins), "self", "cls"})

    @cached_property
    def imported_names(self) -> frozenset[str]:
        """What the file imports at its top and this function for itself; not what others import for themselves."""
        return frozenset(
            (alias.asname or alias.name).partition(".")[0]
            for node in (*own_nodes(self.module), *everything_in(self.function))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        )

    @cached_property
    def expressions(self) -> tuple[str, ...]:
        """The expressions of the function that could stand somewhere else, in their order."""
        found: dict[str, None] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call | ast.BinOp | ast.Subscript | ast.Attribute) and isinstance(
                getattr(node, "ctx", ast.Load()), ast.Load
            ):
                parent = self.parent(node)
                text = self.source(node)
                is_called = isinstance(parent, ast.Call) and parent.func is node
                if not is_called and "\n" not in text and len(text) <= _LONGEST:
                    found[text] = None
        return tuple(found)

    @cached_property
    def lengths(self) -> tuple[str, ...]:
        """How many there are of what the function binds."""
        few = len(self.names) < 8
        return tuple(f"len({name})" for name in self.names if few or f"len({name})" in self.text)

    @cached_property
    def owner(self) -> ast.ClassDef | None:
        """The class around the function."""
        return next(
            (
                one
                for one in everything_in(self.module)
                if isinstance(one, ast.ClassDef) and one.lineno <= self.function.lineno <= (one.end_lineno or 0)
            ),
            None,
        )

    @cached_property
    def first_values(self) -> dict[str, str]:
        """What the fields of the class start with, where that is written without a parameter."""
        found: dict[str, str] = {}
        for node in everything_in(self.owner) if self.owner is not None else ():
            if not isinstance(node, ast.FunctionDef) or node.name != "__init__" or node is self.function:
                continue
            for inner in ast.walk(node):
                match inner:
                    case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if _is_free(value):
                        found[name] = self.source(value)
                    case ast.AnnAssign(target=ast.Attribute(attr=name), value=ast.expr() as value) if _is_free(value):
                        found[name] = self.source(value)
        return found

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Names that stand behind `self.` anywhere in the file's class around the function."""
        owner = self.owner
        if owner is None:
            return ()
        found: dict[str, None] = {}
        for node in everything_in(owner):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                found[node.attr] = None
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[node.name] = None
        return tuple(found)

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        """The functions of the file by their names."""
        return {
            node.name: Signature(
                tuple(name for name in parameters_of(node) if name not in ("self", "cls")),
                isinstance(node, ast.AsyncFunctionDef),
            )
            for node in everything_in(self.module)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    @cached_property
    def module_names(self) -> tuple[str, ...]:
        """Constants, functions and classes at the file's top."""
        found: list[str] = []
        for node in self.module.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.append(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found += [target.id for target in targets if isinstance(target, ast.Name)]
        return tuple(found)


def parameters_of(function: FunctionNode) -> tuple[str, ...]:
    """The names of all parameters in their order."""
    arguments = function.args
    return tuple(one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def is_bare_value(node: ast.AST) -> bool:
    """True for a docstring and for `...`: a statement that does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_free(value: ast.expr) -> bool:
    """True for an expression that holds no name but those of what it calls: `set()`, `OrderedDict()`."""
    called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return not any(isinstance(node, ast.Name) and id(node) not in called for node in ast.walk(value))


def _idle(node: ast.AST) -> tuple[ast.AST | None, ...]:
    """What stands there for readers and type checkers alone, and decorators that are given nothing."""
    if isinstance(node, ast.arg | ast.AnnAssign):
        return (node.annotation,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return (node.returns, *(one for one in node.decorator_list if not isinstance(one, ast.Call)))
    return ()
