"""Ask where the model would rather have written otherwise, and try what it would have written.

A small model that is shown a function mostly writes it again as it stands, however often it is asked. Yet at each word
it finds other words likely, too: where it wavers most, it is made to take the other way, and all that comes of it
is tried in warm tests. No answer is the same code as before.
"""

import ast
import math
from collections.abc import Iterator

from selfheal.contract.engine import Forced, Fork, Given, ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.contract.trials import Splice
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.hunks import parts_of
from selfheal.fix.interface import NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.invented import inventions
from selfheal.fix.python_source import Unusable, function_at, replace_function
from selfheal.fix.rewrite_function import BEGUN, is_function, question_of, span_of
from selfheal.fix.search.candidates import Candidate, line_weights
from selfheal.fix.search.choosing import Survivor, survivors_of
from selfheal.fix.search.opening import site_of
from selfheal.fix.search.proposing import choice_of, patch_of_choice

_MOST_SUSPECTS = 3
_LINES, _WHOLE = 32, 10
"""How many forks are followed to the end of their line, and how many to the end of the function."""
_MOST_LINES = 30
"""Each word of the text costs about as much as writing it."""
_ASKED_S = 60.0
_SECONDS = 15.0
_ENOUGH = 12
_LINE_TOKENS, _MORE_TOKENS = 32, 48
_MOST_OPENINGS = 3
_MOST_PARTS = 16
_STEP = 4
"""What a block is indented by."""


class ForkRewrite:
    """The strategy for Python functions in warm tests: first lines, then what follows from them, written otherwise."""

    name = "fork_rewrite"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the first suspects that are functions."""
        if case.trials is None or not case.tells_likelihood():
            return ()
        mine = [(index, suspect) for index, suspect in misbehaving(case) if is_function(case, suspect)]
        return tuple(
            Target(strategy=self.name, place=f"{one.file}:{one.symbol}", suspect=index, samples=2, uses_model=True)
            for index, one in mine[:_MOST_SUSPECTS]
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask for lines with the first sample, for the rest of the function with the second."""
        if target.suspect is None or case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        survivors, words = await other_ways(case, case.trials, target.suspect, is_whole=sample > 0)
        choice = await choice_of(case, case.trials, survivors)
        if not choice.order:
            return NoCandidate(words, is_spent=sample > 0)
        return patch_of_choice(self.name, case, choice, sample=0, words=words)


async def other_ways(
    case: RepairCase, trials: Trials, index: int, *, is_whole: bool = False
) -> tuple[list[Survivor], str]:
    """What passes of all that the forks of a suspect may stand for, and words for the report.

    They are followed to the end of the line, or with `is_whole` to the end of the function.
    """
    suspect = case.suspects[index]
    if not is_function(case, suspect):
        return [], "the suspect is no function that the model could write"
    raw, question = case.tree.read(suspect.file), question_of(case, suspect)
    window = _window(case, index)
    if raw is None or question is None or window is None:
        return [], "the suspect can't be read"
    text = raw.decode()
    if is_whole and window[1] <= suspect.last_line - suspect.first_line:
        return [], "the function is too long to be written to its end"
    forced = _forced(span_of(text, suspect).splitlines(keepends=True), window, is_whole=is_whole)
    system, user = question
    request = ModelRequest(
        system=system,
        user=user,
        max_tokens=_tokens(forced),
        seed=case.seed,
        timeout_s=_ASKED_S,
        purpose="forks",
        forced=forced,
    )
    answer = await case.ask(request)
    if isinstance(answer, ModelFailure):
        return [], answer.message
    candidates = list(_candidates(text, suspect, index, forced, answer.forks))
    answers = await trials.run([one.splices for one in candidates], enough=_ENOUGH, seconds=_SECONDS)
    survivors = survivors_of(candidates, answers)
    words = f"{len(survivors)} of {len(candidates)} ways in which the model wavers pass the failing tests"
    return survivors, words


def _tokens(forced: Forced) -> int:
    """What it may cost: the text once, and of each fork a line or a function with some more."""
    text = len(forced.answers[0].text)
    return text + forced.forks * (text // 2 + _MORE_TOKENS if forced.is_whole else _LINE_TOKENS)


def _forced(lines: list[str], window: tuple[int, int], *, is_whole: bool) -> Forced:
    """The lines of the window as the given answer, what comes before them as begun; lines from 0."""
    first, last = window
    given = Given(BEGUN + "".join(lines[:first]), "".join(lines[first:last]))
    return Forced((given,), forks=_WHOLE if is_whole else _LINES, is_whole=is_whole)


def _window(case: RepairCase, index: int) -> tuple[int, int] | None:
    """The part of the function's body, as lines from 0 of the function, that is worth asking about."""
    suspect = case.suspects[index]
    raw = case.tree.read(suspect.file)
    name = (suspect.symbol or "").rpartition(".")[2]
    node = function_at(raw, name=name, first_line=suspect.first_line) if raw is not None else None
    if node is None:
        return None
    has_docstring = ast.get_docstring(node, clean=False) is not None
    body = node.body[1:] if has_docstring else node.body
    if not body:
        return None
    first, last = body[0].lineno - suspect.first_line, suspect.last_line - suspect.first_line + 1
    if last - first <= _MOST_LINES:
        return (first, last) if 0 <= first < last else None
    site = site_of(case, suspect)
    weights = line_weights(case, site) if site is not None else {}
    starts = range(first, last - _MOST_LINES + 1)
    best = max(starts, key=lambda n: sum(weights.get(suspect.first_line + n + k, 0.0) for k in range(_MOST_LINES)))
    return best, best + _MOST_LINES


def _candidates(
    text: str, suspect: Suspect, index: int, forced: Forced, forks: tuple[Fork, ...]
) -> Iterator[Candidate]:
    """All that the forks may stand for and that parses, no two that are the same program."""
    begun = forced.answers[0].begun.removeprefix(BEGUN).splitlines(keepends=True)
    given = forced.answers[0].text.splitlines(keepends=True)
    behind = span_of(text, suspect).splitlines(keepends=True)[len(begun) + len(given) :]
    seen = {_program(text)}
    for fork in forks:
        above, below = [*begun, *given[: fork.line]], [*given[fork.line :], *behind]
        for part in _to_the_end(above, below, fork) if forced.is_whole else _lines(above, below, fork):
            made = _put_in(text, suspect, part)
            parts = parts_of(text, made)[:_MOST_PARTS] if made is not None and forced.is_whole else ()
            for one in (*parts, made):
                program = _program(one) if one is not None else None
                if one is None or program is None or program in seen or inventions(text, one):
                    continue
                seen.add(program)
                yield _candidate(text, one, suspect, index, fork)


def _lines(above: list[str], below: list[str], fork: Fork) -> Iterator[str]:
    """The new lines in the place of as many, of the first, and before it; a head alone may take in what follows."""
    new = fork.text.splitlines(keepends=True)
    for kept in dict.fromkeys((1, len(new), 0)):
        yield "".join([*above, *new, *below[kept:]])
    if new[0].rstrip().endswith(":"):
        for many in range(1, 4):
            moved = [" " * _STEP + line if line.strip() else line for line in below[:many]]
            yield "".join([*above, new[0], *moved, *below[many:]])


def _to_the_end(above: list[str], below: list[str], fork: Fork) -> Iterator[str]:
    """All that was written, then the statements that it begins with, before what stood there or the first of it."""
    new = (fork.text.rstrip() + "\n").splitlines(keepends=True)
    yield "".join([*above, *new])
    depth = _depth(new[0])
    for many in [n for n, line in enumerate(new) if n and line.strip() and _depth(line) <= depth][:_MOST_OPENINGS]:
        for kept in (0, 1):
            yield "".join([*above, *new[:many], *below[kept:]])


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _put_in(text: str, suspect: Suspect, function: str) -> str | None:
    name = (suspect.symbol or "").rpartition(".")[2]
    made = replace_function(
        text, name=name, first_line=suspect.first_line, last_line=suspect.last_line, answer=function
    )
    return None if isinstance(made, Unusable) else made.text


def _program(text: str) -> str | None:
    """What two texts have alike that are the same program but for lines that nothing reaches; None of none."""
    try:
        module = ast.parse(text)
        for node in ast.walk(module):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    setattr(node, name, _reached(block))
        return ast.dump(module)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _reached(block: list[ast.stmt]) -> list[ast.stmt]:
    """The statements up to the one that leaves; what makes a generator of its function does so unreached, too."""
    ends = (n for n, one in enumerate(block, 1) if isinstance(one, ast.Return | ast.Raise | ast.Break | ast.Continue))
    end = next(ends, len(block))
    is_generator = any(isinstance(node, ast.Yield | ast.YieldFrom) for one in block[end:] for node in ast.walk(one))
    return block if is_generator else block[:end]


def _candidate(text: str, made: str, suspect: Suspect, index: int, fork: Fork) -> Candidate:
    splice = Splice.between(suspect.file, text, made)
    line = text[: splice.first].count("\n") + 1
    old = text[splice.first : splice.last]
    score = math.exp(min(0.0, fork.log_odds))
    return Candidate(
        (splice,), "the model's other way", suspect=index, line=line, score=score, old=old, new=splice.text
    )
