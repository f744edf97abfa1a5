"""The calls that a command makes are found wherever they stand."""

import pytest

from fakes import tree_of
from selfheal.fix.tools.calls import Call, find_calls

MAKEFILE = """SRC ?= src tests
RUN = uv run
.PHONY: lint
lint: fmt  ## check the style
\t@$(RUN) ruff check $(SRC) --output-format=$(FMT)
\t$(MAKE) types
fmt:
\tcd web && npm run lint -- --cache
types: ; mypy src
"""
PACKAGE = r"""{"scripts": {
    "lint": "run-s lint:*", "lint:js": "eslint .", "lint:css": "prettier -c \"src/**\""
}}"""
TOX = """[tox]
envlist = py, lint

[testenv:lint]
commands =
    ruff check {posargs:src}
    black --check {toxinidir}/src
"""
NOX = """import nox


@nox.session
def lint(session):
    session.run("ruff", "check", ".", *session.posargs)
"""
PYPROJECT = """[tool.hatch.envs.lint.scripts]
all = ["style", "types"]
style = "ruff check {args:.}"
types = "mypy ."

[tool.poe.tasks]
lint = {sequence = ["style"]}
style = "ruff check"

[tool.pdm.scripts]
lint = {cmd = "black --check ."}
"""
SCRIPT = """#!/bin/bash
set -e
if ! black --check .; then exit 1; fi
for f in a b; do isort -c "$f"; done
"""
FILES = {
    "Makefile": MAKEFILE,
    "web/package.json": PACKAGE,
    "tox.ini": TOX,
    "noxfile.py": NOX,
    "pyproject.toml": PYPROJECT,
    "lint.sh": SCRIPT,
    "justfile": "src := 'pkg'\n\nlint: style\n    ruff check {{src}}\n\nstyle:\n    @black --check {{src}}\n",
}


def calls(command: str, files: dict[str, str] = FILES) -> tuple[Call, ...]:
    return find_calls(command, tree_of(files))


def one(command: str, program: str) -> Call:
    return next(call for call in calls(command) if call.program == program)


@pytest.mark.parametrize(
    ("command", "lead"),
    [
        ("black --check .", ("black",)),
        ("A=1 black --check .", ("A=1", "black")),
        ("env A=1 .venv/bin/black --check .", ("env", "A=1", ".venv/bin/black")),
        ("python3.12 -m black --check .", ("python3.12", "-m", "black")),
        ("uv run --group lint black --check .", ("uv", "run", "--group", "lint", "black")),
        ("uv run --with black python -m black .", ("uv", "run", "--with", "black", "python", "-m", "black")),
        ("uvx black@24 --check .", ("uvx", "black@24")),
        ("poetry run black --check .", ("poetry", "run", "black")),
        ("pipx run black --check .", ("pipx", "run", "black")),
        ("mypy . && (black --check . || exit 1)", ("black",)),
        ('test -z "$(black --check . | tee /dev/stderr)"', ("black",)),
        ("bash -euo pipefail -c 'black --check .'", ("black",)),
        ("if true; then black --check .; fi 2>&1 | tee log", ("black",)),
    ],
)
def test_a_call_is_found_behind_what_starts_it(command, lead):
    """Runners, assignments, modules, substitutions and keywords may stand before the program."""
    assert one(command, "black").lead == lead


@pytest.mark.parametrize(
    "command", ["uv pip install black", "pip install black", "echo black", "grep black .", "cd $X && black .", "'black"]
)
def test_a_name_is_no_call(command):
    """A word that names a tool does not run it, and what can't be placed or read is not guessed."""
    assert not [call for call in calls(command) if call.program == "black"]


def test_a_make_target_gives_its_recipe():
    """Variables are put in, prerequisites come first, and a script of npm keeps its folder and its PATH."""
    found = calls("make lint")
    assert [call.program for call in found] == ["make", "npm", "run-s", "eslint", "prettier", "ruff", "make", "mypy"]
    ruff = one("make lint", "ruff")
    assert ruff.lead == ("uv", "run", "ruff")
    assert ruff.values == ("check", "src", "tests", "--output-format=${FMT}")
    eslint = one("make lint", "eslint")
    assert eslint.script.folder == "web"
    assert eslint.script.bin_folders == ("web/node_modules/.bin", "node_modules/.bin")


@pytest.mark.parametrize(
    ("command", "launcher"),
    [
        ("tox -e lint", ("tox", "exec", "-q", "-e", "lint", "--")),
        ("uv run tox run -e py,lint", ("uv", "run", "tox", "exec", "-q", "-e", "lint", "--")),
        ("hatch run lint:all", ("hatch", "-e", "lint", "run")),
        ("poetry run poe lint", ("poetry", "run")),
        ("nox -s lint", ()),
        ("just lint", ()),
    ],
)
def test_a_task_runs_in_its_own_environment(command, launcher):
    """What tox or hatch would run is run through them, at their version of the tool."""
    ruff = one(command, "ruff")
    assert ruff.script.launcher == launcher
    assert ruff.values[0] == "check"


def test_what_follows_dashes_reaches_the_task():
    """tox hands its positional arguments on."""
    assert one("tox -e lint -- src/a.py", "ruff").values == ("check", "src/a.py")


def test_a_task_of_pdm_is_no_program():
    """`pdm run lint` names a task where others name a program."""
    assert one("pdm run lint", "black").script.launcher == ("pdm", "run")


def test_a_script_of_the_repository_is_read():
    """Its loops too: there the files' names are a variable's."""
    assert not one("./lint.sh", "black").takes_names
    assert one("bash lint.sh", "isort").takes_names


def test_xargs_brings_the_names():
    """A call without its files would mend nothing, or wait for its input."""
    call = one("git ls-files '*.c' | xargs -n 10 clang-format -n", "clang-format")
    assert call.takes_names
    assert call.own_lead == ("clang-format",)


def test_runners_that_call_themselves_end():
    """A loop of scripts is read once."""
    files = {"package.json": '{"scripts": {"lint": "npm run lint"}}', "Makefile": "a: b\nb: a\n\tmake a\n"}
    assert len(calls("npm run lint && make a", files)) < 10


@pytest.mark.parametrize("name", sorted(FILES))
def test_files_that_cannot_be_read_are_left_alone(name):
    """Broken, binary and huge files name no calls."""
    for text in ("\0\0\0", "[[[", "{" * 5_000, "x" * 1_000_000):
        command = "make lint; cd web; npm run lint; cd ..; tox; nox; hatch run lint:all; poe lint; ./lint.sh; just lint"
        calls(command, {**FILES, name: text})
