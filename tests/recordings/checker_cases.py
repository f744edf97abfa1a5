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


_FIRST_CASES = (
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

UGLIER = {
    "pkg/__init__.py": "",
    "pkg/a.py": "import sys\nimport os\nx = {  'a':1 }\n",
    "pkg/b.py": "y = 1\n",
    "tests/test_a.py": "from pkg import b\nimport os\nprint( os,b )\n",
}
UGLY_FILES = [{"file": "pkg/a.py"}, {"file": "tests/test_a.py"}]
ONE_UGLY = {
    "files": UGLY,
    "expected": {"category": "format", "failures": [{"tool": "black", "file": "pkg/a.py"}], "count": 1},
}
PYLINT_ERRORS = [
    {"tool": "pylint", "file": "pkg/a.py", "line": 6, "code": "E0602"},
    {"tool": "pylint", "file": "pkg/a.py", "line": 5, "code": "W0612"},
    {"tool": "pylint", "file": "pkg/a.py", "line": 1, "code": "W0611"},
]
FLAKE8_ERRORS = [
    {"tool": "flake8", "file": "pkg/a.py", "line": 1, "code": "F401"},
    {"tool": "flake8", "file": "pkg/a.py", "line": 5, "code": "F841"},
    {"tool": "flake8", "file": "pkg/a.py", "line": 6, "code": "F821"},
]
PYRIGHT_ERRORS = [
    {"tool": "pyright", "file": "pkg/core.py", "line": 2, "code": "reportReturnType"},
    {"tool": "pyright", "file": "pkg/use.py", "line": 3, "code": "reportAssignmentType"},
    {"tool": "pyright", "file": "pkg/use.py", "line": 4, "code": "reportArgumentType"},
    {"tool": "pyright", "file": "pkg/use.py", "line": 5, "code": "reportCallIssue"},
    {"tool": "pyright", "file": "pkg/use.py", "line": 5, "code": "reportCallIssue"},
]


def _lint(tool: str, name: str, command: str, errors: list[dict[str, object]], **changes: object) -> Case:
    expected = {"category": "lint", "failures": errors, "count": len(errors)}
    return Case(**{"tool": tool, "name": name, "command": command, "files": LINT, "expected": expected, **changes})


def _ugly(tool: str, name: str, command: str, **changes: object) -> Case:
    failures = [{"tool": tool, **one} for one in UGLY_FILES]
    expected = {"category": "format", "failures": failures, "count": 2}
    return Case(**{"tool": tool, "name": name, "command": command, "files": UGLIER, "expected": expected, **changes})


def _refused(
    tool: str, name: str, command: str, files: dict[str, str], category: str = "config", **failure: object
) -> Case:
    return Case(tool, name, command, files, {"category": category, "failures": [{"tool": tool, **failure}]})


_FORMATTER_CASES = (
    # One file only: black works on several at once and prints them in any order.
    _ugly("black", "check-github", "black --check .", wrap="github", **ONE_UGLY),
    _ugly("black", "check-diff-colour", "black --check --diff --color .", **ONE_UGLY),
    _ugly("black", "verbose", "black --check --verbose .", **ONE_UGLY),
    _refused(
        "black",
        "config-broken",
        "black --check .",
        {"a.py": "x = 1\n", "pyproject.toml": "[tool.black]\nline-length = = 100\n"},
        "syntax",
        file="pyproject.toml",
        line=2,
    ),
    _refused(
        "black",
        "config-value",
        "black --check .",
        {"a.py": "x = 1\n", "pyproject.toml": '[tool.black]\nline-length = "long"\n'},
        code="usage",
    ),
    _refused("black", "missing-path", "black --check src", {"a.py": "x = 1\n"}, code="usage"),
    _ugly("isort", "check-several-github", "isort --check-only pkg tests", wrap="github"),
    _ugly("isort", "diff", "isort --check-only --diff pkg tests"),
    _ugly("isort", "diff-only-colour", "isort --check-only --diff --color pkg tests"),
    _refused(
        "isort",
        "unknown-profile",
        "isort --check-only .",
        {"a.py": "import os\n", "pyproject.toml": '[tool.isort]\nprofile = "blackk"\n'},
        code="isort.exceptions.ProfileDoesNotExist",
    ),
    _refused("isort", "unknown-option", "isort --chekc .", {"a.py": "import os\n"}, code="usage"),
)
_LINTER_CASES = (
    _lint("flake8", "pylint-format", "flake8 --format=pylint pkg", FLAKE8_ERRORS),
    _lint(
        "flake8", "show-source-colour", "flake8 --show-source --statistics --count --color=always pkg", FLAKE8_ERRORS
    ),
    _lint("flake8", "absolute-github", "flake8 $PWD/pkg", FLAKE8_ERRORS, wrap="github"),
    _lint(
        "flake8", "custom-format", "flake8 --format='%(path)s:%(row)d:%(col)d: %(code)s: %(text)s' pkg", FLAKE8_ERRORS
    ),
    _lint(
        "flake8",
        "annotations",
        "flake8 --format='::error file=%(path)s,line=%(row)d,col=%(col)d,title=%(code)s::%(text)s' pkg",
        FLAKE8_ERRORS,
    ),
    Case(
        "flake8",
        "statements-on-one-line",
        "flake8 a.py",
        {"a.py": "import sys\n\nif sys.argv: print(1)\nx = 1;\n\n\ndef f(): return x; print(2)\n"},
        {
            "category": "lint",
            "failures": [
                {"tool": "flake8", "file": "a.py", "line": 3, "column": 12, "code": "E701"},
                {"tool": "flake8", "file": "a.py", "line": 4, "column": 6, "code": "E703"},
                {"tool": "flake8", "file": "a.py", "line": 7, "column": 18, "code": "E702"},
            ],
            "count": 3,
        },
    ),
    _refused(
        "flake8",
        "config-comment",
        "flake8 pkg",
        {"pkg/a.py": "x = 1\n", "setup.cfg": "[flake8]\nignore = E501  # long lines\n"},
        code="ValueError",
    ),
    _refused("flake8", "unknown-option", "flake8 --max-lines=3 pkg", {"pkg/a.py": "x = 1\n"}, code="usage"),
    _lint("pylint", "json", "pylint --disable=C --output-format=json pkg", PYLINT_ERRORS),
    _lint("pylint", "json2", "pylint --disable=C --output-format=json2 pkg", PYLINT_ERRORS),
    _lint("pylint", "parseable", "pylint --disable=C --output-format=parseable pkg", PYLINT_ERRORS),
    _lint(
        "pylint", "colorized-github", "pylint --disable=C --output-format=colorized pkg", PYLINT_ERRORS, wrap="github"
    ),
    _lint("pylint", "msvs", "pylint --disable=C --output-format=msvs pkg", PYLINT_ERRORS),
    _lint("pylint", "github-annotations", "pylint --disable=C --output-format=github pkg", PYLINT_ERRORS),
    _refused(
        "pylint", "syntax", "pylint a.py", {"a.py": "def f(:\n    pass\n"}, "syntax", file="a.py", line=1, code="E0001"
    ),
    _refused("pylint", "unknown-option", "pylint --nosuch a.py", {"a.py": "X = 1\n"}, code="usage"),
    _ruff("sarif", "--output-format=sarif"),
    _ruff("rdjson", "--output-format=rdjson"),
    _ruff("azure", "--output-format=azure"),
    _ruff("junit", "--output-format=junit"),
    _refused(
        "ruff",
        "config-broken",
        "ruff check --no-cache .",
        {"a.py": "x = 1\n", "pyproject.toml": "[tool.ruff]\nline-length = = 100\n"},
        "syntax",
        file="pyproject.toml",
        line=2,
        column=15,
    ),
    _refused(
        "ruff",
        "config-unknown-field",
        "ruff check --no-cache .",
        {"a.py": "x = 1\n", "ruff.toml": 'line-length = 100\n[lint]\nselct = ["E"]\n'},
        file="ruff.toml",
        line=3,
        column=1,
    ),
    _refused(
        "ruff",
        "config-unknown-rule",
        "ruff check --no-cache .",
        {"a.py": "x = 1\n", "pyproject.toml": '[tool.ruff.lint]\nselect = ["ZZZ9"]\n'},
        file="pyproject.toml",
    ),
    _refused("ruff", "unknown-option", "ruff check --no-cahce .", {"a.py": "x = 1\n"}, code="usage"),
)
_TYPE_CASES = (
    Case(
        "pyright",
        "json",
        "pyright --outputjson pkg",
        TYPES,
        {"category": "types", "failures": PYRIGHT_ERRORS, "count": 5},
    ),
    Case(
        "pyright",
        "github",
        "pyright pkg",
        TYPES,
        {"category": "types", "failures": PYRIGHT_ERRORS, "count": 5},
        wrap="github",
    ),
    Case(
        "pyright",
        "missing-import",
        "pyright a.py",
        {"a.py": "import os\n\nimport leftpadder\n\nprint(os, leftpadder)\n"},
        {
            "category": "dependency",
            "failures": [{"tool": "pyright", "file": "a.py", "line": 3, "code": "reportMissingImports"}],
            "count": 1,
        },
    ),
    Case(
        "pyright",
        "long-message",
        "pyright a.py",
        {
            "a.py": "from typing import Protocol\n\n\nclass Shape(Protocol):\n    def area(self, unit: str) -> float: ...\n\n\nclass Square:\n"
            "    def area(self, unit: int) -> str:\n        return str(unit)\n\n\ndef show(shape: Shape) -> None: ...\n\n\nshow(Square())\n"
        },
        {
            "category": "types",
            "failures": [{"tool": "pyright", "file": "a.py", "line": 16, "code": "reportArgumentType"}],
            "count": 1,
        },
    ),
    _refused(
        "pyright",
        "config-broken",
        "pyright",
        {"a.py": "x = 1\n", "pyrightconfig.json": '{"include": ["a.py"],,}\n'},
        file="pyrightconfig.json",
    ),
    _refused("pyright", "missing-path", "pyright src", {"a.py": "x = 1\n"}, code="missing-path"),
    _refused("pyright", "syntax", "pyright a.py", {"a.py": "def f(:\n    pass\n"}, "types", file="a.py", line=1),
    _refused(
        "mypy",
        "config-plugin",
        "mypy --cache-dir /dev/null a.py",
        {"a.py": "x = 1\n", "mypy.ini": "[mypy]\nplugins = nosuch.plugin\n"},
        file="mypy.ini",
        line=2,
    ),
    Case(
        "mypy",
        "pretty-wrapped",
        "mypy --cache-dir /dev/null --pretty a.py",
        {
            "a.py": "from collections.abc import Mapping\n\n\ndef show(rows: Mapping[str, list[tuple[int, str]]]) -> dict[str, tuple[int, ...]]:\n    return rows\n\n\n"
            "def name_of_something_long(numbers_of_things: list[int]) -> int:\n    return numbers_of_thingz[0]\n"
        },
        {
            "category": "types",
            "failures": [
                {"file": "a.py", "line": 5, "code": "return-value"},
                {"file": "a.py", "line": 9, "code": "name-defined"},
            ],
            "count": 2,
        },
    ),
    _refused("mypy", "unknown-option", "mypy --nosuch a.py", {"a.py": "x = 1\n"}, code="usage"),
    _refused(
        "mypy",
        "duplicate-module",
        "mypy --cache-dir /dev/null one/tools two/tools",
        {"one/tools/__init__.py": "", "two/tools/__init__.py": ""},
        file="two/tools/__init__.py",
    ),
    _refused("mypy", "missing-path", "mypy --cache-dir /dev/null src.py", {"a.py": "x = 1\n"}, file="src.py"),
)
CHECKER_CASES = (*_FIRST_CASES, *_FORMATTER_CASES, *_LINTER_CASES, *_TYPE_CASES)
