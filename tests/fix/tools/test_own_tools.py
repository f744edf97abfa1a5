"""Each tool's call is turned to rewriting as the user wrote it."""

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.calls import find_calls
from selfheal.fix.tools.interface import Workplace
from selfheal.fix.tools.registry import OWN_TOOLS

TOOLS = {tool.name: tool for tool in OWN_TOOLS}


def place(command: str, files: dict[str, str], *failures: Failure) -> Workplace:
    tree = tree_of(files)
    return Workplace(a_diagnosis(*failures), tree, find_calls(command, tree))


def turned(name: str, command: str, rule: str | None = None) -> str:
    files = {"a.c": ""} if "xargs" in command else {}
    errand = TOOLS[name].errand(place(command, files, a_failure(tool="clang-format", file="a.c")), rule=rule)
    return errand.text if errand else ""


@pytest.mark.parametrize(
    ("name", "command", "expected"),
    [
        (
            "ruff-fix",
            "ruff check --output-format=github --config x.toml src",
            "ruff check --fix-only --config x.toml src",
        ),
        ("ruff-fix", "ruff check --output-format github 'a b'", "ruff check --fix-only 'a b'"),
        ("ruff-format", "ruff check . && ruff format --check --diff src/*.py", "ruff format src/*.py"),
        ("black", "python -m black --check -l 100 .", "python -m black -l 100 ."),
        ("isort", "isort --check-only --diff --profile black .", "isort --profile black ."),
        (
            "autoflake",
            "autoflake -cd -r --remove-all-unused-imports .",
            "autoflake --in-place -r --remove-all-unused-imports .",
        ),
        ("pyupgrade", "pyupgrade --py39-plus a.py", "\n".join(["pyupgrade --py39-plus a.py"] * 3)),
        ("eslint", "npx eslint . -f compact --ext .ts", "npx eslint --fix --quiet . --ext .ts"),
        ("eslint", "eslint --max-warnings=0 .", "eslint --fix --max-warnings=0 ."),
        ("prettier", "npx prettier -c 'src/**/*.ts'", "npx prettier --write 'src/**/*.ts'"),
        ("biome", "biome ci --reporter=github src", "biome check --write --reporter=github src"),
        ("biome", "biome format src", "biome format --write src"),
        ("gofmt", 'test -z "$(gofmt -s -l .)"', "gofmt -w -s ."),
        ("goimports", "goimports -l -local x.org .", "goimports -w -local x.org ."),
        ("golangci-lint", "golangci-lint run -E misspell ./...", "golangci-lint run --fix -E misspell ./..."),
        ("cargo-fmt", "cargo fmt --all -- --check", "cargo fmt --all --"),
        (
            "clippy",
            "cargo clippy --all-targets -- -D warnings",
            "cargo clippy --fix --allow-dirty --allow-staged --allow-no-vcs --all-targets -- -D warnings",
        ),
        ("clang-format", "clang-format -n --Werror --style=file src/*.c", "clang-format -i --style=file src/*.c"),
        ("clang-format", "git ls-files '*.c' | xargs clang-format -n -Werror", "clang-format -i a.c"),
        ("terraform-fmt", "terraform fmt -check -recursive", "terraform fmt -recursive"),
        ("shfmt", "shfmt -d -i 2 .", "shfmt -w -i 2 ."),
        ("black", "(cd lib && A=1 black --check .)", "(export A=1; cd lib && black .)"),
    ],
)
def test_the_users_own_call_is_turned_to_rewriting(name, command, expected):
    """Paths and options stay as they were written; what only looks goes."""
    assert turned(name, command) == expected


@pytest.mark.parametrize(
    ("name", "command", "rule", "expected"),
    [
        ("ruff-fix", "ruff check --select E,F .", "F401", "ruff check --fix-only --fixable F401 --select E,F ."),
        (
            "ruff-unsafe-fix",
            "ruff check --fix .",
            "E711",
            "ruff check --fix-only --unsafe-fixes --fixable E711 .",
        ),
        (
            "golangci-lint-rule",
            "golangci-lint run --default=none -E misspell,revive ./...",
            "revive",
            "golangci-lint run --fix --enable-only revive ./...",
        ),
        (
            "clippy",
            "cargo clippy -- -D warnings",
            "clippy::needless_return",
            "cargo clippy --fix --allow-dirty --allow-staged --allow-no-vcs"
            " -- -A clippy::all -W clippy::needless_return",
        ),
        (
            "biome-unsafe",
            "biome ci src",
            "lint/suspicious/noDebugger",
            "biome lint --write --unsafe --only=lint/suspicious/noDebugger src",
        ),
    ],
)
def test_one_rule_alone(name, command, rule, expected):
    """A fix that may change what the program does is made for one rule at a time."""
    assert turned(name, command, rule) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("black --check -l 100 src tests", "black -l 100 src/a.py"),
        ("black --check --config=x.toml .", "black --config=x.toml src/a.py"),
        ("black --check . && black --check -l 100 tools", "black .\nblack -l 100 tools"),
        ("black -q .", "black -q . src/a.py"),
    ],
)
def test_a_slow_tool_reads_the_failing_files_alone(command, expected):
    """A word that may be an option's value stays; of two calls each keeps its own paths."""
    failure = a_failure(tool="black", code="unformatted", file="src/a.py")
    errand = TOOLS["black"].errand(place(command, {"src/a.py": ""}, failure))
    assert errand is not None
    assert errand.text == expected


def test_a_folder_behind_a_flag_is_a_path():
    """`-r` takes no value: what follows gives way to the failing file."""
    failure = a_failure(tool="yapf", code="unformatted", file="src/a.py")
    errand = TOOLS["yapf"].errand(place("yapf --diff -r src", {"src/a.py": ""}, failure))
    assert errand is not None
    assert errand.text == "yapf --in-place -r src/a.py"


def test_a_rule_with_a_strange_name_is_left_out():
    """A code comes from a log: it is no place for options or shell."""
    failures = [a_failure(tool="ruff", code=code) for code in ("--config=x", "F401; rm -rf /", "F401")]
    assert TOOLS["ruff-fix"].rules(tuple(failures)) == ("F401",)


def test_without_a_call_the_failing_files_are_named():
    """Behind a runner that can't be read the tool is called on what failed, for the rules that failed."""
    failure = a_failure(tool="ruff", code="F401", file="pkg/a b.py")
    errand = TOOLS["ruff-fix"].errand(place("./build", {"pkg/a b.py": ""}, failure))
    assert errand is not None
    assert errand.words == "`ruff check --fix-only --select F401 --fixable F401 'pkg/a b.py'`"
    assert ".venv/bin" in errand.text


def test_a_tool_runs_where_its_project_is():
    """In a repository of many packages the nearest one's configuration counts."""
    failure = a_failure(tool="eslint", code="curly", file="web/src/a.ts")
    errand = TOOLS["eslint"].errand(place("turbo lint", {"web/package.json": "{}", "web/src/a.ts": ""}, failure))
    assert errand is not None
    assert errand.words == "`(cd web && eslint --fix src/a.ts)`"


def test_what_cannot_be_parsed_is_not_rewritten():
    """No formatter mends a file that it can't read."""
    assert not TOOLS["ruff-fix"].answers(a_failure(tool="ruff", code="invalid-syntax"))
    assert not TOOLS["clippy"].answers(a_failure(tool="rustc", code="E0308"))
