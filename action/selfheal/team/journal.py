"""The append-only journal of a repair: numbered versions of the state, each tied to a version of the tree."""

from collections.abc import Callable
from typing import Protocol

from selfheal.team.events import Event
from selfheal.team.state import RepairState, Spent, advance


class VersionStore(Protocol):
    """Keeps a version of the tree under a number; see `selfheal.workspace`."""

    def record_state(self, number: int, document: str) -> None:
        """Tie the state document to the tree as it is now, in the private ref."""
        ...


class Journal:
    """Holds all versions of one repair. `watchers` are told of each new one."""

    def __init__(self, store: VersionStore, *, spent: Callable[[], Spent]) -> None:
        self._versions: list[RepairState] = [RepairState()]
        self._store = store
        self._spent = spent
        self._watchers: list[Callable[[RepairState, Event], None]] = []

    @property
    def state(self) -> RepairState:
        """The newest version."""
        return self._versions[-1]

    @property
    def versions(self) -> tuple[RepairState, ...]:
        """All versions, the oldest first."""
        return tuple(self._versions)

    def watch(self, watcher: Callable[[RepairState, Event], None]) -> None:
        """Call `watcher` with every new version and the event that made it."""
        self._watchers.append(watcher)

    def append(self, event: Event, *, is_stored: bool = True) -> RepairState:
        """Apply the event and keep the version that it makes; what the store can't keep is not kept here either.

        Without `is_stored` the store is not asked: for the last version, which says that it broke.
        """
        state = advance(self.state, event, spent=self._spent())
        if is_stored:
            self._store.record_state(state.version, document(state))
        self._versions.append(state)
        for watcher in self._watchers:
            watcher(state, event)
        return state


def document(state: RepairState) -> str:
    """Render a version as JSON, without the outputs of the runs, which are large and not yet redacted."""
    return state.model_dump_json(
        exclude={
            "before": True,
            "last_run": True,
            "proof": True,
            "candidate": {"edits": True},
            "feedback": {"__all__": {"edits"}},
        }
    )
