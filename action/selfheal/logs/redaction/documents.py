"""Redact every text of a document."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

Document = TypeVar("Document", bound=BaseModel)


def mapped(document: Document, change: Callable[[str], str], *, keep: frozenset[str] = frozenset()) -> Document:
    """The same document with `change` applied to all its texts, except in the top-level fields named in `keep`."""
    plain = document.model_dump()
    return type(document).model_validate(
        {name: value if name in keep else _mapped(value, change) for name, value in plain.items()}
    )


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            # Members of an enumeration are texts too, and no secrets.
            return change(value) if type(value) is str else value
        case dict():
            return {key: _mapped(one, change) for key, one in value.items()}
        case list() | tuple():
            return tuple(_mapped(one, change) for one in value)
        case _:
            return value
