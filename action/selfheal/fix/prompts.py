"""What every prompt shares: the failure, the surroundings and what was tried, each cut to size.

A small model reads 50 tokens a second on two cores, so every line must earn its place. The system
text is the same in every call and comes first, what changes from call to call comes last: the
engine then has to read only the difference.
"""

from collections.abc import Sequence

from selfheal.contract.diagnosis import Diagnosis
from selfheal.fix.interface import Tried

_MAX_FAILURES = 3
_MAX_EXCERPT = 900
_MAX_HINT = 700
_MAX_TRIED = 2
_MAX_TRIED_DIFF = 500
_MAX_TRIED_RESULT = 300


def failure_text(diagnosis: Diagnosis, *, file: str | None = None, hint: str = "") -> str:
    """Render the cause, the other failures of `file` shortly, and what is known besides."""
    parts: list[str] = []
    for index, failure in enumerate(diagnosis.failures[: _MAX_FAILURES * 4]):
        if index and (failure.file != file or len(parts) >= _MAX_FAILURES):
            continue
        where = ":".join(str(part) for part in (failure.file, failure.line) if part is not None)
        code = f" [{failure.code}]" if failure.code and failure.code not in failure.message else ""
        text = failure.excerpt if failure.excerpt and not index else f"{where}: {failure.message}{code}"
        if not index and failure.message and failure.message.splitlines()[0] not in text:
            text = f"{text}\n{failure.message}{code}"
        parts.append(_cut(text.strip(), _MAX_EXCERPT if not index else 200))
    if hint:
        # Words from outside must not end the fence that they stand in.
        parts.append(_cut(hint.replace("```", "``"), _MAX_HINT))
    return "\n".join(parts) or _cut(diagnosis.summary, _MAX_EXCERPT)


def tried_text(tried: Sequence[Tried]) -> str:
    """Render the newest failed candidates of this target; empty where there are none."""
    parts = []
    for attempt in tried[-_MAX_TRIED:]:
        if not attempt.diff:
            parts.append(f"Mind this:\n{_cut(attempt.result, _MAX_TRIED_RESULT)}\n")
            continue
        changed = [line for line in attempt.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        if not changed:
            continue
        parts.append(
            "This change was tried and does not work:\n"
            f"```diff\n{_cut(chr(10).join(changed), _MAX_TRIED_DIFF)}\n```\n"
            f"It gave: {_cut(attempt.result, _MAX_TRIED_RESULT)}\n"
        )
    return "\n".join(parts)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head]}\n...\n{text[-(limit - head) :]}"
