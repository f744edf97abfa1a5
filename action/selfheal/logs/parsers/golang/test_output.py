"""What stands under one failed Go test: its messages, testify's tables, an example's got and want."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MESSAGE = re.compile(r"[ \t]{1,60}((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.go):(\d{1,9}): ?(.*)$")
_FIELD = re.compile(r"\s{1,60}\t?(Error Trace|Error|Test|Messages):\s*(.*)$")
_TRACE = re.compile(r"((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.go):(\d{1,9})")
# The words of failures, against those of a mere t.Log.
_WRONG = re.compile(
    r"(?i)\b(?:got|want|wanted|expected|expect|actual|unexpected|should|error|err|failed|fail|mismatch|invalid|wrong"
    r"|cannot|can't|not equal|does not|did not|didn't|missing|nil|timed out|timeout|panic|diff)\b|!=|≠|Error Trace"
)
_RACE = "race detected during execution of test"


@dataclass(frozen=True, slots=True)
class Message:
    """What a test said at one place; `file` is as printed."""

    file: str
    line: int
    text: str


def read_messages(lines: Sequence[str]) -> tuple[Message, ...]:
    """The messages of `t.Log`, `t.Error` and the like, each with the lines that go on about it."""
    found: list[tuple[str, int, list[str], int]] = []
    for line in lines:
        match = _MESSAGE.match(line) if ".go:" in line else None
        indent = len(line) - len(line.lstrip())
        # Deeper ones are lines of a message that quotes another program.
        if match is not None and (not found or indent <= found[-1][3]):
            found.append((match.group(1), int(match.group(2)), [match.group(3)], indent))
        elif found and (indent > found[-1][3] or not line.strip()):
            found[-1][2].append(line)
    return tuple(_message(file, number, text) for file, number, text, _ in found)


def failing(messages: Sequence[Message]) -> Message | None:
    """The message that most likely made the test fail: t.Log prints just like t.Error."""
    own = [message for message in messages if _RACE not in message.text]
    return next((message for message in own if _WRONG.search(message.text[:2_000])), own[-1] if own else None)


def is_race(messages: Sequence[Message]) -> bool:
    """True where the race detector failed the test."""
    return any(_RACE in message.text for message in messages)


def read_example(lines: Sequence[str]) -> str | None:
    """What an example printed and should have printed."""
    if "got:" not in lines:
        return None
    return "\n".join(lines[lines.index("got:") :]).strip()


def _message(file: str, number: int, lines: list[str]) -> Message:
    if any("Error Trace:" in line for line in lines):
        return _of_testify(file, number, lines)
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    return Message(file, number, "\n".join((lines[0], *(line[margin:] for line in lines[1:]))).strip())


def _of_testify(file: str, number: int, lines: list[str]) -> Message:
    """testify's table: the innermost place of its trace is where the assertion stands."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        match = _FIELD.match(line)
        if match is not None:
            name = match.group(1)
            fields.setdefault(name, []).append(match.group(2))
        elif name:
            fields[name].append(line.strip())
    trace = _TRACE.search("\n".join(fields.get("Error Trace", ()))[:2_000])
    if trace is not None:
        file, number = trace.group(1), int(trace.group(2))
    text = "\n".join(fields.get("Error", ())).strip()
    note = "\n".join(fields.get("Messages", ())).strip()
    return Message(file, number, f"{note}\n{text}" if note else text)
