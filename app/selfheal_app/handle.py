"""Work on one delivery: find the event's handler, and see that it ends in a word, or among the dead letters."""

import logging
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from selfheal_app import audit
from selfheal_app.case import Case, World
from selfheal_app.errors import GaveUp, NoAccess
from selfheal_app.events.registry import HANDLERS, Handler
from selfheal_app.metrics import Metrics
from selfheal_app.store.inbox import Letter
from selfheal_app.work.durable import in_thread
from selfheal_app.work.steps import Steps

_log = logging.getLogger(__name__)


class Worker:
    """Handles deliveries by their id."""

    def __init__(
        self, world: World, metrics: Metrics, *, handlers: Mapping[tuple[str, str], Handler] = HANDLERS
    ) -> None:
        self._world, self._metrics, self._handlers = world, metrics, handlers

    async def __call__(self, delivery_id: str, steps: Steps) -> str:
        """How it ended, in a word. Raises SQLAlchemyError where the database is gone."""
        letter: Letter | None = await in_thread(self._world.inbox.get, delivery_id)
        if letter is None or letter.body is None:
            return "erased"
        handler = self._handlers.get((letter.event, letter.action))
        if handler is None or letter.installation_id is None:
            return await self._finish(letter, "ignored")
        state = await in_thread(self._world.repairs.installation_state, letter.installation_id)
        if state != "active" and letter.event != "installation":
            audit.refused(letter.event, why=f"the installation is {state}", delivery=letter.id)
            return await self._finish(letter, state)
        case = Case(
            delivery_id=letter.id,
            event=letter.event,
            body=letter.body,
            installation_id=letter.installation_id,
            steps=steps,
            world=self._world,
        )
        try:
            ended = await handler(case)
        except NoAccess as error:
            audit.refused(letter.event, why=str(error), delivery=letter.id, repository=letter.repository)
            return await self._finish(letter, "no_access")
        except GaveUp as error:
            return await self._bury(letter, str(error))
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            _log.exception("a defect while working on delivery %s (%s)", letter.id, letter.event)
            if type(error).__module__.startswith("dbos"):
                raise
            return await self._bury(letter, f"a defect: {type(error).__name__}; the log tells more")
        return await self._finish(letter, ended)

    async def _finish(self, letter: Letter, ended: str) -> str:
        await in_thread(lambda: self._world.inbox.finish(letter.id, now=self._world.clock()))
        self._metrics.handled.labels(letter.event, ended).inc()
        _log.info("%s delivery %s: %s", letter.event, letter.id, ended)
        return ended

    async def _bury(self, letter: Letter, reason: str) -> str:
        await in_thread(lambda: self._world.inbox.bury(letter.id, reason, now=self._world.clock()))
        self._metrics.handled.labels(letter.event, "dead").inc()
        audit.refused(letter.event, why=reason, delivery=letter.id, repository=letter.repository)
        return "dead"
