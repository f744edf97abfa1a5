"""Find the work of replicas that died, and let somebody who lives go on with it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from selfheal_app.store.inbox import Inbox, Letter
from selfheal_app.store.replicas import Replicas
from selfheal_app.work.durable import WORK_VERSION, Durable, Found

_log = logging.getLogger(__name__)
_MISSED_BEATS = 4
_FRESH_S = 60.0
"""A letter that was taken so recently may not have its workflow in sight yet."""
_MOST_ANEW = 3
_OLD_WORK_S = 900.0
"""Work that an older release began is left to its replicas for so long, while they are replaced."""


@dataclass(slots=True)
class _Seen:
    beat: int
    rounds: int = 0


class Watchdog:
    """Called once in a while, at a steady pace, by one thread."""

    def __init__(
        self, replicas: Replicas, inbox: Inbox, durable: Durable, *, executor_id: str, clock: Callable[[], float]
    ) -> None:
        self._replicas, self._inbox, self._durable = replicas, inbox, durable
        self._executor_id, self._clock = executor_id, clock
        self._seen: dict[str, _Seen] = {}
        self.is_first = False
        """True where this replica does what one of them is enough for."""

    def look(self) -> None:
        """Show that this one lives, and take over from the dead."""
        living = self._living(self._replicas.beat(self._executor_id))
        # one is enough: two that take over the same work only disturb each other
        self.is_first = self._executor_id == min(living)
        if not self.is_first:
            return
        pending = self._durable.find(statuses=["PENDING"])
        orphans = [
            each.workflow_id
            for each in pending
            if each.version == WORK_VERSION and each.executor_id and each.executor_id not in living
        ]
        if orphans:
            _log.warning("taking over the work of a dead replica: %s", ", ".join(orphans[:20]))
            self._durable.resume(orphans)
        self._reconcile()

    def _living(self, beats: dict[str, int]) -> set[str]:
        for name, beat in beats.items():
            seen = self._seen.get(name)
            if seen is None or seen.beat != beat or name == self._executor_id:
                self._seen[name] = _Seen(beat)
            else:
                seen.rounds += 1
        dead = [name for name, seen in self._seen.items() if name in beats and seen.rounds >= _MISSED_BEATS]
        if dead:
            _log.warning("replicas that stopped: %s", ", ".join(dead))
            self._replicas.forget(*dead)
        living = set(beats) - set(dead)
        self._seen = {name: seen for name, seen in self._seen.items() if name in living}
        return living

    def _reconcile(self) -> None:
        """What the inbox believes to be under way and is not: the inbox is what counts."""
        now = self._clock()
        letters = [letter for letter in self._inbox.taken() if now - letter.changed_at > _FRESH_S]
        found = {each.workflow_id: each for each in self._durable.find(workflow_ids=[x.workflow_id for x in letters])}
        for letter in letters:
            self._settle(letter, found.get(letter.workflow_id), now)

    def _settle(self, letter: Letter, workflow: Found | None, now: float) -> None:
        if workflow is None:
            self._inbox.begin_anew(letter.id, now=now)
        elif workflow.is_waiting_or_running:
            if workflow.version != WORK_VERSION and now - letter.changed_at > _OLD_WORK_S:
                self._durable.delete([workflow.workflow_id])
                self._inbox.begin_anew(letter.id, now=now)
        elif workflow.status == "SUCCESS":
            self._inbox.finish(letter.id, now=now)
        elif workflow.status == "ERROR" and letter.generation < _MOST_ANEW:
            # the handler buries what it can't do: this is a database that went away in the middle
            self._inbox.begin_anew(letter.id, now=now)
        else:
            self._inbox.bury(letter.id, f"the work on it ended with {workflow.status}", now=now)
