"""Edits that pass because what failed is run no more: they silence an error instead of mending it.

Where the code crashed, rather than being found wrong, a repair mostly leaves the place to be run, with other values. An
edit after which no test comes there at all may be right, but it is as well what hides a second fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.trials import Splice
from selfheal.fix.interface import EVERY, RepairCase, Trials
from selfheal.fix.python_tree import statement_at
from selfheal.fix.search.choosing import Choice, Survivor
from selfheal.fix.search.hints import crashed_at
from selfheal.fix.search.opening import opened
from selfheal.fix.search.proposing import choice_of
from selfheal.fix.search.second_opinion import likeliest

_SECONDS = 4.0
_HELD = "silencing branches"
_SILENCED = "no test runs any more what failed"


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Survivors after which the place of the error is run, or that change it, and those after which nothing runs it."""

    mending: tuple[Survivor, ...]
    silencing: tuple[Survivor, ...] = ()


async def told_apart(case: RepairCase, trials: Trials, survivors: Sequence[Survivor]) -> ToldApart:
    """Tell them apart by putting an error at that place: who passes nevertheless does not come there.

    Where the first failure is no crash in the repository's own Python code, all of them mend.
    """
    mark = case.once("mark", lambda: _mark(case))
    if mark is None:
        return ToldApart(tuple(survivors))
    elsewhere = [one for one in survivors if not any(splice.touches(mark) for splice in one.candidate.splices)]
    tried = [(*one.candidate.splices, mark) for one in elsewhere]
    answers = await trials.run(tried, enough=EVERY, seconds=_SECONDS)
    silencing = [one for one, trial in zip(elsewhere, answers, strict=True) if trial is not None and trial.is_plausible]
    return ToldApart(tuple(one for one in survivors if one not in silencing), tuple(silencing))


async def silenced(case: RepairCase, trials: Trials, silencing: Sequence[Survivor]) -> Choice:
    """The choice among those that silence, which a person decides; none where there are none."""
    choice = await likeliest(case, await choice_of(case, trials, silencing))
    return replace(choice, is_doubtful=bool(choice.order), note=_SILENCED)


def hold_back(case: RepairCase, silencing: tuple[Survivor, ...]) -> None:
    """Keep them for when all else was tried."""
    case.once(_HELD, lambda: silencing)


def held_back(case: RepairCase) -> tuple[Survivor, ...]:
    """What was kept of this case."""
    return case.once(_HELD, tuple[Survivor, ...])


def _mark(case: RepairCase) -> Splice | None:
    """An error of its own before the statement that crashed; None where none did, or it can't stand there."""
    failure = next(iter(case.diagnosis.failures), None)
    if failure is None or failure.file is None or is_test_path(failure.file):
        return None
    file = opened(case, failure.file)
    if file is None:
        return None
    text, module = file
    statement = statement_at(module, crashed_at(failure, module, failure.file))
    if statement is None:
        return None
    lines = text.splitlines(keepends=True)
    own = lines[statement.lineno - 1]
    indent = own[: len(own) - len(own.lstrip())]
    if len(indent.encode()) != statement.col_offset or own.lstrip().startswith("elif"):
        return None
    first = sum(map(len, lines[: statement.lineno - 1])) + len(indent)
    return Splice(path=failure.file, first=first, last=first, text=f"raise NotImplementedError\n{indent}")
