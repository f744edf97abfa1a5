"""What tools print that rewrite: they know no codes, and some of them say next to nothing."""

from recordings.case import Case

_SOURCE = (
    "import os\nimport sys\n\nx = {  'a':1 }\ny = set([1])\n\n\ndef f():\n"
    '    """this is. A docstring that is laid out badly """\n    return \'%s\' % (x,), sys\n'
)
_FILES = {"pkg/__init__.py": "", "pkg/a.py": _SOURCE, "pkg/b.py": "y = 1\n"}
_OLD = {
    "pkg/a.py": (
        "import os\n\n\nclass A(object):\n    def f(self):\n        x=os.getcwd()\n        return None == self\n"
    ),
    "pkg/b.py": "y = 1\n",
}
_BROKEN = {"a.py": "import sys\nimport os\n\n\ndef f(:\n    pass\n"}


def _found(tool: str, name: str, command: str, category: str, code: str, **changes: object) -> Case:
    failures = [{"tool": tool, "file": "pkg/a.py", "code": code}]
    expected = {"category": category, "failures": failures, "count": 1}
    return Case(**{"tool": tool, "name": name, "command": command, "files": _FILES, "expected": expected, **changes})


REWRITER_CASES = (
    _found("autoflake", "check", "autoflake -j1 --check -r --remove-all-unused-imports pkg", "lint", "unused"),
    _found("autoflake", "quiet-github", "autoflake --check --quiet -r pkg", "lint", "unused", wrap="github"),
    Case(
        "autoflake",
        "check-diff",
        "autoflake -j1 --check-diff -r --remove-all-unused-imports pkg",
        _FILES,
        # Its diff has the heads of autopep8's.
        {"category": "format", "failures": [{"tool": "autopep8", "file": "pkg/a.py"}], "count": 1},
    ),
    _found(
        "autoflake", "variables", "autoflake --check -r --remove-unused-variables pkg", "lint", "unused", files=_OLD
    ),
    _found("pyupgrade", "rewriting", "pyupgrade --py39-plus pkg/a.py pkg/b.py", "lint", "outdated"),
    _found("pyupgrade", "github", "pyupgrade --py311-plus pkg/*.py", "lint", "outdated", wrap="github"),
    _found("pyupgrade", "old-class", "pyupgrade pkg/b.py pkg/a.py", "lint", "outdated", files=_OLD),
    _found("pyupgrade", "after-others", "echo checking; pyupgrade pkg/a.py; exit 1", "lint", "outdated", files=_OLD),
    _found("yapf", "diff", "yapf --diff -r pkg", "format", "unformatted"),
    Case(
        "yapf",
        "cannot-parse",
        "yapf --diff a.py",
        _BROKEN,
        {"category": "syntax", "failures": [{"tool": "yapf", "file": "a.py", "line": 5, "code": "invalid-syntax"}]},
    ),
    _found("yapf", "diff-github", "yapf --diff pkg/a.py", "format", "unformatted", wrap="github"),
    _found("autopep8", "diff", "autopep8 --diff --exit-code -r pkg", "format", "unformatted"),
    _found("autopep8", "diff-github", "autopep8 -d --exit-code pkg/a.py", "format", "unformatted", wrap="github"),
    _found("autopep8", "aggressive", "autopep8 -d --exit-code -aa -r pkg", "format", "unformatted", files=_OLD),
    _found("autopep8", "jobs", "autopep8 --diff --exit-code -j 2 pkg/a.py pkg/b.py", "format", "unformatted"),
    _found("docformatter", "check", "docformatter --check -r pkg", "format", "unformatted"),
    _found("docformatter", "wrapped", "docformatter -c --wrap-summaries 60 pkg/a.py", "format", "unformatted"),
    _found("docformatter", "black", "docformatter --black --check -r pkg", "format", "unformatted"),
    _found("docformatter", "diff-github", "docformatter --check --diff -r pkg", "format", "unformatted", wrap="github"),
    Case(
        "isort",
        "syntax",
        "isort --check-only --atomic a.py",
        _BROKEN,
        {"category": "syntax", "failures": [{"tool": "isort", "file": "a.py", "code": "invalid-syntax"}], "count": 1},
    ),
    Case("black", "quiet", "black -q --check pkg", _FILES, {"category": "unknown", "failures": []}),
    Case("yapf", "quiet", "yapf --quiet -r pkg", _FILES, {"category": "unknown", "failures": []}),
)
REWRITER_VERSIONS = {tool: f"{tool} --version" for tool in ("autoflake", "yapf", "autopep8", "docformatter")} | {
    "pyupgrade": "pip list | grep -i pyupgrade"
}
