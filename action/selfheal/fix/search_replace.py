"""Ask the model for one search/replace edit, for what is no function: module level, classes, other files."""

from typing import Annotated

from pydantic import BaseModel, Field

from selfheal.contract.diagnosis import Failure
from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.fix.behaviour import rewritable
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.invented import inventions
from selfheal.fix.prompts import failure_text, tried_text

SYSTEM = (
    "You repair code. You get a part of a file and the failure that it causes. "
    "Answer with one edit as JSON: `search` is one or more whole lines copied exactly from the part, "
    "`replace` is what must stand there instead. Change as little as possible."
)

TEMPERATURES = (0.0, 0.5, 0.9)
_WINDOW = 14
"""Lines shown above and below the failing line."""
_MAX_SPAN = 60


class Edit(BaseModel):
    """The schema that the engine enforces."""

    search: Annotated[str, Field(min_length=1, max_length=600)]
    replace: Annotated[str, Field(max_length=800)]


class SearchReplace:
    """The strategy for every suspect, whatever it is."""

    name = "search_replace"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name every suspect."""
        return tuple(
            Target(
                strategy=self.name,
                place=f"{suspect.file}:{suspect.symbol or suspect.first_line}",
                suspect=index,
                samples=len(TEMPERATURES),
                uses_model=True,
            )
            for index, suspect in rewritable(case)
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask once and apply the edit to the part that was shown."""
        if target.suspect is None:
            return NoCandidate("the target names no suspect", is_spent=True)
        suspect = case.suspects[target.suspect]
        raw = case.tree.read(suspect.file)
        try:
            text = raw.decode() if raw is not None else None
        except UnicodeDecodeError:
            text = None
        if text is None:
            return NoCandidate(f"{suspect.file} is not readable as UTF-8", is_spent=True)
        first, last = _window(suspect, case.diagnosis.failures, text.count("\n") + 1)
        lines = text.splitlines(keepends=True)
        part = "".join(lines[first - 1 : last])
        request = ModelRequest(
            system=SYSTEM,
            user=_prompt(case, suspect, part, tried),
            max_tokens=420,
            temperature=TEMPERATURES[min(sample, len(TEMPERATURES) - 1)],
            seed=case.seed + sample,
            answer_type=Edit,
            purpose=self.name,
        )
        answer = await case.ask(request)
        if isinstance(answer, ModelFailure):
            return NoCandidate(answer.message, is_spent=answer.is_final)
        if not isinstance(answer.parsed, Edit):
            return NoCandidate("the engine gave no parsed edit", is_spent=False)
        edited = apply_edit(part, answer.parsed)
        if isinstance(edited, NoCandidate):
            return edited
        content = "".join([*lines[: first - 1], edited, *lines[last:]])
        if suspect.file.endswith(".py") and (invented := inventions(text, content)):
            return NoCandidate(f"it was not run: {'; '.join(invented)}", is_spent=False, advice="\n".join(invented))
        edit = FileEdit(path=suspect.file, content=content.encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"the model edited {suspect.file}")


def apply_edit(part: str, edit: Edit) -> str | NoCandidate:
    """Replace the one place in `part` that `edit.search` names; white space at the ends of lines does not count."""
    if edit.search.strip() == edit.replace.strip():
        return NoCandidate("the edit changes nothing", is_spent=False)
    if part.count(edit.search) == 1:
        return part.replace(edit.search, edit.replace)
    wanted = [line.strip() for line in edit.search.strip("\n").splitlines()]
    lines = part.splitlines(keepends=True)
    places = [
        i for i in range(len(lines) - len(wanted) + 1) if [x.strip() for x in lines[i : i + len(wanted)]] == wanted
    ]
    if len(places) != 1:
        found = "nowhere" if not places else f"in {len(places)} places"
        return NoCandidate(f"the text to search for stands {found} in the part that was shown", is_spent=False)
    at = places[0]
    return "".join([*lines[:at], _indented_like(lines[at], edit), *lines[at + len(wanted) :]])


def _indented_like(line: str, edit: Edit) -> str:
    """Shift the replacement by as much as the model's search text was shifted against the file."""
    search_first = next((x for x in edit.search.splitlines() if x.strip()), "")
    actual = line[: len(line) - len(line.lstrip())]
    given = search_first[: len(search_first) - len(search_first.lstrip())]
    shifted = []
    for text in edit.replace.strip("\n").splitlines():
        body = text[len(given) :] if text.startswith(given) else text.lstrip()
        shifted.append((actual + body).rstrip() + "\n")
    return "".join(shifted)


def _window(suspect: Suspect, failures: tuple[Failure, ...], total: int) -> tuple[int, int]:
    """Choose the lines to show: the suspect, or the part of it around the failing line where it is long."""
    first, last = suspect.first_line, min(suspect.last_line, total)
    inside = [f.line for f in failures if f.file == suspect.file and f.line and first <= f.line <= last]
    if last - first < _MAX_SPAN:
        if last - first < 4:
            return max(1, first - 3), min(total, last + 3)
        return first, last
    middle = inside[0] if inside else first + _WINDOW
    return max(first, middle - _WINDOW), min(last, middle + _WINDOW)


def _prompt(case: RepairCase, suspect: Suspect, part: str, tried: tuple[Tried, ...]) -> str:
    sections = [f"{suspect.file}:\n```\n{part.rstrip()}\n```"]
    if context := case.context(suspect, 700):
        sections.append(f"What it works with:\n```\n{context.rstrip()}\n```")
    sections.append(f"The failure:\n```\n{failure_text(case.diagnosis, file=suspect.file, hint=case.hint)}\n```")
    if past := tried_text(tried):
        sections.append(past)
    sections.append("The edit:")
    return "\n\n".join(sections)
