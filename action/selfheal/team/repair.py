"""Run one repair from the command to the report."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from selfheal.config import Settings, environment, models_dir, network_is_allowed, scratch_parent
from selfheal.contract.engine import Engine
from selfheal.contract.executor import Executor
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Report
from selfheal.contract.verdict import Proved
from selfheal.errors import UsageError
from selfheal.executor import ExecutorSettings, LocalExecutor
from selfheal.fix.interface import Strategy
from selfheal.fix.registry import CODE_STRATEGIES, DEPENDENCY_STRATEGIES, GUESSING
from selfheal.logs import Redactor, prepare
from selfheal.observability import ExportPlan
from selfheal.render.progress import BudgetView, Progress, Step
from selfheal.render.summary import render_summary
from selfheal.team.agents.architect import Architect
from selfheal.team.agents.dependency_agent import DependencyAgent
from selfheal.team.agents.fixer import Fixer
from selfheal.team.agents.log_analyst import LogAnalyst
from selfheal.team.agents.supervisor import Supervisor
from selfheal.team.agents.verifier import VerifierAgent
from selfheal.team.budget import Budget, Limits
from selfheal.team.cases import CaseMaker
from selfheal.team.caution import reasons_for_a_person
from selfheal.team.engines import LazyEngine, engine_settings
from selfheal.team.events import Event
from selfheal.team.flow import SPEAKER, State
from selfheal.team.journal import Journal
from selfheal.team.ledger import Ledger, MeteredEngine
from selfheal.team.narration import narrate
from selfheal.team.reporting import RunFacts, make_report
from selfheal.team.secrets import scrubbed
from selfheal.team.signals import Signals
from selfheal.team.state import RepairState, Spent
from selfheal.team.times import state_times, trace_end
from selfheal.team.toolbox import Meters, Toolbox
from selfheal.trace.spans import Tracer
from selfheal.trace.spoken import logging_at
from selfheal.verify import Limits as CommandLimits
from selfheal.verify import find_ladder
from selfheal.workspace import LandingRefused, WorkspaceProblem


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """What to repair and where to put the result. `environ` None is the caller's own environment."""

    repo: Path
    command: str
    out: Path
    settings: Settings
    apply: bool = False
    previous: Path | None = None
    environ: Mapping[str, str] | None = None
    strategies: tuple[Strategy, ...] = CODE_STRATEGIES
    """What the fixer may use."""
    telemetry: ExportPlan | None = None
    """Where spans are sent while it goes on; None where somebody else sends them, or nobody."""
    executor: Executor | None = None
    """Who runs the command; None is an executor of its own in this process. One that is given is closed too, and
    `repo` and `environ` are its own business."""


def run_repair(request: RepairRequest, *, progress: Progress, engine: Engine | None = None) -> Report:
    """Run the repair to its end and write the files of `--out`. Raises UsageError for what the caller can mend.

    `engine` replaces the one that the settings name (tests and benchmarks give a scripted one).
    """
    return asyncio.run(repair(request, progress=progress, engine=engine))


async def repair(
    request: RepairRequest,
    *,
    progress: Progress,
    engine: Engine | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Run the repair inside a running event loop; see `run_repair`. `clock` gives monotonic seconds."""
    began = clock()
    _check(request)
    tried = _tried_before(request.previous)
    environ = request.environ if request.environ is not None else environment()
    prepare()
    known = scrubbed(environ, keep=request.settings.sandbox.keep_env)
    redactor = Redactor(known.secret_values)
    out = _make_out(request.out)
    async with AsyncExitStack() as stack:
        told = request.settings.observability
        stack.enter_context(logging_at(told.logging.level, redactor.redact))
        tracer = Tracer(
            out / "trace.jsonl",
            redact=redactor.redact,
            reasoning=told.logging.include_agent_reasoning,
            plan=request.telemetry,
        )
        stack.callback(tracer.close)
        progress.busy("copying the working tree")
        weights = models_dir(request.settings)
        executor = request.executor or await _open_executor(request, environment=known.variables, hidden=(out, weights))
        stack.push_async_callback(executor.aclose)
        budget, ledger = Budget(_limits(request.settings), clock=clock), Ledger()
        chosen = engine or LazyEngine(engine_settings(request.settings, weights))
        signals = Signals(budget, tracer.signal)
        metered = MeteredEngine(chosen, budget, ledger, tracer, redactor=redactor, called=signals.called)
        stack.push_async_callback(metered.aclose)
        toolbox = Toolbox(
            executor=executor,
            command=request.command,
            settings=request.settings,
            meters=Meters(budget=budget, ledger=ledger, tracer=tracer, progress=progress),
            engine=metered,
            tried_trees=tried,
            redact=redactor.redact,
        )
        journal = Journal(toolbox, spent=lambda: _spent(ledger, budget))
        journal.watch(lambda state, event: _tell(progress, budget, state, event, redact=redactor.redact))
        journal.watch(signals.moved)
        with tracer.span(
            "repair",
            gen_ai__operation__name="invoke_workflow",
            gen_ai__workflow__name="selfheal",
            selfheal__command=request.command,
            selfheal__base_commit=executor.site.base_commit,
        ) as span:
            await _converse(request, toolbox, metered, budget, journal, tracer)
            trace_end(span, journal.state, signals.found)
        cautions = _cautions(journal.state, toolbox)
        facts = RunFacts(
            command=request.command,
            base_commit=executor.site.base_commit,
            is_dirty=executor.site.is_dirty,
            diff=toolbox.final_diff() if journal.state.proof else "",
            disposition=Disposition.NEEDS_HUMAN if cautions else _disposition(journal),
            cautions=cautions,
            ledger=ledger,
            wall_s=clock() - began,
            model=metered.identity,
            trace_id=tracer.trace_id,
            span_id=tracer.span_id,
            signals=signals.found,
            states=state_times(journal.versions),
            redact=redactor.redact,
        )
        report = make_report(journal.state, facts)
        write_report(out, report, redact=redactor.redact)
        if request.apply and report.patch is not None and isinstance(executor, LocalExecutor):
            landed = await asyncio.to_thread(executor.apply_to, request.repo, report.patch.diff, apart_from=(out,))
            if isinstance(landed, LandingRefused):
                raise UsageError(f"{landed.message}: {landed.advice}. The proved patch lies in {out / 'fix.patch'}")
        return report


async def _open_executor(
    request: RepairRequest, *, environment: Mapping[str, str], hidden: tuple[Path, ...]
) -> LocalExecutor:
    settings = request.settings
    limits = CommandLimits(
        memory_bytes=settings.sandbox.memory_mb << 20 if settings.sandbox.memory_mb else None,
        processes=settings.sandbox.max_processes,
    )
    held = ExecutorSettings(
        environment=environment,
        ladder=await asyncio.to_thread(find_ladder, allow_network=network_is_allowed(settings)),
        scratch_parent=scratch_parent(),
        warm_longest_s=settings.max_seconds,
        limits=limits,
        hidden=hidden,
    )
    executor = await asyncio.to_thread(LocalExecutor.open, request.repo, held)
    if isinstance(executor, WorkspaceProblem):
        raise UsageError(f"{executor.message}: {executor.advice}")
    return executor


def _limits(settings: Settings) -> Limits:
    return Limits(max_cycles=settings.max_cycles, max_tokens=settings.max_tokens, max_seconds=settings.max_seconds)


async def _converse(
    request: RepairRequest, toolbox: Toolbox, engine: MeteredEngine, budget: Budget, journal: Journal, tracer: Tracer
) -> None:
    # AutoGen costs half a second to import, which only a repair should pay.
    from selfheal.team.chat import converse, team_of

    cases = CaseMaker(toolbox=toolbox, engine=engine, seed=request.settings.seed)
    agents = (
        Supervisor(request.strategies, cases, budget, toolbox),
        LogAnalyst(toolbox, engine),
        Architect(toolbox),
        Fixer(request.strategies, cases),
        DependencyAgent(
            DEPENDENCY_STRATEGIES, cases, toolbox, may_be_merged=request.settings.policy.allow_manifest_changes
        ),
        VerifierAgent(toolbox),
    )
    await converse(team_of(agents, journal, tracer), journal)


def _check(request: RepairRequest) -> None:
    if not request.command.strip():
        raise UsageError("--command is empty: give the command that fails, for example 'pytest -q'")
    if "\0" in request.command:
        raise UsageError("--command holds a NUL character: give a shell command line")
    if request.executor is not None:
        if request.apply:
            raise UsageError(
                "--apply writes to the working tree, which an executor of another process keeps: leave it out"
            )
        return
    if not request.repo.exists():
        raise UsageError(f"{request.repo} does not exist: check --repo")
    if not request.repo.is_dir():
        raise UsageError(f"{request.repo} is not a folder: check --repo")


def _make_out(out: Path) -> Path:
    """Make the folder and take away what an earlier run left in it. Raises UsageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("report.json", "fix.patch", "summary.md", "trace.jsonl"):
            (out / name).unlink(missing_ok=True)
        probe = out / ".selfheal-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UsageError(f"can't write into {out}: {error.strerror}: choose another --out") from None
    return out.resolve()


def _tried_before(previous: Path | None) -> frozenset[str]:
    """Read the hashes of the trees that an earlier run tried. Raises UsageError for a file that is no report."""
    if previous is None:
        return frozenset()
    try:
        document = json.loads(previous.read_bytes())
        return frozenset(str(a["tree"]) for a in document["attempts"] if a["tree"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise UsageError(f"{previous} can't be read as a report ({why}): check --previous") from None


def _spent(ledger: Ledger, budget: Budget) -> Spent:
    return Spent(
        model_calls=ledger.model_calls,
        prompt_tokens=ledger.prompt_tokens,
        completion_tokens=ledger.completion_tokens,
        elapsed_s=budget.elapsed_s,
    )


def _tell(
    progress: Progress, budget: Budget, state: RepairState, event: Event, *, redact: Callable[[str], str]
) -> None:
    words, detail = narrate(state, event)
    view = BudgetView(
        cycles=budget.cycles,
        max_cycles=budget.limits.max_cycles,
        tokens=budget.tokens,
        max_tokens=budget.limits.max_tokens,
        seconds=budget.elapsed_s,
        max_seconds=budget.limits.max_seconds,
    )
    speaker = SPEAKER[State(state.path[-2])]
    progress.step(Step(state=state.at.value, speaker=speaker, words=redact(words), detail=redact(detail)), view)


def _cautions(state: RepairState, toolbox: Toolbox) -> tuple[str, ...]:
    """Say why a person should look at the patch, where there is one."""
    if state.proof is None:
        return ()
    # A candidate names its strategy, and behind a colon what of it.
    was_guessed = any(name.partition(":")[0] in GUESSING for name in state.base_strategies)
    return reasons_for_a_person(toolbox.final_changes(), state.proof, was_guessed=was_guessed)


def _disposition(journal: Journal) -> Disposition:
    """The strictest of all candidates that the final tree is made of."""
    accepted = [
        version.candidate.disposition
        for version, after in zip(journal.versions, journal.versions[1:], strict=False)
        if version.candidate is not None and (after.base > version.base or isinstance(after.proof, Proved))
    ]
    return Disposition.NEEDS_HUMAN if Disposition.NEEDS_HUMAN in accepted else Disposition.AUTO


def write_report(out: Path, report: Report, *, redact: Callable[[str], str]) -> None:
    """Write the report, its summary and its patch."""
    if report.patch is not None:
        (out / "fix.patch").write_bytes(report.patch.diff.encode())
    (out / "summary.md").write_text(redact(render_summary(report)), encoding="utf-8")
    # Last, so that whoever finds it finds the rest too.
    (out / "report.json").write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
