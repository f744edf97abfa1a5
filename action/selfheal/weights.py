"""The `model` commands: fetch, list and find the embedded engine's weights, with a progress bar."""

import sys
from pathlib import Path

import click

from selfheal import config
from selfheal.errors import UsageError
from selfheal.models import DEFAULT_WEIGHTS, KNOWN, Located, WeightsStore


def pull(name: str | None, source: Path | None, *, settings: config.Settings | None = None) -> int:
    """Fetch the weights and say where they lie; 1 when no source gave them."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    store = WeightsStore(config.models_dir(settings))
    wanted = name or DEFAULT_WEIGHTS.name
    if store.known(wanted) is None:
        raise UsageError(f"no weights are called {wanted}: choose one of {', '.join(w.name for w in KNOWN)}")
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(None),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(wanted, total=None)
        shown = ""

        def progress(done_bytes: int, total_bytes: int, where: str) -> None:
            nonlocal shown
            bar.update(task, completed=done_bytes, total=total_bytes, description=where)
            if not console.is_terminal and where != shown:
                shown = where
                click.echo(f"{wanted}: {where}", err=True)

        result = store.pull(wanted, progress=progress, from_file=source)
    if isinstance(result, Located):
        click.echo(str(result.path))
        return 0
    click.echo(f"selfheal: {result.message}", err=True)
    return 1


def list_lines() -> list[str]:
    """List the known weights: name, size, whether they are here."""
    store = WeightsStore(config.models_dir())
    lines = [f"{'NAME':<34} {'SIZE':>9}  WHERE"]
    for entry in store.entries():
        default = " (default)" if entry.weights.name == DEFAULT_WEIGHTS.name else ""
        where = str(entry.path) if entry.is_there else "not here: selfheal model pull " + entry.weights.name
        lines.append(f"{entry.weights.name + default:<34} {entry.weights.size_bytes / 1e6:>6.0f} MB  {where}")
    return lines


def print_path(name: str | None) -> int:
    """Print where the weights lie; 1 when they are not here."""
    located = WeightsStore(config.models_dir()).locate(name or DEFAULT_WEIGHTS.name)
    if isinstance(located, Located):
        click.echo(str(located.path))
        return 0
    click.echo(f"selfheal: {located.message}", err=True)
    return 1


def ensure_weights(settings: config.Settings, *, may_pull: bool) -> None:
    """Have the weights here, asking before a download on a terminal. Raises UsageError when they can't be had."""
    name = settings.model or DEFAULT_WEIGHTS.name
    store = WeightsStore(config.models_dir(settings))
    located = store.locate(name)
    if isinstance(located, Located):
        return
    known = store.known(name)
    if known is None:
        raise UsageError(located.message)
    size = f"{known.size_bytes / 1e9:.1f} GB"
    if not may_pull and sys.stdin.isatty() and not click.confirm(f"The model {name} ({size}) is not here. Fetch it?"):
        raise UsageError("the demo needs a model: selfheal model pull")
    if pull(name, None, settings=settings) != 0:
        raise UsageError(f"the model {name} could not be fetched: see above")
