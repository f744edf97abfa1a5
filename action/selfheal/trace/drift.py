"""Agent drift: the model's answers get worse within one run. Pure.

The calls of a run are cut into an earlier and a later half, and four numbers compared:

- `prompt_growth`: mean prompt tokens of the later calls against the earlier ones with the same purpose. The prompts are
  made anew from the state, so a run that goes on must not make them longer.
- `repeated_answers`: the share of answers that say again, but for layout, what an earlier call of the run had said.
- `schema_failures`: the share of the later calls whose answer broke the schema or was cut off, against the earlier.
- `invented_symbols`: names that an answer calls or reads from something and that neither its prompt nor the answer
  itself nor the language knows; mean of the later calls against the earlier ones.
"""

import builtins
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.signals import Measure

FEWEST = 4
"""Fewer calls show no trend."""
GROWTH, GROWTH_TOKENS = 1.5, 200
REPEATED = 0.5
MORE_FAILURES = 0.25
INVENTED, MORE_INVENTED = 1.0, 1.0
_WORD = re.compile(r"[A-Za-z_]\w*")
_USED = re.compile(r"(?<=\.)([A-Za-z_]\w{2,})|\b([A-Za-z_]\w{2,})(?=\()")
_BOUND = re.compile(
    r"\b(?:def|class|func|fn|function|let|const|var|as|for|import)\s+([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\s*:?=(?!=)"
)
_STRINGS = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*|//[^\n]*", re.DOTALL)
_METHODS = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int, float, frozenset) for name in dir(kind)
) | frozenset(("print", "len", "length", "push", "map", "filter", "reduce", "println", "toString", "parseInt"))
_KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | _METHODS


@dataclass(frozen=True, slots=True)
class Call:
    """What drift is computed from: one model call."""

    purpose: str
    prompt_tokens: int
    answer: str
    """As compared: without layout; empty where there was none."""
    broke_schema: bool
    invented: int


def call_of(purpose: str, *, prompt: str, answer: str, prompt_tokens: int, broke_schema: bool) -> Call:
    """Take the numbers of a call; neither prompt nor answer is kept."""
    return Call(
        purpose=purpose,
        prompt_tokens=prompt_tokens,
        answer=" ".join(answer.split()),
        broke_schema=broke_schema,
        invented=len(invented_symbols(answer, prompt)),
    )


def invented_symbols(answer: str, prompt: str) -> frozenset[str]:
    """Names that the answer calls, or reads from something, and that nobody told it of."""
    code = _STRINGS.sub(" ", answer)
    used = {first or second for first, second in _USED.findall(code)}
    bound = {first or second for first, second in _BOUND.findall(code)}
    parameters = {name for part in re.findall(r"\bdef\s+\w+\(([^)]*)\)", code) for name in _WORD.findall(part)}
    return frozenset(used - bound - parameters - _KNOWN - set(_WORD.findall(prompt)))


def drift(calls: Sequence[Call]) -> tuple[Measure, ...]:
    """The numbers that crossed their limits; none where the run does not drift."""
    if len(calls) < FEWEST:
        return ()
    found = (_growth(calls), _repetition(calls), _failures(calls), _inventions(calls))
    return tuple(measure for measure in found if measure is not None)


def _growth(calls: Sequence[Call]) -> Measure | None:
    worst: Measure | None = None
    for purpose in dict.fromkeys(call.purpose for call in calls):
        sizes = [call.prompt_tokens for call in calls if call.purpose == purpose and call.prompt_tokens]
        if len(sizes) < FEWEST:
            continue
        was, now = _halves([float(size) for size in sizes])
        is_worse = worst is None or now > worst.value
        if now >= GROWTH * was and now - was >= GROWTH_TOKENS and is_worse:
            worst = Measure(name="prompt_growth", value=round(now), was=round(was), limit=round(GROWTH * was))
    return worst


def _repetition(calls: Sequence[Call]) -> Measure | None:
    answers = [(call.purpose, call.answer) for call in calls if call.answer]
    if len(answers) < FEWEST:
        return None
    share = 1 - len(set(answers)) / len(answers)
    return Measure(name="repeated_answers", value=round(share, 3), limit=REPEATED) if share >= REPEATED else None


def _failures(calls: Sequence[Call]) -> Measure | None:
    was, now = _halves([float(call.broke_schema) for call in calls])
    later = sum(call.broke_schema for call in calls[len(calls) // 2 :])
    if later < 2 or now - was < MORE_FAILURES:
        return None
    return Measure(name="schema_failures", value=round(now, 3), was=round(was, 3), limit=round(was + MORE_FAILURES, 3))


def _inventions(calls: Sequence[Call]) -> Measure | None:
    was, now = _halves([float(call.invented) for call in calls])
    if now < INVENTED or now - was < MORE_INVENTED:
        return None
    return Measure(name="invented_symbols", value=round(now, 2), was=round(was, 2), limit=round(was + MORE_INVENTED, 2))


def _halves(values: Sequence[float]) -> tuple[float, float]:
    middle = len(values) // 2
    earlier, later = values[:middle], values[middle:]
    return sum(earlier) / len(earlier), sum(later) / len(later)
