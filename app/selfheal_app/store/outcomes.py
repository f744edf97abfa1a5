"""What became of each run, in numbers: for the pages that people look at, and for metrics."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from selfheal.contract.report import Report
from selfheal.contract.verdict import VerdictKind
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.store.database import Database
from selfheal_app.store.repairs import Fate
from selfheal_app.store.tables import outcome, repair

_MOST_TEXT = 300
_CHUNK = 400
_NONE: ColumnElement[str] = literal_column("''")
"""Not a parameter: PostgreSQL takes one in the columns and one in the grouping for two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """One attempt of one run, as its report tells it. `signals` are their kinds."""

    repository: str
    run_id: int
    run_attempt: int
    installation_id: int
    outcome: str
    category: str
    strategy: str
    summary: str
    head_sha: str
    head_branch: str
    model: str
    model_calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    wall_s: float
    attempts: int
    cheats: int
    signals: str
    trace_id: str
    ended_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as a page shows it: what became of it, and of what was published of it."""

    run: RunOutcome
    fate: str
    url: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many runs of a repository, by outcome, category, strategy and fate; with what they took."""

    outcome: str
    category: str
    strategy: str
    fate: str
    runs: int
    tokens: int
    cached_tokens: int
    wall_s: float
    cheats: int
    without_model: int


def outcome_of(report: Report, run: FinishedRun, *, installation_id: int) -> RunOutcome:
    """Take the numbers of a report; texts are cut."""
    usage = report.usage
    kinds = dict.fromkeys(signal.kind.value for signal in report.signals)
    return RunOutcome(
        repository=run.repository,
        run_id=run.run_id,
        run_attempt=run.run_attempt,
        installation_id=installation_id,
        outcome=report.outcome.value,
        category=report.diagnosis.category.value if report.diagnosis else "",
        strategy=report.patch.strategy[:_MOST_TEXT] if report.patch else "",
        summary=" ".join(report.summary.split())[:_MOST_TEXT],
        head_sha=run.head_sha,
        head_branch=run.head_branch,
        model=report.model.name[:_MOST_TEXT] if report.model else "",
        model_calls=usage.model_calls,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_prompt_tokens,
        completion_tokens=usage.completion_tokens,
        wall_s=usage.wall_s,
        attempts=len(report.attempts),
        cheats=sum(attempt.verdict is VerdictKind.REFUSED for attempt in report.attempts),
        signals=",".join(kinds),
        trace_id=report.trace_id or "",
    )


class Outcomes:
    """Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.file is not None else postgresql).insert

    def remember(self, it: RunOutcome, *, now: float) -> None:
        """Keep it once; the same attempt again changes nothing but its numbers."""
        values = asdict(it) | {"ended_at": now}
        kept = {name: value for name, value in values.items() if name != "ended_at"}
        keys = ["repository", "run_id", "run_attempt"]
        with self._database.transaction() as connection:
            connection.execute(
                self._insert(outcome).values(values).on_conflict_do_update(index_elements=keys, set_=kept)
            )

    def get(self, repository: str, run_id: int, run_attempt: int) -> RunOutcome | None:
        """One of them."""
        query = select(outcome).where(
            func.lower(outcome.c.repository) == repository.lower(),
            outcome.c.run_id == run_id,
            outcome.c.run_attempt == run_attempt,
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _run(row)

    def newest(
        self, repositories: Collection[str], *, limit: int, only: str = "", offset: int = 0
    ) -> tuple[Shown, ...]:
        """Runs of these repositories; `only` one outcome."""
        query = select(outcome, repair.c.fate, repair.c.url).select_from(_JOINED)
        query = query.order_by(outcome.c.ended_at.desc(), outcome.c.run_id.desc())
        if only:
            query = query.where(outcome.c.outcome == only)
        return tuple(_shown(row) for row in self._rows(query, repositories, limit=limit, offset=offset))

    def tallies(self, repositories: Collection[str] | None, *, since: float = 0.0) -> tuple[Tally, ...]:
        """Counts of these repositories, or of all (None, which no person is shown)."""
        tokens = outcome.c.prompt_tokens + outcome.c.completion_tokens
        groups = (outcome.c.outcome, outcome.c.category, outcome.c.strategy, func.coalesce(repair.c.fate, _NONE))
        sums = (
            func.count(),
            func.sum(tokens),
            func.sum(outcome.c.cached_tokens),
            func.sum(outcome.c.wall_s),
            func.sum(outcome.c.cheats),
            func.sum(case((outcome.c.model_calls == 0, 1), else_=0)),
        )
        query = select(*groups, *sums).select_from(_JOINED).where(outcome.c.ended_at >= since).group_by(*groups)
        return tuple(_tally(*row) for row in self._rows(query, repositories))

    def days(self, repositories: Collection[str], *, since: float, day_s: float) -> dict[int, dict[str, int]]:
        """Outcomes by day, counted from `since`."""
        query = select(outcome.c.ended_at, outcome.c.outcome).where(outcome.c.ended_at >= since)
        found: dict[int, dict[str, int]] = {}
        for row in self._rows(query, repositories):
            facts = row._mapping
            counts = found.setdefault(int((facts["ended_at"] - since) // day_s), {})
            counts[facts["outcome"]] = counts.get(facts["outcome"], 0) + 1
        return found

    def _rows(
        self, query: Select[Any], repositories: Collection[str] | None, *, limit: int = 0, offset: int = 0
    ) -> list[Row[Any]]:
        if repositories is not None:
            # A person who may read ten thousand repositories sees the first of them by name.
            names = sorted(name.lower() for name in repositories)[:_CHUNK]
            query = query.where(func.lower(outcome.c.repository).in_(names))
        if limit:
            query = query.limit(limit).offset(offset)
        with self._database.reading() as connection:
            return list(connection.execute(query))


_JOINED = outcome.outerjoin(
    repair,
    (func.lower(outcome.c.repository) == func.lower(repair.c.repository))
    & (outcome.c.run_id == repair.c.run_id)
    & (outcome.c.run_attempt == repair.c.run_attempt),
)


def _tally(*row: Any) -> Tally:
    """Sums come as decimals from one of the databases."""
    outcome_, category, strategy, fate, runs, tokens, cached, wall_s, cheats, without_model = row
    return Tally(
        outcome=outcome_,
        category=category,
        strategy=strategy,
        fate=fate,
        runs=int(runs),
        tokens=int(tokens),
        cached_tokens=int(cached),
        wall_s=float(wall_s),
        cheats=int(cheats),
        without_model=int(without_model),
    )


def _run(row: Row[Any]) -> RunOutcome:
    facts = dict(row._mapping)
    return RunOutcome(**{name: facts[name] for name in RunOutcome.__dataclass_fields__})


def _shown(row: Row[Any]) -> Shown:
    return Shown(_run(row), row._mapping["fate"] or Fate.OPEN, row._mapping["url"] or "")
