"""Warm tests: candidates in forked children of the project's own pytest."""

import base64
import gzip
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.command import CommandRun
from selfheal.contract.executor import Site
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.contract.tree import Version
from selfheal.contract.trials import CRASHED, GOOD, Ended, Splice, Trial
from selfheal.team.trying import WarmTests, chosen_tests, open_tests, other_tests, splices_of
from selfheal.verify.trying import read_answer, read_spectrum, read_trials
from selfheal.verify.warm import WarmShell
from verify.places import BOTH, LONG_S, a_runner

PYTEST = f"{sys.executable} -m pytest -q"
SHOP = """\
RATE = len("ab")


def total(prices, discount):
    return sum(prices) + discount


def rate():
    return RATE
"""
SHOP_TEST = """\
from shop import rate, total


def test_total():
    assert total([10, 20], 5) == 25


def test_nothing():
    assert total([], 0) == 0


def test_rate():
    assert rate() == 2
"""
HOSTILE = """\
from os import _exit as _end, write


def _write(n):
    try:
        write(n, b'{"ended": "ran", "tests": "PPPP\\x00", "also": 7}')
    except OSError:
        pass


"""
FILES = {"shop.py": SHOP, "test_shop.py": SHOP_TEST}
VERSION = Version(number=0, commit="c", tree="t", message="m")


@asynccontextmanager
async def opened(
    tmp_path: Path,
    level: SandboxLevel,
    files: Mapping[str, str] = FILES,
    *,
    failing: tuple[str, ...] = ("test_shop.py::test_total",),
    command: str = PYTEST,
) -> AsyncIterator[WarmTests | str]:
    runner = a_runner(tmp_path, level, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    place = runner.place
    for name, text in files.items():
        for folder in (place.tree, place.original):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    shell = WarmShell(runner, longest_s=LONG_S)

    async def line(words: str, limit_s: float, why: str, version: Version) -> CommandRun | None:
        return await shell.run(words, timeout_s=limit_s)

    site = Site(
        root=str(place.original),
        copy_root=str(place.tree),
        subdirectory="",
        base=VERSION,
        base_commit=None,
        is_dirty=False,
        changed_lines=(),
        ladder=Ladder(levels=(level,), why=""),
    )
    diagnosis = a_diagnosis(*(a_failure(test_id=test_id, file=test_id.partition("::")[0]) for test_id in failing))
    try:
        yield await open_tests(
            line, command=command, diagnosis=diagnosis, tree=tree_of(dict(files)), site=site, version=VERSION, name="t"
        )
    finally:
        await shell.aclose()


def edit(text: str, old: str, new: str, path: str = "shop.py") -> tuple[Splice, ...]:
    first = text.index(old)
    return (Splice(path=path, first=first, last=first + len(old), text=new),)


@BOTH
async def test_candidates_are_told_apart_in_their_order(tmp_path: Path, level: SandboxLevel) -> None:
    """The right one passes with all tests that pass now; a wrong one, or one that breaks another test, does not."""
    async with opened(tmp_path, level) as tests:
        assert isinstance(tests, WarmTests), tests
        assert tests.base.tests == "F"
        edits = ("- discount", "* discount", "- discount or 25")
        right, wrong, breaking = (edit(SHOP, "prices) + discount", f"prices) {new}") for new in edits)
        answers = await tests.run((right, wrong, breaking), enough=9, seconds=LONG_S)
    assert [a is not None and a.is_plausible for a in answers] == [True, False, False]
    first, second, third = answers
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.tests, first.also, first.is_hot) == ("P", "PP", True)
    assert second.tests == "F"
    assert "assert 150 == 25" in second.text
    assert third.tests == "P"
    assert "F" in third.also


@pytest.mark.parametrize("path", ["src", "$PWD/src:."])
async def test_a_search_path_of_the_command_is_kept(path: str, tmp_path: Path) -> None:
    """`PYTHONPATH=src pytest` finds the package, and does not hide the server from pytest."""
    files = {"src/shop.py": SHOP, "test_shop.py": SHOP_TEST}
    command = f"true && PYTHONPATH={path} {PYTEST}"
    async with opened(tmp_path, SandboxLevel.PROCESS, files, command=command) as tests:
        assert isinstance(tests, WarmTests), tests
        right = edit(SHOP, "prices) + discount", "prices) - discount", "src/shop.py")
        answers = await tests.run((right,), enough=1, seconds=LONG_S)
    assert answers[0] is not None
    assert answers[0].is_plausible


@BOTH
async def test_what_each_test_ran_is_known(tmp_path: Path, level: SandboxLevel) -> None:
    """Lines of the repository, from the top, with what became of the test."""
    async with opened(tmp_path, level) as tests:
        assert isinstance(tests, WarmTests), tests
        assert tests.spectrum is not None
    told = {one.test_id: (one.has_failed, dict(one.lines).get("shop.py")) for one in tests.spectrum.tests}
    assert told["test_shop.py::test_total"] == (True, (5,))
    assert told["test_shop.py::test_rate"] == (False, (9,))


@BOTH
async def test_what_ran_at_import_is_imported_anew(tmp_path: Path, level: SandboxLevel) -> None:
    """A patched function can't undo what it left behind when the module was loaded, so that candidate starts afresh."""
    source = "def double(n):\n    return n + n + 1\n\n\nTWICE = double(2)\n"
    test = "from table import TWICE\n\n\ndef test_twice():\n    assert TWICE == 4\n"
    files = {"table.py": source, "test_table.py": test}
    async with opened(tmp_path, level, files, failing=("test_table.py::test_twice",)) as tests:
        assert isinstance(tests, WarmTests), tests
        (answer,) = await tests.run((edit(source, " + 1", "", "table.py"),), enough=1, seconds=LONG_S)
    assert answer is not None
    assert (answer.is_plausible, answer.is_hot) == (True, False)


@BOTH
async def test_tests_that_can_not_be_loaded(tmp_path: Path, level: SandboxLevel) -> None:
    """Where collecting fails there is nothing to fork from; each candidate loads the project by itself."""
    source = "def f():\n    return 1\n"
    test = "from code_ import g\n\n\ndef test_g():\n    assert g() == 1\n"
    files = {"code_.py": source, "test_code.py": test}
    async with opened(tmp_path, level, files, failing=("test_code.py",)) as tests:
        assert isinstance(tests, WarmTests), tests
        assert tests.why_not_hot
        right, wrong = edit(source, "f()", "g()", "code_.py"), edit(source, "f()", "h()", "code_.py")
        answers = await tests.run((wrong, right), enough=9, seconds=LONG_S)
    assert [a is not None and a.is_plausible for a in answers] == [False, True]


@BOTH
async def test_a_candidate_without_end_is_ended(tmp_path: Path, level: SandboxLevel) -> None:
    """And the next one is tried; what it left in the tree is gone."""
    loop = edit(SHOP, "return sum(prices) + discount", "open('left', 'w').close()\n    while True:\n        pass")
    seeing = edit(SHOP, "return sum(prices) + discount", "import os\n    return 0 if os.path.exists('left') else 25")
    async with opened(tmp_path, level) as tests:
        assert isinstance(tests, WarmTests), tests
        ended, after = await tests.run((loop, seeing), enough=9, seconds=LONG_S)
    assert ended is not None
    assert ended.ended is Ended.LATE
    assert after is not None
    assert after.tests == "P"


@BOTH
async def test_hostile_candidates_answer_nothing(tmp_path: Path, level: SandboxLevel) -> None:
    """One ends the process, one forges an answer on every descriptor, one kills what is above it: none is plausible."""
    bodies = ("_end(0)", "[_write(n) for n in range(3, 60)]", "__import__('os').kill(__import__('os').getppid(), 9)")
    source = HOSTILE + SHOP
    files = {**FILES, "shop.py": source}
    async with opened(tmp_path, level, files) as tests:
        assert isinstance(tests, WarmTests), tests
        candidates = tuple(edit(source, "return sum(prices) + discount", body) for body in bodies)
        answers = await tests.run(candidates, enough=9, seconds=LONG_S)
    assert not any(answer is not None and answer.is_plausible for answer in answers)


@BOTH
async def test_candidates_are_compared_on_further_inputs(tmp_path: Path, level: SandboxLevel) -> None:
    """The same on all of them for two ways to write one thing, different for another that passes the tests too."""
    plain, same, other = (
        edit(SHOP, "sum(prices) + discount", new)
        for new in ("sum(prices) - discount", "-discount + sum(prices)", "25 if discount else sum(prices)")
    )
    async with opened(tmp_path, level) as tests:
        assert isinstance(tests, WarmTests), tests
        base, *seen = await tests.outcomes((plain, same, other), path="shop.py", name="total", line=4)
    assert len(base) > 20
    assert {outcome[0] for outcome in base} == {GOOD, "?"}, "calls of the test that passes are told from the other's"
    assert seen[0] == seen[1]
    assert seen[0] not in (base, seen[2])


async def test_what_a_method_leaves_behind_is_compared_too(tmp_path: Path) -> None:
    """Two ways that answer the same: one notes what it refused, which a later call would tell."""
    source = (
        "class Till:\n    def __init__(self):\n        self.notes = []\n\n    def add(self, note):\n"
        "        if len(self.notes) > 2:\n            return False\n        self.notes.append(note)\n"
        "        return True\n"
    )
    test = (
        "from till import Till\n\ndef test_one():\n    assert Till().add(1)\n\ndef test_two():\n    till = Till()\n"
        "    assert [till.add(n) for n in range(3)] == [True, True, False]\n"
    )
    head, body = source.split("        if len", 1)[0], "        if len(self.notes) > 1:\n            return False\n"
    right, noting = (
        Splice.between("till.py", source, f"{head}{text}        return True\n")
        for text in (
            f"{body}        self.notes.append(note)\n",
            f"        self.notes.append(note)\n{body.replace('1', '2')}",
        )
    )
    files, failing = {"till.py": source, "test_till.py": test}, ("test_till.py::test_two",)
    async with opened(tmp_path, SandboxLevel.PROCESS, files, failing=failing) as tests:
        assert isinstance(tests, WarmTests), tests
        passed = await tests.run(((right,), (noting,)), enough=9, seconds=LONG_S)
        _, *seen = await tests.outcomes(((right,), (noting,)), path="till.py", name="add", line=5)
    assert [one is not None and one.is_plausible for one in passed] == [True, True]
    assert seen[0] != seen[1]


@pytest.mark.parametrize(
    ("body", "has_crashed"),
    [
        ("return sum(prices) - discount + [0][len(prices)]", True),
        ("return sum(prices) - discount if len(prices) < 2 else total([], None)", True),
        ("while len(prices) > 2:\n        pass\n    return sum(prices) - discount", True),
        ("return sum(prices) - discount if len(prices) < 2 else no_sale()", False),
    ],
)
async def test_a_crash_is_told_from_a_refusal(tmp_path: Path, body: str, has_crashed: bool) -> None:
    """An index that is not there, or a call of itself that it refuses: crashes. What it raises for its input: none."""
    refusing = "def no_sale():\n    raise ValueError\n\n\n"
    source = SHOP.replace("def total", refusing + "def total", 1)
    candidate = edit(source, "return sum(prices) + discount", body)
    async with opened(tmp_path, SandboxLevel.PROCESS, {**FILES, "shop.py": source}) as tests:
        assert isinstance(tests, WarmTests), tests
        line = source[: source.index("def total")].count("\n") + 1
        _, seen = await tests.outcomes((candidate,), path="shop.py", name="total", line=line)
    assert any(outcome[1] == CRASHED for outcome in seen) is has_crashed


async def test_tests_that_do_not_fail_there_are_not_believed(tmp_path: Path) -> None:
    """A warm process in which the failure does not show says nothing about candidates."""
    async with opened(tmp_path, SandboxLevel.PROCESS, failing=("test_shop.py::test_nothing",)) as tests:
        assert tests == "the failing tests do not fail in the warm process"


async def test_a_test_that_fails_after_another_only(tmp_path: Path) -> None:
    """A shared default that an earlier test filled: the whole file is run, in its order."""
    source = "def put(x, into=[]):\n    into.append(x)\n    return into\n"
    test = "from box import put\n\ndef test_a():\n    assert put(1) == [1]\n\ndef test_b():\n    assert put(2) == [2]\n"
    mended = edit(source, "into=[]):", "into=None):\n    into = [] if into is None else into", "box.py")
    idle = edit(source, "return into", "return list(into)", "box.py")
    files = {"box.py": source, "test_box.py": test}
    async with opened(tmp_path, SandboxLevel.PROCESS, files, failing=("test_box.py::test_b",)) as tests:
        assert isinstance(tests, WarmTests), tests
        answers = await tests.run((idle, mended), enough=2, seconds=LONG_S)
    assert [one is not None and one.is_plausible for one in answers] == [False, True]


async def test_a_candidate_that_breaks_another_test_ends_no_batch(tmp_path: Path) -> None:
    """Only a plausible one is enough: what comes behind it is tried."""
    breaking = edit(SHOP, "sum(prices) + discount", "25")
    right = edit(SHOP, "sum(prices) + discount", "sum(prices) - discount")
    async with opened(tmp_path, SandboxLevel.PROCESS) as tests:
        assert isinstance(tests, WarmTests), tests
        answers = await tests.run((breaking, right), enough=1, seconds=LONG_S)
    assert [one is not None and one.is_plausible for one in answers] == [False, True]


async def test_a_command_that_is_no_pytest(tmp_path: Path) -> None:
    """There is a reason, and no exception."""
    async with opened(tmp_path, SandboxLevel.PROCESS, failing=()) as tests:
        assert isinstance(tests, str)


async def test_a_failure_is_told_by_the_frames_of_the_project(tmp_path: Path) -> None:
    """Those of the standard library, through which unittest runs a test, would take the place of what matters."""
    files = {
        "shop.py": SHOP,
        "test_shop.py": (
            "import unittest\nfrom shop import total\n\n\nclass ShopTest(unittest.TestCase):\n"
            "    def test_total(self):\n        with self.subTest(left=25):\n"
            "            self.assertEqual(total([10, 20], 5), 25)\n"
        ),
    }
    failing = ("test_shop.py::ShopTest::test_total",)
    async with opened(tmp_path, SandboxLevel.PROCESS, files, failing=failing) as tests:
        assert isinstance(tests, WarmTests), tests
        wrong = edit(SHOP, "prices) + discount", "prices) * discount")
        (answer,) = await tests.run((wrong,), enough=1, seconds=LONG_S)
    assert answer is not None
    frames = [line for line in answer.text.splitlines() if ": in " in line]
    assert [line.partition(":")[0] for line in frames] == ["test_shop.py"]
    assert "150 != 25" in answer.text


async def test_names_that_are_not_there_are_told(tmp_path: Path) -> None:
    """Instead of warm tests in which every candidate would seem to be broken."""
    async with opened(tmp_path, SandboxLevel.PROCESS, failing=("b',) test_shop.py::test_total",)) as tests:
        assert tests == "the failing tests have other names there"


CASES = """\
import pytest
from shop import total


@pytest.mark.parametrize("prices, left", [([10], 5), ([20], 15), ([30], 25), ([1], -4), ([2], -3)])
def test_total(prices, left):
    assert total(prices, 5) == left
"""


async def test_what_mends_some_cases_of_a_test_is_not_plausible(tmp_path: Path) -> None:
    """Three of five are tried with every candidate, the others with what passes those."""
    files = {"shop.py": SHOP, "test_shop.py": CASES}
    cases = ("prices0-5", "prices1-15", "prices2-25", "prices3--4", "prices4--3")
    failing = tuple(f"test_shop.py::test_total[{case}]" for case in cases)
    async with opened(tmp_path, SandboxLevel.PROCESS, files, failing=failing) as tests:
        assert isinstance(tests, WarmTests), tests
        assert (tests.failing, tests.others) == (failing[:3], failing[3:])
        edits = ("prices) - discount", "prices) - discount * (sum(prices) > 5)", "prices) * discount")
        tried = [edit(SHOP, "prices) + discount", new) for new in edits]
        right, some, none = await tests.run(tried, enough=9, seconds=LONG_S)
    assert right is not None
    assert some is not None
    assert none is not None
    assert [one.is_plausible for one in (right, some, none)] == [True, False, False]
    assert [one.tests for one in (right, some, none)] == ["PPP", "PPP", "FFF"]
    assert [one.others for one in (right, some, none)] == ["PP", "F-", ""]


async def test_what_mends_none_of_the_first_is_not_tried_with_the_rest(tmp_path: Path) -> None:
    """Those first are the ones that run the least alike; with one of them mended all are run."""
    test = "from shop import *\n" + "".join(
        f"\n\ndef test_{n}():\n    assert total([{n}], 5) == {n - 5}\n" for n in range(1, 6)
    )
    shop = SHOP + "\n\ndef other():\n    return 1\n"
    test += "\n\ndef test_other():\n    assert other() == 2\n"
    failing = tuple(f"test_shop.py::test_{n}" for n in (1, 2, 3, 4, 5, "other"))
    files = {"shop.py": shop, "test_shop.py": test}
    async with opened(tmp_path, SandboxLevel.PROCESS, files, failing=failing) as tests:
        assert isinstance(tests, WarmTests), tests
        assert tests.failing == (failing[0], failing[5], *failing[1:5])
        assert tests.base.tests == "FFFFFF"
        none = edit(shop, "prices) + discount", "prices) + discount + 0")
        part = edit(shop, "return 1", "return 2")
        answers = await tests.run((none, part), enough=9, seconds=LONG_S)
    assert [one is not None and one.tests for one in answers] == ["FFFF--", "FPFFFF"]


def test_failing_tests_are_few_and_of_many_kinds() -> None:
    """Of one parametrized test three; none that could be read as an option."""
    many = [a_failure(test_id=f"t.py::test_a[{n}]") for n in range(9)]
    found = chosen_tests(a_diagnosis(*many, a_failure(test_id="t.py::test_b"), a_failure(test_id="-x::y")))
    assert found == ("t.py::test_a[0]", "t.py::test_a[1]", "t.py::test_a[2]", "t.py::test_b")
    assert other_tests(a_diagnosis(*many, a_failure(test_id="u.py::test_c")), found) == tuple(
        f"t.py::test_a[{n}]" for n in range(3, 9)
    )
    assert other_tests(a_diagnosis(*many), ("t.py", "t.py::test_a[0]")) == ()


async def test_patience_ends_with_the_time_that_all_have() -> None:
    """Who took too long before gets no longer than the whole batch, and nothing where that is no more than it had."""
    late = Trial(ended=Ended.LATE)
    jobs: list[dict[str, float]] = []

    async def line(words: str, limit_s: float, why: str, version: Version) -> None:
        packed = words.partition("<<'END'")[2].partition("\n")[2].partition("\nEND")[0]
        jobs.append(json.loads(gzip.decompress(base64.b64decode(packed))))

    for cpu_s, expected in ((1.0, [4.0]), (2.5, [5.0]), (6.0, [])):
        tests = WarmTests(line, VERSION, "t", ("t",), late, "", limit_s=9.0, cpu_s=cpu_s, fresh_s=9.0)
        tests._known[()] = late
        jobs.clear()
        assert await tests.run(((),), enough=1, seconds=5.0, patience=4.0) == (late,)
        assert [job["cpu_s"] for job in jobs] == expected
        assert all(job["limit_s"] == 14.0 for job in jobs)


def test_edits_become_the_shortest_splices() -> None:
    """One a file; files that come, go or are no text can't be put so."""
    tree = tree_of({"a.py": "x = 1 + 1\n"})
    assert splices_of((FileEdit(path="a.py", content=b"x = 1 - 1\n"),), tree) == (
        Splice(path="a.py", first=6, last=7, text="-"),
    )
    assert splices_of((FileEdit(path="b.py", content=b""),), tree) is None
    assert splices_of((FileEdit(path="a.py", content=None),), tree) is None
    assert splices_of((FileEdit(path="a.py", content=b"\xff"),), tree) is None


def test_answers_are_typed_and_bounded() -> None:
    """What comes from the sandbox is bounded and typed, whatever it is."""
    assert read_answer("[1]\n") == {}
    assert read_answer("\x00{") == {}
    assert read_trials('{"n": 7, "ended": "ran"}\n{"n": true}\n{"n": 0, "ended": "ran", "tests": "PX"}', 1) == (
        read_trials('{"n": 0, "ended": "nonsense"}', 1)[0],
    )
    assert read_answer("[" * 100_000) == {}
    assert read_spectrum("{}\n" + "[" * 100_000) is None
    endless = read_spectrum('{}\n[{"id": "t", "outcome": "F", "s": NaN, "lines": {}}]')
    assert endless is not None
    assert endless.tests[0].cpu_s == 0
    assert read_spectrum("{}\n[{}]") is None
    assert read_spectrum("{}\nnull") is None
