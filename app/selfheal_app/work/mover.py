"""From the inbox into workflows: what waits longest first, and never more at once than can be worked on soon."""

from collections.abc import Callable

from selfheal_app.store.inbox import Inbox, Letter
from selfheal_app.work.durable import Durable

_AT_ONCE = 50
_MOST_IN_FLIGHT = 200


class Mover:
    """Every replica moves; a letter that two of them move is one workflow, by its name."""

    def __init__(self, inbox: Inbox, durable: Durable, *, clock: Callable[[], float]) -> None:
        self._inbox, self._durable, self._clock = inbox, durable, clock

    def move(self) -> int:
        """Move what there is room for; how many were moved."""
        letters = self._inbox.oldest(_AT_ONCE, in_flight=_MOST_IN_FLIGHT)
        for letter in letters:
            self._durable.enqueue(letter.workflow_id, letter.id, partition=_partition(letter))
            # dying between the two is no harm: the next time it is enqueued already
            self._inbox.take(letter, now=self._clock())
        return len(letters)


def _partition(letter: Letter) -> str:
    return str(letter.installation_id or 0)
