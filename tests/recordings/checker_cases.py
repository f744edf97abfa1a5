"""What type checkers, linters and formatters print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

TYPES = {
    "pkg/__init__.py": "",
    "pkg/core.py": "def name(number: int) -> str:\n    return number\n\n\ndef join(parts: list[str], separator: str) -> str:\n"
    "    return separator.join(parts)\n",
    "pkg/use.py": "from pkg.core import join, name\n\nvalue: int = name(3)\njoin(['a'], 1)\njoin(('a',), sep='-')\n",
}
TYPE_ERRORS = [
    {"file": "pkg/core.py", "line": 2, "code": "return-value"},
    {"file": "pkg/use.py", "line": 3, "code": "assignment"},
    {"file": "pkg/use.py", "line": 4, "code": "arg-type"},
]
LINT = {"pkg/__init__.py": "", "pkg/a.py": "import os\n\n\ndef f():\n    unused = 1\n    return undefined_name\n"}
LINT_ERRORS = [
    {"file": "pkg/a.py", "line": 1, "column": 8, "code": "F401"},
    {"file": "pkg/a.py", "line": 5, "column": 5, "code": "F841"},
    {"file": "pkg/a.py", "line": 6, "column": 12, "code": "F821"},
]
UGLY = {"pkg/__init__.py": "", "pkg/a.py": "x = {  'a':1 }\n", "pkg/b.py": "y = 1\n"}


def _types(name: str, options: str) -> Case:
    command = f"mypy --cache-dir /dev/null {options} pkg"
    return Case("mypy", name, command, TYPES, {"category": "types", "failures": TYPE_ERRORS})


def _ruff(name: str, options: str, **changes: object) -> Case:
    fields = {"expected": {"category": "lint", "failures": LINT_ERRORS}, "files": LINT, **changes}
    return Case("ruff", name, f"ruff check --no-cache --isolated {options}", **fields)


def _format(tool: str, name: str, command: str) -> Case:
    return Case(tool, name, command, UGLY, {"category": "format", "failures": [{"file": "pkg/a.py"}], "count": 1})


CHECKER_CASES = (
    _types("default", ""),
    _types("columns", "--show-column-numbers"),
    _types("error-end", "--show-error-end"),
    _types("pretty", "--pretty"),
    _types("context", "--show-error-context"),
    _types("absolute", "--show-absolute-path"),
    _types("json", "--output json"),
    Case(
        "mypy",
        "notes",
        "mypy --cache-dir /dev/null a.py",
        {"a.py": "def f(rows: list[float]) -> None: ...\n\n\nvalues: list[int] = []\nf(values)\n"},
        {"category": "types", "failures": [{"file": "a.py", "line": 5, "code": "arg-type"}], "count": 1},
    ),
    Case(
        "mypy",
        "syntax",
        "mypy --cache-dir /dev/null a.py",
        {"a.py": "x = 1\ndef f(:\n    pass\n"},
        {"category": "syntax", "failures": [{"file": "a.py", "line": 2, "code": "syntax"}]},
    ),
    Case(
        "mypy",
        "missing-import",
        "mypy --cache-dir /dev/null a.py",
        {"a.py": "import leftpadder\n"},
        {"category": "dependency", "failures": [{"file": "a.py", "line": 1, "code": "import-not-found"}]},
    ),
    _ruff("full", ""),
    _ruff("full-github", "", wrap="github"),
    _ruff("concise", "--output-format=concise"),
    _ruff("grouped", "--output-format=grouped"),
    _ruff("github", "--output-format=github"),
    _ruff("json", "--output-format=json"),
    _ruff("json-lines", "--output-format=json-lines"),
    _ruff(
        "pylint",
        "--output-format=pylint",
        expected={"category": "lint", "failures": [{**error, "column": None} for error in LINT_ERRORS]},
    ),
    _ruff(
        "gitlab",
        "--output-format=gitlab",
        expected={"category": "lint", "failures": [{"file": "pkg/a.py", "line": 1, "code": "F401"}]},
    ),
    _ruff("colour", "", environment={"CLICOLOR_FORCE": "1"}),
    _ruff(
        "syntax",
        "",
        files={"pkg/a.py": "def f(:\n    pass\n"},
        expected={"category": "syntax", "failures": [{"file": "pkg/a.py", "line": 1}]},
    ),
    _format("ruff", "format-check", "ruff format --check --no-cache --isolated"),
    _format("ruff", "format-diff", "ruff format --diff --no-cache --isolated"),
    _format("black", "check", "black --check ."),
    _format("black", "diff", "black --check --diff -q ."),
    Case(
        "black",
        "cannot-parse",
        "black --check .",
        {"a.py": "def f(:\n    pass\n"},
        {"category": "syntax", "failures": [{"file": "a.py", "line": 1}]},
    ),
    Case(
        "isort",
        "check",
        "isort --check-only .",
        {"a.py": "import sys\nimport os\n"},
        {"category": "format", "failures": [{"file": "a.py"}], "count": 1},
    ),
    Case(
        "flake8",
        "default",
        "flake8 pkg",
        LINT,
        {"category": "lint", "failures": [{**LINT_ERRORS[0], "column": 1}, LINT_ERRORS[1], LINT_ERRORS[2]]},
    ),
    Case(
        "flake8",
        "syntax",
        "flake8 a.py",
        {"a.py": "def f(:\n    pass\n"},
        {"category": "syntax", "failures": [{"file": "a.py", "line": 1, "code": "E999"}]},
    ),
    Case(
        "pylint",
        "default",
        "pylint --disable=C pkg",
        LINT,
        {
            "category": "lint",
            "failures": [
                {"file": "pkg/a.py", "line": 6, "code": "E0602"},
                {"file": "pkg/a.py", "line": 5, "code": "W0612"},
                {"file": "pkg/a.py", "line": 1, "code": "W0611"},
            ],
        },
    ),
    Case(
        "pyright",
        "default",
        "pyright pkg",
        TYPES,
        {
            "category": "types",
            "failures": [
                {"file": "pkg/core.py", "line": 2, "code": "reportReturnType"},
                {"file": "pkg/use.py", "line": 3, "code": "reportAssignmentType"},
            ],
        },
    ),
)
