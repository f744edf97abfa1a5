"""ruff's JSON formats: an array, one object a line, GitLab's report, SARIF and Reviewdog's."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from selfheal.logs.parsers.python.json_blocks import JsonBlocks

Entry = tuple[str, int, int | None, str, str]
"""File, line, column, code, message."""

_ENTRY = ('{"cell":', '{"code":')
_ARRAY = ('[{"cell":', '[{"check_name":', '[{"code":')


class JsonCollector:
    """Collects a document line by line and reads it when it closes."""

    def __init__(self) -> None:
        self._blocks = JsonBlocks()

    def feed(self, line: str) -> Iterator[Entry]:
        """Take a line; yield the reports of a document that ends with it."""
        if line[:1] == "{" and (line.startswith(_ENTRY) or '"noqa_row":' in line):
            yield from _read(_parsed(f"[{line}]"))
        elif line[:1] == "[" and line.startswith(_ARRAY):
            yield from _read(_parsed(line))
        else:
            yield from _read(self._blocks.feed(line))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read(document: object) -> Iterator[Entry]:
    if document is None:
        return
    reader: Callable[[Any], Entry | None] = _entry
    entries: object = document
    if isinstance(document, dict):
        entries, reader = _listed(document)
    for one in entries if isinstance(entries, list) else ():
        try:
            found = reader(one)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            continue
        if found is not None:
            yield found


def _listed(document: dict[str, Any]) -> tuple[object, Callable[[Any], Entry | None]]:
    """The reports of SARIF or Reviewdog's format, where ruff wrote them."""
    try:
        if "runs" in document and document["runs"][0]["tool"]["driver"]["name"] == "ruff":
            return document["runs"][0]["results"], _sarif
        if "diagnostics" in document and document["source"]["name"] == "ruff":
            return document["diagnostics"], _reviewdog
    except (KeyError, TypeError, IndexError):
        pass
    return (), _entry


def _entry(one: Any) -> Entry | None:
    if "check_name" in one:
        begin = one["location"]["positions"]["begin"]
        code = str(one["check_name"])
        message = str(one["description"]).removeprefix(f"{code}: ")
        return str(one["location"]["path"]), int(begin["line"]), int(begin["column"]), code, message
    if "filename" in one and "location" in one:
        place = one["location"]
        code = str(one["code"] or "invalid-syntax")
        return str(one["filename"]), int(place["row"]), int(place["column"]), code, str(one["message"])
    return None


def _sarif(one: Any) -> Entry:
    place = one["locations"][0]["physicalLocation"]
    file = str(place["artifactLocation"]["uri"]).removeprefix("file://")
    region = place["region"]
    code = str(one.get("ruleId") or "invalid-syntax")
    return file, int(region["startLine"]), int(region["startColumn"]), code, str(one["message"]["text"])


def _reviewdog(one: Any) -> Entry:
    start = one["location"]["range"]["start"]
    code = str((one.get("code") or {}).get("value") or "invalid-syntax")
    return str(one["location"]["path"]), int(start["line"]), int(start["column"]), code, str(one["message"])
