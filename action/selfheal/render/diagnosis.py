"""A diagnosis for people and for GitHub's runner: the cause first, in a few lines."""

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping

from selfheal.contract.diagnosis import Diagnosis, Failure

MAX_ANNOTATIONS = 10
"""GitHub shows ten errors a step; the rest is dropped without a word.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

_EXCERPT_LINES = 20
_BAR = "    | "
_NARROW = 40


def as_json(diagnosis: Diagnosis) -> str:
    """The diagnosis as it stands in report.json."""
    return diagnosis.model_dump_json(indent=2)


def as_text(diagnosis: Diagnosis, *, most: int = 5, width: int = 0) -> str:
    """Render category and cause, its excerpt, the other failures with their places, and the advice.

    Lines are folded between words at `width`, where one is given.
    """
    lines = [f"{diagnosis.category.value}: {diagnosis.summary}"]
    if diagnosis.reason:
        doubt = f" (confidence {diagnosis.confidence:.0%})" if diagnosis.confidence < 1 else ""
        lines.append(f"  why: {diagnosis.reason}{doubt}")
    if diagnosis.step:
        lines.append(f"  step: {diagnosis.step}")
    for failure in diagnosis.failures[:1]:
        at = f"  (line {failure.log_line} of the log)" if failure.log_line else ""
        lines += ["", f"  {_place(failure)}{_code(failure)}{at}"]
        if not _is_told_already(failure):
            lines += [f"{_BAR}{line}" for line in failure.excerpt.splitlines()[:_EXCERPT_LINES]]
    told = Counter(_told(failure) for failure in diagnosis.failures)
    (_, times), *rest = told.items() or [("", 0)]
    if times > 1:
        lines += ["", f"  the same again: {times - 1} times"]
    if rest:
        lines += ["", "  then:"]
        lines += [f"    {text}" + (f" ({count} times)" if count > 1 else "") for text, count in rest[: most - 1]]
        if (left := sum(count for _, count in rest[most - 1 :])) > 0:
            lines.append(f"    and {left} more")
    if diagnosis.advice:
        lines += ["", f"  what to do: {diagnosis.advice}"]
    return disarmed("\n".join(one for line in lines for one in _folded(line, width)))


def _folded(line: str, width: int) -> list[str]:
    if not _NARROW < width < len(line):
        return [line]
    bar = _BAR if line.startswith(_BAR) else ""
    margin = len(line) - len(line.lstrip())
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=f"{bar}    " if bar else " " * (margin + 4),
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )


def _is_told_already(failure: Failure) -> bool:
    """True for a linter's single line, which the summary says and whose place stands above."""
    lines = failure.excerpt.splitlines()
    return len(lines) == 1 and failure.line is not None and failure.message in lines[0]


def disarmed(text: str) -> str:
    """The text without what the runner would take for one of its commands when it is printed in a workflow."""
    return re.sub(r"^(\s*):(?=:)", "\\1:\u200b", text.replace("##[", "#["), flags=re.MULTILINE)


def as_annotations(diagnosis: Diagnosis, *, root: str = "") -> str:
    """Render GitHub workflow commands, `::error file=...::message`, at most `MAX_ANNOTATIONS`, best first.

    One for each place. `root` leads from the workflow's workspace to the repository.
    """
    places: dict[tuple[str | None, int | None], Failure] = {
        (failure.file, failure.line): failure for failure in reversed(diagnosis.failures) if failure.file
    }
    placed = [failure for failure in diagnosis.failures if places.get((failure.file, failure.line)) is failure]
    if not placed or not diagnosis.category.is_repairable:
        text = "\n".join(part for part in (diagnosis.summary, diagnosis.advice) if part)
        return f"::error title={_property(f'selfheal: {diagnosis.category.value}')}::{escaped(text)}"
    return "\n".join(_annotation(failure, root) for failure in placed[:MAX_ANNOTATIONS])


RENDERERS: Mapping[str, Callable[[Diagnosis], str]] = {"json": as_json, "text": as_text, "github": as_annotations}
"""By the name of the format."""


def _annotation(failure: Failure, root: str) -> str:
    file = f"{root}/{failure.file}" if root else failure.file
    title = " ".join(part for part in (failure.tool, failure.code) if part)
    properties = {"file": file, "line": failure.line, "col": failure.column, "title": title}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    text = f"{failure.test_id}: {failure.message}" if failure.test_id else failure.message
    return f"::error {told}::{escaped(text)}"


def _place(failure: Failure) -> str:
    place = ":".join(str(part) for part in (failure.file, failure.line, failure.column) if part is not None)
    return f"{place} {failure.tool}" if place else failure.tool


def _code(failure: Failure) -> str:
    return f" [{failure.code}]" if failure.code else ""


def _told(failure: Failure) -> str:
    """Place, rule and first line: failures that have these in common are one to a reader."""
    said = failure.message.partition("\n")[0]
    code = "" if failure.code and said.startswith(failure.code) else _code(failure)
    return f"{_place(failure)}{code} {said}"


def escaped(text: str) -> str:
    """Escape a command's message as the runner's own toolkit does, so that a log can't add commands."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
