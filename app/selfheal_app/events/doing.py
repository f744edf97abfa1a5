"""Do what a person asked for, step by step, whichever way it was asked; and let the check run say so."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from selfheal_app import audit, deeds
from selfheal_app.artifact import Refusal
from selfheal_app.case import Case
from selfheal_app.checks.words import CheckWords, check_words, dismissed
from selfheal_app.deeds import Said
from selfheal_app.events.finished_run import show
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.handover import fetched, hand_over
from selfheal_app.publishing.ending import Withheld, Withholding
from selfheal_app.store.repairs import Fate
from selfheal_app.work.durable import in_thread

Deed = Literal["retry", "apply", "dismiss", "explain"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The failed runs that a command is about, newest first; never none."""

    runs: tuple[FinishedRun, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    said: Said
    run: FinishedRun
    words: CheckWords | None


_SAID: TypeAdapter[Said] = TypeAdapter(Said)
_DONE: TypeAdapter[_Done] = TypeAdapter(_Done)


async def do(case: Case, deed: str, chosen: Chosen, *, repository: str, by: str) -> Said:
    """Do it, and say what came of it."""
    match deed:
        case "retry":
            said = await case.steps.run("retry", _SAID, lambda: _retry(case, chosen, repository))
        case "explain":
            said = (await case.steps.run("explain", _DONE, lambda: _explain(case, chosen, repository))).said
        case "apply":
            done = await case.steps.run("apply", _DONE, lambda: _apply(case, chosen, repository))
            said = done.said
            if done.words is not None:
                await show(case, done.run, done.words)
        case "dismiss":
            said = await _dismissed(case, chosen, repository, by)
        case _:
            raise AssertionError(deed)
    audit.did(deed, delivery=case.delivery_id, repository=repository, by=by, came_of_it=said.message[:200])
    return said


async def _retry(case: Case, chosen: Chosen, repository: str) -> Said:
    async with case.api(repository) as api:
        told = [await deeds.retry(api, run) for run in chosen.runs]
    return next((said for said in told if not said.is_done), told[0])


async def _explain(case: Case, chosen: Chosen, repository: str) -> _Done:
    async with case.api(repository) as api:
        for run in chosen.runs:
            said = await deeds.explain(api, run)
            if said.is_done:
                return _Done(said, run, None)
    return _Done(said, chosen.runs[-1], None)


async def _apply(case: Case, chosen: Chosen, repository: str) -> _Done:
    async with case.api(repository) as api:
        first: _Done | None = None
        for run in chosen.runs:
            handed = await hand_over(api, run, server=case.world.server)
            said = await deeds.apply(api, run, handed.ending)
            done = _Done(said, run, handed.words)
            if said.is_done:
                return done
            first = first if first is not None and first.words is not None else done
    assert first is not None, "a command is about one run at least"
    return first


async def _dismissed(case: Case, chosen: Chosen, repository: str, by: str) -> Said:
    async def put_aside() -> _Done:
        async with case.api(repository) as api:
            run, said = chosen.runs[0], Said("", False)
            for run in chosen.runs:
                said = await deeds.dismiss(api, run)
            left = await fetched(api, run)
        if isinstance(left.artifact, Refusal):
            return _Done(said, run, None)
        nothing = Withheld(Withholding.NOTHING, "")
        words = check_words(left.artifact.report, nothing, run, server=case.world.server)
        return _Done(said, run, dismissed(words, by))

    done = await case.steps.run("dismiss", _DONE, put_aside)
    if done.said.is_done:
        now = case.world.clock()
        for run in chosen.runs:
            facts = (run.repository, run.run_id, run.run_attempt, Fate.DISMISSED)
            await in_thread(lambda facts=facts: case.world.repairs.decide(*facts, now=now))
        if done.words is not None:
            await show(case, done.run, done.words)
    return done.said
