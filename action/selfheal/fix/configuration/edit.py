"""One edit of a configuration file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One file's new text, with what it does in words."""

    path: str
    text: str
    what: str
    needs_human: bool = False
