"""What Python itself, unittest and the shell print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

CALC = "def mean(values):\n    return sum(values) / (len(values) - 1)\n\n\ndef first(values):\n    return values[1]\n"
TEST_CALC = '''\
import unittest

from calc import first, mean


class MeanTest(unittest.TestCase):
    def test_mean(self):
        """The mean of two."""
        self.assertEqual(mean([2, 4]), 3)

    def test_first(self):
        self.assertEqual(first([7]), 7)

    def test_rows(self):
        for n in (2, 3):
            with self.subTest(n=n):
                self.assertEqual(mean([n] * n), n)
'''


def _python(
    name: str, command: str, files: dict[str, str], *, category: str, tool: str = "python", **failure: object
) -> Case:
    return Case(tool, name, command, files, {"category": category, "failures": [failure]})


_FIRST_CASES = (
    Case(
        "unittest",
        "failures",
        "python -m unittest",
        {"calc.py": CALC, "test_calc.py": TEST_CALC},
        {
            "category": "test",
            "failures": [
                {"file": "calc.py", "line": 6, "test_id": "test_calc.MeanTest.test_first", "code": "IndexError"},
                {
                    "file": "test_calc.py",
                    "line": 9,
                    "test_id": "test_calc.MeanTest.test_mean",
                    "code": "AssertionError",
                },
                {
                    "file": "test_calc.py",
                    "line": 17,
                    "test_id": "test_calc.MeanTest.test_rows",
                    "code": "AssertionError",
                },
            ],
        },
    ),
    _python(
        "import-error",
        "python -m unittest",
        {"test_a.py": "import unittest\nimport leftpadder\n"},
        category="dependency",
        tool="unittest",
        file="test_a.py",
        line=2,
        code="ModuleNotFoundError",
    ),
    _python(
        "verbose-setup-class",
        "python -m unittest -v",
        {
            "test_a.py": "import unittest\n\n\nclass A(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        cls.rows = rows\n\n"
            "    def test_a(self):\n        pass\n"
        },
        category="test",
        tool="unittest",
        file="test_a.py",
        line=7,
        code="NameError",
    ),
    _python(
        "traceback",
        "python -m app",
        {
            "app/__init__.py": "",
            "app/__main__.py": "from app.core import run\n\nrun({})\n",
            "app/core.py": "def run(options):\n    return options['name']\n",
        },
        category="test",
        file="app/core.py",
        line=2,
        code="KeyError",
    ),
    _python(
        "chained-context",
        "python main.py",
        {
            "main.py": "def read():\n    return {}['a']\n\n\ndef main():\n    try:\n        read()\n    except KeyError as e:\n"
            "        print(e.mesage)\n\n\nmain()\n"
        },
        category="test",
        file="main.py",
        line=9,
        code="AttributeError",
    ),
    _python(
        "chained-cause",
        "python main.py",
        {
            "main.py": "def read():\n    return {}['a']\n\n\ndef main():\n    try:\n        read()\n    except KeyError as e:\n"
            "        raise RuntimeError('no a') from e\n\n\nmain()\n"
        },
        category="test",
        file="main.py",
        line=2,
        code="RuntimeError",
    ),
    _python(
        "exception-group",
        "python main.py",
        {
            "main.py": "def bad():\n    return 1 / 0\n\n\ndef main():\n    found = []\n    try:\n        bad()\n    except ZeroDivisionError as e:\n"
            "        found.append(e)\n    raise ExceptionGroup('several', found)\n\n\nmain()\n"
        },
        category="test",
        file="main.py",
        line=2,
        code="ExceptionGroup",
    ),
    _python(
        "syntax-error",
        "python main.py",
        {"main.py": "import pkg\n", "pkg/__init__.py": "x = 1\nprint 'hello'\n"},
        category="syntax",
        file="pkg/__init__.py",
        line=2,
        column=1,
        code="SyntaxError",
    ),
    _python(
        "indentation-error",
        "python main.py",
        {"main.py": "def f():\nreturn 1\n"},
        category="syntax",
        file="main.py",
        line=2,
        code="IndentationError",
    ),
    _python(
        "compileall",
        "python -m compileall -q pkg",
        {"pkg/__init__.py": "", "pkg/a.py": "x = (1\n"},
        category="syntax",
        file="pkg/a.py",
        line=1,
        column=5,
        code="SyntaxError",
    ),
    _python(
        "missing-module",
        "python main.py",
        {"main.py": "import os\n\nimport leftpadder\n"},
        category="dependency",
        file="main.py",
        line=3,
        code="ModuleNotFoundError",
    ),
    _python(
        "missing-own-module",
        "python src/app/main.py",
        {"src/app/__init__.py": "", "src/app/main.py": "from app import core\n", "src/app/core.py": "x = 1\n"},
        category="config",
        file="src/app/main.py",
        line=1,
        code="ModuleNotFoundError",
    ),
    _python(
        "recursion",
        "python main.py",
        {"main.py": "def down(n):\n    return down(n + 1)\n\n\ndown(0)\n"},
        category="test",
        file="main.py",
        line=2,
        code="RecursionError",
    ),
    _python(
        "no-module-pytest",
        "python -m nosuchtool",
        {"a.py": "x = 1\n"},
        category="dependency",
        code="ModuleNotFoundError",
    ),
    _python(
        "command-not-found",
        "set -e; echo start; frobnicate --all",
        {"a.py": ""},
        category="environment",
        tool="shell",
        code="127",
    ),
    _python(
        "make-not-found",
        "make test",
        {"Makefile": "test:\n\tfrobnicate --all\n"},
        category="environment",
        tool="shell",
        code="127",
    ),
    _python(
        "permission-denied",
        "./run.sh",
        {"run.sh": "#!/bin/sh\necho hi\n"},
        category="environment",
        tool="shell",
        code="126",
    ),
    _python("killed", "sh -c 'kill -9 $$'; exit $?", {"a.py": ""}, category="infra", tool="shell", code="137"),
    _python(
        "segmentation-fault",
        "python -X faulthandler crash.py",
        {"crash.py": "import ctypes\n\n\ndef poke():\n    ctypes.string_at(0)\n\n\npoke()\n"},
        category="test",
        file="crash.py",
        line=5,
    ),
)

KINDS = {
    "calc.py": CALC,
    "test_kinds.py": """\
import unittest

from calc import mean


class Kinds(unittest.TestCase):
    @unittest.expectedFailure
    def test_fixed_meanwhile(self):
        self.assertEqual(mean([2]) if False else 1, 1)

    def test_rows(self):
        for name, values in (("two", [2, 2]), ("three", [3, 3, 3])):
            with self.subTest("rows of", name=name):
                self.assertEqual(mean(values), values[0])

    def test_noisy(self):
        print("working")
        self.fail("not written yet")
""",
}
ROWS = {
    "tool": "unittest",
    "file": "test_kinds.py",
    "line": 14,
    "test_id": "test_kinds.Kinds.test_rows",
    "code": "AssertionError",
}
NOISY = {
    "tool": "unittest",
    "file": "test_kinds.py",
    "line": 18,
    "test_id": "test_kinds.Kinds.test_noisy",
    "code": "AssertionError",
}
FIXED = {"tool": "unittest", "test_id": "test_kinds.Kinds.test_fixed_meanwhile", "code": "unexpected-success"}


def _unittest(name: str, command: str, files: dict[str, str], *failures: dict[str, object], **changes: object) -> Case:
    # The second sub-test fails like the first one: it comes last.
    expected = {"category": "test", "failures": list(failures), "count": len(failures) + (FIXED in failures)}
    return Case(
        **{"tool": "unittest", "name": name, "command": command, "files": files, "expected": expected, **changes}
    )


_UNITTEST_CASES = (
    _unittest("kinds", "python -m unittest", KINDS, NOISY, ROWS, FIXED),
    _unittest("kinds-verbose-buffered", "python -m unittest -v -b", KINDS, NOISY, ROWS, FIXED, wrap="github"),
    _unittest(
        "colour-3-13",
        "python3.13 -m unittest -v --durations 2",
        KINDS,
        NOISY,
        ROWS,
        FIXED,
        environment={"FORCE_COLOR": "1", "PYENV_VERSION": "3.13.0"},
    ),
    _unittest(
        "set-up-module",
        "python -m unittest discover -s tests -t .",
        {
            "tests/__init__.py": "",
            "tests/test_a.py": "import unittest\n\n\ndef setUpModule():\n    open('fixtures/rows.csv')\n\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n",
        },
        {"tool": "unittest", "file": "tests/test_a.py", "line": 5, "code": "FileNotFoundError"},
    ),
    _unittest(
        "unknown-name",
        "python -m unittest test_calc.MeanTest.test_gone",
        {"calc.py": CALC, "test_calc.py": TEST_CALC},
        {"tool": "unittest", "code": "AttributeError"},
    ),
    _unittest(
        "none-ran",
        "python3.13 -m unittest discover -s tests",
        {"tests/check_a.py": "x = 1\n"},
        environment={"PYENV_VERSION": "3.13.0"},
        expected={"category": "config", "failures": [{"tool": "unittest", "code": "no-tests"}], "count": 1},
    ),
)
PYTHON_CASES = (*_FIRST_CASES, *_UNITTEST_CASES)
