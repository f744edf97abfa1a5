"""Tell which step of the job failed, as far as anything tells it, and what to run to see it fail again. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.base import Frozen
from selfheal.github.workflow import Job, RunStep
from selfheal.shell import find_invocations

_PREPARES = (
    re.compile(r"\b(?:apt|apt-get|brew|choco|dnf|yum|apk)\b.*\binstall\b"),
    re.compile(r"\b(?:pip3?|uv pip|pipx|poetry|pdm|uv|npm|pnpm|yarn|bundle|composer|gem)\s+(?:install|sync|ci|add)\b"),
    re.compile(r"\b(?:git config|git fetch|docker login|docker pull|aws |gcloud |az login|echo .*>>\s*\"?\$GITHUB_)"),
    re.compile(r"\b(?:go mod download|cargo fetch|rustup|corepack enable|playwright install)\b"),
)
_ACTS = re.compile(
    r"\b(?:twine upload|npm publish|docker push|git push|gh release|kubectl|helm|terraform apply|vercel|netlify|"
    r"fly deploy|serverless deploy|cargo publish|poetry publish|uv publish|deploy)\b"
)
_CHECKERS = (
    *("pytest", "tox", "nox", "unittest", "mypy", "pyright", "ruff", "flake8", "pylint", "black", "isort"),
    *("pre-commit", "coverage", "sphinx-build", "mkdocs", "make", "just", "hatch", "npm", "pnpm", "yarn", "npx"),
    *("jest", "vitest", "mocha", "eslint", "prettier", "biome", "tsc", "node", "go", "golangci-lint", "cargo"),
    *("mvn", "./mvnw", "gradle", "./gradlew", "cmake", "ctest", "ninja", "bazel", "dotnet", "python"),
)
_SHELLS = ("bash", "sh")


class ReportedStep(Frozen):
    """A step as GitHub's API tells it. Numbers count what the runner adds, too: its own set-up is the first."""

    name: str
    number: int
    status: str
    conclusion: str | None = None


@dataclass(frozen=True, slots=True)
class Suspected:
    """Steps one of which failed, the order in which to run them, and how that was found."""

    steps: tuple[RunStep, ...]
    why: str
    is_certain: bool
    left_out: tuple[str, ...] = ()
    """The steps that can't be run again, each with the reason."""


def failed_steps(job: Job, reported: Sequence[ReportedStep]) -> Suspected:
    """Give the step that GitHub says failed; else those that check something, in their order, then those that prepare.

    Of the latter the first one that fails again is it: what comes after it never ran. Steps that publish or deploy are
    never among them.
    """
    told = next((step for step in reported if step.conclusion == "failure"), None)
    if told is not None:
        same = [step for step in job.steps if step.name.strip() == told.name.strip()]
        if len(same) > 1:
            # Several steps of one name: the place in the job decides, less the runner's own first one.
            same = [step for step in same if step.number == told.number - 1] or same[:1]
        if same:
            return Suspected(tuple(same), f"GitHub says that the step {told.name!r} failed", is_certain=True)
    runnable = [step for step in job.steps if not step.unknown and is_readable(step) and not _ACTS.search(step.script)]
    prepares = [step for step in runnable if _only_prepares(step.script)]
    checks = [step for step in runnable if step not in prepares]
    why = "the job's steps that check something, in their order, then those that prepare"
    left_out = tuple(f"{step.name!r} ({_why_not(step)})" for step in job.steps if step not in runnable)
    return Suspected((*checks, *prepares), why, is_certain=False, left_out=left_out)


def _why_not(step: RunStep) -> str:
    return step.unknown or (f"its shell is {step.shell}" if not is_readable(step) else "it publishes or deploys")


def is_readable(step: RunStep) -> bool:
    """True where the step's shell is one that we run commands with."""
    return step.shell.split()[0].rpartition("/")[2] in _SHELLS if step.shell.split() else False


def command_of(step: RunStep) -> str:
    """The shell line that does what the step does: a script of several lines stops at the first that fails."""
    lines = [line for line in step.script.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return lines[0].strip() if len(lines) == 1 else f"set -e\n{step.script}"


def _only_prepares(script: str) -> bool:
    lines = [line.strip() for line in script.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if any(find_invocations(script, tool) for tool in _CHECKERS if not _is_installer(tool)):
        return False
    return all(any(pattern.search(line) for pattern in _PREPARES) for line in lines)


def _is_installer(tool: str) -> bool:
    """Tools that check and install: only their words tell which."""
    return tool in ("npm", "pnpm", "yarn", "python", "cargo", "go", "node")
