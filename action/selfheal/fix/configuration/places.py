"""Find and replace a key or a value in a configuration text, without touching anything around it."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.syntax.damage import decoded

_CLOSE = 0.7


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is meant by a misspelt one; None where none is near."""
    folded = {_plain(name): name for name in known}
    if _plain(word) in folded:
        return folded[_plain(word)]
    swapped = [name for plain, name in folded.items() if sorted(plain) == sorted(_plain(word))]
    if len(swapped) == 1:
        return swapped[0]
    close = get_close_matches(_plain(word), list(folded), n=1, cutoff=_CLOSE)
    return folded[close[0]] if close else None


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")


def key_lines(text: str, key: str) -> list[int]:
    """The lines, from 1, that begin with a key."""
    shape = re.compile(rf"^\s*(?:- +)?[\"']?{re.escape(key)}[\"']?\s*[:=]")
    inline = re.compile(rf"[{{,]\s*[\"']{re.escape(key)}[\"']\s*:")
    return [n for n, line in enumerate(text.splitlines(), 1) if shape.match(line) or inline.search(line)]


def renamed(text: str, line: int, key: str, right: str) -> str | None:
    """The text with a word of a line replaced; None where it does not stand there exactly once."""
    lines = text.splitlines(keepends=True)
    if not 0 < line <= len(lines):
        return None
    changed, times = re.subn(rf"(?<![\w-]){re.escape(key)}(?![\w-])", lambda _: right, lines[line - 1], count=1)
    if not times:
        return None
    return "".join([*lines[: line - 1], changed, *lines[line:]])


def texts(tree: TreeView, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The files of these names at the root or a folder below it, with their text."""
    wanted = frozenset(names)
    for path in tree.paths():
        if PurePosixPath(path).name in wanted and path.count("/") <= 2:
            text = decoded(tree.read(path))
            if text is not None:
                yield path, text
