"""Find the command that failed, and an executor in which to see it fail again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.executor import Executor
from selfheal.errors import UsageError
from selfheal.github.context import JobContext
from selfheal.github.failed_step import Suspected, command_of, failed_steps
from selfheal.github.inputs import ActionInputs
from selfheal.github.jobs import StepsTold
from selfheal.github.workflow import RunStep, find_job

_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs: a folder of the workspace, and what a step adds to the environment."""

    folder: Path
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The command, where it runs, and how it was found."""

    command: str
    place: Place
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPorts:
    """What the search acts through.

    `open` gives the executor of a place; `told` GitHub's word on the job's steps; `say` tells a person what goes on.
    """

    open: Callable[[Place], Awaitable[Executor]]
    told: Callable[[], StepsTold]
    say: Callable[[str], None]
    limit_s: float


async def find_command(
    inputs: ActionInputs, context: JobContext, environ: Mapping[str, str], ports: SearchPorts
) -> Found:
    """Take the command that was given, else find the job's failed step.

    Raises UsageError that says what was looked at where none is found.
    """
    given = inputs.command or inputs.run
    if given:
        return Found(given, Place(inputs.folder(context.workspace)), "it was given")
    job = find_job(
        context.workspace,
        workflow=context.workflow,
        job=context.job,
        contexts={**context.contexts, "env": environ},
    )
    if job is None:
        raise UsageError(
            f"the steps of the job {context.job!r} are in no workflow file here: tell selfheal what failed with "
            "`command:`"
        )
    told = ports.told()
    suspected = failed_steps(job, told.steps)
    if suspected.is_certain:
        return _certain(suspected, context)
    if told.why:
        ports.say(f"{told.why}: trying {suspected.why}")
    return await _tried(suspected, context, ports)


def _certain(suspected: Suspected, context: JobContext) -> Found:
    (step,) = suspected.steps[:1]
    if step.unknown:
        raise UsageError(
            f"the step {step.name!r} failed and can't be run again as it stands ({step.unknown}): tell selfheal what "
            "to run with `command:`"
        )
    return Found(command_of(step), _place(step, context), suspected.why)


async def _tried(suspected: Suspected, context: JobContext, ports: SearchPorts) -> Found:
    """Run the steps in their order until one fails."""
    steps = suspected.steps[:_MOST_TRIED]
    for step in steps:
        place, line = _place(step, context), command_of(step)
        ports.say(f"running the step {step.name!r} again")
        executor = await ports.open(place)
        site = executor.site
        run = await executor.run(line, at=site.base, level=site.ladder.tightest, timeout_s=ports.limit_s)
        if not run.passed:
            return Found(line, place, f"of the job's steps {step.name!r} is the first that fails when it is run again")
    names = ", ".join(repr(step.name) for step in steps) or "none"
    rest = f"; not run: {', '.join(suspected.left_out)}" if suspected.left_out else ""
    raise UsageError(
        f"no step of the job fails when it is run again (tried: {names}{rest}): name the command with `command:`"
    )


def _place(step: RunStep, context: JobContext) -> Place:
    """The step's folder. Raises UsageError where it is not below the workspace."""
    folder = ActionInputs(working_directory=step.directory or ".").folder(context.workspace)
    return Place(folder, step.environment)
