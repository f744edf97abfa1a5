"""Run the demo and show what happened to each project."""

import importlib.util
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from selfheal import config
from selfheal.contract.report import Outcome, Report
from selfheal.demo.bundle import DemoProject, lay_out, projects
from selfheal.errors import UsageError

_NEEDED = ("pytest", "ruff", "mypy")


@dataclass(frozen=True, slots=True)
class Shown:
    """One healed (or rightly left) project."""

    project: DemoProject
    report: Report

    @property
    def is_right(self) -> bool:
        """True when the outcome is the one that the project should have."""
        return self.report.outcome.value == self.project.expect


def run(*, out: Path | None, only: str | None, flags: Mapping[str, Any], may_pull: bool) -> int:
    """Heal the bundled projects; returns 0 when each ended as it should."""
    chosen = _choose(only)
    _check_tools()
    settings = config.load(repo=Path("/nonexistent"), config_file=None, flags=flags)
    _check_weights(settings, may_pull=may_pull)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="selfheal-demo-")))
        kept = out or folder / "reports"
        shown = [
            _heal(project, number, len(chosen), folder, kept, settings) for number, project in enumerate(chosen, 1)
        ]
        _print_table(shown)
        if out is not None:
            click.echo(f"\nThe reports lie in {out}")
    return 0 if all(item.is_right for item in shown) else 1


def _choose(only: str | None) -> tuple[DemoProject, ...]:
    every = projects()
    chosen = tuple(p for p in every if only in (None, p.name))
    if not chosen:
        raise UsageError(f"there is no demo project {only}: choose one of {', '.join(p.name for p in every)}")
    return chosen


def _check_tools() -> None:
    missing = [tool for tool in _NEEDED if importlib.util.find_spec(tool) is None]
    if missing:
        raise UsageError(f"the demo needs {', '.join(missing)}: pip install 'selfheal[demo]'")
    if shutil.which("git") is None:
        raise UsageError("the demo needs git: install it first")


def _check_weights(settings: config.Settings, *, may_pull: bool) -> None:
    if settings.engine != "embedded":
        return
    from selfheal.weights import ensure_weights

    ensure_weights(settings, may_pull=may_pull)


def _heal(project: DemoProject, number: int, count: int, folder: Path, kept: Path, settings: config.Settings) -> Shown:
    from selfheal.render.progress import progress_on
    from selfheal.team.repair import RepairRequest, run_repair

    click.echo(click.style(f"\n[{number}/{count}] {project.name}: {project.title}", bold=True))
    click.echo(f"      $ {project.command}")
    repo = lay_out(project, folder)
    request = RepairRequest(
        repo=repo,
        command=project.command,
        out=kept / project.name,
        settings=settings,
        apply=False,
        previous=None,
        environ=_environment(),
    )
    with progress_on() as progress:
        report = run_repair(request, progress=progress)
    shown = Shown(project, report)
    _print_result(shown)
    return shown


def _environment() -> dict[str, str]:
    """Put this interpreter's folder first, so that the projects find pytest, ruff and mypy."""
    import sys

    environ = dict(config.environment())
    environ["PATH"] = f"{Path(sys.executable).parent}:{environ.get('PATH', '')}"
    return environ


def _print_result(shown: Shown) -> None:
    report = shown.report
    good = shown.is_right
    click.echo()
    if report.patch is not None:
        for line in report.patch.diff.splitlines():
            if line.startswith(("diff --git", "index ")):
                continue
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1]) if line[:3] not in ("+++", "---") else None
            click.echo(f"    {click.style(line, fg=colour)}")
        click.echo()
    click.echo("  " + click.style(report.outcome.value, fg="green" if good else "red", bold=True) + f": {_why(report)}")


def _why(report: Report) -> str:
    if report.outcome is not Outcome.HEALED:
        advice = report.diagnosis.advice if report.diagnosis else ""
        return f"{report.summary} {advice}".strip()
    seen = report.verification
    tests = f"; {seen.tests_collected_after} tests before and after" if seen.tests_collected_after else ""
    before = 1 + (seen.before_again is not None)
    return f"failed {before} times before, passes {len(seen.after)} times after{tests}"


def _print_table(shown: list[Shown]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("project", "left"),
        ("outcome", "left"),
        ("by", "left"),
        ("seconds", "right"),
        ("model calls", "right"),
        ("tokens", "right"),
    ):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for item in shown:
        usage, patch = item.report.usage, item.report.patch
        mark = "" if item.is_right else f" (expected {item.project.expect})"
        table.add_row(
            item.project.name,
            item.report.outcome.value + mark,
            patch.strategy if patch else "-",
            f"{usage.wall_s:.1f}",
            str(usage.model_calls),
            str(usage.prompt_tokens + usage.completion_tokens),
        )
    click.echo()
    Console(highlight=False).print(table)
