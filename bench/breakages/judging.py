"""Judge a repair's report against what is known of its case."""

import re
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from breakages.case import Case

_LOCK = re.compile(r"(?:\.lock|-lock\.json|-lock\.yaml|go\.sum)$")


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a case. `others` tells for each other way whether the command passed after it."""

    case: Case
    outcome: str
    wall_s: float
    is_named: bool
    quoted: bool | None
    """None where the releases announce nothing, or no release broke it."""
    is_minimal: bool
    direction: str
    environments: int
    strategy: str
    reason: str
    others: tuple[tuple[str, bool], ...] = ()

    @property
    def is_healed(self) -> bool:
        """True where the report says so: the command itself has proved it."""
        return self.outcome == "healed"

    def beside(self, others: dict[str, bool]) -> "Judged":
        """The same with what other ways came to."""
        return replace(self, others=tuple(others.items()))

    def row(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "name": self.case.name,
            "kind": self.case.kind,
            "outcome": self.outcome,
            "guilty_named": self.is_named,
            "changelog_quoted": self.quoted,
            "minimal": self.is_minimal,
            "direction": self.direction,
            "environments": self.environments,
            "strategy": self.strategy,
            "seconds": round(self.wall_s, 1),
            "others": dict(self.others),
        }

    def line(self) -> str:
        """One line while it runs."""
        marks = [self.outcome, "named" if self.is_named else "NOT NAMED", self.direction or "-"]
        marks += [] if self.quoted is None else ["quoted" if self.quoted else "NOT QUOTED"]
        marks += [] if self.is_minimal or not self.is_healed else ["NOT MINIMAL"]
        marks += [f"{name}: {'passes' if passed else 'fails'}" for name, passed in self.others]
        tail = self.strategy if self.is_healed else self.reason[:300]
        return f"{self.case.name}: {', '.join(marks)} ({self.environments} environments, {self.wall_s:.0f} s) {tail}"


def judge(case: Case, report: dict[str, Any], *, wall_s: float) -> Judged:
    """Read the report."""
    told = (report.get("dependencies") or [{}])[0]
    names = [step["name"] for step in told.get("guilty", ())]
    quotes = [quote["text"] for quote in told.get("quotes", ())]
    says = [word.lower() for word in case.says]
    patch = report.get("patch") or {}
    return Judged(
        case=case,
        outcome=str(report.get("outcome", "none")),
        wall_s=wall_s,
        is_named=bool(names) and all(any(_is(one, name) for name in names) for one in case.guilty),
        quoted=any(word in quote.lower() for word in says for quote in quotes) if says else None,
        is_minimal=_is_minimal(case, patch),
        direction=str(told.get("direction", "")),
        environments=int(told.get("environments", 0)),
        strategy=str(patch.get("strategy", "")),
        reason=" | ".join(dict.fromkeys(str(a.get("reason", "")) for a in report.get("attempts", ()))),
    )


def _is(wanted: str, name: str) -> bool:
    return name.startswith(wanted) if wanted.endswith("-") else name.lower().replace("_", "-") == wanted


def _is_minimal(case: Case, patch: dict[str, Any]) -> bool:
    """Manifests: as few changed lines as wishes had to change. Code: nothing but the lines that use what moved."""
    files = [file for file in patch.get("files", ()) if not _LOCK.search(file["path"])]
    touched = [file["path"] for file in files]
    if not touched and patch.get("files"):
        return True
    if not touched:
        return False
    code = [path for path in touched if path.endswith(".py") and path != "setup.py"]
    added = sum(file["added"] for file in files)
    if code:
        return added <= 4
    # JSON wants a comma on the line before.
    return added <= case.fewest + any(path.endswith(".json") for path in touched)


def table(judged: list[Judged]) -> list[str]:
    """The closing table, a line a kind."""
    kinds = [*dict.fromkeys(one.case.kind for one in judged), "all"]
    rows = [("kind", "cases", "healed", "named", "quoted", "minimal", "forward/back/added", "builds", "seconds")]
    for kind in kinds:
        here = [one for one in judged if kind in (one.case.kind, "all")]
        healed = [one for one in here if one.is_healed]
        ways = Counter(one.direction for one in healed)
        told = [one for one in here if one.quoted is not None]
        rows.append(
            (
                kind,
                str(len(here)),
                str(len(healed)),
                str(sum(one.is_named for one in here)),
                f"{sum(bool(one.quoted) for one in told)}/{len(told)}",
                str(sum(one.is_minimal for one in healed)),
                f"{ways['forward']}/{ways['back']}/{ways['added']}",
                str(sum(one.environments for one in here)),
                f"{statistics.median(one.wall_s for one in here):.0f}" if here else "-",
            )
        )
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for name in dict.fromkeys(name for one in judged for name, _ in one.others):
        seen = [passed for one in judged for other, passed in one.others if other == name]
        lines.append(f"{name}: the command passes in {sum(seen)} of {len(seen)}")
    return lines
