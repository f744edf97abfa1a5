"""What running the failing command gave."""

from enum import StrEnum
from typing import Protocol

from selfheal.contract.base import Frozen
from selfheal.contract.patch import FileEdit


class Ending(StrEnum):
    """How a command came to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed_out"
    KILLED = "killed"
    NOT_FOUND = "not_found"


class CommandRun(Frozen):
    """One finished run. `exit_code` is what a shell would show (128+n for signal n).

    `output` is stdout and stderr interleaved, decoded with replacement, and cut in the middle when
    longer than the cap; `output_bytes` counts what the command really wrote.
    """

    command: str
    ending: Ending
    exit_code: int
    output: str
    output_bytes: int
    wall_s: float
    sandbox: str
    """The level that it ran in, as `SandboxLevel.name`."""

    @property
    def passed(self) -> bool:
        """True when the command said so itself."""
        return self.ending is Ending.EXITED and self.exit_code == 0


class CommandRunner(Protocol):
    """Runs a command line in the tree of a workspace, in the sandbox, with the scrubbed environment."""

    async def run(self, command: str, *, timeout_s: float) -> CommandRun:
        """Run to the end or to the limit; the whole process tree is gone when this returns."""
        ...


class Transformation(Frozen):
    """The run of a rewriting tool and the edits that it made."""

    run: CommandRun
    edits: tuple[FileEdit, ...]


class TreeTransformer(Protocol):
    """Runs one of the project's own tools that rewrites files, and gives back what it rewrote."""

    async def transform(self, command: str, *, timeout_s: float) -> Transformation:
        """Run in the current tree, collect the changed files, and put the tree back as it was."""
        ...
