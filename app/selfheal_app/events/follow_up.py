"""After a run is handed over: keep its numbers, tell people of its signals, and go on with its trace."""

from dataclasses import replace

from pydantic import TypeAdapter

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.handover import Told
from selfheal_app.telemetry.tracing import Diary
from selfheal_app.work.durable import in_thread

_TEXT: TypeAdapter[str] = TypeAdapter(str)


async def follow_up(case: Case, run: FinishedRun, told: Told, diary: Diary) -> None:
    """None of it is worth a dead letter: what fails here is said in the log and counted."""
    world = case.world
    outcome = replace(told.outcome, installation_id=case.installation_id)
    if world.outcomes is not None:
        outcomes = world.outcomes
        await in_thread(lambda: outcomes.remember(outcome, now=world.clock()))
    for signal in told.signals:
        world.noted(signal.kind.value, "seen")
    if told.signals and world.alerts is not None:
        alerts = world.alerts
        with diary.doing("alert"):
            why = await case.steps.run(
                "alert", _TEXT, lambda: alerts.send(run, outcome, told.signals, id_=case.delivery_id)
            )
        world.noted("alert", "failed" if why else "sent")
        if why:
            audit.refused("alert", why=why, delivery=case.delivery_id, repository=run.repository)
    if world.traces is not None:
        world.traces.tell(diary, run, trace_id=told.trace_id, span_id=told.span_id)
