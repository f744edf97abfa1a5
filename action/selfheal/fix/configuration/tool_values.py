"""Values that a tool refuses without saying where they stand: they are found in the files that it reads."""

import re
from collections.abc import Iterator

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.places import nearest, texts
from selfheal.fix.configuration.tool_settings import TOOL_FILES
from selfheal.fix.syntax.damage import decoded

_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_CHOICE = re.compile(r"'([\w.:-]+)'")


def number(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A number with a letter in it: the digit that looks like the letter."""
    wrong = match[1]
    right = wrong.translate(_DIGITS)
    if right != wrong and re.fullmatch(r"[+-]?\d+(?:\.\d+)?", right):
        yield from _put(tree, failure, wrong, right)


def choice(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """The tool lists what the value may be."""
    known = _CHOICE.findall(match[2]) or re.findall(r"[\w.-]+", match[2])
    right = nearest(match[1], known)
    if right is not None and right != match[1]:
        yield from _put(tree, failure, match[1], right)


def finder(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """`find:` of setup.cfg, misspelt: setuptools takes it for a folder."""
    right = nearest(match[1], ("find:", "find_namespace:"))
    text = decoded(tree.read("setup.cfg"))
    if right is not None and text is not None and text.count(match[1]) == 1 and not failure.line:
        yield Edit("setup.cfg", text.replace(match[1], right), f"`{match[1]}` is `{right}` misspelt")


def _put(tree: TreeView, failure: Failure, wrong: str, right: str) -> Iterator[Edit]:
    shape = re.compile(rf"(?<![\w.-]){re.escape(wrong)}(?![\w-])")
    for path, text in _read_by(tree, failure):
        lines = text.splitlines(keepends=True)
        for at, line in enumerate(lines):
            start = max(line.find("="), line.find(":")) + 1
            found = shape.search(line, start) if start or line[:1].isspace() else None
            if found is None or line.lstrip().startswith(("#", ";", "//")):
                continue
            new = line[: found.start()] + right + line[found.end() :]
            yield Edit(path, "".join([*lines[:at], new, *lines[at + 1 :]]), f"`{wrong}` is `{right}` misspelt")


def _read_by(tree: TreeView, failure: Failure) -> Iterator[tuple[str, str]]:
    """The file that the tool names, else those that it reads."""
    if failure.file is not None:
        text = decoded(tree.read(failure.file))
        if text is not None:
            yield failure.file, text
        return
    yield from texts(tree, TOOL_FILES.get(failure.tool, ()))
