"""Take a rewriting apart: a small model mends the fault and breaks something else in one answer."""

from difflib import SequenceMatcher
from itertools import combinations

from selfheal.contract.trials import Splice
from selfheal.fix.interface import Trials

_MOST_WHOLE = 5
"""Up to so many hunks every subset is tried, of more each alone and each left out."""
_SECONDS = 15.0


def parts_of(old: str, new: str) -> tuple[str, ...]:
    """The texts that some of the changes make of `old`, the fewest changes first, all of them last."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    codes = SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
    hunks = [index for index, code in enumerate(codes) if code[0] != "equal"]
    if len(hunks) <= _MOST_WHOLE:
        chosen = [one for size in range(1, len(hunks) + 1) for one in combinations(hunks, size)]
    else:
        single = [(one,) for one in hunks]
        chosen = [*single, *(tuple(one for one in hunks if one != left) for left in hunks), tuple(hunks)]
    made = (
        "".join(
            line
            for index, (_, a, b, c, d) in enumerate(codes)
            for line in (new_lines[c:d] if index in taken else old_lines[a:b])
        )
        for taken in chosen
    )
    return tuple(dict.fromkeys(text for text in made if text != old))


async def least_part(path: str, old: str, new: str, trials: Trials) -> str:
    """The smallest part of a rewriting that makes the failing tests pass; all of it where none does."""
    parts = parts_of(old, new)
    if len(parts) < 2:
        return new
    answers = await trials.run([(Splice.between(path, old, part),) for part in parts], enough=1, seconds=_SECONDS)
    return next(
        (part for part, trial in zip(parts, answers, strict=True) if trial is not None and trial.is_plausible), new
    )
