"""The JSON report of jest and vitest, read piece by piece: a long line comes cut in its middle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

_DECODER = json.JSONDecoder()
_RESULT = '{"ancestorTitles":'
_MAX = 1_000


@dataclass(frozen=True, slots=True)
class FailedTest:
    """One failed test of the report; `text` is its error with the stack."""

    test_id: str
    text: str


def is_report(line: str) -> bool:
    """True for the line that such a report is."""
    return line.startswith('{"num') and '"numFailedTests":' in line[:400]


def read_report(line: str) -> Iterator[FailedTest]:
    """Yield every failed test whose entry is whole."""
    position = 0
    for _ in range(_MAX):
        start = line.find(_RESULT, position)
        if start < 0:
            return
        try:
            value, position = _DECODER.raw_decode(line, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        if isinstance(value, dict) and value.get("status") == "failed":
            yield _failed(value)


def _failed(value: dict[str, object]) -> FailedTest:
    parents, messages = value.get("ancestorTitles"), value.get("failureMessages")
    titles = [str(title) for title in parents] if isinstance(parents, list) else []
    text = str(messages[0]) if isinstance(messages, list) and messages else ""
    return FailedTest(" > ".join((*(title for title in titles if title), str(value.get("title", "")))), text)
