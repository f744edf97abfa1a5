"""JSON that a tool prints over many lines, between other lines."""

import json

_MAX_CHARS = 20_000_000
_CLOSING = {"[": "]", "{": "}"}


class JsonBlocks:
    """Collects from a line that is only `[` or `{` to the line that closes it."""

    def __init__(self) -> None:
        self._lines: list[str] | None = None
        self._end = ""
        self._chars = 0

    def feed(self, line: str) -> object:
        """Take a line; what was printed when the line closes it, else None."""
        if self._lines is None:
            if line in _CLOSING:
                self._lines, self._end, self._chars = [line], _CLOSING[line], 0
            return None
        self._lines.append(line)
        self._chars += len(line)
        if line == self._end:
            lines, self._lines = self._lines, None
            try:
                return json.loads("\n".join(lines))
            except (ValueError, RecursionError):
                return None
        if self._chars > _MAX_CHARS or (line and line[0] not in " \t]}"):
            self._lines = None
        return None
