"""One parsed file: its definitions, the words that a span uses, and whether it is free of syntax errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from selfheal.grammar.languages import GrammarLanguage, language_of, loaded

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_BYTES = 1_000_000
_VALUES = ("arrow_function", "function_expression", "generator_function")


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, or a type. Lines count from 1, both included; `name` has its class before it (`Cart.total`).

    `is_test` tells a unit test that stands among the source, as Rust has them.
    """

    name: str
    first_line: int
    last_line: int
    start_byte: int
    end_byte: int
    is_function: bool
    is_test: bool = False

    @property
    def short_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


class ParsedSource:
    """A file as its grammar reads it; damaged places are skipped, not fatal."""

    def __init__(self, content: bytes, language: GrammarLanguage, root: "Node") -> None:
        self.content = content
        self.language = language
        self.root = root
        self.definitions = tuple(self._collected(root, (), is_test=False))

    @property
    def errors(self) -> int:
        """How many damaged places there are."""
        return sum(node.is_error or node.is_missing for node in walk(self.root)) if self.root.has_error else 0

    @property
    def functions(self) -> tuple[Definition, ...]:
        """The functions, in the order of the text."""
        return tuple(one for one in self.definitions if one.is_function)

    def enclosing(self, line: int) -> Definition | None:
        """The innermost function around a line, else the innermost type."""
        around = [one for one in self.definitions if one.first_line <= line <= one.last_line]
        chosen = [one for one in around if one.is_function] or around
        return min(chosen, key=lambda one: one.end_byte - one.start_byte, default=None)

    def statement(self, line: int) -> tuple[int, int]:
        """First and last line of what stands at the top level around a line; the line itself where nothing does."""
        for node in self.root.children:
            if node.start_point[0] + 1 <= line <= node.end_point[0] + 1:
                return node.start_point[0] + 1, node.end_point[0] + 1
        return line, line

    def words(self, first_line: int, last_line: int) -> tuple[str, ...]:
        """The identifiers that some lines use, each once, in their order."""
        found: dict[str, None] = {}
        for node in walk(self.root):
            is_word = not node.children and node.type.endswith("identifier")
            if is_word and first_line <= node.start_point[0] + 1 <= last_line:
                found[self.text(node)] = None
        return tuple(found)

    def text(self, node: "Node") -> str:
        """The node's text."""
        return self.content[node.start_byte : node.end_byte].decode(errors="replace")

    def source(self, definition: Definition) -> str:
        """The text of a definition, from the start of its first line."""
        start = self.content.rfind(b"\n", 0, definition.start_byte) + 1
        return self.content[start : definition.end_byte].decode(errors="replace")

    def node(self, definition: Definition) -> "Node | None":
        """The node that a definition was read from."""
        for node in walk(self.root):
            if node.start_byte == definition.start_byte and node.end_byte == definition.end_byte:
                return node
        return None

    def _collected(self, node: "Node", owner: tuple[str, ...], *, is_test: bool) -> Iterator[Definition]:
        marked = False
        for child in node.children:
            if child.type == "attribute_item":
                marked = marked or b"test" in (child.text or b"")
                continue
            inside = is_test or marked
            marked = marked and child.type.endswith("comment")
            name = self._name(child)
            function = child.type in self.language.functions or self._is_bound_function(child)
            if name and (function or child.type in self.language.types):
                yield self._definition(child, (*owner, name), is_function=function, is_test=inside)
            below = (*owner, name) if child.type in self.language.owners and name else owner
            yield from self._collected(child, below, is_test=inside)

    def _definition(self, node: "Node", names: tuple[str, ...], *, is_function: bool, is_test: bool) -> Definition:
        # `export function` and `const f = …` belong to what they stand in.
        outer = node
        while outer.parent is not None and outer.parent.type in ("export_statement", "lexical_declaration"):
            outer = outer.parent
        return Definition(
            name=".".join(names),
            first_line=outer.start_point[0] + 1,
            last_line=outer.end_point[0] + 1,
            start_byte=outer.start_byte,
            end_byte=outer.end_byte,
            is_function=is_function,
            is_test=is_test,
        )

    def _is_bound_function(self, node: "Node") -> bool:
        value = node.child_by_field_name("value") if node.type == "variable_declarator" else None
        return value is not None and value.type in _VALUES

    def _name(self, node: "Node") -> str:
        """The name of what a node defines; empty where it defines nothing."""
        named = node.child_by_field_name("name") or (
            node.child_by_field_name("type") if node.type == "impl_item" else None
        )
        if named is not None:
            return self.text(named)
        declarator = node.child_by_field_name("declarator")
        while declarator is not None:
            inner = declarator.child_by_field_name("declarator")
            if inner is None:
                return self.text(declarator).rpartition("::")[2]
            declarator = inner
        return ""


def walk(node: "Node") -> Iterator["Node"]:
    """A node and all below it, in the order of the text."""
    todo = [node]
    while todo:
        current = todo.pop()
        yield current
        todo.extend(reversed(current.children))


@lru_cache(maxsize=64)
def parsed(path: str, content: bytes) -> ParsedSource | None:
    """Read a file; None where it is in no language of the table, too large, or the grammar is not installed."""
    language = language_of(path)
    if language is None or len(content) > _MAX_BYTES:
        return None
    grammar = loaded(language)
    if grammar is None:
        return None
    from tree_sitter import Parser

    return ParsedSource(content, language, Parser(grammar).parse(content).root_node)
