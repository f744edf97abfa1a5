"""Make the check run of a run's attempt, or bring the one that is there up to date: always one of each attempt."""

from typing import Any

from pydantic import Field

from selfheal_app.checks.words import CheckWords
from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected

NAME = "selfheal"
BATCH = 50
"""Annotations in one request. Source: https://docs.github.com/rest/checks/runs#create-a-check-run"""
_ROUNDS = 4
_PAGES = 5
_PER_PAGE = 100


class _Output(Known):
    title: str | None = None
    annotations_count: int = 0


class _CheckRun(Known):
    id: int = Field(gt=0)
    html_url: str | None = None
    external_id: str | None = None
    conclusion: str | None = None
    output: _Output


class _CheckRuns(Known):
    check_runs: tuple[_CheckRun, ...]


def external_id(run: FinishedRun) -> str:
    """The name by which it is found again."""
    return f"{NAME}:{run.run_id}-{run.run_attempt}"


def run_of(external: str) -> tuple[int, int] | None:
    """The run and its attempt that a check run of ours is about."""
    name, _, rest = external.partition(":")
    run_id, _, attempt = rest.partition("-")
    if name != NAME or not (run_id.isascii() and run_id.isdigit() and attempt.isascii() and attempt.isdigit()):
        return None
    return int(run_id), int(attempt)


async def tell(api: Api, run: FinishedRun, words: CheckWords, *, app_id: int) -> str | Rejected:
    """See that it says just this; where people see it. Raises GitHubFailed."""
    annotations = [each.body() for each in words.annotations]
    for _ in range(_ROUNDS + len(annotations) // BATCH):
        found = await _find(api, run, app_id=app_id)
        if isinstance(found, Rejected):
            return found
        try:
            if found is None:
                body = {"name": NAME, "head_sha": run.head_sha, "external_id": external_id(run)}
                first = annotations[:BATCH]
                found = await _send(api, "POST", "/check-runs", body | _body(words, first))
            else:
                count = found.output.annotations_count
                if count >= len(annotations) and (found.output.title, found.conclusion) == _now(words):
                    return found.html_url or ""
                batch = annotations[count : count + BATCH]
                found = await _send(api, "PATCH", f"/check-runs/{found.id}", _body(words, batch))
        except Uncertain:
            continue
        if isinstance(found, Rejected):
            return found
    raise GitHubFailed(f"the check run of {external_id(run)} did not come to say what it should")


async def _send(api: Api, method: str, path: str, body: dict[str, Any]) -> _CheckRun | Rejected:
    if method == "POST":
        return await api.post(path, _CheckRun, body)
    # annotations are added to those that are there: a second time would show them twice
    return await api.patch(path, _CheckRun, body, is_repeatable=False)


async def _find(api: Api, run: FinishedRun, *, app_id: int) -> _CheckRun | Rejected | None:
    for page in range(1, _PAGES + 1):
        found = await api.get(
            f"/commits/{run.head_sha}/check-runs",
            _CheckRuns,
            check_name=NAME,
            app_id=app_id,
            filter="all",
            per_page=_PER_PAGE,
            page=page,
        )
        if isinstance(found, Rejected):
            return found
        for each in found.check_runs:
            if each.external_id == external_id(run):
                return each
        if len(found.check_runs) < _PER_PAGE:
            break
    return None


def _body(words: CheckWords, annotations: list[dict[str, str | int]]) -> dict[str, Any]:
    output: dict[str, Any] = {"title": words.title, "summary": words.summary, "text": words.text}
    if annotations:
        output["annotations"] = annotations
    return {
        "status": "completed",
        "conclusion": words.conclusion.value,
        "output": output,
        "actions": [button.body() for button in words.buttons],
    }


def _now(words: CheckWords) -> tuple[str, str]:
    return words.title, words.conclusion.value
