"""The strategy over the exact repairs: what it offers, what it leaves alone, what it never breaks."""

import ast

import pytest

from builders import a_case, a_failure
from fix.lint.linted import a_finding, lint, mend, mended
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate
from selfheal.fix.lint.repairs import repairs
from selfheal.fix.lint.rewrite import LintRewrite, LintRewriteOne

UNUSED = "import os\nimport sys\n\n\ndef run(job):\n    return job == None, sys\n"
FIND_OS = a_finding("F401", "`os` imported but unused", column=8)
FIND_NONE = a_finding("E711", "Comparison to `None` should be `cond is None`", line=6, column=19)


def places(*failures):
    case = a_case({}, diagnosis=lint(*failures))
    return [target.place for strategy in (LintRewrite(), LintRewriteOne()) for target in strategy.targets(case)]


def test_all_findings_come_first_then_each_rule_then_each_finding():
    """One candidate that mends everything costs one run; the others are there in case it is refused."""
    assert places(FIND_OS, FIND_NONE) == [
        "all",
        "sure",
        "rule:F401",
        "rule:C0121",
        "pkg/core.py:1:8:F401",
        "pkg/core.py:6:19:E711",
    ]


def test_one_finding_needs_no_choice():
    assert places(FIND_OS) == ["all", "pkg/core.py:1:8:F401"]


@pytest.mark.parametrize(
    "failure",
    [
        a_finding("F401", "x", tool="mypy"),
        a_finding("XYZ123", "no rule of ours"),
        a_failure(tool="ruff", code="F401", file=None, line=None),
        a_failure(tool="ruff", code=None, line=3),
    ],
)
def test_what_is_no_known_finding_of_a_linter_is_no_target(failure):
    assert places(failure) == []


def test_several_findings_of_a_file_are_mended_together():
    text = mended({"pkg/core.py": UNUSED}, FIND_OS, FIND_NONE)
    assert text == "import sys\n\n\ndef run(job):\n    return job is None, sys\n"


def test_a_rule_and_a_finding_can_be_mended_alone():
    assert mended({"pkg/core.py": UNUSED}, FIND_OS, FIND_NONE, place="rule:C0121").startswith("import os")
    assert "job == None" in mended({"pkg/core.py": UNUSED}, FIND_OS, FIND_NONE, place="pkg/core.py:1:8:F401")


def test_a_rule_is_one_rule_under_all_its_codes():
    """ruff's name, flake8's code and pylint's code lead to the same repair."""
    table = repairs()
    assert table["E711"] == table["C0121"]
    assert table["F401"] == table["W0611"]
    named = a_finding("unused-import", "`os` imported but unused", column=8)
    assert "import os" not in mended({"pkg/core.py": UNUSED}, named)


def test_doubtful_repairs_are_kept_apart_from_sure_ones():
    """`sure` holds only what cannot change what the program does."""
    files = {"pkg/core.py": "import os\n\n\ndef run(path):\n    return open(path)\n"}
    encoding = a_finding(
        "W1514", "Using open without explicitly specifying an encoding", line=5, column=12, tool="pylint"
    )
    both = mend(files, FIND_OS, encoding)
    sure = mend(files, FIND_OS, encoding, place="sure")
    assert isinstance(both, CandidatePatch)
    assert isinstance(sure, CandidatePatch)
    assert both.disposition is Disposition.NEEDS_HUMAN
    assert "UTF-8" in both.rationale
    assert sure.disposition is Disposition.AUTO
    assert b"encoding" not in (sure.edits[0].content or b"")


def test_a_test_keeps_its_program():
    """In a test only what leaves the program as it is may change: an unused import goes, a comparison stays."""
    path = "tests/test_core.py"
    files = {path: "import os\n\n\ndef test_run():\n    assert run() == None\n"}
    found = [f.model_copy(update={"file": path, "line": line}) for f, line in ((FIND_OS, 1), (FIND_NONE, 5))]
    assert mended(files, *found) == "\n\ndef test_run():\n    assert run() == None\n".lstrip("\n")


def test_a_bare_handler_that_does_nothing_says_what_it_drops():
    """To name `Exception` drops no error more than before, so the policy takes it, beside what else is mended."""
    files = {"pkg/core.py": "import os\n\ntry:\n    run()\nexcept:\n    pass\n"}
    bare = a_finding("E722", "Do not use bare `except`", line=5, column=1)
    assert mended(files, FIND_OS, bare) == "try:\n    run()\nexcept Exception:\n    pass\n"


def test_what_a_block_can_raise_is_caught_by_its_name():
    files = {"pkg/core.py": "try:\n    value = int(text)\nexcept:\n    pass\n"}
    bare = a_finding("E722", "Do not use bare `except`", line=3, column=1)
    assert "except (TypeError, ValueError):" in mended(files, bare)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_endings_and_the_byte_order_mark_stay(newline):
    text = UNUSED.replace("\n", newline)
    made = mend({"pkg/core.py": "\ufeff" + text}, FIND_OS, FIND_NONE)
    assert isinstance(made, CandidatePatch)
    expected = text.replace(f"import os{newline}", "").replace("==", "is")
    assert made.edits[0].content == ("\ufeff" + expected).encode()


@pytest.mark.parametrize(
    "raw",
    [
        "def run(:\n",
        "",
        "x = 1\x00\n",
        "# -*- coding: latin-1 -*-\nimport os\n",
        "(" * 5000,
        "x = 1\n" * 400_000,
    ],
)
def test_what_cannot_be_read_is_left_alone(raw):
    """Files that don't parse, are empty, too big, or in another encoding: there is no candidate, and no error."""
    for code in sorted(repairs()):
        assert isinstance(mend({"pkg/core.py": raw}, a_finding(code, "`os` is (90 > 88) it")), NoCandidate), code


def test_a_file_that_is_no_text_is_left_alone():
    case = a_case({}, diagnosis=lint(FIND_OS))
    assert LintRewrite().targets(case)
    assert isinstance(mend({}, FIND_OS), NoCandidate)


AWKWARD = """\
# naïve: ünïcödé
import os as öl, sys
from . import (a,  # one
               b)
@dec
class Ä(object): x = 1; y = 2
def f(l, *, k=[], **kw): return lambda: l
async def g():
    async with a as b: pass
    try: pass
    except (A, A): pass
    finally: pass
    x: int = f"{l!r:>{10}}" '%s' % (1,)
    for i, (j, *k) in enumerate(x): print(k) if i else None
    else: del x
    match x:
        case {"a": [1, *r]}: return
if True: pass
elif l == None != True: pass
else: pass
"""


MESSAGES = ("`l` (90 > 8) from line 3", "Unused variable 'x'", "expected 2 blank lines, found 0", "")


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("line", [*range(1, AWKWARD.count("\n") + 2), 10_000])
def test_no_repair_breaks_a_file(line, message):
    """All rules at every line of awkward code, with messages that don't fit: what comes out is still Python."""
    made = mend({"pkg/core.py": AWKWARD}, *(a_finding(code, message, line=line, column=5) for code in repairs()))
    if isinstance(made, CandidatePatch):
        ast.parse(made.edits[0].content or b"")


def test_a_file_outside_of_the_repository_is_no_file():
    for path in ("/etc/passwd", "../core.py", "pkg/core.txt"):
        assert isinstance(mend({"pkg/core.py": UNUSED}, FIND_OS.model_copy(update={"file": path})), NoCandidate)


def test_a_line_that_an_edit_makes_too_long_is_laid_out():
    """The project's own limit holds for the lines that a repair changes."""
    call = "    return list(zip(alpha_beta_gamma, delta_epsilon_zeta))\n"
    files = {"pkg/core.py": f"def run():\n{call}", "setup.cfg": "[flake8]\nmax-line-length = 60\n"}
    strict = a_finding("B905", "`zip()` without an explicit `strict=` parameter", line=2, column=17)
    text = mended(files, strict)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert "strict=False" in text
