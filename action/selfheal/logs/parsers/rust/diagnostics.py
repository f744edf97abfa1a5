"""The compiler's blocks: a headline, the place below it, the source with its labels, notes and help."""

import json
import re
from dataclasses import dataclass, field

_HEAD = re.compile(r"(error|warning)(?:\[([A-Z]\d{4}|[\w:-]{1,80})\])?: (.*)$")
_SHORT = re.compile(
    r"((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.rs):(\d{1,9}):(\d{1,9}): (error|warning)(?:\[([A-Z]\d{4})\])?: (.*)$"
)
_PLACE = re.compile(r"\s{0,12}(?:-->|:::) ((?:[A-Za-z]:)?[^:]{1,500}):(\d{1,9}):(\d{1,9})$")
_SOURCE = re.compile(r"\s{0,12}\d{1,9} (?:\||[-+~]) ?")
_RENDERED = re.compile(r'"rendered":"((?:[^"\\]|\\.){1,12000})')
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}m")
_MAX_LINES = 200


@dataclass(slots=True)
class Block:
    """One diagnostic. `places` are all that it names, the primary first: file, line, column."""

    first: int
    last: int
    level: str
    code: str | None
    message: str
    is_short: bool = False
    lines: list[str] = field(default_factory=list)
    places: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole block as printed."""
        return "\n".join(self.lines)


class BlockReader:
    """Cuts a log into diagnostics."""

    def __init__(self) -> None:
        self._open: Block | None = None

    def feed(self, number: int, line: str) -> list[Block]:
        """Take a line; give the blocks that end with it."""
        if line.startswith('{"') and '"compiler-message"' in line:
            return [*self.end(), *_of_json(number, line)]
        if line.startswith(("error", "warning")) and (head := _HEAD.match(line)) is not None:
            ended = self.end()
            self._open = Block(number, number, head.group(1), head.group(2), head.group(3), lines=[line])
            return ended
        if self._open is None:
            if ".rs:" in line and (short := _SHORT.match(line)) is not None:
                return [_of_short(number, line, short)]
            return []
        if not _is_of_block(line):
            ended = self.end()
            if ".rs:" in line and (short := _SHORT.match(line)) is not None:
                ended.append(_of_short(number, line, short))
            return ended
        self._open.last = number
        if len(self._open.lines) < _MAX_LINES:
            self._open.lines.append(line)
            if ("--> " in line or "::: " in line) and (place := _PLACE.match(line)) is not None:
                self._open.places.append((place.group(1), int(place.group(2)), int(place.group(3))))
        return []

    def end(self) -> list[Block]:
        """Close what is open."""
        block, self._open = self._open, None
        return [block] if block is not None else []


def _is_of_block(line: str) -> bool:
    if not line:
        return False
    return (
        line[0] == " "
        or line.startswith(("help: ", "note: ", "..."))
        or (line[0].isdigit() and _SOURCE.match(line) is not None)
    )


def _of_short(number: int, line: str, match: re.Match[str]) -> Block:
    file, at, column, level, code, message = match.groups()
    return Block(number, number, level, code, message, True, [line], [(file, int(at), int(column))])


def _of_json(number: int, line: str) -> list[Block]:
    """The diagnostic of `--message-format json`: what it would have printed stands in its head."""
    match = _RENDERED.search(line)
    if match is None:
        return []
    try:
        text = str(json.loads(f'"{match.group(1)}"'))
    except ValueError:
        return []
    reader = BlockReader()
    blocks = [block for part in _COLOURS.sub("", text).split("\n") for block in reader.feed(number, part)]
    return [*blocks, *reader.end()]
