"""The steps of the sandbox, from tight to loose."""

from enum import StrEnum

from selfheal.contract.base import Frozen


class SandboxLevel(StrEnum):
    """How much the command is kept from."""

    ISOLATED = "isolated"
    """No network but its own loopback; nothing can be written outside the workspace."""
    NETWORK = "network"
    """As `isolated`, with the machine's network, loopback included."""
    PROCESS = "process"
    """Limits on processes only: the file system and the network are the caller's own."""

    @property
    def has_bwrap(self) -> bool:
        """True where bubblewrap stands between the command and the machine."""
        return self is not SandboxLevel.PROCESS


class Ladder(Frozen):
    """The levels that may be used, tightest first, and why there are no others."""

    levels: tuple[SandboxLevel, ...]
    why: str

    @property
    def tightest(self) -> SandboxLevel:
        """The level to try first."""
        return self.levels[0]

    @property
    def loosest(self) -> SandboxLevel:
        """The level whose failure is the reference."""
        return self.levels[-1]
