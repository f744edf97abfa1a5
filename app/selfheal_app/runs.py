"""Runs of workflows, asked of GitHub: which one a check run or a pull request is about, and doing it again."""

from typing import Annotated

from pydantic import Field

from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Nothing, Rejected

_MOST = 30
RED = ("failure", "timed_out")


class _Owner(Known):
    full_name: str


class Run(Known):
    """A run as the interface tells it."""

    id: int = Field(gt=0)
    run_attempt: int = Field(gt=0)
    head_sha: Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
    head_branch: str | None
    event: str
    status: str | None
    conclusion: str | None
    head_repository: _Owner | None

    def finished(self, repository: str, default_branch: str) -> FinishedRun:
        """As an event would have told it."""
        return FinishedRun(
            repository=repository,
            run_id=self.id,
            run_attempt=self.run_attempt,
            head_sha=self.head_sha,
            head_branch=self.head_branch or "",
            head_repository=self.head_repository.full_name if self.head_repository is not None else "",
            event=self.event,
            default_branch=default_branch,
        )


class _Runs(Known):
    workflow_runs: tuple[Run, ...]


async def get_run(api: Api, run_id: int) -> Run | Rejected:
    """The run at its newest attempt."""
    return await api.get(f"/actions/runs/{run_id}", Run)


async def get_attempt(api: Api, run_id: int, attempt: int) -> Run | Rejected:
    """The run as it was at an attempt."""
    return await api.get(f"/actions/runs/{run_id}/attempts/{attempt}", Run)


async def red_runs_of(api: Api, head_sha: str) -> tuple[Run, ...] | Rejected:
    """The runs of a commit whose newest attempt has failed, newest first."""
    found = await api.get("/actions/runs", _Runs, head_sha=head_sha, status="completed", per_page=_MOST)
    if isinstance(found, Rejected):
        return found
    red = (run for run in found.workflow_runs if run.conclusion in RED and run.head_sha == head_sha)
    return tuple(sorted(red, key=lambda run: -run.id))


async def rerun(api: Api, run_id: int, *, attempt: int) -> bool | Rejected:
    """Run the failed jobs of this attempt again; False where a later attempt is there already. Raises GitHubFailed."""
    for _ in range(3):
        now = await get_run(api, run_id)
        if isinstance(now, Rejected):
            return now
        if now.run_attempt > attempt or now.status != "completed":
            return False
        try:
            told = await api.post(f"/actions/runs/{run_id}/rerun-failed-jobs", Nothing, {})
        except Uncertain:
            continue
        return told if isinstance(told, Rejected) else True
    raise GitHubFailed(f"run {run_id} could not be started again")
