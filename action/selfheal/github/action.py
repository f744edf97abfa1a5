"""One run of the action on a runner: what failed, its repair, and telling the workflow what came of it."""

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfheal.config import Settings, load, models_dir, network_is_allowed, scratch_parent, telemetry
from selfheal.contract.engine import Engine
from selfheal.contract.executor import Executor
from selfheal.contract.markdown import fence, inline
from selfheal.contract.report import Report
from selfheal.errors import SelfhealError, UsageError
from selfheal.executor import ExecutorSettings, LocalExecutor
from selfheal.github.containers import repair_in_containers
from selfheal.github.context import JobContext, context_of
from selfheal.github.crew import Repaired
from selfheal.github.docker import OWN_VARIABLES
from selfheal.github.inputs import ActionInputs, Mode, inputs_of
from selfheal.github.isolation import InContainers, InProcess, choose_isolation
from selfheal.github.jobs import ask_for_steps, read_steps, write_steps
from selfheal.github.origin import write_origin
from selfheal.github.search import Place, SearchPorts, find_command
from selfheal.github.telling import write_outputs, write_summary
from selfheal.logs import Redactor
from selfheal.observability import ExportPlan
from selfheal.page.files import write_page
from selfheal.render.diagnosis import as_annotations, disarmed, escaped
from selfheal.render.progress import Progress
from selfheal.team.repair import RepairRequest, repair
from selfheal.team.secrets import scrubbed
from selfheal.verify import Limits, find_ladder
from selfheal.workspace import WorkspaceProblem

OUT = "selfheal-out"
PREVIOUS = "selfheal-previous"
"""Folders below `RUNNER_TEMP`: of the results, and of the report of an earlier attempt of this run."""
_HOME = "../selfheal-report"
_BECOMES: Mapping[Mode, str] = {
    "report": "",
    "suggest": "The publish action, in a workflow of the default branch, leaves it as suggestions in a review.",
    "pr": "The publish action, in a workflow of the default branch, opens a pull request with it.",
}
_TAKE = "The patch is in the artifact `selfheal-report`. In your own clone, at the commit that failed:"
_PAGE = (
    "What each agent saw and said, every candidate and every second: `trace.html` in the artifact `selfheal-report`; "
    "open it from disk.\n"
)
STEPS = "selfheal-steps.json"
"""What GitHub says of the job's steps, asked by a step that has the token and runs nothing else."""


@dataclass(slots=True)
class Workbench:
    """Opens one executor a place, and closes them all."""

    settings: Settings
    environ: Mapping[str, str]
    hidden: tuple[Path, ...]
    _open: dict[Place, LocalExecutor] = field(default_factory=dict, init=False)

    async def at(self, place: Place) -> Executor:
        """The executor of a place. Raises UsageError where its folder can't be copied."""
        if place not in self._open:
            known = scrubbed({**self.environ, **dict(place.environment)}, keep=self.settings.sandbox.keep_env)
            sandbox = self.settings.sandbox
            held = ExecutorSettings(
                environment=known.variables,
                ladder=await asyncio.to_thread(find_ladder, allow_network=network_is_allowed(self.settings)),
                scratch_parent=scratch_parent(),
                warm_longest_s=self.settings.max_seconds,
                limits=Limits(
                    memory_bytes=sandbox.memory_mb << 20 if sandbox.memory_mb else None,
                    processes=sandbox.max_processes,
                ),
                hidden=self.hidden,
            )
            opened = await asyncio.to_thread(LocalExecutor.open, place.folder, held)
            if isinstance(opened, WorkspaceProblem):
                raise UsageError(f"{opened.message}: {opened.advice}")
            self._open[place] = opened
        return self._open[place]

    async def aclose(self) -> None:
        """Close every executor."""
        for executor in self._open.values():
            await executor.aclose()
        self._open.clear()


def note_steps(environ: Mapping[str, str]) -> int:
    """Ask GitHub how the job's steps went, and leave the answer for the step that heals."""
    context = context_of(environ)
    told = asyncio.run(ask_for_steps(context, token=environ.get("INPUT_TOKEN", "").strip()))
    write_steps(context.temp / STEPS, told)
    return 0


def act(environ: Mapping[str, str], *, progress: Progress, engine: Engine | None = None) -> int:
    """Run the action to its end; being told to stop (SIGTERM, as when a job is cancelled) is an end too."""

    async def until_told() -> int:
        task = asyncio.current_task()
        assert task is not None
        with contextlib.suppress(NotImplementedError):  # Windows has no such signals
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await run_action(environ, progress=progress, engine=engine)

    try:
        return asyncio.run(until_told())
    except (asyncio.CancelledError, KeyboardInterrupt):
        tell_broken("the job was cancelled before the repair came to its end", context_of(environ), say=Say())
        raise KeyboardInterrupt from None
    except SelfhealError as error:
        tell_broken(str(error), context_of(environ), say=Say())
        raise


async def run_action(
    environ: Mapping[str, str], *, progress: Progress, engine: Engine | None = None, say: "Say | None" = None
) -> int:
    """Do what the step is there for, and return the step's exit status.

    In the wrapper form that is the status of the wrapped command, which an earlier step has run; else 0 whenever the
    repair came to its end: the workflow decides by the outcome.
    """
    say = say or Say()
    context = context_of(environ)
    inputs = inputs_of(environ)
    status = context.wrapped_status if inputs.run else 0
    try:
        healed = await heal(inputs, context, environ, progress=progress, engine=engine, say=say)
    except SelfhealError as error:
        if not inputs.run:
            raise
        tell_broken(str(error), context, say=say)
        return status
    tell(healed, context, say=say, mode=inputs.mode)
    return status


async def heal(
    inputs: ActionInputs,
    context: JobContext,
    environ: Mapping[str, str],
    *,
    progress: Progress,
    engine: Engine | None,
    say: "Say",
) -> "Healed":
    """Find the command, repair, and leave the artifact's files in a folder."""
    folder = inputs.folder(context.workspace)
    config = Path(inputs.config) if inputs.config else None
    settings = load(repo=folder, config_file=config and context.workspace / config, flags=inputs.settings)
    plan = telemetry(settings)
    out = context.temp / OUT
    shutil.rmtree(out, ignore_errors=True)
    previous = context.temp / PREVIOUS / "report.json"
    async with AsyncExitStack() as stack:
        bench = Workbench(settings, environ, hidden=(out, previous.parent, models_dir(settings), context.temp / STEPS))
        stack.push_async_callback(bench.aclose)
        ports = SearchPorts(
            open=bench.at,
            told=lambda: read_steps(context.temp / STEPS),
            say=say.line,
            limit_s=settings.command_timeout_s,
        )
        found = await find_command(inputs, context, environ, ports)
        say.line(f"what failed: {found.command} ({found.why})")
        executor = await bench.at(found.place)
        top = _relative(Path(executor.site.root), context)
        request = RepairRequest(
            repo=found.place.folder,
            command=found.command,
            out=out,
            settings=settings,
            environ={**environ, **dict(found.place.environment)},
            previous=previous if context.run_attempt > 1 and previous.is_file() else None,
            telemetry=plan,
        )
        chosen = await choose_isolation(settings, scrubbed(environ, keep=OWN_VARIABLES).variables)
        if isinstance(chosen, InContainers):
            await bench.aclose()
            made = await repair_in_containers(request, chosen.docker, tell=say.line, hidden=bench.hidden)
            if isinstance(made, Repaired):
                await asyncio.to_thread(_finish, made.report, out, context, top, plan, settings)
                return Healed(made.report, out, top, ("The agents and the model ran in containers.", *made.notes))
            if made.has_begun or settings.containers.isolation == "container":
                raise ContainersBroke(made.words)
            chosen = InProcess(made.words)
        say.line(f"the agents run in a process of the runner: {chosen.why}")
        request = replace(request, executor=await bench.at(found.place))
        report = await repair(request, progress=progress, engine=engine)
        await asyncio.to_thread(_finish, report, out, context, top, plan, settings)
    return Healed(report, out, top, (f"The agents ran in a process of the runner: {chosen.why}.",))


def _finish(report: Report, out: Path, context: JobContext, top: str, plan: ExportPlan, settings: Settings) -> None:
    """Make the page of the run, bind everything to the run, and send the numbers."""
    trace = out / "trace.jsonl"
    if trace.is_file():
        write_page(trace, out=out / "trace.html", report=out / "report.json")
    write_origin(out, context, subdirectory=top)
    if plan.metrics is not None:
        from selfheal.trace.metering import send_metrics

        send_metrics(report, plan.metrics, settings.observability.metrics)


class ContainersBroke(SelfhealError):
    """The containers of a repair ended before it did, or could not be had where they were asked for."""


@dataclass(frozen=True, slots=True)
class Healed:
    """What came of it, the folder of the artifact's files, and where the repository lies below the workspace.

    `notes` are sentences on the way in which it came about.
    """

    report: Report
    out: Path
    top: str
    notes: tuple[str, ...] = ()


def tell(healed: Healed, context: JobContext, *, say: "Say", mode: Mode) -> None:
    """Annotations, outputs and the job's summary; the latter also says what becomes of the patch."""
    report, out = healed.report, healed.out
    if report.diagnosis is not None and report.diagnosis.failures:
        say.command(as_annotations(report.diagnosis, root=healed.top))
    patch = out / "fix.patch"
    outputs = {
        "outcome": report.outcome.value,
        "category": report.diagnosis.category.value if report.diagnosis else "",
        "report": str(out / "report.json"),
        "patch": str(patch) if patch.is_file() else "",
        "summary": report.summary,
    }
    if context.output is not None:
        write_outputs(context.output, outputs)
    if context.step_summary is not None:
        parts = [(out / "summary.md").read_text(encoding="utf-8")]
        if patch.is_file() and context.run_id:
            parts.append(f"{_BECOMES[mode]} {_TAKE}".lstrip() + f"\n\n{fence(_fetching(context), 'sh')}\n")
        if (out / "trace.html").is_file():
            parts.append(_PAGE)
        if notes := inline(" ".join(healed.notes)):
            parts.append(f"<sub>{notes}</sub>\n")
        write_summary(context.step_summary, "\n".join(parts))


def _fetching(context: JobContext) -> str:
    """The line that brings the patch to a person's own clone."""
    words = (
        "gh",
        "run",
        "download",
        str(context.run_id),
        "-R",
        context.repository,
        "-n",
        "selfheal-report",
        "-D",
        _HOME,
    )
    return f"{shlex.join(words)} && git apply {_HOME}/fix.patch"


def tell_broken(words: str, context: JobContext, *, say: "Say") -> None:
    """Say in all the places that there is no report, and why."""
    words = Redactor().redact(words)
    say.command(f"::error title=selfheal::{escaped(words)}")
    if context.output is not None:
        write_outputs(context.output, {"outcome": "error", "summary": words})
    if context.step_summary is not None:
        write_summary(context.step_summary, f"## 💥 selfheal did not come to an end\n\n{inline(words)}\n")


class Say:
    """Writes to the step's log. A line of words can give the runner no command."""

    def line(self, words: str) -> None:
        """Tell a person something."""
        sys.stdout.write(disarmed(f"selfheal: {' '.join(words.split())}") + "\n")
        sys.stdout.flush()

    def command(self, line: str) -> None:
        """Give the runner a command that `telling` has made."""
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _relative(folder: Path, context: JobContext) -> str:
    relative = os.path.relpath(folder, context.workspace.resolve())
    return "" if relative == "." else Path(relative).as_posix()
