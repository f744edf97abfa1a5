"""What the model itself would have given for each of the edits, were it to write the corrected function.

A small model asked to choose among edits chooses badly, and so does one whose grammar leaves it nothing but them: a
word that begins a poor line may be likely. The likelihood of the whole line tells them apart: that of a right edit is
mostly some e^20 times that of one which happens to pass.
"""

from collections.abc import Sequence

from selfheal.contract.engine import Forced, ModelFailure, ModelRequest
from selfheal.errors import BudgetSpent
from selfheal.fix.interface import RepairCase
from selfheal.fix.python_source import unindented
from selfheal.fix.rewrite_function import question_of
from selfheal.fix.search.candidates import Candidate, applied

_FENCE = "```python\n"
_MOST_LINES = 12
"""Edits that lie further apart than this are not weighed: every line costs as much as writing it."""


async def log_likelihoods(case: RepairCase, rivals: Sequence[Candidate]) -> tuple[float, ...] | None:
    """The natural logarithm of each rival's likelihood; all are edits of one function, and told over the same lines.

    None where the engine can't tell, or the rivals lie too far apart.
    """
    texts = _functions(case, rivals)
    question = question_of(case, case.suspects[rivals[0].suspect]) if texts else None
    if texts is None or question is None:
        return None
    old, *new = texts
    first = min(_common(old, one) for one in new)
    behind = min(_common(old[first:][::-1], one[first:][::-1]) for one in new)
    if len(old) - first - behind > _MOST_LINES:
        return None
    system, user = question
    found = []
    for lines in new:
        # One line more than what differs: it tells where an edit breaks off too early.
        forced = Forced(_FENCE + "".join(lines[:first]), "".join(lines[first : len(lines) - max(0, behind - 1)]))
        request = ModelRequest(
            system=system,
            user=user,
            max_tokens=len(forced.text) + 16,
            seed=case.seed,
            purpose="likelihood",
            forced=forced,
        )
        try:
            answer = await case.ask(request)
        except BudgetSpent:
            return None
        if isinstance(answer, ModelFailure) or answer.log_likelihood is None:
            return None
        found.append(answer.log_likelihood)
    return tuple(found)


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


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
