"""Where a finding can be mended in more than one way, the repository decides; where it can't, a person does."""

import ast

import pytest

from fix.lint.linted import a_finding, mend, mended
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate


def is_doubtful(made):
    assert isinstance(made, CandidatePatch), made
    return made.disposition is Disposition.NEEDS_HUMAN


REEXPORT = a_finding("F401", "`.core.run` imported but unused", file="pkg/__init__.py", column=19)


def test_what_a_package_imports_from_its_modules_is_a_reexport():
    """ruff takes the second name for a sign; flake8 only `__all__`, which somebody has to look at."""
    files = {"pkg/__init__.py": "from .core import run\n", "pkg/core.py": "def run(): ...\n"}
    assert mended(files, REEXPORT) == "from .core import run as run\n"
    flake8 = REEXPORT.model_copy(update={"tool": "flake8", "message": "'.core.run' imported but unused"})
    assert mended(files, flake8).endswith('\n\n__all__ = [\n    "run",\n]\n')
    assert is_doubtful(mend(files, flake8))


def test_a_package_that_lists_its_names_lists_one_more():
    files = {"pkg/__init__.py": 'from .core import run\n\n__all__ = ["other"]\n'}
    assert '__all__ = ["other", "run"]' in mended(files, REEXPORT)


def test_an_import_that_another_file_takes_from_here_stays():
    files = {"pkg/core.py": "from os import sep\n", "pkg/other.py": "from pkg.core import sep\n\nprint(sep)\n"}
    assert mended(files, a_finding("F401", "`os.sep` imported but unused")) == "from os import sep as sep\n"


def test_an_import_that_asks_whether_a_module_is_there_stays():
    files = {"pkg/core.py": "try:\n    import yaml\n    HAS = True\nexcept ImportError:\n    HAS = False\n"}
    made = mend(files, a_finding("F401", "`yaml` imported but unused", line=2))
    assert isinstance(made, NoCandidate)


def test_an_import_of_a_module_that_registers_something_needs_a_human():
    files = {"core.py": "import plugins\n", "plugins.py": "import app\n\napp.register(1)\n"}
    assert is_doubtful(mend(files, a_finding("F401", "`plugins` imported but unused", file="core.py")))


ARGUMENT = a_finding("ARG001", "Unused function argument: `job`", column=11)


def test_a_private_argument_is_renamed_only_where_nobody_names_it():
    files = {"pkg/core.py": "def _run(a, job):\n    return a\n"}
    assert mended(files, ARGUMENT) == "def _run(a, _job):\n    return a\n"
    files["pkg/other.py"] = "from pkg.core import _run\n\n_run(1, job=2)\n"
    assert mended(files, ARGUMENT) == "def _run(a, job):\n    del job\n    return a\n"


def test_an_inherited_contract_keeps_its_argument():
    files = {"pkg/core.py": "class A(Base):\n    def _run(self, job):\n        return self\n"}
    method = a_finding("ARG002", "Unused method argument: `job`", line=2, column=20)
    assert "del job" in mended(files, method)
    assert is_doubtful(mend(files, method))


@pytest.mark.parametrize(
    ("source", "column", "expected"),
    [
        ("def run():\n    return Path('a')\n", 12, "from pathlib import Path"),
        ("def run():\n    return json.loads('1')\n", 12, "import json"),
        ("def run():\n    return helper()\n", 12, "from pkg.tools import helper"),
        ("from .other import x\n\ndef run():\n    return helper(x)\n", 12, "from .tools import helper"),
    ],
)
def test_a_missing_import_is_found(source, column, expected):
    """A module of the standard library, a well-known name, a name that the repository defines exactly once."""
    line = source.count("\n")
    name = source.splitlines()[line - 1].split("return ")[1].partition("(")[0].partition(".")[0]
    files = {"pkg/core.py": source, "pkg/tools.py": "def helper():\n    return 1\n", "pkg/__init__.py": ""}
    assert expected in mended(files, a_finding("F821", f"Undefined name `{name}`", line=line, column=column))


def test_names_that_are_nearly_alike_are_tried_one_after_the_other():
    files = {"pkg/core.py": "def run(value_a, value_b):\n    return value_c\n"}
    wrong = a_finding("F821", "Undefined name `value_c`", line=2, column=12)
    texts = {mended(files, wrong, place="pkg/core.py:2:12:F821", sample=n) for n in range(2)}
    assert {text.splitlines()[1].strip() for text in texts} == {"return value_a", "return value_b"}
    assert is_doubtful(mend(files, wrong))


def test_a_star_import_names_what_the_repositorys_module_has():
    files = {
        "pkg/core.py": "from pkg.tools import *\n\nprint(helper())\n",
        "pkg/tools.py": "def helper(): ...\nX = 1\n",
    }
    star = a_finding("F403", "`from pkg.tools import *` used; unable to detect undefined names")
    assert mended(files, star).startswith("from pkg.tools import helper\n")


def test_a_public_name_is_not_changed_where_another_file_knows_it():
    files = {"pkg/core.py": "def badName():\n    return 1\n", "pkg/other.py": "from pkg.core import badName\n"}
    style = a_finding("N802", "Function name `badName` should be lowercase")
    assert isinstance(mend(files, style), NoCandidate)
    assert mended({"pkg/core.py": files["pkg/core.py"]}, style) == "def bad_name():\n    return 1\n"
    assert is_doubtful(mend({"pkg/core.py": files["pkg/core.py"]}, style))


def test_a_file_that_is_handed_on_is_not_closed():
    files = {"pkg/core.py": "def run(path):\n    file = open(path)\n    file.read()\n    return file\n"}
    assert isinstance(mend(files, a_finding("SIM115", "Use a context manager", line=2, column=12)), NoCandidate)


def test_a_web_address_that_is_too_long_stays():
    files = {"pkg/core.py": f"# https://example.org/{'a' * 90}\nX = 1\n"}
    assert isinstance(mend(files, a_finding("E501", "Line too long (112 > 88)")), NoCandidate)


@pytest.mark.parametrize(
    "line",
    [
        'x = "' + "word " * 30 + '"',
        'x = f"' + "word {run(a, b)} " * 9 + '"',
        "value = first_name.method(1)[2] + second_name.method(3)[4] + third_name.method(5)[6] + fourth.method()[8]",
        "print(first_name(1, 2), second_name(3, 4), third_name(5, 6), fourth_name(7, 8), fifth_name(9, 10), *rest)",
        "from package.module import first_name, second_name, third_name, fourth_name, fifth_name, sixth_name, last",
        "result = {key_of(item): value_of(item) for item in collection_of_items if is_wanted(item) and not old(item)}",
        "first, second = some_function_with_a_name(argument_one)[0:1], other_function_with_a_name(argument_two)[1:2]",
    ],
)
def test_a_long_line_of_code_stays_the_same_program(line):
    text = mended({"pkg/core.py": f"{line}\n"}, a_finding("E501", f"Line too long ({len(line)} > 88)"))
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(line))
    assert max(len(part) for part in text.splitlines()) <= 88


def test_several_statements_of_a_line_get_lines_of_their_own():
    files = {"pkg/core.py": "def run(a):\n    if a: return 1\n    a(); a()\n"}
    block = a_finding("E701", "multiple statements on one line (colon)", line=2, column=9, tool="flake8")
    row = a_finding("E702", "multiple statements on one line (semicolon)", line=3, column=8, tool="flake8")
    assert mended(files, block, row) == "def run(a):\n    if a:\n        return 1\n    a()\n    a()\n"


def test_a_bare_except_is_left_to_the_model_where_pylint_would_mind_a_broad_one():
    files = {"pkg/core.py": "try:\n    run()\nexcept:\n    print(1)\n"}
    bare = a_finding("W0702", "No exception type(s) specified", line=3, column=1, tool="pylint")
    assert isinstance(mend(files, bare), NoCandidate)
    files["pyproject.toml"] = '[tool.pylint]\ndisable = ["broad-exception-caught", "broad-except"]\n'
    assert "except Exception:" in mended(files, bare)


def test_a_broad_except_names_what_its_block_is_known_to_raise():
    """A guess that a person has to look at, but a better one than a small model's."""
    files = {"pkg/core.py": "try:\n    value = json.loads(open(path).read())\nexcept Exception:\n    value = {}\n"}
    broad = a_finding("W0718", "Catching too general exception Exception", line=3, column=8, tool="pylint")
    assert "except (OSError, ValueError):" in mended(files, broad)
    assert is_doubtful(mend(files, broad))
    files = {"pkg/core.py": "try:\n    run()\nexcept Exception:\n    value = {}\n"}
    assert isinstance(mend(files, broad), NoCandidate)


def test_an_ordinary_module_gets_no_list_of_its_names():
    """`__all__` changes what a star import gives: only a package's own file may get one."""
    files = {"pkg/core.py": "from os import sep\n", "pkg/other.py": "from pkg.core import sep\n\nprint(sep)\n"}
    unused = a_finding("W0611", "Unused sep imported from os", tool="pylint")
    assert isinstance(mend(files, unused), NoCandidate)


BARE = a_finding("E722", "Do not use bare `except`", line=5, column=5)
MINDS = {"pyproject.toml": '[tool.ruff.lint]\nselect = ["E", "BLE"]\n'}


@pytest.mark.parametrize(
    ("block", "handler", "named"),
    [
        ("return job.table[1]", "return None", "(AttributeError, IndexError, KeyError)"),
        ("return parse(job)", "return None", "(OSError, ValueError)"),
        ("total = job + 1; TABLE[total] = 1", "pass", "IndexError"),
        ("return job.year + int(job)", "pass", "(AttributeError, TypeError, ValueError)"),
        ("return str(job, 'ascii')", "return str(job)", "(TypeError, ValueError)"),
        ("out = TABLE.buffer", "out = TABLE", "AttributeError"),
    ],
)
def test_what_is_caught_is_what_the_block_can_raise(block, handler, named):
    """Subscripts, members of what was passed, the usual calls, and what the project's own functions raise."""
    run = f"def run(job):\n    try:\n        {block}\n    except:\n        {handler}\n"
    parse = "def parse(text):\n    if not text:\n        raise ValueError(text)\n    return check(text)\n"
    check = "def check(text):\n    raise OSError(text)\n"
    files = {"pkg/core.py": f"TABLE = []\n{run}{parse}{check}"}
    assert f"    except {named}:\n" in mended({**files, **MINDS}, BARE)


def test_an_error_that_the_block_itself_raises_is_not_swallowed():
    """Behind `pass` it was never seen: whoever wrote the `raise` wanted it to be."""
    raising = "        if not float(job):\n            raise ValueError(job)\n"
    files = {"pkg/core.py": f"def run(job):\n    try:\n{raising}    except:\n        pass\n"}
    assert "except TypeError:" in mended(files, BARE)


def test_a_broad_except_stays_the_second_way():
    """Where no rule minds it, all that was caught is caught; the narrow one is there if that is turned away."""
    files = {"pkg/core.py": "def run(job):\n    pass\n    try:\n        return job[0]\n    except:\n        log(job)\n"}
    assert "except Exception:" in mended(files, BARE)
    assert "except (IndexError, KeyError):" in mended(files, BARE, place="pkg/core.py:5:5:E722", sample=1)


def test_an_error_that_leaves_no_trace_is_named_narrowly():
    """The policy refuses to drop every error, also where the handler only returns."""
    files = {
        "pkg/core.py": "def run(job):\n    pass\n    try:\n        return job[0]\n    except:\n        return None\n"
    }
    assert "except (IndexError, KeyError):" in mended(files, BARE)


def test_a_default_under_a_builtins_name_is_made_where_it_is_read():
    """`min = []` in the body would hide `min`: the second way assigns nothing."""
    files = {"pkg/core.py": "def run(min=[]):\n    store(min)\n"}
    finding = a_finding("B006", "Do not use mutable data structures for argument defaults", column=13)
    expected = "def run(min=None):\n    store(([] if min is None else min))\n"
    assert mended(files, finding, place="pkg/core.py:1:13:B006", sample=1) == expected


def test_code_in_a_comment_goes_to_its_closing_bracket():
    """The linter names the line on which the statement began."""
    files = {"pkg/core.py": "x = 1\n# y = run(\n#     x,\n# )\n# words stay\nz = 2\n"}
    finding = a_finding("ERA001", "Found commented-out code", line=2, column=1)
    assert mended(files, finding) == "x = 1\n# words stay\nz = 2\n"


def test_a_body_that_asks_for_none_gets_none():
    """A guard above it would keep it from ever being asked."""
    files = {"pkg/core.py": "def run(path=[]):\n    if path is None:\n        path = find()\n    return path\n"}
    finding = a_finding("B006", "Do not use mutable data structures for argument defaults", column=14)
    assert mended(files, finding) == files["pkg/core.py"].replace("[]", "None")
    assert is_doubtful(mend(files, finding))


def test_a_signature_without_a_body_gets_no_guard():
    """An overload runs nothing: there is no place for one."""
    files = {"pkg/core.py": "def run(path: list[int] = []) -> int: ...\n"}
    finding = a_finding("B006", "Do not use mutable data structures for argument defaults", column=27)
    assert mended(files, finding) == "def run(path: list[int] | None = None) -> int: ...\n"
