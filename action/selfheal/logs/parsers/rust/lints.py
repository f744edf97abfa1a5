"""Which lint made a diagnostic: rustc tells it in a note, and only the first time."""

import re

from selfheal.logs.parsers.rust.diagnostics import Block

_NOTED = re.compile(
    r"`-[DFW] ([\w:-]{2,80})` implied by|`#\[(?:deny|forbid)\(([\w:]{2,80})\)\]`"
    r"|on the command line with `-[DF] ([\w:-]{2,80})`"
    r"|`#\[allow\(([\w:]{2,80})\)\]`"
)
_PAGE = re.compile(r"rust-clippy/[\w.-]{1,40}/index\.html#(\w{2,80})|rust-clippy/.{0,20}#(\w{2,80})")
_ATTRIBUTE = re.compile(r"(?:deny|forbid)\(([^)]{1,400})\)")
_QUOTED = re.compile(r"`[^`]{0,300}`|\d+")
# Errors without a code that no lint made.
_NO_LINT = re.compile(
    r"(?:no rules expected|cannot find |expected |unexpected |unclosed |unknown |this file contains|mismatched closing"
    r"|.{0,40}positional argument|format argument|invalid |missing (?!doc|copy|debug)|proc.macro|custom attribute"
    r"|couldn't read|environment variable|recursion limit|linking with|linker |macro expansion|unterminated"
    r"|local ambiguity|unused `?macro definition|.{0,60}panicked|argument never used|multiple unused formatting"
    r"|named argument|could not |failed to|aborting |internal compiler error|no global memory|.{0,100}must be )"
)


class LintMemory:
    """Remembers the lint of each kind of message."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def lint_of(self, block: Block) -> str | None:
        """The lint's name, an empty text for one that the log does not name, None for an error of the compiler."""
        if block.code is not None and re.fullmatch(r"E\d{4}", block.code):
            return None
        kind = _QUOTED.sub("`", block.message)[:200]
        name = _named(block)
        if name is not None:
            if len(self._known) < 1_000:
                self._known[kind] = name
            return name
        if kind in self._known:
            return self._known[kind]
        return "" if block.is_short and _NO_LINT.match(block.message) is None else None


def _named(block: Block) -> str | None:
    text = block.text
    noted = _NOTED.search(text)
    if noted is not None:
        name = next(group for group in noted.groups() if group).replace("-", "_")
        return name if name != "warnings" else None
    page = _PAGE.search(text)
    if page is not None:
        return f"clippy::{page.group(1) or page.group(2)}"
    return _of_attribute(block.lines)


def _of_attribute(lines: list[str]) -> str | None:
    """The lint that the carets below `#![deny(...)]` mark."""
    start = next((n for n, line in enumerate(lines) if "lint level is defined here" in line), None)
    if start is None:
        return None
    for above, below in zip(lines[start:], lines[start + 1 :], strict=False):
        attribute = _ATTRIBUTE.search(above)
        if attribute is not None and "^" in below:
            marked = above[below.index("^") : below.rindex("^") + 1].strip()
            return marked if re.fullmatch(r"[\w:]{2,80}", marked) else attribute.group(1).partition(",")[0].strip()
    return None
