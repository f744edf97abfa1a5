"""What people see at a commit: one check run an attempt, pointing at the lines, never green."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.apps import APP_ID
from app.artifacts import a_report, a_run
from app.fake_github import FakeGitHub, Fault, serving
from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.report import Outcome, Report
from selfheal_app.checks.annotations import MOST, annotations_of
from selfheal_app.checks.check_run import external_id, run_of, tell
from selfheal_app.checks.words import Button, CheckWords, Conclusion, check_words, dismissed
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Ending, Published, Withheld, Withholding
from selfheal_app.repository_policy import FILE

PUBLISHED = Published("https://github.example/org/shop/pull/1", "opened a pull request into topic", is_new=True)
NOTHING = Withheld(Withholding.NOTHING, "no patch")
PATCH = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with serving(FakeGitHub(tmp_path / "github.git")) as fake:
        yield fake


def failing(count: int, **changes: Any) -> Report:
    failures = tuple(
        Failure(tool="mypy", message=f"wrong {number}", file="shop.py", line=number, code="arg-type")
        for number in range(1, count + 1)
    )
    return a_report(None, diagnosis=Diagnosis(category=Category.TYPES, summary="x", failures=failures), **changes)


def words(report: Report, ending: Ending = NOTHING) -> CheckWords:
    return check_words(report, ending, a_run(), server="https://github.example")


async def told(github: FakeGitHub, said: CheckWords) -> None:
    async with Api("org/shop", token="t", base_url=github.url, backoff_s=0) as api:
        assert isinstance(await tell(api, a_run(), said, app_id=APP_ID), str)


async def test_all_lines_are_pointed_at_in_batches(github: FakeGitHub) -> None:
    """Fifty at a time, each once, in one check run."""
    await told(github, words(failing(120)))

    (check,) = github.check_runs
    assert [each["start_line"] for each in check["annotations"]] == list(range(1, 121))
    assert (check["name"], check["external_id"], check["status"]) == ("selfheal", "selfheal:7-1", "completed")
    assert len([path for path in github.writes() if "check-runs" in path]) == 3


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_answer_that_is_lost_shows_nothing_twice(github: FakeGitHub, method: str, is_after: bool) -> None:
    """Whether GitHub did it or not: it is looked up before it is sent again."""
    github.faults.append(Fault(method, "/check-runs", status=502, is_after=is_after))
    await told(github, words(failing(120)))

    (check,) = github.check_runs
    assert [each["start_line"] for each in check["annotations"]] == list(range(1, 121))


async def test_twice_is_once_and_a_new_verdict_replaces_the_old(github: FakeGitHub) -> None:
    """The annotations stay; the buttons and the conclusion are the newest."""
    report = a_report(PATCH)
    await told(github, words(report, PUBLISHED))
    writes = len(github.writes())
    await told(github, words(report, PUBLISHED))
    assert len(github.writes()) == writes

    await told(github, dismissed(words(report, PUBLISHED), "ada"))
    (check,) = github.check_runs
    assert (check["conclusion"], [each["identifier"] for each in check["actions"]]) == ("neutral", ["retry"])
    assert len(check["annotations"]) == 1


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("ending", [PUBLISHED, *(Withheld(why, "x") for why in Withholding)])
def test_nothing_turns_a_red_build_green(outcome: Outcome, ending: Ending) -> None:
    """Whatever a report claims; what needs a person asks for one."""
    said = words(a_report(PATCH if outcome is Outcome.HEALED else None, outcome=outcome), ending)

    assert said.conclusion in set(Conclusion) and said.conclusion.value not in ("success", "skipped")
    if outcome is Outcome.HEALED and ending is PUBLISHED:
        assert (said.conclusion, said.buttons) == (Conclusion.ACTION_REQUIRED, tuple(Button))
        assert PUBLISHED.url in said.summary


def test_a_moved_head_offers_retry() -> None:
    """And says so."""
    said = words(a_report(PATCH), Withheld(Withholding.HEAD_MOVED, "the branch topic stands at 1234 now"))

    assert "moved on" in said.title and "stands at 1234" in said.summary and said.buttons == (Button.RETRY,)


def test_a_wrong_settings_file_is_pointed_at() -> None:
    """File, line and key, where the owner looks."""
    wrong = Withheld(Withholding.REFUSED, f"{FILE}:3 on the default branch policy.no_such: is not known", 3)
    said = words(a_report(PATCH), wrong)

    assert (said.annotations[0].path, said.annotations[0].line) == (FILE, 3)
    assert "no_such" in said.annotations[0].message and said.conclusion is Conclusion.ACTION_REQUIRED


def test_hostile_text_stays_text() -> None:
    """No mention, link, image or HTML of a report comes alive; no path leads out of the repository."""
    hostile = "@org/team [x](https://evil.example) <img src=x> ![x](y) fixes #1\n::error::x"
    failures = tuple(
        Failure(tool=hostile, message=hostile, file=path, line=line)
        for path, line in [
            ("shop.py", 1),
            ("../../etc/passwd", 1),
            ("/etc/passwd", 1),
            ("a\nb", 1),
            ("x" * 600, 1),
            ("shop.py", 0),
            ("shop.py", 10**12),
            ("c:\\x", 1),
        ]
    )
    diagnosis = Diagnosis(category=Category.TEST, summary=hostile, failures=failures, advice=hostile)
    said = words(a_report(None, diagnosis=diagnosis, summary=hostile, next_steps=(hostile,)))

    assert [(each.path, each.line) for each in said.annotations] == [("shop.py", 1)]
    assert "\n" not in said.annotations[0].message
    for live in ("@org", "](https://evil", " <img", "![x]", "#1"):
        assert live not in said.summary + said.text


def test_annotations_are_bounded_and_said_once() -> None:
    """A report of a thousand findings is no flood."""
    report = failing(1000)
    assert len(annotations_of(report)) == MOST
    assert report.diagnosis is not None
    twice = report.diagnosis.model_copy(update={"failures": report.diagnosis.failures[:1] * 2})
    assert len(annotations_of(report.model_copy(update={"diagnosis": twice}))) == 1


@pytest.mark.parametrize("wrong", ["", "selfheal:", "selfheal:7", "other:7-1", "selfheal:7-x", "selfheal:²-1"])
def test_a_check_run_tells_its_run(wrong: str) -> None:
    """Ours do, others don't."""
    assert run_of(external_id(a_run())) == (7, 1)
    assert run_of(wrong) is None
