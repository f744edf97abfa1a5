"""Ask the model for the whole corrected function, several times, at rising temperature."""

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.hunks import least_part
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.invented import inventions
from selfheal.fix.prompts import failure_text, tried_text
from selfheal.fix.python_source import Unusable, function_at, replace_function, unindented
from selfheal.fix.sampling import MOST_LINES, drawn, rewriting

SYSTEM = (
    "You repair Python code. You get one function and the failure that it causes. "
    "Find the mistake and answer with the whole corrected function in one ```python block, nothing else. "
    "Keep its name and its arguments. Change as little as possible. Do not add comments."
)

BEGUN = "```python\n"
"""What every answer begins with."""
_CONTEXT_CHARS = 1_500
_PART_CONTEXT_CHARS = 500
"""For a part of a function, which is shown so as to be read quickly."""


class RewriteFunction:
    """The strategy for suspects that are Python functions."""

    name = "rewrite_function"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name every suspect that is a function short enough to be written again."""
        return tuple(
            rewriting(self.name, place=f"{suspect.file}:{suspect.symbol}", suspect=index)
            for index, suspect in misbehaving(case)
            if is_function(case, suspect)
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask once and put the answer into the file."""
        if target.suspect is None:
            return NoCandidate("the target names no suspect", is_spent=True)
        suspect = case.suspects[target.suspect]
        made = await rewritten(case, suspect, sample=sample, tried=tried)
        if isinstance(made, NoCandidate):
            return made
        edit = FileEdit(path=suspect.file, content=made.encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"the model rewrote {suspect.symbol}")


async def rewritten(
    case: RepairCase, suspect: Suspect, *, sample: int = 0, tried: tuple[Tried, ...] = ()
) -> str | NoCandidate:
    """Ask once and give the suspect's file with the answer in it, less what is not needed for the failing tests."""
    text = _text(case, suspect.file)
    if text is None:
        return NoCandidate(f"{suspect.file} is not readable as UTF-8", is_spent=True)
    name, source = _function_name(suspect), span_of(text, suspect)
    # Shown what was tried, a small model mostly writes that again. Every other time it gets its own last
    # version as the code to be mended, with the failure that this one leads to.
    if sample % 2 and (newest := _newest(suspect, tried)) is not None:
        last_source, result = newest
        user = _prompt(case, suspect, last_source, failure=result.strip())
    else:
        failure = failure_text(case.diagnosis, file=suspect.file, hint=case.hint)
        user = _prompt(case, suspect, source, failure=failure, past=tried_text(tried))
    code = await drawn(
        case, system=SYSTEM, user=user, old=source, holding=f"def {name}", sample=sample, purpose=RewriteFunction.name
    )
    if isinstance(code, NoCandidate):
        return code
    replaced = replace_function(
        text, name=name, first_line=suspect.first_line, last_line=suspect.last_line, answer=code
    )
    if isinstance(replaced, Unusable):
        return NoCandidate(replaced.reason, is_spent=False)
    if invented := inventions(text, replaced.text):
        return NoCandidate(f"it was not run: {'; '.join(invented)}", is_spent=False, advice="\n".join(invented))
    if case.trials is None:
        return replaced.text
    return await least_part(suspect.file, text, replaced.text, case.trials)


def question_of(
    case: RepairCase, suspect: Suspect, *, source: str | None = None, has_failure: bool = True
) -> tuple[str, str] | None:
    """What the model is told and asked at first, to have the suspect written again; None where it is not readable.

    Without the failure it stops where that begins: an engine that was asked the one has read the other. `source`
    stands for the whole function where a part is enough.
    """
    text = _text(case, suspect.file)
    if text is None:
        return None
    failure = failure_text(case.diagnosis, file=suspect.file, hint=case.hint) if has_failure else ""
    shown, chars = (source, _PART_CONTEXT_CHARS) if source is not None else (span_of(text, suspect), _CONTEXT_CHARS)
    return SYSTEM, _prompt(case, suspect, shown, failure=failure, context_chars=chars)


def is_function(case: RepairCase, suspect: Suspect) -> bool:
    """Tell whether a suspect is a Python function short enough to be written again."""
    if suspect.symbol is None or not suspect.file.endswith((".py", ".pyi")):
        return False
    if suspect.last_line - suspect.first_line >= MOST_LINES:
        return False
    text = _text(case, suspect.file)
    if text is None:
        return False
    name = _function_name(suspect)
    return any(
        line.lstrip().startswith((f"def {name}(", f"async def {name}(", f"def {name}[", f"async def {name}["))
        for line in span_of(text, suspect).splitlines()
    )


def _newest(suspect: Suspect, tried: tuple[Tried, ...]) -> tuple[str, str] | None:
    """Give the function as the newest candidate wrote it, and what that led to."""
    for attempt in reversed(tried):
        content = next((edit.content for edit in attempt.edits if edit.path == suspect.file), None)
        if content is None:
            continue
        node = function_at(content, name=_function_name(suspect), first_line=suspect.first_line)
        if node is not None and node.end_lineno is not None:
            lines = content.decode(errors="replace").splitlines(keepends=True)
            return unindented("".join(lines[suspect.first_line - 1 : node.end_lineno])), attempt.result
    return None


def _function_name(suspect: Suspect) -> str:
    return (suspect.symbol or "").rpartition(".")[2]


def _text(case: RepairCase, path: str) -> str | None:
    raw = case.tree.read(path)
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def span_of(text: str, suspect: Suspect) -> str:
    """The suspect's lines, moved to the margin."""
    return unindented("".join(text.splitlines(keepends=True)[suspect.first_line - 1 : suspect.last_line]))


def _prompt(
    case: RepairCase,
    suspect: Suspect,
    source: str,
    *,
    failure: str,
    past: str = "",
    context_chars: int = _CONTEXT_CHARS,
) -> str:
    parts = [f"{suspect.file}:\n```python\n{source.rstrip()}\n```"]
    if context := case.context(suspect, context_chars):
        parts.append(f"What it works with:\n```python\n{context.rstrip()}\n```")
    if failure:
        parts.append(f"The failure:\n```\n{failure}\n```")
    if past:
        parts.append(past)
    parts.append(f"The whole corrected `{_function_name(suspect)}`:")
    return "\n\n".join(parts)
