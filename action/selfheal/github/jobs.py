"""Ask GitHub how the steps of this very job went, as far as the job's token may know."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from selfheal.contract.base import Frozen
from selfheal.github.context import JobContext
from selfheal.github.failed_step import ReportedStep

if TYPE_CHECKING:
    import aiohttp

_LIMIT_S = 10.0
_MAX_BYTES = 4 << 20
_MAX_PAGES = 5


class _Step(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: Annotated[str, Field(max_length=10_000)]
    number: int
    status: str
    conclusion: str | None = None


class _Job(BaseModel):
    model_config = ConfigDict(extra="ignore")
    status: str
    runner_name: str | None = None
    steps: list[_Step] = []


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore")
    jobs: list[_Job]


class StepsTold(Frozen):
    """The steps, or an empty list and why."""

    steps: tuple[ReportedStep, ...] = ()
    why: str = ""


async def ask_for_steps(context: JobContext, *, token: str) -> StepsTold:
    """Find the job that runs on this runner now, and give its steps.

    Needs `actions: read` in a private repository and nothing in a public one; without it the answer is empty, never
    an error.
    """
    if not context.run_id or not context.repository or not context.runner_name:
        return StepsTold(why="this is no run of GitHub Actions")
    import aiohttp

    url = (
        f"{context.api_url}/repos/{context.repository}/actions/runs/{context.run_id}/attempts/"
        f"{context.run_attempt}/jobs"
    )
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    jobs: list[_Job] = []
    try:
        timeout = aiohttp.ClientTimeout(total=_LIMIT_S)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout, trust_env=True) as session:
            for number in range(1, _MAX_PAGES + 1):
                query = {"per_page": "100", "page": str(number)}
                async with session.get(url, params=query, allow_redirects=False) as answer:
                    if answer.status != 200:
                        return StepsTold(why=f"GitHub does not tell the job's steps (HTTP {answer.status})")
                    found = _Page.model_validate_json(await _body(answer)).jobs
                jobs += found
                if len(found) < 100:
                    break
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        return StepsTold(why=f"GitHub does not tell the job's steps ({type(error).__name__})")
    mine = [job for job in jobs if job.status == "in_progress" and job.runner_name == context.runner_name]
    if len(mine) != 1:
        return StepsTold(why=f"{len(mine)} jobs of the run are on this runner")
    return StepsTold(steps=tuple(ReportedStep(**_fields(step)) for step in mine[0].steps))


def read_steps(file: Path) -> StepsTold:
    """Read what an earlier step has noted with `write_steps`."""
    try:
        return StepsTold.model_validate_json(file.read_bytes()) if file.stat().st_size <= _MAX_BYTES else StepsTold()
    except (OSError, ValueError):
        return StepsTold(why="nobody has asked GitHub how the job's steps went")


def write_steps(file: Path, told: StepsTold) -> None:
    """Note them for the step that heals, which has no token."""
    file.write_text(told.model_dump_json(), encoding="utf-8")


async def _body(answer: "aiohttp.ClientResponse") -> bytes:
    """Read an answer of bounded length. Raises ValueError for a longer one."""
    data = bytearray()
    async for block in answer.content.iter_chunked(1 << 16):
        data += block
        if len(data) > _MAX_BYTES:
            raise ValueError("the answer is too long")
    return bytes(data)


def _fields(step: _Step) -> dict[str, Any]:
    return step.model_dump()
