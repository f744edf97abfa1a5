"""`workflow_run` completed: hand over what the run's artifact proves, and tell of it in a check run."""

from pydantic import TypeAdapter

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.checks.check_run import tell
from selfheal_app.checks.words import CheckWords
from selfheal_app.events.follow_up import follow_up
from selfheal_app.events.workflow_run import FinishedRun, NotARun, read
from selfheal_app.handover import HandedOver, hand_over
from selfheal_app.publishing.client import Rejected
from selfheal_app.publishing.ending import Ending, Published, Withholding
from selfheal_app.store.repairs import Repair
from selfheal_app.telemetry.tracing import Diary
from selfheal_app.work.durable import in_thread

_HANDED: TypeAdapter[HandedOver] = TypeAdapter(HandedOver)
_TEXT: TypeAdapter[str] = TypeAdapter(str)


async def handle(case: Case) -> str:
    """How it ended, in a word."""
    run = read(case.body)
    if isinstance(run, NotARun):
        audit.refused(case.event, why=run.message, delivery=case.delivery_id)
        return "malformed"
    diary = Diary()
    with diary.doing("publish") as facts:
        done = await case.steps.run("publish", _HANDED, lambda: _hand_over(case, run))
        facts["selfheal.ending"] = word_of(done.ending)
    if done.words is not None:
        with diary.doing("check run"):
            await show(case, run, done.words)
    word = await remember(case, run, done.ending)
    if done.told is not None:
        await follow_up(case, run, done.told, diary)
    return word


def word_of(ending: Ending) -> str:
    """How a publication ended."""
    return "published" if isinstance(ending, Published) else ending.why.value


async def _hand_over(case: Case, run: FinishedRun) -> HandedOver:
    async with case.api(run.repository) as api:
        return await hand_over(api, run, server=case.world.server)


async def show(case: Case, run: FinishedRun, words: CheckWords) -> None:
    """Bring the check run up to date."""

    async def told() -> str:
        async with case.api(run.repository) as api:
            found = await tell(api, run, words, app_id=case.world.access.app_id)
        return f"GitHub: {found.status} {found.message}" if isinstance(found, Rejected) else ""

    if refused := await case.steps.run("check run", _TEXT, told):
        audit.refused("check run", why=refused, delivery=case.delivery_id, repository=run.repository)


async def remember(case: Case, run: FinishedRun, ending: Ending) -> str:
    """Write down how it ended; the word for it."""
    word = word_of(ending)
    facts: dict[str, str | int] = {
        "delivery": case.delivery_id,
        "repository": run.repository,
        "run": run.run_id,
        "attempt": run.run_attempt,
    }
    if isinstance(ending, Published):
        audit.did("published", url=ending.url, **facts)
    elif ending.why is not Withholding.NOTHING:
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
