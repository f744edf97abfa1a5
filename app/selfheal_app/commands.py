"""`/selfheal COMMAND` in a comment: one exact grammar, and nothing that only looks like it. Pure."""

import re
from collections.abc import Iterator
from enum import StrEnum


class Command(StrEnum):
    """What a person can ask for."""

    RETRY = "retry"
    APPLY = "apply"
    EXPLAIN = "explain"
    DISMISS = "dismiss"
    HELP = "help"


_LINE = re.compile(r" {0,3}/selfheal(?:[ \t]+([a-z]+))?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_QUOTE = re.compile(r" {0,3}>")
_OPENING = re.compile(r"<!--|<(pre|script|style|textarea)\b", re.IGNORECASE)
_MOST_LINES = 400
HELP = """\
| write | and I |
|---|---|
| `/selfheal retry` | run the failed jobs of this pull request again; what was tried is not tried again |
| `/selfheal apply` | merge my fix into this pull request's branch |
| `/selfheal explain` | tell what failed, why, and what was tried |
| `/selfheal dismiss` | close my fix and delete its branch |
| `/selfheal help` | show this |

On a line of its own, by somebody who may write to this repository."""


def command_of(comment: str) -> Command | None:
    """The first command that stands alone on a line, outside of quotes, code and what is not shown.

    `/selfheal` alone, or with a word that is no command, asks for help.
    """
    for paragraph in _paragraphs(comment.replace("\r\n", "\n").split("\n")[:_MOST_LINES]):
        # a quote goes on to the end of its paragraph, and a code span may go on over lines
        if any(_QUOTE.match(line) or "`" in line for line in paragraph):
            continue
        for line in paragraph:
            if (match := _LINE.fullmatch(line)) is not None:
                word = match[1] or ""
                return Command(word) if word in set(Command) else Command.HELP
    return None


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Lines that follow each other without a blank one, less fenced code and hidden or verbatim HTML."""
    fence = until = ""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        is_inside = bool(fence or until)
        if until:
            until = "" if until in line.lower() else until
        elif fence:
            closing = _FENCE.fullmatch(line)
            fence = "" if closing and closing[1].startswith(fence) and not closing[2].strip() else fence
        elif (opening := _FENCE.fullmatch(line)) and (opening[1][0] == "~" or "`" not in opening[2]):
            fence, is_inside = opening[1], True
        elif tag := _OPENING.search(line):
            closing_tag = f"</{tag[1].lower()}>" if tag[1] else "-->"
            until = "" if closing_tag in line[tag.end() :].lower() else closing_tag
            is_inside = True
        if is_inside or not line.strip():
            if paragraph:
                yield paragraph
            paragraph = []
        else:
            paragraph.append(line)
