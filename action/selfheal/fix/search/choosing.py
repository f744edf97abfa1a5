"""Choose among edits that all pass: the right one, not the first."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from selfheal.contract.trials import Trial
from selfheal.fix.search.candidates import Candidate


class Judged(Protocol):
    """A candidate with its trial."""

    @property
    def candidate(self) -> Candidate:
        """What was tried."""
        ...

    @property
    def trial(self) -> Trial:
        """What came of it."""
        ...


J = TypeVar("J", bound=Judged)


def chosen(survivors: Sequence[J]) -> tuple[J, ...]:
    """Order them, the best first: the likelier kind of edit on the more suspicious line."""
    return tuple(sorted(survivors, key=lambda one: -one.candidate.score))
