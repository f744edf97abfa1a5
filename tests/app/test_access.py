"""A token is of one repository, used while it lasts, shown to GitHub alone; an artifact is never more than it may."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.apps import INSTALLATION, a_github, access_to
from app.artifacts import a_report, a_run, contents, zipped
from app.fake_github import FakeGitHub, Fault
from selfheal_app.artifact import MAX_PACKED_BYTES, Contents, Refusal, Why
from selfheal_app.download import fetch
from selfheal_app.errors import GitHubFailed, Limited, NoAccess
from selfheal_app.events.workflow_run import FinishedRun


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with a_github(tmp_path) as fake:
        yield fake


async def fetched(github: FakeGitHub, run: FinishedRun) -> Contents | Refusal:
    async with await access_to(github).api(INSTALLATION, "org/shop") as api:
        return await fetch(api, run)


async def test_a_token_is_asked_for_once_an_hour(github: FakeGitHub) -> None:
    """One for each repository, whatever its case; one that is about to end is not begun with."""
    now = time.time()
    access = access_to(github, clock=lambda: now)
    for repository in ("org/shop", "Org/Shop", "org/other"):
        await access.api(INSTALLATION, repository)
    assert [each["body"]["repositories"] for each in github.tokens] == [["shop"], ["other"]]

    now += 3400
    await access.api(INSTALLATION, "org/shop")
    access.forget(INSTALLATION)
    await access.api(INSTALLATION, "org/shop")
    assert len(github.tokens) == 4


@pytest.mark.parametrize(
    ("status", "word"), [(401, "clock"), (403, "suspended"), (404, "gone"), (422, "not one of installation")]
)
async def test_no_token_says_why(github: FakeGitHub, status: int, word: str) -> None:
    """And what to do, as far as GitHub tells."""
    github.faults.append(Fault("POST", "/access_tokens$", status=status))

    with pytest.raises(NoAccess, match=word):
        await access_to(github).api(INSTALLATION, "org/shop")


async def test_another_key_gets_no_token(github: FakeGitHub) -> None:
    """GitHub checks what is signed."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    github.key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    with pytest.raises(NoAccess, match="401"):
        await access_to(github).api(INSTALLATION, "org/shop")


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (403, {"Retry-After": "77"}, "x", 77),
        (429, {"Retry-After": "77"}, "x", 77),
        (403, {}, "You have exceeded a secondary rate limit. Please wait a few minutes", 60),
        (429, {}, "Too many", 60),
    ],
)
async def test_a_limit_says_how_long(
    github: FakeGitHub, status: int, headers: dict[str, str], message: str, seconds: float
) -> None:
    """Primary or secondary, by header or by its words: nothing is sent before."""
    github.faults.append(Fault("GET", "/artifacts$", status=status, headers=headers, message=message))

    with pytest.raises(Limited) as caught:
        await fetched(github, a_run())
    assert caught.value.retry_after_s == pytest.approx(seconds, abs=1)


async def test_the_attempt_s_own_artifact_is_found(github: FakeGitHub) -> None:
    """Among those of other attempts, other names, and others' claims; newest first."""
    mine = contents(a_report(None), a_run(run_attempt=2))
    github.artifact(7, zipped(contents(a_report(None), a_run(run_attempt=1))))
    github.artifact(7, zipped(mine))
    github.artifact(7, zipped(contents(a_report(None), a_run(run_attempt=3))))
    github.artifact(7, zipped(mine), name="coverage")
    github.artifact(8, zipped(contents(a_report(None), a_run(run_id=8))))

    assert await fetched(github, a_run(run_attempt=2)) == mine
    assert not any("authorization" in {name.lower() for name in each} for each in github.store_requests)


async def test_no_artifact_of_this_attempt_is_another_run_s(github: FakeGitHub) -> None:
    """It is told apart from none at all, when it is read."""
    other = contents(a_report(None), a_run(run_attempt=1))
    github.artifact(7, zipped(other))

    assert await fetched(github, a_run(run_attempt=2)) == other
    absent = await fetched(github, a_run(run_id=9))
    assert isinstance(absent, Refusal) and absent.why is Why.ABSENT


async def test_what_is_too_large_is_not_downloaded(github: FakeGitHub) -> None:
    """By what GitHub says of it, and by what comes where GitHub is wrong."""
    github.artifact(7, b"x", size_in_bytes=MAX_PACKED_BYTES + 1)
    told = await fetched(github, a_run())
    assert isinstance(told, Refusal) and told.why is Why.TOO_LARGE and github.store_requests == []

    github.artifact(8, b"x" * (MAX_PACKED_BYTES + 1), size_in_bytes=10)
    told = await fetched(github, a_run(run_id=8))
    assert isinstance(told, Refusal) and told.why is Why.TOO_LARGE


async def test_what_has_expired_or_is_gone_is_absent(github: FakeGitHub) -> None:
    """The words say to run the job again."""
    github.artifact(7, b"", expired=True)
    gone = github.artifact(8, b"")
    del github.archives[gone]
    for run in (a_run(), a_run(run_id=8)):
        told = await fetched(github, run)
        assert isinstance(told, Refusal) and told.why is Why.ABSENT and "run the job again" in told.message


async def test_a_store_out_of_order_is_asked_again_later(github: FakeGitHub) -> None:
    """It is a failure and no refusal, so that the step runs again; so is half an archive, whatever its length says."""
    github.artifact(7, zipped(contents(a_report(None))))
    github.faults.append(Fault("GET", "^/store/", status=503))
    with pytest.raises(GitHubFailed, match="503"):
        await fetched(github, a_run())
    github.faults.append(Fault("GET", "^/store/", is_half=True))
    with pytest.raises(GitHubFailed, match="other bytes"):
        await fetched(github, a_run())
    assert not isinstance(await fetched(github, a_run()), Refusal)


async def test_an_unencrypted_store_is_not_gone_to(github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where GitHub itself is encrypted."""
    github.artifact(7, zipped(contents(a_report(None))))
    async with await access_to(github).api(INSTALLATION, "org/shop") as api:
        api.base_url = "https://api.github.example"
        told = await fetch(api, a_run())

    assert isinstance(told, Refusal) and "not encrypted" in told.message
    assert github.store_requests == []
