"""A delivery becomes a pull request: from the intake through durable work to GitHub, once, whatever happens between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.apps import INSTALLATION, a_finished, a_github, a_service, until
from app.artifacts import contents, zipped
from app.fake_github import FakeGitHub, Fault
from app.real.postgres import Postgres
from app.test_publish import NAME, a_topic, healing
from selfheal_app.errors import SettingsError
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.service import Service
from selfheal_app.store.inbox import State


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with a_github(tmp_path) as fake:
        yield fake


def a_healed_run(github: FakeGitHub, tmp_path: Path) -> FinishedRun:
    run = a_topic(github)
    github.artifact(run.run_id, zipped(contents(healing(tmp_path), run)))
    return run


def state(service: Service, id_: str = "d-1") -> State | None:
    letter = service.stores.inbox.get(id_)
    return None if letter is None else letter.state


async def test_a_failed_run_ends_as_a_pull_request(github: FakeGitHub, tmp_path: Path) -> None:
    """The token is one of the repository alone; the store of artifacts never sees it; the event is forgotten."""
    run = a_healed_run(github, tmp_path)
    async with a_service(github, tmp_path) as service:
        await service.intake.keep(a_finished(run))
        await until(lambda: state(service) is State.DONE)

        letter = service.stores.inbox.get("d-1")
        repair = service.stores.repairs.get("org/shop", run.run_id, 1)
    assert letter is not None and letter.body is None
    assert repair is not None and (repair.ending, repair.url) == ("published", github.pulls[0]["html_url"])
    assert NAME in github.branches() and len(github.pulls) == 1
    assert [token["body"] for token in github.tokens] == [{"repositories": ["shop"]}]
    assert github.tokens[0]["path"] == f"/app/installations/{INSTALLATION}/access_tokens"
    assert github.store_requests and not any("Authorization" in each for each in github.store_requests)


async def test_postgresql_does_the_same(github: FakeGitHub, tmp_path: Path, postgres: Postgres) -> None:
    """The same code, one database for the inbox and the work."""
    run = a_healed_run(github, tmp_path)
    async with a_service(github, tmp_path, postgresql=postgres.database()) as service:
        await service.intake.keep(a_finished(run))
        await until(lambda: state(service) is State.DONE)
    assert len(github.pulls) == 1


async def test_two_services_don_t_share_a_file(github: FakeGitHub, tmp_path: Path) -> None:
    """Each would take the other for dead."""
    async with a_service(github, tmp_path):
        with pytest.raises(SettingsError, match="PostgreSQL"):
            async with a_service(github, tmp_path):
                pass


async def test_github_out_of_order_is_waited_for(github: FakeGitHub, tmp_path: Path) -> None:
    """A step is tried again later; what was made without an answer is found."""
    run = a_healed_run(github, tmp_path)
    github.faults += [
        Fault("GET", "/artifacts$", status=502, times=5),
        Fault("POST", "/access_tokens$", status=500, times=1),
        Fault("POST", "/pulls$", status=502, is_after=True),
        Fault("GET", "/git/trees/", status=403, headers={"Retry-After": "1"}),
    ]
    async with a_service(github, tmp_path) as service:
        await service.intake.keep(a_finished(run))
        await until(lambda: state(service) in (State.DONE, State.DEAD))
        assert state(service) is State.DONE
    assert len(github.pulls) == 1


async def test_what_can_t_be_done_is_a_dead_letter_that_can_be_replayed(github: FakeGitHub, tmp_path: Path) -> None:
    """With the reason; after the cause is mended a replay does the work."""
    run = a_healed_run(github, tmp_path)
    broken = Fault("GET", "/artifacts$", status=502, times=10_000)
    github.faults.append(broken)
    async with a_service(github, tmp_path) as service:
        await service.intake.keep(a_finished(run))
        await until(lambda: state(service) is State.DEAD)
        (letter,) = service.stores.inbox.dead()
        assert "GitHub answered 502" in letter.reason and letter.body is not None

        broken.times = 0
        assert service.stores.inbox.replay("d-1", now=1.0)
        await until(lambda: state(service) is State.DONE)
    assert len(github.pulls) == 1


async def test_a_removed_app_ends_the_work(github: FakeGitHub, tmp_path: Path) -> None:
    """No token is no dead letter: nobody can mend it here."""
    run = a_healed_run(github, tmp_path)
    github.faults.append(Fault("POST", "/access_tokens$", status=404, message="Not Found", times=99))
    async with a_service(github, tmp_path) as service:
        await service.intake.keep(a_finished(run))
        await until(lambda: state(service) is State.DONE)
    assert not github.pulls


async def test_what_was_accepted_before_a_restart_is_worked_on_after_it(github: FakeGitHub, tmp_path: Path) -> None:
    """The intake alone has it; the next life of the service moves it."""
    run = a_healed_run(github, tmp_path)
    async with a_service(github, tmp_path) as service:
        pass
    from selfheal_app.service import Stores

    stores = Stores.open(f"sqlite:///{tmp_path / 'state' / 'selfheal.sqlite3'}")
    stores.inbox.add((a_finished(run),), received_at=1.0)
    stores.database.close()
    async with a_service(github, tmp_path) as service:
        await until(lambda: state(service) is State.DONE)
    assert len(github.pulls) == 1
