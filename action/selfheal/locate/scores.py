"""Adds up the evidence against each symbol."""

from dataclasses import dataclass, field

from selfheal.contract.suspects import Suspect
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.source import Kind, Symbol

_MAX_EVIDENCE = 5


@dataclass(slots=True)
class _Entry:
    score: float = 0.0
    reasons: dict[str, float] = field(default_factory=dict)
    order: int = 0
    lines: tuple[int, ...] = ()


class Scores:
    """Symbols with their evidence; the same reason counts once."""

    def __init__(self) -> None:
        self._entries: dict[Symbol, _Entry] = {}

    def add(self, symbol: Symbol | None, weight: float, reason: str) -> None:
        """Count one piece of evidence; `weight` 1 is what the innermost frame weighs."""
        if symbol is None or weight <= 0:
            return
        entry = self._entries.setdefault(symbol, _Entry(order=len(self._entries)))
        gained = max(0.0, weight - entry.reasons.get(reason, 0.0))
        entry.score += gained
        entry.reasons[reason] = max(weight, entry.reasons.get(reason, 0.0))

    def scale(self, symbol: Symbol, factor: float, reason: str = "") -> None:
        """Let what was added up count for less, with the reason where the report should tell it."""
        entry = self._entries[symbol]
        entry.score *= factor
        if reason:
            entry.reasons[reason] = 0.0

    def point_at(self, symbol: Symbol, lines: tuple[int, ...]) -> None:
        """Name the most suspicious lines of a symbol, the worst first."""
        self._entries[symbol].lines = lines

    def score(self, symbol: Symbol) -> float:
        """What has been added up so far."""
        entry = self._entries.get(symbol)
        return entry.score if entry is not None else 0.0

    def symbols(self) -> tuple[Symbol, ...]:
        """All symbols with evidence, in the order in which it came."""
        return tuple(self._entries)

    def suspects(self, *, limit: int) -> tuple[Suspect, ...]:
        """The most suspicious first. Tests are left out, unless there is nothing else: then they say so."""
        code = [symbol for symbol in self._entries if not is_test_path(symbol.file)]
        chosen = code or list(self._entries)
        note = () if code else ("a test file: no other code could be tied to this failure",)
        chosen.sort(key=lambda symbol: (-self._entries[symbol].score, self._entries[symbol].order))
        spans: dict[tuple[str, int, int], Suspect] = {}
        for symbol in chosen:
            key = (symbol.file, symbol.first_line, symbol.last_line)
            if key not in spans:
                spans[key] = self._suspect(symbol, note)
        return tuple(spans.values())[:limit]

    def _suspect(self, symbol: Symbol, note: tuple[str, ...]) -> Suspect:
        entry = self._entries[symbol]
        reasons = sorted(entry.reasons, key=lambda reason: -entry.reasons[reason])[:_MAX_EVIDENCE]
        return Suspect(
            file=symbol.file,
            first_line=symbol.first_line,
            last_line=symbol.last_line,
            symbol=None if symbol.kind is Kind.STATEMENT else symbol.name,
            suspiciousness=round(entry.score / (entry.score + 0.5), 3),
            evidence=(*note, *reasons),
            lines=entry.lines,
        )
