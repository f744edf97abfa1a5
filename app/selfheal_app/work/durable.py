"""DBOS: runs the workflows. All that the rest of the service sees of it."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfheal_app.store.database import make_private
from selfheal_app.work.steps import PatientSteps, Steps, Waits

if TYPE_CHECKING:
    from dbos import DBOS

WORK_VERSION = "1"
"""Set it up by one when the order or the names of steps change: work begun by an older one is begun anew."""
QUEUE = "selfheal"
_WORKFLOW = "delivery"
_POLL_S = 0.2
_AT_ONCE = 8
_MOST_RECOVERIES = 100

Handler = Callable[[str, Steps], Awaitable[str]]
"""Works on the delivery of this id, and says in a word how it ended."""


@dataclass(frozen=True, slots=True)
class Found:
    """A workflow as the watchdog sees it."""

    workflow_id: str
    delivery_id: str
    status: str
    executor_id: str
    version: str

    @property
    def is_waiting_or_running(self) -> bool:
        """True where it is not over."""
        return self.status in ("ENQUEUED", "DELAYED", "PENDING")


class Durable:
    """The one DBOS of the process. Methods block, unless they say otherwise."""

    def __init__(self, *, url: str, executor_id: str, handler: Handler, waits: Waits, at_once: int = _AT_ONCE) -> None:
        self._url, self._executor_id = url, executor_id
        self._handler, self._waits, self._at_once = handler, waits, at_once
        self._dbos: type[DBOS] | None = None

    def launch(self) -> None:
        """Begin to work."""
        from dbos import DBOS, DBOSConfig

        if self._url.startswith("sqlite:///"):
            _into_wal(Path(self._url.removeprefix("sqlite:///")))
        config: DBOSConfig = {
            "name": "selfheal",
            "system_database_url": self._url,
            "executor_id": self._executor_id,
            "application_version": WORK_VERSION,
            "enable_otlp": False,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        logging.getLogger("dbos").setLevel(logging.WARNING)

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=_MOST_RECOVERIES)
        async def delivery(delivery_id: str) -> str:
            return await self._handler(delivery_id, PatientSteps(_checkpoint, DBOS.sleep_async, self._waits))

        DBOS.launch()
        # one at a time of each installation, wherever it runs: GitHub asks for one writer
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=self._at_once,
            polling_interval_sec=_POLL_S,
            on_conflict="always_update",
        )
        self._dbos = DBOS

    def enqueue(self, workflow_id: str, delivery_id: str, *, partition: str) -> None:
        """Let it be worked on once; a second time is the first."""
        options: Any = {
            "workflow_name": _WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": workflow_id,
            "queue_partition_key": partition,
            "app_version": WORK_VERSION,
            "attributes": {"delivery": delivery_id},
        }
        self._launched().enqueue_workflow_with_options(options, delivery_id)

    def find(self, *, workflow_ids: list[str] | None = None, statuses: list[str] | None = None) -> tuple[Found, ...]:
        """Workflows by id or by status."""
        found = self._launched().list_workflows(
            workflow_ids=workflow_ids, status=statuses, load_input=False, load_output=False
        )
        return tuple(
            Found(
                workflow_id=each.workflow_id,
                delivery_id=str((each.attributes or {}).get("delivery", each.workflow_id)),
                status=each.status,
                executor_id=each.executor_id or "",
                version=each.app_version or "",
            )
            for each in found
        )

    def resume(self, workflow_ids: list[str]) -> None:
        """Let somebody who lives go on with them; what was finished of them is not done again."""
        self._launched().resume_workflows(workflow_ids, queue_name=QUEUE)

    def delete(self, workflow_ids: list[str]) -> None:
        """Forget them."""
        self._launched().delete_workflows(workflow_ids)

    def ended_before(self, moment: str, *, limit: int) -> list[str]:
        """The ids of what ended before a moment, in ISO 8601."""
        found = self._launched().list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            end_time=moment,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        return [each.workflow_id for each in found]

    def close(self, *, patience_s: int) -> None:
        """Begin nothing new, wait so long for what runs, and leave the rest to whoever lives."""
        if self._dbos is not None:
            self._dbos.destroy(workflow_completion_timeout_sec=patience_s, destroy_registry=True)
            self._dbos = None

    def _launched(self) -> "type[DBOS]":
        if self._dbos is None:
            raise RuntimeError("the durable work is not launched")
        return self._dbos


async def _checkpoint(name: str, action: Callable[[], Awaitable[str]]) -> str:
    from dbos import DBOS

    async def step() -> str:
        return await action()

    return await DBOS.run_step_async({"name": name}, step)


def _into_wal(file: Path) -> None:
    """Before DBOS opens it: six times the throughput, and it stays so."""
    make_private(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Ask the database without keeping the event loop from its work."""
    return await asyncio.to_thread(function, *arguments)
