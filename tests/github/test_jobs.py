"""The steps of this job, asked of a server that may say anything."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from selfheal.github.context import JobContext, context_of
from selfheal.github.jobs import ask_for_steps

STEP = {"name": "Run pytest", "number": 3, "status": "completed", "conclusion": "failure", "started_at": "x"}
MINE = {"id": 1, "status": "in_progress", "runner_name": "r-1", "steps": [STEP]}


@asynccontextmanager
async def api(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def context(url: str) -> JobContext:
    return JobContext(
        workspace=Path("/w"), repository="org/shop", run_id=7, run_attempt=2, runner_name="r-1", api_url=url
    )


async def test_the_job_on_this_runner_is_the_one() -> None:
    """Other jobs of the run, finished ones of the same runner too, are not."""
    seen: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.path, request.headers.get("Authorization")))
        other = {**MINE, "runner_name": "r-2", "steps": []}
        done = {**MINE, "status": "completed", "steps": []}
        return web.json_response({"total_count": 3, "jobs": [other, done, MINE]})

    async with api(answer) as url:
        told = await ask_for_steps(context(url), token="t")
    assert [(step.name, step.conclusion) for step in told.steps] == [("Run pytest", "failure")]
    assert seen == [("/repos/org/shop/actions/runs/7/attempts/2/jobs", "Bearer t")]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, '{"message": "Resource not accessible by integration"}'),
        (302, ""),
        (200, "<html>"),
        (200, "[]"),
        (200, '{"jobs": [{"status": 3}]}'),
        (200, '{"jobs": []}'),
        (200, " " * (5 << 20)),
    ],
)
async def test_whatever_else_it_says_is_no_error(status: int, body: str) -> None:
    """Without the right to know, or with nonsense, the steps are simply not told."""

    async def answer(request: web.Request) -> web.Response:
        headers = {"Location": "http://127.0.0.1:9/"} if status == 302 else {}
        return web.Response(status=status, text=body, headers=headers)

    async with api(answer) as url:
        told = await ask_for_steps(context(url), token="")
    assert told.steps == ()
    assert told.why


async def test_outside_of_github_nobody_is_asked() -> None:
    """A laptop has no run."""
    told = await ask_for_steps(context_of({}), token="t")
    assert told.steps == ()


def test_the_context_is_read_from_the_runners_variables(tmp_path: Path) -> None:
    """Numbers and objects that are none keep their defaults."""
    read = context_of(
        {
            "GITHUB_WORKSPACE": str(tmp_path),
            "GITHUB_REPOSITORY": "org/shop",
            "GITHUB_RUN_ID": "12",
            "GITHUB_RUN_ATTEMPT": "x",
            "GITHUB_WORKFLOW_REF": "org/shop/.github/workflows/ci.yml@refs/heads/a;b",
            "SELFHEAL_MATRIX": '{"python": "3.12"}',
        }
    )
    assert (read.run_id, read.run_attempt, read.workflow) == (12, 1, ".github/workflows/ci.yml")
    assert read.contexts["matrix"]["python"] == "3.12"
    assert context_of({"SELFHEAL_MATRIX": "[" * 100_000}).matrix == {}
