"""What people do on GitHub becomes what they asked for, once, and only for those who may."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.apps import APP_ID, INSTALLATION, a_finished, a_github, a_service, delivery, until
from app.artifacts import contents, zipped
from app.fake_github import FakeGitHub, Fault
from app.test_publish import NAME, a_pull_request, a_topic, healing
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Report
from selfheal_app.deliveries import Delivery
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.service import Service
from selfheal_app.store.inbox import State
from selfheal_app.store.repairs import Fate

ADA = {"login": "ada", "type": "User"}
REPOSITORY = {"full_name": "org/shop", "default_branch": "main"}


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with a_github(tmp_path) as fake:
        fake.rights |= {"ada": "write", "eve": "read"}
        yield fake


def healed(github: FakeGitHub, tmp_path: Path, report: Report | None = None, **changes: Any) -> tuple[FinishedRun, int]:
    """A pull request of `topic` whose run has failed, with the artifact that mends it."""
    run, number = a_pull_request(github, **changes)
    owner = {"full_name": run.head_repository}
    github.run(run.run_id, run.head_sha, "topic", event="pull_request", head_repository=owner)
    github.artifact(run.run_id, zipped(contents(report or healing(tmp_path), run)))
    return run, number


@asynccontextmanager
async def after(github: FakeGitHub, tmp_path: Path, *deliveries: Delivery) -> AsyncIterator[Service]:
    """A service that has worked all of them off, one after the other."""
    async with a_service(github, tmp_path) as service:
        for each in deliveries:
            await service.intake.keep(each)
            await until(lambda id_=each.id: settled(service, id_))
        yield service


def settled(service: Service, id_: str) -> bool:
    letter = service.stores.inbox.get(id_)
    return letter is not None and letter.state in (State.DONE, State.DEAD)


def a_comment(text: str, number: int = 1, *, id_: str = "c-1", **changes: Any) -> Delivery:
    event = {
        "action": "created",
        "comment": {"id": 501, "body": text, "user": ADA, "performed_via_github_app": None},
        "issue": {"number": number, "pull_request": {"url": "x"}},
        "repository": REPOSITORY,
        "sender": ADA,
        "installation": {"id": INSTALLATION},
    }
    return delivery("issue_comment", event | changes, id_=id_)


def a_press(run: FinishedRun, identifier: str | None, *, id_: str = "b-1", **changes: Any) -> Delivery:
    event = {
        "action": "requested_action" if identifier else "rerequested",
        "check_run": {
            "name": "selfheal",
            "external_id": f"selfheal:{run.run_id}-{run.run_attempt}",
            "app": {"id": APP_ID},
        },
        "repository": REPOSITORY,
        "sender": ADA,
    }
    event |= {"requested_action": {"identifier": identifier}} if identifier else {}
    return delivery("check_run", event | changes, id_=id_)


def answers(github: FakeGitHub) -> list[str]:
    return [comment["body"] for comment in github.comments]


async def test_a_run_ends_as_a_pull_request_and_a_check_run(github: FakeGitHub, tmp_path: Path) -> None:
    """The check run names the pull request, and offers what can be done."""
    run, _ = healed(github, tmp_path)
    async with after(github, tmp_path, a_finished(run)):
        pass

    (check,) = github.check_runs
    assert check["head_sha"] == run.head_sha and check["conclusion"] == "action_required"
    assert github.pulls[1]["html_url"] in check["output"]["summary"]
    assert [each["identifier"] for each in check["actions"]] == ["apply", "retry", "dismiss"]
    assert github.pulls[1]["base"]["ref"] == "topic"


async def test_a_run_without_an_artifact_is_nobody_s_business(github: FakeGitHub, tmp_path: Path) -> None:
    """No check run on a workflow that does not use selfheal."""
    run = a_topic(github)
    async with after(github, tmp_path, a_finished(run)):
        pass

    assert github.writes() == [f"/app/installations/{INSTALLATION}/access_tokens"]


@pytest.mark.parametrize("press", ["retry", None])
async def test_retry_runs_the_failed_jobs_once(github: FakeGitHub, tmp_path: Path, press: str | None) -> None:
    """By the button and by re-running the check; an answer that is lost starts nothing twice."""
    run, _ = healed(github, tmp_path)
    github.faults.append(Fault("POST", "/rerun-failed-jobs$", status=502, is_after=True))
    async with after(github, tmp_path, a_press(run, press)):
        pass

    assert github.reruns == [run.run_id]


async def test_apply_merges_the_fix_into_the_pull_request_s_branch(github: FakeGitHub, tmp_path: Path) -> None:
    """Published where it was not yet; merged once."""
    run, _ = healed(github, tmp_path)
    github.faults.append(Fault("PUT", "/merge$", status=502, is_after=True))
    async with after(github, tmp_path, a_press(run, "apply"), a_press(run, "apply", id_="b-2")):
        pass

    assert github.pulls[1]["merged"] and github.branches()["topic"] == github.pulls[1]["head"]["sha"]
    assert len([path for path in github.writes() if path.endswith("/merge")]) <= 2


@pytest.mark.parametrize("why", ["protected", "needs_human", "dependency", "moved"])
async def test_what_a_person_must_merge_is_not_merged(github: FakeGitHub, tmp_path: Path, why: str) -> None:
    """Protected branches, fixes to look at first, dependencies, a branch that moved on."""
    report = healing(tmp_path)
    assert report.patch is not None and report.diagnosis is not None
    if why == "needs_human":
        patch = report.patch.model_copy(update={"disposition": Disposition.NEEDS_HUMAN})
        report = report.model_copy(update={"patch": patch})
    if why == "dependency":
        diagnosis = report.diagnosis.model_copy(update={"category": Category.DEPENDENCY})
        report = report.model_copy(update={"diagnosis": diagnosis})
    run, number = healed(github, tmp_path, report)
    if why == "protected":
        github.protected.add("topic")
    deliveries = [a_finished(run), a_comment("/selfheal apply", number)]
    async with after(github, tmp_path, deliveries[0]) as service:
        if why == "moved":
            github.commit({"x": "y"}, branch="topic", parent=run.head_sha)
        await service.intake.keep(deliveries[1])
        await until(lambda: settled(service, "c-1"))

    assert not github.pulls[1]["merged"]
    assert any(word in answers(github)[0] for word in ("yourself", "run its checks again"))


async def test_dismiss_closes_the_fix_and_deletes_its_branch(github: FakeGitHub, tmp_path: Path) -> None:
    """And the check run says who put it aside; the outcome is remembered."""
    run, number = healed(github, tmp_path)
    async with after(github, tmp_path, a_finished(run), a_comment("/selfheal dismiss", number)) as service:
        repair = service.stores.repairs.get("org/shop", run.run_id, 1)

    assert github.pulls[1]["state"] == "closed" and NAME not in github.branches()
    assert "Put aside by ada" in github.check_runs[0]["output"]["summary"]
    assert github.check_runs[0]["conclusion"] == "neutral"
    assert repair is not None and repair.fate is Fate.DISMISSED


async def test_a_command_gets_one_reaction_and_one_answer(github: FakeGitHub, tmp_path: Path) -> None:
    """Also where GitHub's answer to the answer is lost."""
    _, number = healed(github, tmp_path)
    github.faults.append(Fault("POST", "/comments$", status=502, is_after=True))
    async with after(github, tmp_path, a_comment("/selfheal explain", number)):
        pass

    assert github.reactions == {501: {"eyes"}}
    (said,) = answers(github)
    assert said.startswith("<!-- selfheal:answer:501 -->") and "assert 1 == 2" in said


async def test_commands_work_below_the_fix_too(github: FakeGitHub, tmp_path: Path) -> None:
    """There they are about the run that it mends."""
    run, _ = healed(github, tmp_path)
    async with after(github, tmp_path, a_finished(run), a_comment("/selfheal dismiss", 2)):
        pass

    assert github.pulls[1]["state"] == "closed"


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": {"login": "eve", "type": "User"}},
        {"sender": {"login": "mallory", "type": "User"}},
        {"sender": {"login": "ada[bot]", "type": "Bot"}},
        {"action": "edited"},
        {"comment": {"id": 501, "body": "/selfheal retry", "user": ADA, "performed_via_github_app": {"id": 1}}},
        {"comment": {"id": 501, "body": "/selfheal retry", "user": {"login": "eve", "type": "User"}}},
        {"comment": {"id": 501, "body": "> /selfheal retry", "user": ADA}},
    ],
)
async def test_who_may_not_gets_no_answer(
    github: FakeGitHub, tmp_path: Path, changes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Readers, strangers, bots, edits, other people's words: nothing is done, and an audit line says so."""
    healed(github, tmp_path)
    sender = changes.get("sender", ADA)
    body: dict[str, Any] = {"comment": {"id": 501, "body": "/selfheal retry", "user": sender}}
    with caplog.at_level(logging.INFO, "selfheal_app"):
        async with after(github, tmp_path, a_comment("/selfheal retry", **body | changes)):
            pass

    assert github.reruns == [] and answers(github) == [] and github.reactions == {}
    is_silent = changes.get("action") == "edited" or ">" in str(changes.get("comment"))
    assert is_silent or any("refused" in record.message for record in caplog.records)


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": {"login": "eve", "type": "User"}},
        {"sender": {"login": "github-actions[bot]", "type": "Bot"}},
        {"check_run": {"name": "selfheal", "external_id": "selfheal:7-1", "app": {"id": 999}}},
        {"check_run": {"name": "tests", "external_id": "selfheal:7-1", "app": {"id": APP_ID}}},
        {"check_run": {"name": "selfheal", "external_id": None, "app": {"id": APP_ID}}},
        {"requested_action": {"identifier": "merge_everything"}},
        {"repository": {"full_name": "../../org", "default_branch": "main"}},
    ],
)
async def test_a_button_that_is_not_ours_or_theirs_does_nothing(
    github: FakeGitHub, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """Another App's check run, a reader's press, a button that nobody made."""
    run, _ = healed(github, tmp_path)
    async with after(github, tmp_path, a_press(run, "retry", **changes)):
        pass

    assert github.reruns == []


async def test_nothing_failed_is_said(github: FakeGitHub, tmp_path: Path) -> None:
    """A green pull request has nothing to retry."""
    _, number = a_pull_request(github)
    async with after(github, tmp_path, a_comment("/selfheal retry", number)):
        pass

    assert "nothing to do" in answers(github)[0]


async def test_help_is_given_anywhere(github: FakeGitHub, tmp_path: Path) -> None:
    """Also below an issue."""
    async with after(github, tmp_path, a_comment("/selfheal", 9, issue={"number": 9})):
        pass

    assert "/selfheal retry" in answers(github)[0]


@pytest.mark.parametrize(("merged", "fate"), [(True, Fate.MERGED), (False, Fate.CLOSED)])
async def test_a_closed_fix_leaves_no_branch(github: FakeGitHub, tmp_path: Path, merged: bool, fate: Fate) -> None:
    """And what became of it is remembered; a person's own branch under our name stays."""
    run, _ = healed(github, tmp_path)
    closed = {
        "action": "closed",
        "pull_request": {
            "head": {"ref": NAME, "repo": {"full_name": "org/shop"}},
            "merged": merged,
            "user": {"type": "Bot"},
        },
        "repository": REPOSITORY,
    }
    theirs = closed | {"pull_request": closed["pull_request"] | {"user": {"type": "User"}}}  # type: ignore[operator]
    async with after(github, tmp_path, a_finished(run), delivery("pull_request", theirs, id_="p-0")) as service:
        assert NAME in github.branches()
        await service.intake.keep(delivery("pull_request", closed, id_="p-1"))
        await until(lambda: settled(service, "p-1"))
        repair = service.stores.repairs.get("org/shop", run.run_id, 1)

    assert NAME not in github.branches()
    assert repair is not None and repair.fate is fate


async def test_who_leaves_is_forgotten(github: FakeGitHub, tmp_path: Path) -> None:
    """Nothing of the installation stays but that it is gone; what comes late of it is not worked on."""
    run, _ = healed(github, tmp_path)
    gone = {"action": "deleted", "installation": {"id": INSTALLATION, "account": {"login": "org"}}}
    async with after(github, tmp_path, a_finished(run), delivery("installation", gone, id_="i-1")) as service:
        assert service.stores.inbox.get("d-1") is None
        assert service.stores.repairs.get("org/shop", run.run_id, 1) is None
        writes = len(github.writes())
        await service.intake.keep(a_comment("/selfheal help", 1, id_="late"))
        await until(lambda: settled(service, "late"))

    assert len(github.writes()) == writes


async def test_who_takes_a_repository_out_has_it_forgotten(github: FakeGitHub, tmp_path: Path) -> None:
    """That one, and no other."""
    run, _ = healed(github, tmp_path)
    out = {
        "action": "removed",
        "installation": {"id": INSTALLATION},
        "repositories_removed": [{"full_name": "Org/Shop"}],
    }
    other = delivery("issue_comment", {"action": "created", "n": 1}, id_="o-1", repository="org/other")
    async with after(
        github, tmp_path, a_finished(run), other, delivery("installation_repositories", out, id_="i-1", repository="")
    ) as service:
        assert service.stores.inbox.get("d-1") is None and service.stores.inbox.get("o-1") is not None


async def test_a_suspended_installation_is_left_alone(github: FakeGitHub, tmp_path: Path) -> None:
    """Until it is taken up again."""
    run, _ = healed(github, tmp_path)
    states = [
        delivery("installation", {"action": action, "installation": {"id": INSTALLATION}}, id_=action)
        for action in ("suspend", "unsuspend")
    ]
    async with after(github, tmp_path, states[0], a_finished(run), states[1], a_finished(run, id_="d-2")):
        pass

    assert len(github.pulls) == 2
