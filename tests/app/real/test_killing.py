"""Whoever dies, and whatever GitHub answers: in the end there is one of each, and nothing is lost."""

from pathlib import Path

from app.real.killing import a_scene
from app.real.postgres import Postgres
from app.real.process import RealService


async def test_a_process_that_is_killed_leaves_one_of_each(tmp_path: Path) -> None:
    """kill -9 before, after and between requests; `make bench-app-faults` does it two hundred times."""
    async with a_scene(tmp_path, seed=1, has_trouble=False) as scene:
        for number in range(2):
            assert await scene.episode(number, kills=2) == []
        assert sum(scene.kills.values()) == 6


async def test_what_was_accepted_outlives_its_process(tmp_path: Path) -> None:
    """kill -9 as soon as 202 was said: it is there, and worked off by the next process without being sent again."""
    async with a_scene(tmp_path, seed=4, has_trouble=False) as scene:
        assert await scene.accepted_and_killed(1) == []


async def test_a_github_out_of_order_leaves_one_of_each(tmp_path: Path) -> None:
    """500, 502, 429, secondary limits, half an answer and none after the work was done, and kills as well."""
    async with a_scene(tmp_path, seed=2, has_trouble=True) as scene:
        assert await scene.episode(1, kills=2) == []
        assert scene.github.troubles


async def test_a_live_replica_takes_over(tmp_path: Path, postgres: Postgres) -> None:
    """Of two on one database one is killed in the middle of its work; the other one ends it, once."""
    url = postgres.database()
    async with a_scene(tmp_path, seed=5, has_trouble=False, database_url=url) as scene:
        other = RealService(tmp_path / "other", scene.github.url, url)
        try:
            assert await scene.taken_over(1, other) == []
        finally:
            other.kill()


async def test_on_postgresql_the_next_process_goes_on(tmp_path: Path, postgres: Postgres) -> None:
    """It waits until the dead one has shown no sign of life, then its work is taken over."""
    async with a_scene(tmp_path, seed=3, has_trouble=False, database_url=postgres.database()) as scene:
        assert await scene.episode(1, kills=1) == []
