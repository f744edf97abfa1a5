"""A repair of what a linter or type checker says must not break what the project's own tests say."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.report import Outcome
from selfheal.contract.target import Target
from selfheal.contract.verdict import VerdictKind
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from team.repairs import ENVIRONMENT, Patient

LINT = f"{sys.executable} lint.py"
LINTER = """\
import sys

bad = [n for n, line in enumerate(open("shop.py"), 1) if "== None" in line or "print(" in line]
for n in bad:
    print(f"shop.py:{n}:1: E711 not like this")
sys.exit(bool(bad))
"""
SHOP = "def price(amount):\n    if amount == None:\n        return 0\n    return amount * 2\n"
RIGHT = SHOP.replace("== None", "is None")
WRONG = "def price(amount):\n    return amount\n"
TEST = "from shop import price\n\n\ndef test_price():\n    assert price(3) == 6\n"


@dataclass(frozen=True)
class Proposes:
    """A strategy that gives these contents of shop.py one after the other."""

    contents: tuple[str, ...]
    disposition: Disposition = Disposition.AUTO
    name: str = "proposes"
    uses_model: bool = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        return (Target(strategy=self.name, place="shop.py", samples=len(self.contents), uses_model=self.uses_model),)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        edit = FileEdit(path="shop.py", content=self.contents[sample].encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), disposition=self.disposition)


def _patient(place: Path, *, shop: str = SHOP, test: str = TEST) -> Patient:
    files = {"shop.py": shop, "lint.py": LINTER, "test_shop.py": test}
    return Patient(
        place, files, command=LINT, environ=ENVIRONMENT | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    )


def test_fix_that_breaks_a_test_is_rolled_back(tmp_path: Path) -> None:
    """The linter is content with both; the tests decide."""
    report = _patient(tmp_path).heal(strategies=(Proposes((WRONG, RIGHT)),))

    assert report.outcome is Outcome.HEALED
    assert [attempt.verdict for attempt in report.attempts] == [VerdictKind.WORSE, VerdictKind.PROVED]
    assert "test_price" in report.attempts[0].reason
    guarded = report.verification.guarded
    assert guarded is not None
    assert (guarded.passed_before, guarded.passed_after) == (1, 1)


def test_where_all_tests_pass_with_an_exact_repair_they_run_once(tmp_path: Path) -> None:
    """Nothing can have been broken then. A model's repair is compared with the tree as it was found all the same."""
    report = _patient(tmp_path / "exact").heal(strategies=(Proposes((RIGHT,)),))
    assert report.verification.guarded is not None
    assert (report.verification.guarded.passed_before, report.verification.guarded.passed_after) == (None, 1)

    asked = _patient(tmp_path / "asked").heal(strategies=(Proposes((RIGHT,), uses_model=True),))
    assert asked.verification.guarded is not None
    assert asked.verification.guarded.passed_before == 1
    assert asked.usage.command_runs == report.usage.command_runs + 1


def test_a_test_that_is_skipped_now_is_compared(tmp_path: Path) -> None:
    """A repair can make a test skip itself: with a skipped test both sides are run, and one that is gone counts."""
    test = TEST + "\n\nimport pytest\n\n\n@pytest.mark.skip\ndef test_later():\n    pass\n"
    report = _patient(tmp_path, test=test).heal(strategies=(Proposes((RIGHT,)),))
    assert report.verification.guarded is not None
    assert report.verification.guarded.passed_before == 1


def test_summary_says_that_the_tests_were_run(tmp_path: Path) -> None:
    """A reader sees what else proves it."""
    patient = _patient(tmp_path)
    patient.heal(strategies=(Proposes((RIGHT,)),))

    assert "1 pass, all that there are" in patient.written()["summary.md"]


def test_layout_alone_is_not_guarded(tmp_path: Path) -> None:
    """What means the same can break no test: none is run."""
    report = _patient(tmp_path, shop="x = 1  # print(\n").heal(strategies=(Proposes(("x = 1\n",)),))

    assert report.outcome is Outcome.HEALED
    assert report.verification.guarded is None


def test_tests_that_failed_before_are_no_objection(tmp_path: Path) -> None:
    """Only what passed before must pass; a person is told of what goes on failing, since it may be this very fault."""
    test = TEST + "\n\ndef test_other():\n    assert price(1) == 1\n"

    report = _patient(tmp_path, test=test).heal(strategies=(Proposes((RIGHT,)),))

    assert report.outcome is Outcome.HEALED
    assert report.patch is not None
    assert report.patch.disposition is Disposition.NEEDS_HUMAN
    assert report.verification.guarded is not None
    assert report.verification.guarded.still_failing == ("test_shop.py::test_other",)
    assert "test_shop.py::test_other" in " ".join(report.next_steps)


def test_a_guess_that_leaves_its_tests_failing_is_none(tmp_path: Path) -> None:
    """What is only likely must at least please the tests of what it changes; what is certain is only pointed out."""
    test = TEST.replace("price(3) == 6", "price(3) == 9")
    thrice = RIGHT.replace("* 2", "* 3")
    report = _patient(tmp_path, test=test).heal(strategies=(Proposes((RIGHT, thrice), Disposition.NEEDS_HUMAN),))

    assert [attempt.verdict for attempt in report.attempts] == [VerdictKind.WORSE, VerdictKind.PROVED]
    assert "as they did before: test_shop.py::test_price" in report.attempts[0].reason


def test_a_guess_with_which_no_test_can_be_loaded_is_none(tmp_path: Path) -> None:
    """Where what failed keeps every test from being loaded, a guess that leaves it so is the wrong one."""
    stops = "\n\nprice(None).real\n"
    files = (RIGHT.replace("return 0", "return None") + stops, RIGHT.replace("return 0", "raise ValueError") + stops)
    report = _patient(tmp_path, shop=SHOP.replace("return 0", "return None") + stops).heal(
        strategies=(Proposes((*files, RIGHT + stops), Disposition.NEEDS_HUMAN),)
    )

    assert [attempt.verdict for attempt in report.attempts] == [
        VerdictKind.WORSE,
        VerdictKind.WORSE,
        VerdictKind.PROVED,
    ]


def test_risky_step_is_tried_before_the_next(tmp_path: Path) -> None:
    """A candidate that only improves is guarded at once where its tool calls it unsafe."""
    two = SHOP + "print(1)\n"
    risky = Proposes((WRONG + "print(1)\n", RIGHT + "print(1)\n", RIGHT), Disposition.NEEDS_HUMAN)

    report = _patient(tmp_path, shop=two).heal(strategies=(risky,))

    assert [attempt.verdict for attempt in report.attempts][:2] == [VerdictKind.WORSE, VerdictKind.IMPROVED]


@pytest.mark.parametrize("test", ["", "import nothing_like_this\n"])
def test_without_tests_that_run_nothing_is_guarded(tmp_path: Path, test: str) -> None:
    """No tests, or tests that can't be loaded for another reason: the proof stands without them."""
    report = _patient(tmp_path, test=test).heal(strategies=(Proposes((RIGHT,)),))

    assert report.outcome is Outcome.HEALED


def test_repaired_syntax_must_pass_what_it_touches(tmp_path: Path) -> None:
    """Where nothing could be loaded before, a failing test that runs through the patched file counts."""
    broken = RIGHT.replace("return amount * 2", "return amount * 2 == None (")

    report = _patient(tmp_path, shop=broken).heal(strategies=(Proposes((RIGHT.replace("* 2", "* 3"), RIGHT)),))

    assert [attempt.verdict for attempt in report.attempts] == [VerdictKind.WORSE, VerdictKind.PROVED]
