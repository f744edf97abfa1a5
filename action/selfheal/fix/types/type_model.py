"""The strategy that asks the model about a type error that no rule mends: the statement, or the small function."""

from selfheal.contract.diagnosis import Failure
from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.fix.answers import code_of
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.prompts import tried_text
from selfheal.fix.python_source import Unusable
from selfheal.fix.types.model_answer import put_in
from selfheal.fix.types.model_prompt import prompt, questions_in
from selfheal.fix.types.project import Project
from selfheal.fix.types.region import region_of
from selfheal.fix.types.reveal import reveal
from selfheal.fix.types.stubs import CODES
from selfheal.fix.types.ways import CHECKERS

SYSTEM = (
    "You repair Python code that a type checker refuses. You get the code, the checker's error and the types that it "
    "sees. Answer with the corrected lines only, in one ```python block. Keep what the code does, change as little as "
    "possible. Never use Any, cast or an ignore comment."
)
_TEMPERATURES = (0.0, 0.3, 0.6, 0.9)
_WIDE = (False, True, False, True)
"""Whether a sample writes the whole function: the line alone is cheaper, but not always where the mistake is."""
_MAX_TARGETS = 6
_MAX_OUTPUT = 600


class TypeModel:
    """The model's repairs of Python's type errors."""

    name = "type_model"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name each finding in a Python file, the first ones."""
        places = dict.fromkeys(_place(failure) for failure in _asked(case))
        return tuple(
            Target(strategy=self.name, place=place, samples=len(_TEMPERATURES), uses_model=True)
            for place in list(places)[:_MAX_TARGETS]
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask the checker for the types, then the model for the lines."""
        failure = next((one for one in _asked(case) if _place(one) == target.place), None)
        project = Project(case.tree)
        source = project.source(failure.file or "") if failure is not None else None
        if failure is None or source is None:
            return NoCandidate(f"{target.place} can't be read as Python", is_spent=True)
        index = min(sample, len(_TEMPERATURES) - 1)
        region = region_of(source, failure, is_wide=_WIDE[index])
        if region is None:
            return NoCandidate(f"{target.place}: there is no statement on that line", is_spent=True)
        types = await reveal(case, failure.tool, questions_in(source, region))
        user = prompt(source, failure, region, types=types, project=project, past=tried_text(tried[-1:]))
        old = source.text[source.start_of(region.first) : source.start_of(region.last + 1)]
        request = ModelRequest(
            system=SYSTEM,
            user=user,
            max_tokens=min(len(old) // 2 + 100 * max(1, len(region.lacking)), _MAX_OUTPUT),
            temperature=_TEMPERATURES[index],
            seed=case.seed + sample,
            purpose=self.name,
        )
        answer = await case.ask(request)
        if isinstance(answer, ModelFailure):
            return NoCandidate(answer.message, is_spent=answer.is_final)
        edit = put_in(source, region, code_of(answer.text))
        if isinstance(edit, Unusable):
            return NoCandidate(edit.reason, is_spent=False)
        what = region.function or f"line {region.first} of {source.path}"
        return CandidatePatch(
            strategy=self.name,
            edits=(edit,),
            rationale=f"the model rewrote {what} for: {failure.message.splitlines()[0][:120]}",
            disposition=Disposition.NEEDS_HUMAN,
        )


def _asked(case: RepairCase) -> tuple[Failure, ...]:
    return tuple(
        failure
        for failure in case.diagnosis.failures
        if failure.tool in CHECKERS and failure.file and failure.line and failure.code not in CODES
    )


def _place(failure: Failure) -> str:
    return f"{failure.file}:{failure.line}:{failure.code or ''}"
