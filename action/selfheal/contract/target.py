"""What the supervisor points the fixer at."""

from selfheal.contract.base import Frozen


class Target(Frozen):
    """One strategy on one place. `place` tells two targets of a strategy apart (`file:symbol`, a tool's name).

    `suspect` is the index into the ranked suspects, None where the strategy needs none. `samples` is
    how many candidates may be drawn; exact strategies have one.
    """

    strategy: str
    place: str
    suspect: int | None = None
    samples: int = 1
    uses_model: bool = False

    @property
    def key(self) -> str:
        """The target's name in reports and in the list of spent targets."""
        return f"{self.strategy}@{self.place}"
