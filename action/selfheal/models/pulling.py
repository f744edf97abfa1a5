"""What becomes of a pull, and how it shows its progress."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Progress = Callable[[int, int, str], None]
"""Called with the bytes that are there, the bytes in all, and where they come from."""


class PullFault(StrEnum):
    """Why weights could not be had."""

    UNKNOWN_NAME = "unknown_name"
    MISSING_FILE = "missing_file"
    NO_SPACE = "no_space"
    NOT_WRITABLE = "not_writable"
    WRONG_DIGEST = "wrong_digest"
    CUT_SHORT = "cut_short"
    NETWORK = "network"
    NO_INSTALLER = "no_installer"

    @property
    def ends_the_pull(self) -> bool:
        """True where another source would fail in the same way."""
        return self in (PullFault.UNKNOWN_NAME, PullFault.NO_SPACE, PullFault.NOT_WRITABLE)


@dataclass(frozen=True, slots=True)
class PullFailure:
    """No weights. `message` says what failed, on which value, and what to do next."""

    fault: PullFault
    message: str


def no_progress(done_bytes: int, total_bytes: int, source: str) -> None:
    """Show nothing."""
