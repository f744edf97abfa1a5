"""Outputs of commands that ran at the same time are taken apart."""

from itertools import chain, zip_longest

import pytest

from selfheal.logs import diagnose
from selfheal.logs.streams import Demultiplexer

MYPY = ["a.py:3: error: Name 'x' is not defined  [name-defined]", "Found 1 error in 1 file (checked 1 source file)"]
CRASH = ["Traceback (most recent call last):", '  File "b.py", line 7, in <module>', "    f()", "ValueError: b"]


def _interleaved(*streams: list[str]) -> str:
    return "".join(f"{line}\n" for line in chain.from_iterable(zip_longest(*streams)) if line is not None)


def _places(log: str) -> set[tuple[str | None, int | None]]:
    return {(one.file, one.line) for one in diagnose(log, exit_code=1).failures}


def test_numbered_commands() -> None:
    """As `concurrently` writes them."""
    log = _interleaved([f"[0] {line}" for line in MYPY], [f"[1] {line}" for line in CRASH])

    assert _places(log) == {("a.py", 3), ("b.py", 7)}


def test_containers() -> None:
    """As `docker compose up` writes them."""
    log = _interleaved([f"lint-1  | {line}" for line in MYPY], [f"web-1   | {line}" for line in CRASH])

    assert _places(log) == {("a.py", 3), ("b.py", 7)}


def test_docker_build_steps() -> None:
    """BuildKit numbers its steps and stamps their lines."""
    log = _interleaved(
        [f"#7 0.{n}31 {line}" for n, line in enumerate(CRASH)], [f"#8 1.{n}31 {line}" for n, line in enumerate(MYPY)]
    )

    assert _places(log) == {("a.py", 3), ("b.py", 7)}


def test_workspaces_of_pnpm_tell_the_folder() -> None:
    """The package's folder is where its relative paths start from."""
    lint = ["packages/web lint$ mypy .", *(f"packages/web lint: {line}" for line in MYPY)]
    run = ["packages/api test$ python b.py", *(f"packages/api test: {line}" for line in CRASH)]

    assert _places(_interleaved(lint, run)) == {("packages/web/a.py", 3), ("packages/api/b.py", 7)}


def test_prefix_that_nobody_introduced_stays() -> None:
    """`error: something: more` is no stream's name."""
    streams = Demultiplexer()

    for line in ("fatal error: x", "web test: x", "a | b", "1 | import os", "[1/7] building", "# heading", "[gw0] x"):
        assert streams.split(line) == ("", line)


def test_thousands_of_streams_are_bounded() -> None:
    """Hostile names don't make readers without end."""
    log = "".join(f"web-{n % 999} | x\n" for n in range(5_000)) + "\n".join(CRASH)

    assert ("b.py", 7) in _places(log)


@pytest.mark.parametrize("command", ["> concurrently -n lint,test mypy pytest", '> concurrently "npm:lint" "npm:test"'])
def test_named_commands(command: str) -> None:
    """The command that names them is printed first; without it a word in brackets may be any tool's."""
    lines = _interleaved([f"[lint] {line}" for line in MYPY], [f"[test] {line}" for line in CRASH])

    assert _places(f"{command}\n\n{lines}") == {("a.py", 3), ("b.py", 7)}
