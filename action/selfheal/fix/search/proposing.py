"""From the survivors of the trials to the patch that is proposed, with the rival that was not chosen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.fix.interface import NoCandidate, RepairCase, Trials
from selfheal.fix.search.candidates import Candidate, applied
from selfheal.fix.search.choosing import NOTHING, Choice, Survivor, chosen
from selfheal.fix.search.equivalence import are_equivalent
from selfheal.fix.search.registry import BLUNT, LOOSE

UNTOLD = 0.25
"""The share of the first's score at which a rival that no input at hand tells from it leaves the choice open."""
_COMPARED = 0.25
"""The share of the best score at which the likeliest edit of another function is compared with that; chosen."""
_MOST_PLACES = 3
_UNTOLD_WORDS = "differs from it only where no input at hand leads"
_ALONE = "; nothing but the tests speaks for it, which such an edit may pass by chance"


async def choice_of(case: RepairCase, trials: Trials, survivors: Sequence[Survivor]) -> Choice:
    """Choose among survivors: of each function those are compared that edit it, and then the functions' best.

    Functions whose likeliest edit is far from the likeliest of all stand behind the others.
    """
    if not survivors:
        return NOTHING
    places: dict[int, list[Survivor]] = defaultdict(list)
    for one in sorted(survivors, key=lambda one: -one.candidate.score):
        places[one.candidate.suspect].append(one)
    least = _COMPARED * next(iter(places.values()))[0].candidate.score
    compared = [place for place, mine in places.items() if mine[0].candidate.score >= least][:_MOST_PLACES]
    choices = [await _choice_at(case, trials, place, places.pop(place)) for place in compared]
    choices.sort(key=lambda choice: -choice.worth)
    others = (one for mine in places.values() for one in mine)
    order = tuple(one for choice in choices for one in choice.order) + tuple(others)
    choice = choices[0]
    rival = choice.rival or next(iter(order[len(choice.order) :]), None)
    return replace(choice, order=order, rival=rival, elsewhere=tuple(one.heads[0] for one in choices[1:]))


async def _choice_at(case: RepairCase, trials: Trials, place: int, mine: Sequence[Survivor]) -> Choice:
    suspect = case.suspects[place]
    name = (suspect.symbol or "").rpartition(".")[2]
    choice = await chosen(mine, trials, name=name, line=suspect.first_line)
    if not choice.is_doubtful and (unlike := _unlike(case, choice)) is not None:
        choice = replace(choice, is_doubtful=True, rival=unlike)
    return choice


def _unlike(case: RepairCase, choice: Choice) -> Survivor | None:
    """One that does as the first does on all inputs at hand, is nearly as likely, and would do otherwise on others."""
    if not choice.heads:
        return None
    first, *others = choice.heads[0].best, *choice.heads[0].others
    common = [one for one in others if one.candidate.operator not in LOOSE | BLUNT]
    near = [one for one in common if one.candidate.score >= UNTOLD * first.candidate.score]
    return next((one for one in near if not do_the_same(case, first, one)), None)


def do_the_same(case: RepairCase, one: Survivor, other: Survivor) -> bool:
    """True where two edits of one function would come to the same on whatever values."""
    text = (case.tree.read(case.suspects[one.candidate.suspect].file) or b"").decode()
    return are_equivalent(*(applied(text, each.candidate.splices) for each in (one, other)))


def patch_of(name: str, case: RepairCase, candidate: Candidate, *, words: str = "") -> CandidatePatch | NoCandidate:
    """Make the patch of one candidate."""
    edits = []
    for path in dict.fromkeys(splice.path for splice in candidate.splices):
        raw = case.tree.read(path)
        if raw is None:
            return NoCandidate(f"{path} is gone", is_spent=True)
        mine = tuple(splice for splice in candidate.splices if splice.path == path)
        edits.append(FileEdit(path=path, content=applied(raw.decode(), mine).encode()))
    rationale = f"{candidate.words}; {words}" if words else candidate.words
    is_blunt = any(name in BLUNT for name in candidate.operator.split(" and "))
    disposition = Disposition.NEEDS_HUMAN if is_blunt else Disposition.AUTO
    return CandidatePatch(strategy=name, edits=tuple(edits), rationale=rationale, disposition=disposition)


def patch_of_choice(
    name: str, case: RepairCase, choice: Choice, *, sample: int, words: str
) -> CandidatePatch | NoCandidate:
    """Make the patch of survivor number `sample`; the first says which rival it was preferred to."""
    if sample >= len(choice.order):
        return NoCandidate(words, is_spent=True)
    survivor = choice.order[sample]
    if choice.note and sample == 0:
        words = f"{words}; {choice.note}"
    if choice.rival is not None and choice.rival is not survivor:
        words = f"{words}; not chosen: {choice.rival.candidate.words}"
    made = patch_of(name, case, survivor.candidate, words=words)
    if isinstance(made, NoCandidate) or not (choice.is_doubtful and sample == 0):
        return made
    doubt = _ALONE
    if choice.rival is not None and choice.rival is not survivor:
        is_alike = bool(choice.heads) and choice.rival in choice.heads[0].others
        doubt = f", which passes as well and {_UNTOLD_WORDS if is_alike else 'does otherwise on further inputs'}"
    rationale = f"{made.rationale}{doubt}"
    return made.model_copy(update={"disposition": Disposition.NEEDS_HUMAN, "rationale": rationale})
