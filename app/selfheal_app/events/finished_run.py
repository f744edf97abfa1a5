"""`workflow_run` completed: hand over what the run's artifact proves, and tell of it in a check run."""

from pydantic import TypeAdapter

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.download import fetch
from selfheal_app.events.workflow_run import FinishedRun, NotARun, read
from selfheal_app.publishing.ending import Ending, Published
from selfheal_app.publishing.publish import publish
from selfheal_app.store.repairs import Repair
from selfheal_app.work.durable import in_thread

_ENDING: TypeAdapter[Ending] = TypeAdapter(Ending)


async def handle(case: Case) -> str:
    """How it ended, in a word."""
    run = read(case.body)
    if isinstance(run, NotARun):
        audit.refused(case.event, why=run.message, delivery=case.delivery_id)
        return "malformed"
    ending = await case.steps.run("publish", _ENDING, lambda: _publish(case, run))
    return await conclude(case, run, ending)


async def _publish(case: Case, run: FinishedRun) -> Ending:
    async with case.api(run.repository) as api:
        return await publish(await fetch(api, run), run, api, mode="pr", server=case.world.server)


async def conclude(case: Case, run: FinishedRun, ending: Ending) -> str:
    """Remember how it ended."""
    word = "published" if isinstance(ending, Published) else ending.why.value
    facts: dict[str, str | int] = {
        "delivery": case.delivery_id,
        "repository": run.repository,
        "run": run.run_id,
        "attempt": run.run_attempt,
    }
    if isinstance(ending, Published):
        audit.did("published", url=ending.url, **facts)
    elif not ending.why.is_expected:
        audit.refused("publication", why=ending.message, **facts)
    repair = Repair(
        repository=run.repository,
        run_id=run.run_id,
        run_attempt=run.run_attempt,
        installation_id=case.installation_id,
        ending=word,
        url=ending.url if isinstance(ending, Published) else "",
    )
    await in_thread(lambda: case.world.repairs.remember(repair, now=case.world.clock()))
    return word
