"""Run the project's own formatter and linter fixers, as its own command calls them. No model."""

from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.shell import Invocation, find_invocations

_TOOL_TIMEOUT_S = 120.0
_UNFORMATTED = "unformatted"
"""The code that the parsers give to a formatter's finding."""
_ONLY_LOOKING = frozenset({"--check", "--diff", "--check-only", "-c", "-q", "--quiet", "--statistics", "--show-files"})


@dataclass(frozen=True, slots=True)
class Fixer:
    """How one tool mends what it finds. `mends_layout` tells its two kinds of finding apart."""

    name: str
    tool: str
    subcommand: tuple[str, ...]
    rewriting: tuple[str, ...]
    mends_layout: bool
    disposition: Disposition = Disposition.AUTO

    def answers(self, failure: Failure) -> bool:
        """Tell whether it is for this finding."""
        return failure.tool == self.tool and (failure.code == _UNFORMATTED) == self.mends_layout


FIXERS: tuple[Fixer, ...] = (
    Fixer("ruff-fix", "ruff", ("check",), ("--fix-only",), mends_layout=False),
    Fixer("ruff-format", "ruff", ("format",), (), mends_layout=True),
    Fixer("isort", "isort", (), (), mends_layout=True),
    Fixer("black", "black", (), (), mends_layout=True),
    Fixer(
        "ruff-unsafe-fix",
        "ruff",
        ("check",),
        ("--fix-only", "--unsafe-fixes"),
        mends_layout=False,
        disposition=Disposition.NEEDS_HUMAN,
    ),
)


class ProjectFixer:
    """The strategy over all `FIXERS`."""

    name = "project_fixer"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the fixers whose tool reported the failures."""
        return tuple(
            Target(strategy=self.name, place=fixer.name)
            for fixer in FIXERS
            if any(fixer.answers(failure) for failure in case.diagnosis.failures)
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Run the fixer in the tree, take what it rewrote, put the tree back."""
        fixer = next(f for f in FIXERS if f.name == target.place)
        command = fix_command(fixer, case.command, case.diagnosis.failures)
        if command is None:
            return NoCandidate(f"no file is named that {fixer.tool} could mend", is_spent=True)
        done = await case.transformer.transform(command, timeout_s=_TOOL_TIMEOUT_S)
        if not done.edits:
            why = "" if done.run.passed else f" (it exited with {done.run.exit_code}: {done.run.output.strip()[-200:]})"
            return NoCandidate(f"`{command}` changed nothing{why}", is_spent=True)
        return CandidatePatch(
            strategy=f"{self.name}:{fixer.name}",
            edits=done.edits,
            rationale=f"`{command}` rewrote {len(done.edits)} file(s)",
            disposition=fixer.disposition,
        )


def fix_command(fixer: Fixer, command: str, failures: tuple[Failure, ...]) -> str | None:
    """Make the command line that mends: the user's own call turned to rewriting, else a call on the failing files."""
    calls = [
        c for c in find_invocations(command, fixer.tool) if c.arguments[: len(fixer.subcommand)] == fixer.subcommand
    ]
    if calls:
        return " ; ".join(_rewriting(call, fixer) for call in calls)
    files = sorted({f.file for f in failures if fixer.answers(f) and f.file and not f.file.startswith("-")})
    if not files:
        return None
    other = find_invocations(command, fixer.tool)
    call = Invocation(prefix=other[0].prefix if other else (fixer.tool,), arguments=())
    return call.with_arguments(*fixer.subcommand, *fixer.rewriting, "--", *files)


def _rewriting(call: Invocation, fixer: Fixer) -> str:
    rest = tuple(a for a in call.arguments[len(fixer.subcommand) :] if not _only_looks(a))
    return call.with_arguments(*fixer.subcommand, *fixer.rewriting, *rest)


def _only_looks(argument: str) -> bool:
    is_output = argument.startswith(("--output-format", "--exit-", "--no-fix"))
    return argument in _ONLY_LOOKING or is_output
