"""Run the project's own type checker on files as a repair would make them. The tree is put back."""

import base64
import gzip
import re
import shlex
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from selfheal.contract.command import TreeTransformer
from selfheal.shell import Invocation, find_invocations

_TIMEOUT_S = 180.0
_MAX_COMMAND = 100_000
"""A shell takes one argument of at most 128 KiB."""
_TWENTY_YEARS_S = 630_000_000
_LINE = re.compile(
    r"^\s{0,4}(?P<file>[^:\n]{1,500}\.pyi?):(?P<line>\d+)(?::(?P<column>\d+))?(?::\d+:\d+)?:?\s(?:- )?"
    r"(?P<kind>error|note|information): (?P<text>.*)$",
    re.MULTILINE,
)
_CODE = re.compile(r"(?:  \[([a-z][a-z0-9-]*)\]| \((report\w+)\))$")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the checker. `kind` is error, note or information; the column counts from 1."""

    file: str
    line: int
    column: int | None
    kind: str
    text: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Tool:
    """How a checker is called so that its lines can be read."""

    name: str
    reading: tuple[str, ...]
    unwanted: tuple[str, ...]
    revealing: tuple[str, ...] = ()


TOOLS = {
    "mypy": Tool(
        "mypy",
        ("--show-column-numbers", "--no-pretty", "--no-error-summary", "--hide-error-context", "--no-color-output"),
        ("--output", "-O", "--junit-xml", "--show-error-end", "--install-types", "--non-interactive"),
        ("--check-untyped-defs",),
    ),
    "pyright": Tool("pyright", (), ("--outputjson", "--watch", "-w", "--stats", "--level")),
}


def check_command(
    tool: str, command: str, files: Mapping[str, bytes], *, is_revealing: bool, paths: tuple[str, ...]
) -> str | None:
    """Write the command line: put the files there, then the user's own call, else one on `paths`.

    None where a file is too big to be passed, or the tool is not known.
    """
    how = TOOLS.get(tool)
    if how is None:
        return None
    more = (*how.reading, *(how.revealing if is_revealing else ()))
    calls = find_invocations(command, tool)
    if calls:
        kept = tuple(word for word in calls[0].arguments if not word.startswith(how.unwanted))
        call = Invocation(prefix=calls[0].prefix, arguments=()).with_arguments(*more, *kept)
    else:
        call = Invocation(prefix=(tool,), arguments=()).with_arguments(*more, *paths)
    written = writing(files)
    line = f"{written} && {call}" if written else call
    return line if len(line) < _MAX_COMMAND else None


def writing(files: Mapping[str, bytes]) -> str:
    """Write the shell's line that puts files into the tree, each with a date of its content's own.

    mypy takes a file for unchanged that has the size and the second of the one in its cache: `frist` made `first`
    within one second would still be an error.
    """
    return " && ".join(_written(shlex.quote(f"./{path}"), content) for path, content in sorted(files.items()))


def _written(path: str, content: bytes) -> str:
    packed = base64.b64encode(gzip.compress(content, mtime=0)).decode()
    date = datetime(2000, 1, 1) + timedelta(seconds=zlib.crc32(content) % _TWENTY_YEARS_S)
    return f"printf %s {packed} | base64 -d | gzip -dc > {path} && touch -t {date:%Y%m%d%H%M.%S} {path}"


async def run_checker(transformer: TreeTransformer, line: str) -> tuple[Said, ...]:
    """Run it and read what it says."""
    done = await transformer.transform(line, timeout_s=_TIMEOUT_S)
    return read_output(done.run.output)


def read_output(output: str) -> tuple[Said, ...]:
    """Read mypy's and pyright's lines."""
    found = []
    for match in _LINE.finditer(output):
        text = match["text"].rstrip()
        code = _CODE.search(text)
        found.append(
            Said(
                file=match["file"].strip(),
                line=int(match["line"]),
                column=int(match["column"]) if match["column"] else None,
                kind=match["kind"],
                text=text[: code.start()] if code else text,
                code=(code.group(1) or code.group(2)) if code else None,
            )
        )
    return tuple(found)
