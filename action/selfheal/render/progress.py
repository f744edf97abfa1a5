"""Show a repair while it runs: a live panel on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What is used and what there is."""

    cycles: int
    max_cycles: int
    tokens: int
    max_tokens: int
    seconds: float
    max_seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, in words. `state` is where the repair stands now."""

    state: str
    speaker: str
    words: str
    detail: str = ""


class Progress(Protocol):
    """Where a repair tells what it does."""

    def step(self, step: Step, budget: BudgetView) -> None:
        """Something happened."""
        ...

    def busy(self, words: str) -> None:
        """Something that takes a while has begun."""
        ...

    def close(self) -> None:
        """Take the live part off the screen."""
        ...


class PlainProgress:
    """One line a step, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def step(self, step: Step, budget: BudgetView) -> None:
        """Print the step with the seconds since the start."""
        detail = f" · {step.detail}" if step.detail else ""
        print(f"selfheal {budget.seconds:6.1f}s  {step.speaker}: {step.words}{detail}", file=self._stream, flush=True)

    def busy(self, words: str) -> None:
        """Print nothing: the step's own line follows."""

    def close(self) -> None:
        """Nothing is live."""


class SilentProgress:
    """Says nothing."""

    def step(self, step: Step, budget: BudgetView) -> None:
        """Say nothing."""

    def busy(self, words: str) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Nothing is live."""


class RichProgress:
    """Finished steps scroll by; below them one live line: what runs now, and the budget left."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.status import Status

        self._console = Console(file=stream, highlight=False)
        self._status = Status("starting", console=self._console, spinner="dots")
        self._budget = ""
        self._words = "starting"
        self._status.start()

    def step(self, step: Step, budget: BudgetView) -> None:
        """Print the step and renew the live line."""
        from rich.markup import escape
        from rich.text import Text

        line = Text.assemble(
            (f"{budget.seconds:6.1f}s  ", "dim"), (f"{step.speaker:<16} ", "cyan"), (step.words, _style(step.state))
        )
        if step.detail:
            line.append(f"  {step.detail}", style="dim")
        self._console.print(line, overflow="fold")
        self._budget = escape(
            f"cycles {budget.cycles}/{budget.max_cycles} · tokens {budget.tokens}/{budget.max_tokens} · "
            f"{max(0.0, budget.max_seconds - budget.seconds):.0f} s left"
        )
        self._renew()

    def busy(self, words: str) -> None:
        """Say on the live line what is being done."""
        self._words = words
        self._renew()

    def close(self) -> None:
        """Take the live line off."""
        self._status.stop()

    def _renew(self) -> None:
        from rich.markup import escape

        self._status.update(f"{escape(self._words)}  [dim]{self._budget}[/dim]")


def _style(state: str) -> str:
    if state in ("healed", "already_passing"):
        return "bold green"
    return "bold yellow" if state in ("exhausted", "not_fixable", "flaky", "refused", "error") else ""


@contextmanager
def progress_on(stream: TextIO | None = None, *, quiet: bool = False) -> Iterator[Progress]:
    """Choose by the stream (default: standard error) and close at the end, whatever happens."""
    stream = stream or sys.stderr
    shown: Progress = SilentProgress() if quiet else RichProgress(stream) if stream.isatty() else PlainProgress(stream)
    try:
        yield shown
    finally:
        shown.close()
