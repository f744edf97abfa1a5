"""What the agents can do: typed functions over the executor and the parsers. No free shell."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import assert_never

from selfheal.config import Settings
from selfheal.contract.command import CommandRun, Ending, Transformation
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.executor import Executor
from selfheal.contract.packages import BLANK, NotBuilt, Registry, Unsolved
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.policy import ChangeSet, FileChange, check
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.contract.suspects import ChangedLines, Suspect
from selfheal.contract.tree import InvalidEdit, TreeView, Version
from selfheal.contract.trials import Spectrum, Trial
from selfheal.contract.verdict import Improved, Invalid, Proved, Verdict
from selfheal.fix.dependencies.bench import PythonBench
from selfheal.fix.dependencies.plan import Plan
from selfheal.fix.dependencies.tools.investigation import REGISTRIES
from selfheal.locate import SymbolIndex, context_for, locate
from selfheal.logs import count_tests, diagnose
from selfheal.render.progress import Progress
from selfheal.shell import installs_packages, without_installs
from selfheal.team.budget import Budget
from selfheal.team.events import FailureReproduced, NotReproduced
from selfheal.team.flow import Fact
from selfheal.team.guarding import GuardPorts, RegressionGuard
from selfheal.team.ledger import Ledger, MeteredEngine
from selfheal.team.package_world import PackageWorld, WorldPorts
from selfheal.team.state import RepairState, rules_of, words_of
from selfheal.team.trying import WarmTests, open_tests, splices_of
from selfheal.trace.spans import Tracer
from selfheal.verify import (
    Before,
    Bench,
    Disagreed,
    NeverEnded,
    PassesNow,
    Reproduced,
    Verifier,
    daemon_line,
    guard_command,
    reproduce,
)

_NO_TOOL = re.compile(r"command not found|No module named (?:tox|nox|poetry|pdm|pipenv|uv|hatch)\b")
_DAEMON_FROM_S = 1.0
"""A checker that is quicker than this needs no daemon."""


@dataclass(frozen=True, slots=True)
class JudgedCandidate:
    """A verdict with the tree that it is about."""

    verdict: Verdict
    tree: str | None
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """What counts, limits and records every action."""

    budget: Budget
    ledger: Ledger
    tracer: Tracer
    progress: Progress


class Toolbox:
    """Acts through one executor with one command. Every run of a command passes `_metered`."""

    def __init__(
        self,
        *,
        executor: Executor,
        command: str,
        settings: Settings,
        meters: Meters,
        engine: MeteredEngine,
        tried_trees: frozenset[str],
        redact: Callable[[str], str],
    ) -> None:
        self.command = command
        self._redact = redact
        self._executor = executor
        self._site = executor.site
        self._settings = settings
        self._meters = meters
        self._engine = engine
        self._tried_before = tried_trees
        self._base = self._site.base
        self._view = executor.view(self._base)
        self._symbols: SymbolIndex | None = None
        self._level = self._site.ladder.tightest
        self._daemon_line = daemon_line(command)
        self._warm_tests: WarmTests | None = None
        self.why_not_warm = "no candidate was tried yet"
        """Why candidates are tried by cold runs alone; empty where warm tests are up."""
        self._installs = installs_packages(command)
        self._environment = BLANK if self._installs else None
        self._environments: dict[str, str] = {}
        self._plan: Plan | None = None
        self._worlds: dict[str, PackageWorld] = {}
        self._guard = RegressionGuard(
            line=guard_command(command, self._view.paths()),
            original=self._base,
            ports=GuardPorts(
                run=self._run_guard,
                diagnose=self.diagnose,
                count_tests=count_tests,
                seconds_left=lambda: meters.budget.seconds_left,
                read=lambda version, path: executor.view(version).read(path),
            ),
        )

    @property
    def base(self) -> Version:
        """The version that candidates are made on."""
        return self._base

    @property
    def subdirectory(self) -> str:
        """The command's working directory below the top."""
        return self._site.subdirectory

    @property
    def commit_age_days(self) -> int:
        """How long nobody has changed the code; 0 where that is not known."""
        day = self._settings.dependencies.last_green or self._site.base_day
        today = self._settings.dependencies.today or datetime.now(UTC).date().isoformat()
        return (date.fromisoformat(today) - date.fromisoformat(day)).days if day is not None else 0

    def use_manifests(self, plan: Plan) -> None:
        """From now on a candidate of the dependency agent is judged in an environment made of its own manifests."""
        self._plan = plan

    def world(self) -> PackageWorld:
        """The packages, as they can be asked on the current base."""
        if self._base.tree not in self._worlds:
            ports = WorldPorts(
                executor=self._executor,
                run=self._run_probe,
                diagnose=self.diagnose,
                budget=self._meters.budget,
                tracer=self._meters.tracer,
                progress=self._meters.progress.busy,
            )
            command = without_installs(self.command) if self._installs else self.command
            tool = self._plan.tool if self._plan is not None else None
            registry: Registry = REGISTRIES[tool] if tool is not None else "pypi"
            self._worlds[self._base.tree] = PackageWorld(
                ports, self._base, command or "true", self._settings.dependencies, registry
            )
        return self._worlds[self._base.tree]

    def tree(self) -> TreeView:
        """Look into the current base."""
        return self._view

    def known_files(self) -> frozenset[str]:
        """Name all files of the current base."""
        return frozenset(self._view.paths())

    def changed_lines(self) -> tuple[ChangedLines, ...]:
        """List what the commit under test changed, where the clone tells."""
        return self._site.changed_lines

    def diagnose(self, run: CommandRun) -> Diagnosis:
        """Read a run's output with the parsers."""
        with self._meters.tracer.tool("diagnose", selfheal__command=run.command) as span:
            seen = self._diagnosed(run)
            span.set(
                selfheal__category=seen.category.value,
                selfheal__diagnosis=seen.summary,
                selfheal__failures=len(seen.failures),
            )
        return seen

    def _diagnosed(self, run: CommandRun) -> Diagnosis:
        # Without a mount of its own the command ran in the copy and names that in its output.
        output = run.output.replace(self._site.copy_root, self._site.root)
        root = f"{self._site.root}/{self._site.subdirectory}".rstrip("/")
        return diagnose(output, exit_code=run.exit_code, root=root, known_files=self.known_files())

    async def locate(self, diagnosis: Diagnosis) -> tuple[Suspect, ...]:
        """Rank the places that may hold the cause; what the tests ran is part of the evidence where it can be had."""
        await self._warm_up(diagnosis)
        with self._meters.tracer.tool("locate") as span:
            suspects = self.suspects_of(diagnosis, self.spectrum)
            span.set(selfheal__suspects=len(suspects), selfheal__why_not_warm=self.why_not_warm)
        return suspects

    def suspects_of(self, diagnosis: Diagnosis, spectrum: Spectrum | None, *, most: int = 8) -> tuple[Suspect, ...]:
        """Rank them by a diagnosis and what is known of the tests' runs; nothing is run for it."""
        changed = self._site.changed_lines
        return locate(diagnosis, self._view, changed=changed, spectrum=spectrum, limit=most, index=self._index)

    @property
    def _index(self) -> SymbolIndex:
        """What is known of the current base's symbols."""
        if self._symbols is None:
            self._symbols = SymbolIndex(self._view)
        return self._symbols

    @property
    def warm_tests(self) -> WarmTests | None:
        """The warm tests of the current base; None where there are none."""
        tests = self._warm_tests
        return tests if tests is not None and tests.version == self._base else None

    @property
    def spectrum(self) -> Spectrum | None:
        """Which test runs what, where that is known of the current base."""
        return self.warm_tests.spectrum if self.warm_tests is not None else None

    async def _warm_up(self, diagnosis: Diagnosis) -> None:
        """Start the fork server for the current base. What it says is a filter; a proof is always a cold run."""
        if self._warm_tests is not None:
            await self._warm_tests.aclose()
            self._warm_tests = None
        self._meters.progress.busy("collecting the failing tests once")
        self._meters.ledger.warm_starts += 1
        opened = await open_tests(
            self._run_line_warm,
            command=self.command,
            diagnosis=diagnosis,
            tree=self._view,
            site=self._site,
            version=self._base,
            name=f"tests-{self._base.number}-{self._meters.ledger.warm_starts}",
        )
        if isinstance(opened, WarmTests):
            self._warm_tests, self.why_not_warm = opened, ""
            opened.count = self._meters.ledger.count_trials
        else:
            self.why_not_warm = opened

    def context(self, suspect: Suspect, diagnosis: Diagnosis, max_chars: int) -> str:
        """Render what a suspect works with, for a prompt."""
        return context_for(suspect, diagnosis, self._view, max_chars=max_chars, index=self._index)

    async def reproduce(self) -> FailureReproduced | NotReproduced:
        """Run the command until it is clear whether, and in which sandbox, it fails."""
        with self._meters.tracer.tool("reproduce", selfheal__command=self.command) as span:
            found = await self._reproduced()
            span.set(selfheal__fact=found.fact.value, selfheal__runs=len(found.runs), selfheal__sandbox=found.sandbox)
        return found

    async def _reproduced(self) -> FailureReproduced | NotReproduced:

        async def run(level: SandboxLevel) -> CommandRun:
            self._level = level
            return await self._run(self.command, self._settings.command_timeout_s, why="reproducing the failure")

        ladder = _with_network(self._site.ladder) if self._installs else self._site.ladder
        found = await reproduce(Bench(run=run, diagnose=self.diagnose, ladder=ladder))
        if self._environment is not None and isinstance(found, Reproduced) and _lacks_the_callers_tools(found.runs[-1]):
            # It installs something, and needs what was there before too.
            self._environment = None
            found = await reproduce(Bench(run=run, diagnose=self.diagnose, ladder=ladder))
        self._level = found.level
        sandbox = _sandbox_words(found.level, self._site.ladder)
        match found:
            case Reproduced():
                return FailureReproduced(runs=found.runs, sandbox=sandbox)
            case PassesNow():
                fact, words = Fact.COMMAND_PASSED, f"the command passes now ({len(found.runs)} runs)"
            case Disagreed():
                fact = Fact.RUNS_DISAGREED
                words = f"the command passed {found.passed} of {len(found.runs)} times on the same tree: it is flaky"
            case NeverEnded():
                fact = Fact.COMMAND_NEVER_ENDED
                words = (
                    f"the command did not end within {self._settings.command_timeout_s:.0f} s: raise --max-seconds, "
                    "or set command_seconds in the configuration"
                )
            case _:
                assert_never(found)
        return NotReproduced(fact=fact, runs=found.runs, sandbox=sandbox, summary=words)

    async def transform(self, command: str, *, timeout_s: float) -> Transformation:
        """Run a rewriting tool on the current base, collect its edits, and put the tree back."""
        made: list[Transformation] = []

        async def run(limit_s: float) -> CommandRun:
            made.append(await self._executor.transform(command, at=self._base, level=self._level, timeout_s=limit_s))
            return made[0].run

        with self._meters.tracer.tool("transform", selfheal__command=command) as span:
            seen = await self._metered(run, command, timeout_s, why=f"running {command}")
            span.set(selfheal__files=tuple(edit.path for edit in made[0].edits[:20]))
        return Transformation(run=seen, edits=made[0].edits)

    async def judge(self, candidate: CandidatePatch, state: RepairState) -> JudgedCandidate:
        """Judge the candidate, and either keep its tree as the new base or leave the base as it is."""
        tracer = self._meters.tracer
        with tracer.span(
            "verdict",
            selfheal__strategy=candidate.strategy,
            selfheal__candidate=len(state.attempts) + 1,
            selfheal__target=state.target.key if state.target else None,
        ) as span:
            span.link(tracer.lineage.proposal, "proposed_by")
            span.link(tracer.lineage.answer, "answered_by")
            span.link(tracer.lineage.base, "stands_on")
            tracer.lineage.answer = None
            judged = await self._judged(candidate, state)
            is_new_base = isinstance(judged.verdict, Proved | Improved)
            tracer.lineage.judged(state.target.key if state.target else "", span.context, is_new_base=is_new_base)
            span.set(
                selfheal__verdict=judged.verdict.kind.value,
                selfheal__reason=words_of(judged.verdict),
                selfheal__tree=judged.tree,
                selfheal__diff=judged.diff or None,
                selfheal__rules=rules_of(judged.verdict) or None,
            )
        return judged

    async def _judged(self, candidate: CandidatePatch, state: RepairState) -> JudgedCandidate:
        if state.last_run is None or state.diagnosis is None:
            raise ValueError("a candidate can only be judged against a reproduced failure")
        version = self._executor.change(self._base, candidate.edits, message=f"candidate by {candidate.strategy}")
        if isinstance(version, InvalidEdit):
            return JudgedCandidate(Invalid(reason=version.reason), None, "")
        if (seen := self._seen(version.tree, state)) is not None:
            return JudgedCandidate(Invalid(reason=seen), version.tree, "")
        diff = self._executor.diff(self._base, version)
        if (fault := await self._prepare(candidate, version)) is not None:
            return JudgedCandidate(Invalid(reason=fault), version.tree, diff)
        verdict = await self._verdict(candidate, version, state)
        if isinstance(verdict, Proved | Improved):
            self._base = version
            self._view = self._executor.view(version)
            self._symbols = None
        return JudgedCandidate(verdict, version.tree, diff)

    async def _prepare(self, candidate: CandidatePatch, version: Version) -> str | None:
        """Build the environment that a candidate's manifests ask for. Says why where it can't be had."""
        is_fresh = candidate.explanation is not None or self._base.tree in self._environments
        if self._plan is None or not is_fresh or self._environment is not None:
            return None
        world = self.world()
        if self._plan.tool is not None:
            fetched = await world.install_for(self._plan.tool, self._plan.folder, version)
            if isinstance(fetched, NotBuilt):
                return fetched.message
            self._environments[version.tree] = fetched.name
            return None
        wanted = self._plan.wanted(self._executor.view(version))
        solved = await PythonBench(world, self._plan, self._executor.view(version)).solve()
        if isinstance(solved, Unsolved):
            return solved.message
        built = await world.build(solved.pins, version, with_project=wanted.with_project)
        if isinstance(built, NotBuilt):
            return built.message
        self._environments[version.tree] = built.name
        return None

    async def _run_probe(self, line: str, at: Version, environment: str) -> CommandRun:
        return await self._run(
            line, self._settings.command_timeout_s, why="trying a set of packages", at=at, environment=environment
        )

    def record_state(self, number: int, document: str) -> None:
        """Tie a version of the repair state to the current base, in the private ref."""
        self._executor.tie_state(number, self._base, document)

    def final_diff(self) -> str:
        """Write the patch from the tree as it was found to the current base."""
        return self._executor.diff(self._site.base, self._base)

    def final_changes(self) -> tuple[FileChange, ...]:
        """List what the current base changes in the tree as it was found."""
        return self._changes(self._base)

    def _seen(self, tree: str, state: RepairState) -> str | None:
        if tree == self._base.tree:
            return "it changes nothing"
        if tree in state.tried_trees:
            return "the same tree was tried before in this run"
        return "the same tree was tried in an earlier run" if tree in self._tried_before else None

    async def _verdict(self, candidate: CandidatePatch, version: Version, state: RepairState) -> Verdict:
        async def run(command: str, timeout_s: float) -> CommandRun:
            return await self._run(command, timeout_s, why=f"trying a candidate by {candidate.strategy}", at=version)

        assert state.last_run is not None
        assert state.diagnosis is not None
        first = state.first_diagnosis or state.diagnosis
        changes = self._changes(version)
        verifier = Verifier(
            command=self.command,
            run=run,
            diagnose=self.diagnose,
            count_tests=count_tests,
            check_policy=lambda change_set: check(change_set, self._settings.policy),
            longest_s=self._settings.command_timeout_s,
            is_in_new_environment=candidate.explanation is not None,
            screen=self._screen(version, state),
            try_warm=self._warm_trial(candidate),
        )
        before = Before(proof_runs=state.before, run=state.last_run, diagnosis=state.diagnosis)
        verdict = await verifier.judge(ChangeSet(changes=changes, category=first.category), before)
        is_exact = state.target is not None and not state.target.uses_model
        return await self._guard.judge(verdict, candidate, version, changes, is_exact=is_exact)

    def _warm_trial(self, candidate: CandidatePatch) -> Callable[[], Awaitable[Trial | None]] | None:
        """The warm trial of a candidate; None where there are no warm tests, or they can't be given its edits."""
        tests = self.warm_tests
        splices = splices_of(candidate.edits, self._view) if tests is not None else None
        # The warm process has the packages of the base; a dependency's candidate is judged with its own.
        if tests is None or not splices or candidate.explanation is not None:
            return None

        async def run() -> Trial | None:
            (trial,) = await tests.run((splices,), enough=1, seconds=self._settings.command_timeout_s, text=2500)
            return trial

        return run

    def _screen(self, version: Version, state: RepairState) -> Callable[[float], Awaitable[CommandRun | None]] | None:
        """The type checker's daemon for the candidate; None where starting it costs more than it can save."""
        line = self._daemon_line
        is_slow = state.last_run is not None and state.last_run.wall_s >= _DAEMON_FROM_S
        if line is None or not is_slow or not state.attempts:
            return None

        async def run(timeout_s: float) -> CommandRun | None:
            seen = await self._run_line_warm(line, timeout_s, "asking mypy's daemon", version, shown=line)
            self._meters.ledger.command_runs += seen is not None
            return seen

        return run

    async def _run_line_warm(
        self, line: str, timeout_s: float, why: str, version: Version, *, shown: str = ""
    ) -> CommandRun | None:
        """Run a line in the warm shell, which knows the caller's packages only; `shown` stands for it in the trace."""
        if self._environments.get(version.tree, self._environment) is not None:
            return None
        limit = self._meters.budget.permit_command(timeout_s)
        self._engine.pause()
        with self._meters.tracer.span("command", selfheal__command=shown or why, selfheal__why=why) as span:
            seen = await self._executor.run_warm(line, at=version, level=self._level, timeout_s=limit)
            if seen is None:
                return None
            seen = seen.model_copy(update={"output": self._redact(seen.output)})
            span.set(selfheal__exit_code=seen.exit_code, selfheal__output=seen.output[-4000:])
        self._meters.ledger.command_wall_s += seen.wall_s
        return seen

    async def _run_guard(self, version: Version, line: str, timeout_s: float) -> CommandRun:
        return await self._run(line, timeout_s, why="running the project's own tests", at=version)

    def _changes(self, version: Version) -> tuple[FileChange, ...]:
        """List every file that differs from the tree as it was found: the policy judges the whole patch."""
        first = self._site.base
        before, after = self._executor.view(first), self._executor.view(version)
        paths = {edit.path for edit in self._executor.edits_between(first, version)}
        return tuple(FileChange(path=p, before=before.read(p), after=after.read(p)) for p in sorted(paths))

    async def _run(
        self, command: str, timeout_s: float, *, why: str, at: Version | None = None, environment: str | None = None
    ) -> CommandRun:
        """Run in a version, by default the current base, in the environment that belongs to it."""
        version = at or self._base
        chosen = environment or self._environments.get(version.tree, self._environment)

        async def run(limit_s: float) -> CommandRun:
            return await self._executor.run(
                command, at=version, level=self._level, timeout_s=limit_s, environment=chosen
            )

        return await self._metered(run, command, timeout_s, why=why)

    async def _metered(
        self, run: Callable[[float], Awaitable[CommandRun]], command: str, timeout_s: float, *, why: str
    ) -> CommandRun:
        """Every run of a command passes here: the budget, the trace, the counts, the redaction."""
        meters = self._meters
        limit = meters.budget.permit_command(timeout_s)
        self._engine.pause()
        meters.progress.busy(why)
        with meters.tracer.span("command", selfheal__command=command, selfheal__why=why) as span:
            seen = await run(limit)
            # Here and nowhere later: diagnosis, prompts, report and trace are all made from this text.
            seen = seen.model_copy(update={"output": self._redact(seen.output)})
            span.set(
                selfheal__exit_code=seen.exit_code,
                selfheal__ending=seen.ending.value,
                selfheal__output_bytes=seen.output_bytes,
                selfheal__output=seen.output[-4000:],
            )
        meters.ledger.command_runs += 1
        meters.ledger.command_wall_s += seen.wall_s
        return seen


def _with_network(ladder: Ladder) -> Ladder:
    """Without the level at which an installer can only wait in vain, where there is another."""
    levels = tuple(level for level in ladder.levels if level is not SandboxLevel.ISOLATED)
    return ladder.model_copy(update={"levels": levels}) if levels else ladder


def _lacks_the_callers_tools(run: CommandRun) -> bool:
    return run.ending is Ending.NOT_FOUND or _NO_TOOL.search(run.output) is not None


def _sandbox_words(level: SandboxLevel, ladder: Ladder) -> str:
    return level.value if level.has_bwrap else f"{level.value} ({ladder.why})"
