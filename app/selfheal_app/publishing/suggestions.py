"""Which hunks of a patch can be review suggestions: those whose lines a reviewer sees. Pure.

Source: https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selfheal.contract.diff import FileDiff, Hunk

MOST_SUGGESTIONS = 30
_SHOWN = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@")

Shown = Mapping[str, tuple[range, ...]]
"""The lines of the new side that a pull request's diff shows, by path; a comment must lie inside one range."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Lines of a file, first and last, counted from 1, and what should stand there instead."""

    path: str
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is suggested at its place, and the diff of what is not."""

    suggestions: tuple[Suggestion, ...]
    rest: str


def shown_lines(patch: str) -> tuple[range, ...]:
    """The new side's lines in the hunks of one file's `patch`, as GitHub lists it."""
    found = []
    for line in patch.split("\n"):
        # a line of content begins with a blank, a plus, a minus or a backslash
        if (match := _SHOWN.match(line)) is not None:
            first, count = int(match[1]), 1 if match[2] is None else int(match[2])
            found.append(range(first, first + count))
    return tuple(found)


def plan(patch: str, diffs: tuple[FileDiff, ...], shown: Shown) -> Plan:
    """Turn what the pull request shows into suggestions; the rest stays a diff with its files' headers."""
    suggestions: list[Suggestion] = []
    rest: list[str] = []
    for file, (header, hunks) in zip(diffs, _sections(patch), strict=True):
        left: list[str] = []
        for hunk, text in zip(file.hunks, hunks, strict=True):
            made = _suggestion(file, hunk, shown.get(file.path, ()))
            if made is None or len(suggestions) == MOST_SUGGESTIONS:
                left.append(text)
            else:
                suggestions.append(made)
        if left or not hunks:
            rest += [header, *left]
    return Plan(tuple(suggestions), "".join(rest))


def _suggestion(file: FileDiff, hunk: Hunk, shown: tuple[range, ...]) -> Suggestion | None:
    """The hunk without its context, as one suggestion; None where it can't be one."""
    if file.is_created or file.is_deleted or not hunk.before:
        return None
    before, after = hunk.before, hunk.after
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    if start + end == len(before):
        # lines that are only added need a line to hang on
        start, end = (start - 1, end) if start else (start, end - 1)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    text = _text(old), _text(new)
    if text[0] is None or text[1] is None:
        return None
    first = hunk.first_line + start
    last = first + len(old) - 1
    if not any(first in lines and last in lines for lines in shown):
        return None
    return Suggestion(file.path, first, last, text[1])


def _text(lines: tuple[bytes, ...]) -> str | None:
    """The lines as text; None where a suggestion would not keep every byte of them."""
    joined = b"".join(lines)
    if b"\r" in joined or any(not line.endswith(b"\n") for line in lines):
        return None
    try:
        return joined.decode()
    except UnicodeDecodeError:
        return None


def _common(left: tuple[bytes, ...], right: tuple[bytes, ...]) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _sections(patch: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each file's header and hunks, as the diff has them."""
    for section in re.split(r"^(?=diff --git )", patch, flags=re.MULTILINE)[1:]:
        header, *hunks = re.split(r"^(?=@@ )", section, flags=re.MULTILINE)
        yield header, tuple(hunks)
