"""pylint's formats json and json2."""

from collections.abc import Iterator

Entry = tuple[str, int, int, str, str]
"""File, line, column, code, message with its symbol."""


def read_pylint(document: object) -> Iterator[Entry]:
    """The reports of a parsed document; nothing where pylint did not write it."""
    entries = document.get("messages") if isinstance(document, dict) else document
    for one in entries if isinstance(entries, list) else ():
        try:
            code = str(one.get("message-id") or one["messageId"])
            message = f"{one['message']} ({one['symbol']})"
            yield str(one["path"]), int(one["line"]), int(one["column"]) + 1, code, message
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
