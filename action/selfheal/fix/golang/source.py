"""A Go file as its grammar reads it, at the place of a finding. Offsets count characters, as splices do."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.types.mend import Splice
from selfheal.grammar import ParsedSource, parsed
from selfheal.grammar.parsed_source import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_FILES = 2_000


@dataclass(frozen=True, slots=True)
class GoPlace:
    """A finding of the compiler in a file that could be read. `failures` are all of the run."""

    failure: Failure
    path: str
    text: str
    read: ParsedSource
    tree: TreeView
    failures: tuple[Failure, ...]

    @property
    def message(self) -> str:
        """What the compiler said."""
        return self.failure.message

    def at(self, byte: int) -> int:
        """Turn the grammar's offset into a character's."""
        return len(self.read.content[:byte].decode(errors="ignore"))

    def of(self, node: "Node") -> str:
        """Give a node's text."""
        return self.read.text(node)

    def replace(self, node: "Node", text: str) -> Splice:
        """Put a text in a node's place."""
        return Splice(self.path, self.at(node.start_byte), self.at(node.end_byte), text)

    def cut(self, start: int, end: int) -> Splice:
        """Take the characters between two offsets out."""
        return Splice(self.path, start, end, "")

    def lines_of(self, node: "Node") -> Splice:
        """Take the whole lines of a node out."""
        start = self.text.rfind("\n", 0, self.at(node.start_byte)) + 1
        end = self.text.find("\n", self.at(node.end_byte)) + 1 or len(self.text)
        return self.cut(start, end)

    def stands_alone(self, node: "Node") -> bool:
        """Tell whether nothing else but a comment stands on a node's lines."""
        lines = self.lines_of(node)
        before = self.text[lines.start : self.at(node.start_byte)].strip()
        behind = self.text[self.at(node.end_byte) : lines.end].strip()
        return not before and (not behind or behind.startswith("//"))

    def node(self) -> "Node | None":
        """Give the smallest named node that begins at the finding's line and column (bytes, from 1)."""
        line, column = (self.failure.line or 0) - 1, (self.failure.column or 1) - 1
        found = [one for one in walk(self.read.root) if one.is_named and one.start_point == (line, column)]
        return min(found, key=lambda one: one.end_byte - one.start_byte, default=None)

    def package(self) -> Iterator[ParsedSource]:
        """Give the files of the same folder, this one first."""
        yield self.read
        folder = posixpath.dirname(self.path)
        for path in self.tree.paths():
            if posixpath.dirname(path) == folder and path.endswith(".go") and path != self.path:
                one = parsed(path, self.tree.read(path) or b"")
                if one is not None:
                    yield one

    def imports(self, read: ParsedSource | None = None) -> Iterator[tuple["Node", str, str]]:
        """Give a file's import specifications with path and the name that they go by."""
        read = read or self.read
        for node in walk(read.root):
            if node.type == "import_spec" and (path := node.child_by_field_name("path")) is not None:
                name = node.child_by_field_name("name")
                text = read.text(path).strip('"`')
                yield node, text, read.text(name) if name is not None else last_part(text)


def go_files(tree: TreeView) -> Iterator[tuple[str, bytes]]:
    """Give the repository's own Go files."""
    paths = [one for one in tree.paths() if one.endswith(".go") and not one.startswith(("vendor/", "third_party/"))]
    for path in paths[:_MOST_FILES]:
        if raw := tree.read(path):
            yield path, raw


def last_part(path: str) -> str:
    """Give the name that a package mostly has by its path: not its major version."""
    parts = path.split("/")
    is_version = len(parts) > 1 and parts[-1][:1] == "v" and parts[-1][1:].isdecimal()
    return (parts[-2] if is_version else parts[-1]).partition(".")[0]


def read_place(tree: TreeView, failure: Failure, failures: tuple[Failure, ...]) -> GoPlace | None:
    """Find the place of a finding; None where there is none in a readable file."""
    raw = tree.read(failure.file) if failure.file and failure.file.endswith(".go") else None
    if raw is None or failure.file is None or not failure.line:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    read = parsed(failure.file, raw)
    return GoPlace(failure, failure.file, text, read, tree, failures) if read is not None else None


def inside(node: "Node", *kinds: str) -> "Node | None":
    """Give the nearest node of these kinds around a node."""
    current = node.parent
    while current is not None and current.type not in kinds:
        current = current.parent
    return current
