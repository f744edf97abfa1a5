"""What became of each trial, a line of JSON each, so that an interrupted run goes on where it stopped."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One contestant on one trial. `load` is the machine's load average when it began."""

    group: str
    trial: str
    kind: str
    digest: str
    contestant: str
    stamp: str
    engine: str
    is_claimed: bool
    is_plausible: bool
    is_correct: bool
    said: str
    why: str
    wall_s: float
    calls: int
    prompt_tokens: int
    completion_tokens: int
    load: float
    strategies: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    is_auto: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What a result belongs to."""
        return (self.trial, self.digest, self.contestant, self.stamp, self.engine)

    @property
    def is_healed(self) -> bool:
        """True where the contestant claims it and the visible tests bear it out."""
        return self.is_claimed and self.is_plausible

    @property
    def is_right(self) -> bool:
        """True where it is healed and the hidden tests pass."""
        return self.is_healed and self.is_correct

    @property
    def tokens(self) -> int:
        """Prompt and answers."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Book:
    """The file that the records are in."""

    path: Path

    def read(self) -> dict[tuple[str, ...], Record]:
        """Every record by its key; a line that was cut off is left out."""
        return {record.key: record for record in self._lines()}

    def add(self, record: Record) -> None:
        """Append one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")

    def _lines(self) -> Iterator[Record]:
        if not self.path.is_file():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                row: dict[str, Any] = json.loads(line)
                yield Record(**row | {name: tuple(row[name]) for name in ("strategies", "changed")})
            except (ValueError, TypeError, KeyError):
                continue
