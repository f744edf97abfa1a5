"""Ask the model for the damaged lines of a file that no exact repair made parse. The rest of the file stays."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.target import Target
from selfheal.fix.answers import code_of
from selfheal.fix.configuration.broken_text import broken_configuration
from selfheal.fix.configuration.formats import format_of
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.broken_files import broken_python
from selfheal.fix.syntax.damage import Damage, damage_of, decoded

SYSTEM = (
    "Some lines of a file do not parse. Write these lines again with the smallest correction, in one code block, "
    "and nothing else: keep every other character, the indentation and the comments."
)
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"unexpected indent"),
        "The line above it that ends with a colon (def, if, for, with) is lost: add it.",
    ),
    (re.compile(r"expected an indented block"), "The body of the block is lost or stands at the wrong depth."),
    (re.compile(r"unterminated triple"), "A closing triple quote is lost."),
    (re.compile(r"unterminated string|EOL while"), "A quote is lost, or the end of the line."),
    (re.compile(r"never closed|unexpected EOF|does not match"), "A bracket is lost, or the end of the statement."),
    (re.compile(r"expected 'except'"), "The handler of the `try` is lost."),
    (re.compile(r"invalid syntax|forgot|expected"), "A part of the statement is lost: complete it."),
)
"""What lines like these have mostly lost; a small model repeats them unchanged where nothing says so."""
_ABOVE, _BELOW = 5, 4
_SAMPLES = 2
_ALIKE = 0.6
_MAX_TOKENS = 400


@dataclass(frozen=True, slots=True)
class _Window:
    """The lines that are asked about, from 1, both ends included."""

    damage: Damage
    first: int
    last: int

    @property
    def text(self) -> str:
        return "".join(self.damage.lines[self.first - 1 : self.last])


class SyntaxModel:
    """The strategy for Python and configuration that stays broken."""

    name = "syntax_model"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the files that still don't parse."""
        files = dict.fromkeys((*broken_python(case.diagnosis, case.tree), *broken_configuration(case)))
        return tuple(Target(strategy=self.name, place=path, samples=_SAMPLES, uses_model=True) for path in files)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask for the lines around the parser's error."""
        window = _window(case, target.place)
        if window is None:
            return NoCandidate(f"{target.place} parses, or is no text", is_spent=True)
        answer = await case.ask(_request(window, case.seed + sample, 0.0 if not sample else 0.5))
        if isinstance(answer, ModelFailure):
            return NoCandidate(answer.message, is_spent=answer.is_final)
        text = merged(window.damage, window.first, window.last, code_of(answer.text))
        if text is None or _fault(target.place, text) is not None:
            return NoCandidate("the model's lines do not parse, or are other lines", is_spent=False)
        is_test = is_test_path(target.place)
        return CandidatePatch(
            strategy=self.name,
            edits=(FileEdit(path=target.place, content=text.encode()),),
            rationale=f"the model corrected line {window.damage.line} of {target.place}: {window.damage.message[:120]}",
            disposition=Disposition.NEEDS_HUMAN if is_test else Disposition.AUTO,
        )


def merged(damage: Damage, first: int, last: int, answer: str) -> str | None:
    """Put the answer in the place of the lines; None where it is the same, or resembles them too little."""
    old = "".join(damage.lines[first - 1 : last])
    new = answer.strip("\n") + "\n"
    own = len(old) - len(old.lstrip(" "))
    if own and not new.startswith(" "):
        new = "".join(" " * own + line if line.strip() else line for line in new.splitlines(keepends=True))
    if new == old or SequenceMatcher(None, old, new, autojunk=False).ratio() < _ALIKE:
        return None
    new = new.replace("\n", damage.newline())
    return "".join((*damage.lines[: first - 1], new, *damage.lines[last:]))


def _window(case: RepairCase, path: str) -> _Window | None:
    text = decoded(case.tree.read(path))
    damage = _fault(path, text) if text is not None else None
    if damage is None:
        return None
    first, last = max(damage.line - _ABOVE, 1), min(damage.line + _BELOW, len(damage.lines))
    while first < damage.line and not damage.code_of(first).strip():
        first += 1
    return _Window(damage, first, last)


def _fault(path: str, text: str) -> Damage | None:
    if path.endswith((".py", ".pyi")):
        return damage_of(text)
    kind = format_of(path)
    fault = kind.fault(text) if kind is not None else None
    return Damage(text, fault.line, fault.column, fault.message) if fault is not None else None


def _hint(message: str) -> str:
    return next((f"{hint} " for says, hint in _HINTS if says.search(message) is not None), "")


def _request(window: _Window, seed: int, temperature: float) -> ModelRequest:
    damage = window.damage
    user = (
        f"```\n{window.text.rstrip()[:2_000]}\n```\n\n"
        f"The line `{damage.code_of(damage.line).strip()[:200]}` does not parse: {damage.message[:200]}. "
        f"{_hint(damage.message)}Write the corrected lines."
    )
    return ModelRequest(
        system=SYSTEM, user=user, max_tokens=_MAX_TOKENS, temperature=temperature, seed=seed, purpose="syntax"
    )
