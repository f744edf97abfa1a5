"""One recorded log: a small broken project, the command that fails on it, and what is wrong, told by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """`files` is the whole project. `expected` is written from the project, never from a parser's output.

    `expected["failures"]` lists what must come first, in order; a failure states only the keys that matter.
    `expected["count"]` is how many there are in all. `setup` is run first and its output is not recorded; it
    finds what was installed for recording in `$TOOLS`. `wrap` "github" adds what the runner adds: timestamps,
    groups and error marks. `environment` is added to the command's own.
    """

    tool: str
    name: str
    command: str
    files: Mapping[str, str]
    expected: Mapping[str, Any]
    setup: str = ""
    wrap: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
