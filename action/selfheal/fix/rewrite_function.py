"""Ask the model for the whole corrected function, several times, at rising temperature."""

import textwrap

from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.fix.answers import code_of
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.hunks import least_part
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.prompts import failure_text, tried_text
from selfheal.fix.python_source import Unusable, function_at, replace_function

SYSTEM = (
    "You repair Python code. You get one function and the failure that it causes. "
    "Find the mistake and answer with the whole corrected function in one ```python block, nothing else. "
    "Keep its name and its arguments. Change as little as possible. Do not add comments."
)

TEMPERATURES = (0.0, 0.4, 0.7, 0.9)
"""One a sample: the first is the model's best guess, the later ones look further away."""

_MAX_LINES = 120
_CONTEXT_CHARS = 1_500


class RewriteFunction:
    """The strategy for suspects that are Python functions."""

    name = "rewrite_function"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name every suspect that is a function short enough to be written again."""
        return tuple(
            Target(
                strategy=self.name,
                place=f"{suspect.file}:{suspect.symbol}",
                suspect=index,
                samples=len(TEMPERATURES),
                uses_model=True,
            )
            for index, suspect in misbehaving(case)
            if _is_function(case, suspect)
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask once and put the answer into the file."""
        if target.suspect is None:
            return NoCandidate("the target names no suspect", is_spent=True)
        suspect = case.suspects[target.suspect]
        text = _text(case, suspect.file)
        if text is None:
            return NoCandidate(f"{suspect.file} is not readable as UTF-8", is_spent=True)
        source = _span(text, suspect)
        # Shown what was tried, a small model mostly writes that again. Every other time it gets its own last
        # version as the code to be mended, with the failure that this one leads to.
        if sample % 2 and (newest := _newest(suspect, tried)) is not None:
            last_source, result = newest
            user = _prompt(case, suspect, last_source, failure=result.strip())
        else:
            failure = failure_text(case.diagnosis, file=suspect.file)
            user = _prompt(case, suspect, source, failure=failure, past=tried_text(tried))
        request = ModelRequest(
            system=SYSTEM,
            user=user,
            max_tokens=len(source) // 2 + 160,
            temperature=TEMPERATURES[min(sample, len(TEMPERATURES) - 1)],
            seed=case.seed + sample,
            purpose=self.name,
        )
        answer = await case.ask(request)
        if isinstance(answer, ModelFailure):
            return NoCandidate(answer.message, is_spent=answer.is_final)
        rewritten = replace_function(
            text,
            name=_function_name(suspect),
            first_line=suspect.first_line,
            last_line=suspect.last_line,
            answer=code_of(answer.text, holding=f"def {_function_name(suspect)}"),
        )
        if isinstance(rewritten, Unusable):
            return NoCandidate(rewritten.reason, is_spent=False)
        made = rewritten.text
        if case.trials is not None:
            made = await least_part(suspect.file, text, made, case.trials)
        edit = FileEdit(path=suspect.file, content=made.encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"the model rewrote {suspect.symbol}")


def _newest(suspect: Suspect, tried: tuple[Tried, ...]) -> tuple[str, str] | None:
    """Give the function as the newest candidate wrote it, and what that led to."""
    for attempt in reversed(tried):
        content = next((edit.content for edit in attempt.edits if edit.path == suspect.file), None)
        if content is None:
            continue
        node = function_at(content, name=_function_name(suspect), first_line=suspect.first_line)
        if node is not None and node.end_lineno is not None:
            lines = content.decode(errors="replace").splitlines(keepends=True)
            return textwrap.dedent("".join(lines[suspect.first_line - 1 : node.end_lineno])), attempt.result
    return None


def _is_function(case: RepairCase, suspect: Suspect) -> bool:
    if suspect.symbol is None or not suspect.file.endswith((".py", ".pyi")):
        return False
    if suspect.last_line - suspect.first_line >= _MAX_LINES:
        return False
    text = _text(case, suspect.file)
    if text is None:
        return False
    name = _function_name(suspect)
    return any(
        line.lstrip().startswith((f"def {name}(", f"async def {name}(", f"def {name}[", f"async def {name}["))
        for line in _span(text, suspect).splitlines()
    )


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


def _span(text: str, suspect: Suspect) -> str:
    return textwrap.dedent("".join(text.splitlines(keepends=True)[suspect.first_line - 1 : suspect.last_line]))


def _prompt(case: RepairCase, suspect: Suspect, source: str, *, failure: str, past: str = "") -> str:
    parts = [f"{suspect.file}:\n```python\n{source.rstrip()}\n```"]
    if context := case.context(suspect, _CONTEXT_CHARS):
        parts.append(f"What it works with:\n```python\n{context.rstrip()}\n```")
    parts.append(f"The failure:\n```\n{failure}\n```")
    if past:
        parts.append(past)
    parts.append(f"The whole corrected `{_function_name(suspect)}`:")
    return "\n\n".join(parts)
