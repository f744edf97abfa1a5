"""Run a package's tests, say function by function what became of them, and hold some of them back."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from planting.running import Ran, run
from planting.storage import Storage

PROVED_ARGUMENTS = "--tb=no -rfEp -p no:cacheprovider --color=no"
_LINE = re.compile(r"^(PASSED|FAILED|ERROR) ([^\s\[:]+\.py)((?:::[^\s\[:]+)*)", re.M)


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """Test functions as `file::Class::function`. One of whose parameters any fails has failed."""

    passed: frozenset[str]
    failed: frozenset[str]
    is_broken: bool
    """Something could not even be collected, or the run did not end."""


def run_suite(command: str, tree: Path, storage: Storage, *, timeout_s: float) -> SuiteRun:
    """Run a pytest command in a tree."""
    return read_suite(run(f"{command} {PROVED_ARGUMENTS}", tree, storage, timeout_s=timeout_s))


def read_suite(ran: Ran) -> SuiteRun:
    """Read the output of pytest with `PROVED_ARGUMENTS`."""
    passed: set[str] = set()
    failed: set[str] = set()
    is_broken = ran.exit_code not in (0, 1)
    for word, file, inside in _LINE.findall(ran.output):
        if not inside:
            is_broken = True
        (passed if word == "PASSED" else failed).add(file + inside)
    return SuiteRun(frozenset(passed - failed), frozenset(failed), is_broken)


def without_tests(tree: Path, functions: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The test files, as path and text, without these functions."""
    files: dict[str, set[tuple[str, ...]]] = {}
    for function in functions:
        file, *names = function.split("::")
        files.setdefault(file, set()).add(tuple(names))
    return tuple(
        (file, cut((tree / file).read_bytes().decode(), frozenset(names))) for file, names in sorted(files.items())
    )


def cut(text: str, functions: frozenset[tuple[str, ...]]) -> str:
    """A file without some functions; a class that loses all of its statements keeps a `pass`."""
    lines = text.splitlines(keepends=True)
    for first, last, filling in sorted(_spans(ast.parse(text).body, (), functions), reverse=True):
        lines[first - 1 : last] = [filling] if filling else []
    return "".join(lines)


def _spans(
    body: list[ast.stmt], names: tuple[str, ...], functions: frozenset[tuple[str, ...]]
) -> list[tuple[int, int, str]]:
    """First line, last line and what stands there afterwards."""
    found: list[tuple[int, int, str]] = []
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if (*names, node.name) in functions:
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                found.append((first, node.end_lineno or first, ""))
            case ast.ClassDef():
                inside = _spans(node.body, (*names, node.name), functions)
                if inside and len(inside) == len(node.body):
                    first, last, _ = inside[0]
                    inside[0] = (first, last, " " * node.body[0].col_offset + "pass\n")
                found += inside
    return found
