"""A script as text: positions, words and import statements. There is no parser; what is not clear is left."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.types.mend import Splice

ENDINGS = (".ts", ".tsx", ".mts", ".cts")
_READ = (*ENDINGS, ".js", ".jsx", ".mjs", ".cjs")
_MAX_BYTES = 1_000_000
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_IMPORT = re.compile(
    r"^import\s+(?:type\s+)?(?P<what>[^;'\"]*?)\s*from\s*(?P<quote>['\"])(?P<module>[^'\"\n]+)['\"];?[ \t]*\r?\n?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Script:
    """A file and the offset that a finding points at."""

    path: str
    text: str
    failure: Failure
    at: int
    tree: TreeView

    @property
    def message(self) -> str:
        """What the compiler said, with its elaboration."""
        return f"{self.failure.message}\n{self.failure.excerpt}"

    @property
    def newline(self) -> str:
        """How the file ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def word(self) -> str:
        """Give the name at the finding's place."""
        found = _WORD.match(self.text, self.at)
        return found.group() if found is not None else ""

    def line_start(self) -> int:
        """Tell where the finding's line begins."""
        return self.text.rfind("\n", 0, self.at) + 1

    def line(self) -> str:
        """Give the finding's line without its end."""
        end = self.text.find("\n", self.at)
        return self.text[self.line_start() : end if end >= 0 else len(self.text)].rstrip("\r")

    def replace(self, old: str, new: str) -> Splice:
        """Put a text in the place of the one at the finding."""
        return Splice(self.path, self.at, self.at + len(old), new)


def read_script(tree: TreeView, failure: Failure) -> Script | None:
    """Find the place of a finding; None where there is no such place in a readable file."""
    path, line, column = failure.file, failure.line, failure.column
    raw = tree.read(path) if path is not None and path.endswith(_READ) else None
    if path is None or raw is None or len(raw) > _MAX_BYTES or not line or not column:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r|\u2028|\u2029", text))]
    if line > len(starts) or starts[line - 1] + column - 1 > len(text):
        return None
    return Script(path, text, failure, starts[line - 1] + column - 1, tree)


def imports(text: str) -> Iterator[re.Match[str]]:
    """Give the import statements with their groups `what`, `quote` and `module`."""
    yield from _IMPORT.finditer(text)


def relative(origin: str, target: str) -> str:
    """Write the module path from one file to another, without the ending."""
    stem = re.sub(r"(?:/index)?\.(?:d\.)?[mc]?tsx?$", "", target)
    path = posixpath.relpath(stem, posixpath.dirname(origin) or ".")
    return path if path.startswith(".") else f"./{path}"
