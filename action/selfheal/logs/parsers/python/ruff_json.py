"""ruff's JSON formats: an array over many lines, one object a line, and GitLab's report."""

import json
from collections.abc import Iterator

Entry = tuple[str, int, int | None, str, str]
"""File, line, column, code, message."""

_MAX_CHARS = 20_000_000


class JsonCollector:
    """Collects an array line by line and reads it when it closes."""

    def __init__(self) -> None:
        self._lines: list[str] | None = None
        self._chars = 0

    def feed(self, line: str) -> Iterator[Entry]:
        """Take a line; yield the reports of an array or object that ends with it."""
        if self._lines is None:
            if line == "[":
                self._lines, self._chars = [line], 0
            elif line.startswith('{"cell":') or (line.startswith('{"') and '"noqa_row":' in line):
                yield from _read(f"[{line}]")
            elif line.startswith(('[{"cell":', '[{"check_name":')):
                yield from _read(line)
            return
        self._lines.append(line)
        self._chars += len(line)
        if line == "]":
            lines, self._lines = self._lines, None
            yield from _read("\n".join(lines))
        elif self._chars > _MAX_CHARS or (line and line[0] not in " ]"):
            self._lines = None


def _read(text: str) -> Iterator[Entry]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return
    for entry in entries if isinstance(entries, list) else ():
        try:
            if "check_name" in entry:
                begin = entry["location"]["positions"]["begin"]
                code = str(entry["check_name"])
                message = str(entry["description"]).removeprefix(f"{code}: ")
                yield str(entry["location"]["path"]), int(begin["line"]), int(begin["column"]), code, message
            elif "filename" in entry and "location" in entry:
                place = entry["location"]
                code = str(entry["code"] or "invalid-syntax")
                yield str(entry["filename"]), int(place["row"]), int(place["column"]), code, str(entry["message"])
        except (KeyError, TypeError, ValueError):
            continue
