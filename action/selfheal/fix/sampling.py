"""Draw code from the model: the schedule and the limits of every strategy that has a function written again."""

from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.target import Target
from selfheal.fix.answers import code_of
from selfheal.fix.interface import NoCandidate, RepairCase

TEMPERATURES = (0.0, 0.4, 0.7, 0.9)
"""One a sample: the first is the model's best guess, the later ones look further away."""
MOST_LINES = 120
"""A longer function is not asked for."""
_MORE_TOKENS = 160


def rewriting(strategy: str, *, place: str, suspect: int) -> Target:
    """A function that may be asked for as often as there are temperatures."""
    return Target(strategy=strategy, place=place, suspect=suspect, samples=len(TEMPERATURES), uses_model=True)


async def drawn(
    case: RepairCase, *, system: str, user: str, old: str, holding: str, sample: int, purpose: str
) -> str | NoCandidate:
    """Ask for another text of `old` and give the code of the answer that holds `holding`."""
    request = ModelRequest(
        system=system,
        user=user,
        max_tokens=len(old) // 2 + _MORE_TOKENS,
        temperature=TEMPERATURES[min(sample, len(TEMPERATURES) - 1)],
        seed=case.seed + sample,
        purpose=purpose,
    )
    answer = await case.ask(request)
    if isinstance(answer, ModelFailure):
        return NoCandidate(answer.message, is_spent=answer.is_final)
    return code_of(answer.text, holding=holding)
