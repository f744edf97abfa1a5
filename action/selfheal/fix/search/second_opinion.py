"""Ask the model what it would have written where edits pass that do different things, and see with which it agrees.

Tests that let two behaviours pass can't choose between them. A model that was shown none of the edits and arrives at
one of the two by itself can. Where it arrives at a third that passes too, or at nothing that passes, it still tells how
likely it finds each of them, and a person decides. An engine that can't tell that leaves a common edit of one word
before what a small model wrote, and puts the latter before an edit of a kind that may pass by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfheal.contract.trials import Splice
from selfheal.errors import BudgetSpent
from selfheal.fix.forking import other_ways
from selfheal.fix.interface import EVERY, NoCandidate, RepairCase, Trials
from selfheal.fix.rewrite_function import is_function, rewritten
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.choosing import MOST_COMPARED, Choice, Head, Survivor
from selfheal.fix.search.evidence import is_judged
from selfheal.fix.search.likelihood import log_odds
from selfheal.fix.search.proposing import UNTOLD, choice_of, do_the_same
from selfheal.fix.search.registry import BLUNT, LOOSE

MODEL = "the model's version"
_SECONDS = 10.0
_MOST_LINES = 30
"""Writing a longer function takes a small model longer than everything else."""
_OPEN = LOOSE | BLUNT | {"missing branch"}
_FAR_FETCHED = 0.1
"""An edit of any kind that scores less is passed by some hundred likelier ones before it is tried."""
_HARDLY_JUDGED = 0.2
"""The same where few tests tell what is right."""
_MOST_WEIGHED = 8
_MOST_ALIKE = 3
_UNLIKELY = -10.0
"""Log-odds: for 2 of 30 small programs every right edit has less, and so have 19 of 30 others that pass."""
_WEIGHT, _FAITHFUL, _LIKELY, _CHANCE = 0.5, 1.5, 0.17, 0.25
"""What a choice goes by, as shares of logarithms, and what it costs to be of a kind that may pass by chance: fitted on
the edits that pass for small programs of `bench/repair.py`, of 31 of which 9 hang on it and are right."""
_SILENCING = 1.0
"""What it costs besides to take code away, which leaves a likely text as often as not, and silences as easily as it
mends: chosen for one planted bug."""
_OWN = 0.01
"""The score of what the model writes by itself; fitted there too."""


async def with_second_opinion(case: RepairCase, trials: Trials, choice: Choice) -> Choice:
    """The choice as it is after the model was heard; where it has nothing to say a person decides."""
    if not choice.order or is_certain(case, choice):
        return choice
    place = choice.order[0].candidate.suspect
    opinion = await _opinion(case, trials, place)
    if opinion is None:
        return await _likeliest(case, trials, choice, place)
    mine = [one for one in choice.order if one.candidate.suspect == place][: MOST_COMPARED - 1]
    others = [one for one in choice.order if one not in mine]
    heard = await choice_of(case, trials, [*mine, opinion])
    agreeing = _agreeing(case, heard, mine, opinion)
    if agreeing:
        rest = [one for one in heard.order if one not in agreeing and one is not opinion]
        note = "the model, which saw none of them, writes one that does the same"
        rival = next(iter(rest), None)
        return Choice((*agreeing, *rest, *others), is_doubtful=False, rival=rival, note=note)
    # Whatever it weighs beside them, it is heard.
    own = [head for head in heard.heads if head.best is opinion]
    weighed = await _weighed(case, replace(heard, heads=(*own, *(head for head in heard.heads if head not in own))))
    if weighed is not None:
        made = _ordered(heard, weighed)
    else:
        first, rival = (opinion, mine[0]) if _may_be_chance(mine[0]) else (mine[0], opinion)
        rest = [one for one in (*mine, opinion) if one is not first]
        made = Choice((first, *rest), is_doubtful=True, rival=rival)
    return replace(made, order=(*made.order, *others), note=made.note or "no edit does what the model's version does")


def _agreeing(case: RepairCase, heard: Choice, mine: Sequence[Survivor], opinion: Survivor) -> list[Survivor]:
    """The edits that do what the opinion does: on whatever values, or else on all inputs at hand.

    The latter says little where those inputs don't tell the edits apart, though others would.
    """
    exact = [one for one in mine if do_the_same(case, one, opinion)]
    if exact:
        return exact
    behaving = [one for one in mine if any({one, opinion} <= {head.best, *head.others} for head in heard.heads)]
    near = [one for one in behaving if one.candidate.score >= UNTOLD * behaving[0].candidate.score]
    return behaving if all(do_the_same(case, behaving[0], one) for one in near[1:]) else []


def is_certain(case: RepairCase, choice: Choice) -> bool:
    """True where no rival comes near, and the edit seldom passes by chance and leaves alone what was right.

    Hearing the model takes longer than everything else in a search, so it is not asked where the answer is clear.
    """
    first = choice.order[0]
    if choice.is_doubtful or choice.is_upsetting or _may_be_chance(first):
        return False
    return first.candidate.score >= _HARDLY_JUDGED or is_judged(case)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Of each behaviour the edit that the model finds likeliest, its log-odds, and what speaks for it altogether."""

    best: tuple[Survivor, ...]
    odds: tuple[float, ...]
    worth: tuple[float, ...]


async def _likeliest(case: RepairCase, trials: Trials, choice: Choice, place: int) -> Choice:
    """The choice by what the model gives each behaviour, besides all else; a person decides.

    What may pass by chance, its kind or the few tests being what they are, and is not what the model would ever write,
    must not be the only answer: the model's other ways are looked at beside it.
    """
    weighed = await _weighed(case, choice)
    may_be_chance = _may_be_chance(choice.order[0]) or not is_judged(case)
    if weighed is not None and may_be_chance and max(weighed.odds) < _UNLIKELY:
        try:
            found, _ = await other_ways(case, trials, place)
        except BudgetSpent:
            found = []
        if found:
            choice = await choice_of(case, trials, [*choice.order, *found])
            weighed = await _weighed(case, choice)
    return _ordered(choice, weighed)


async def likeliest(case: RepairCase, choice: Choice) -> Choice:
    """The choice by what the model gives each behaviour, besides all else, where there is more than one."""
    is_open = len(choice.heads) + len(choice.elsewhere) > 1
    return _ordered(choice, await _weighed(case, choice)) if is_open else choice


def _ordered(choice: Choice, weighed: _Weighed | None) -> Choice:
    if weighed is None:
        return _without_opinion(choice)
    order = sorted(range(len(weighed.worth)), key=lambda n: -weighed.worth[n])
    first, others = weighed.best[order[0]], [weighed.best[n] for n in order[1:]]
    is_likelier = bool(others) and weighed.odds[order[0]] > weighed.odds[order[1]]
    return replace(
        choice,
        order=(first, *(one for one in choice.order if one is not first)),
        is_doubtful=True,
        rival=others[0] if others else choice.rival,
        note="its rival is less likely in the model's eyes" if is_likelier else "",
    )


async def _weighed(case: RepairCase, choice: Choice) -> _Weighed | None:
    """None where the model can't tell, or there is nothing to weigh.

    The likelihood is that of one function's text: the best edit of another function is asked about by itself.
    """
    heads: list[Head] = []
    weighed: list[list[tuple[float, Survivor]]] = []
    for mine in (choice.heads[:_MOST_WEIGHED], *((head,) for head in choice.elsewhere)):
        groups = [(head.best, *head.others[: _MOST_ALIKE - 1]) for head in mine]
        told = await log_odds(case, [one.candidate for group in groups for one in group]) if groups else None
        if told is None and not heads:
            return None
        if told is not None:
            each = iter(told)
            heads += mine
            weighed += [[(next(each), one) for one in group] for group in groups]
    # Of those that do the same the model knows best which is written as one would.
    best = [max(group, key=lambda pair: _worth(pair[1].candidate.score, pair[0]))[1] for group in weighed]
    odds = [max(value for value, _ in group) for group in weighed]
    worth = [
        _worth(head.weight, value)
        + _FAITHFUL * math.log(max(head.faithful, 1e-4))
        - _CHANCE * _may_be_chance(head.best)
        - _SILENCING * (head.best.candidate.operator in BLUNT)
        for head, value in zip(heads, odds, strict=True)
    ]
    return _Weighed(tuple(best), tuple(odds), tuple(worth))


def _worth(weight: float, odds: float) -> float:
    return _WEIGHT * math.log(max(weight, 1e-9)) + _LIKELY * odds


def _without_opinion(choice: Choice) -> Choice:
    """A person decides; and of two that come near each other a kind that seldom passes by chance is put first."""
    first, rival = choice.order[0], choice.rival
    if choice.is_doubtful and rival is not None and _may_be_chance(first) and not _may_be_chance(rival):
        order = (rival, *(one for one in choice.order if one is not rival))
        return replace(choice, order=order, rival=first)
    return replace(choice, is_doubtful=True)


def _may_be_chance(one: Survivor) -> bool:
    return one.candidate.operator in _OPEN or one.candidate.score < _FAR_FETCHED


async def _opinion(case: RepairCase, trials: Trials, place: int) -> Survivor | None:
    """The model's own version of the suspect; None where it has none that passes."""
    suspect = case.suspects[place]
    raw = case.tree.read(suspect.file)
    is_long = suspect.last_line - suspect.first_line >= _MOST_LINES
    if raw is None or is_long or not is_function(case, suspect):
        return None
    try:
        made = await rewritten(case, suspect)
    except BudgetSpent:
        return None
    if isinstance(made, NoCandidate):
        return None
    splice = Splice.between(suspect.file, raw.decode(), made)
    (trial,) = await trials.run([(splice,)], enough=EVERY, seconds=_SECONDS)
    if trial is None or not trial.is_plausible:
        return None
    old, line = raw.decode()[splice.first : splice.last], raw.decode()[: splice.first].count("\n") + 1
    candidate = Candidate((splice,), MODEL, suspect=place, line=line, score=_OWN, old=old, new=splice.text)
    return Survivor(candidate, trial)
