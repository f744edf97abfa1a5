"""eslint's JSON report, read piece by piece: a long line comes cut in its middle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

_DECODER = json.JSONDecoder()
_FILE, _MESSAGE = '"filePath":', '{"ruleId":'
_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the report."""

    line: int
    column: int
    message: str
    rule: str | None
    is_error: bool


def read_json(line: str) -> Iterator[tuple[str, Message]]:
    """Yield file and message of every entry that is whole."""
    file, position, count = "", 0, 0
    while position >= 0 and count < _MAX:
        next_file, next_message = line.find(_FILE, position), line.find(_MESSAGE, position)
        if next_file < 0 and next_message < 0:
            return
        is_file = next_message < 0 or 0 <= next_file < next_message
        start = next_file + len(_FILE) if is_file else next_message
        try:
            value, position = _DECODER.raw_decode(line, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        count += 1
        if is_file:
            file = str(value)
        elif file and (message := _message(value)) is not None:
            yield file, message


def _message(value: object) -> Message | None:
    if not isinstance(value, dict):
        return None
    line, column = value.get("line"), value.get("column")
    rule = value.get("ruleId")
    return Message(
        line if isinstance(line, int) else 0,
        column if isinstance(column, int) else 0,
        str(value.get("message", "")),
        str(rule) if rule else None,
        value.get("severity") == 2,
    )
