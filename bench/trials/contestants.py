"""Who is let loose on a trial, and what came of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from planting.repairing import Engine, commit, heal, report_in
from planting.storage import Storage
from trials.trial import Trial


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contestant says and what it cost. `is_claimed` means that it holds its tree for healed."""

    is_claimed: bool
    said: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    strategies: tuple[str, ...] = ()
    is_auto: bool = True
    """False where it says itself that a person should look before the patch is merged."""


class Contestant(Protocol):
    """Somebody who repairs a tree in place."""

    @property
    def name(self) -> str:
        """Its name in the table."""
        ...

    @property
    def stamp(self) -> str:
        """Tells two states of the contestant apart: a result of another state is not taken again."""
        ...

    def repair(self, trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Outcome:
        """Try it. The tree is what `trial.lay_out` makes."""
        ...


@dataclass(frozen=True, slots=True)
class Selfheal:
    """selfheal as a user calls it, in a process of its own; its engine's start counts."""

    engine: Engine
    stamp: str
    keep: Path | None = None
    name: str = "selfheal"

    def repair(self, trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Outcome:
        """Run `selfheal repair` and apply its patch where it says healed."""
        commit(tree)
        out = scratch / "out" if self.keep is None else self.keep / trial.id.replace("/", "--")
        said = heal(trial.command, tree, out, storage, self.engine, apply=True)
        report = report_in(out)
        usage = report.get("usage", {})
        return Outcome(
            is_claimed=said == "healed",
            said=said if said == "healed" else f"{said}: {report.get('summary', '')}"[:300],
            calls=usage.get("model_calls", 0),
            prompt_tokens=usage.get("prompt_tokens", 0),
            completion_tokens=usage.get("completion_tokens", 0),
            is_auto=(report.get("patch") or {}).get("disposition") == "auto",
            strategies=tuple(one["strategy"] for one in report.get("attempts", ()) if one["verdict"] == "proved"),
        )
