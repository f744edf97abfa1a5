"""What the model itself would have given for each of the edits, were it to write the corrected function.

A small model asked to choose among edits chooses badly, and so does one whose grammar leaves it nothing but them: a
word that begins a poor line may be likely. How likely it finds the whole of the lines that an edit changes, against
leaving them as they are, tells edits apart wherever they stand: for ten small programs of `bench/repair.py` where
right and wrong edits pass, a right one has at the median e^8 times the odds of a wrong one, and e^6 times those of the
likeliest such.
"""

from collections.abc import Sequence

from selfheal.contract.engine import Forced, Given, ModelFailure, ModelRequest
from selfheal.errors import BudgetSpent
from selfheal.fix.interface import RepairCase
from selfheal.fix.python_source import unindented
from selfheal.fix.rewrite_function import BEGUN, question_of
from selfheal.fix.search.candidates import Candidate, applied
from selfheal.sequences import common_start

_MOST_LINES = 12
"""An edit over more lines than this is not weighed: every line costs as much as writing it."""
_MOST_READ = 30
"""Lines of a function that is shown as a whole: one that the model is asked to write again, which reads it anyway."""
_AROUND = 10


async def log_odds(case: RepairCase, rivals: Sequence[Candidate]) -> tuple[float, ...] | None:
    """The natural logarithm of each rival's odds against the code as it is; all are edits of one function.

    None where the engine can't tell, or an edit changes too many lines.
    """
    texts = _functions(case, rivals)
    if texts is None:
        return None
    old, *new = _near_edits(texts)
    # All of them mend the failure: shown it, the model prefers what mends that and nothing else.
    suspect = case.suspects[rivals[0].suspect]
    question = question_of(case, suspect, source="".join(old) if old != texts[0] else None, has_failure=False)
    if question is None:
        return None
    ways = [_ways(old, lines) for lines in new]
    if any(kept.text.count("\n") > _MOST_LINES or made.text.count("\n") > _MOST_LINES for kept, made in ways):
        return None
    # Those that begin alike one after the other: the engine has read what comes before them.
    answers = sorted({one for pair in ways for one in pair}, key=lambda one: (len(one.begun), one.text))
    system, user = question
    request = ModelRequest(
        system=system,
        user=user,
        max_tokens=sum(len(one.text) for one in answers),
        seed=case.seed,
        purpose="likelihood",
        forced=Forced(tuple(answers)),
    )
    try:
        answer = await case.ask(request)
    except BudgetSpent:
        return None
    if isinstance(answer, ModelFailure) or len(answer.log_likelihoods) != len(answers):
        return None
    found = dict(zip(answers, answer.log_likelihoods, strict=True))
    return tuple(found[made] - found[kept] for kept, made in ways)


def _ways(old: Sequence[str], new: Sequence[str]) -> tuple[Given, Given]:
    """The lines that differ as they are and as they become, and the next one: it tells where an edit breaks off."""
    first = common_start(old, new)
    behind = min(common_start(old[first:][::-1], new[first:][::-1]), len(old) - first, len(new) - first)
    begun, rest = BEGUN + "".join(old[:first]), max(0, behind - 1)
    return (
        Given(begun, "".join(old[first : len(old) - rest])),
        Given(begun, "".join(new[first : len(new) - rest])),
    )


def _near_edits(texts: list[list[str]]) -> list[list[str]]:
    """Of a long function the part that holds the edits: to read all of it takes longer than everything else."""
    old, *new = texts
    if len(old) <= _MOST_READ:
        return texts
    above = min(common_start(old, one) for one in new)
    below = min(common_start(old[above:][::-1], one[above:][::-1]) for one in new)
    first, rest = max(0, above - _AROUND), max(0, below - _AROUND)
    return [one[first : len(one) - rest] for one in texts]


def _functions(case: RepairCase, rivals: Sequence[Candidate]) -> list[list[str]] | None:
    """The lines of the function, and those of it with each edit made; None where it can't be read."""
    suspect = case.suspects[rivals[0].suspect]
    raw = case.tree.read(suspect.file)
    if raw is None or any(one.path != suspect.file for rival in rivals for one in rival.splices):
        return None
    text = raw.decode()
    whole = text.splitlines(keepends=True)
    last = len(whole) - suspect.last_line
    changed = [applied(text, rival.splices).splitlines(keepends=True) for rival in rivals]
    spans = [one[suspect.first_line - 1 : len(one) - last] for one in (whole, *changed)]
    return [unindented("".join(span)).splitlines(keepends=True) for span in spans]
