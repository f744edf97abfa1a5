"""Open the pull request for a branch of ours, once."""

from pydantic import Field

from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.branch import refused_write
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.publishing.ending import Ending, Published, Withheld, Withholding
from selfheal_app.publishing.wording import Words
from selfheal_app.tree_at import Sha

_ROUNDS = 3


class _Owner(Known):
    full_name: str


class _Side(Known):
    ref: str
    sha: Sha
    repo: _Owner | None


class PullRequest(Known):
    """A pull request as far as it matters here. `head.repo` is None where the fork is gone."""

    number: int = Field(gt=0)
    html_url: str
    head: _Side
    state: str


async def open_pull_request(api: Api, run: FinishedRun, *, branch: str, words: Words, is_draft: bool) -> Ending:
    """Ask for the branch to be merged into the one that failed; find the pull request again where it is there.

    One that a person has closed stays closed.
    """
    for _ in range(_ROUNDS):
        found = await pull_requests(api, f"{api.repository.partition('/')[0]}:{branch}", state="all")
        if isinstance(found, Rejected):
            return refused_write(found, "the pull requests can't be listed")
        for each in found:
            if _is_from(each, api.repository, branch):
                return Published(each.html_url, f"the pull request is there already ({each.state})", is_new=False)
        body = {
            "title": words.title,
            "head": branch,
            "base": run.head_branch,
            "body": words.body,
            "draft": is_draft,
        }
        try:
            made = await api.post("/pulls", PullRequest, body)
            if isinstance(made, Rejected) and is_draft and made.status == 422 and "draft" in made.message.lower():
                # a plan without draft pull requests; the body says that a person is needed
                made = await api.post("/pulls", PullRequest, body | {"draft": False})
        except Uncertain:
            continue
        if not isinstance(made, Rejected):
            return Published(made.html_url, f"opened a pull request into {run.head_branch}", is_new=True)
        if made.status == 403:
            advice = "give the job `pull-requests: write`, and let Actions create pull requests in the settings"
            words_ = f"the pull request can't be opened (GitHub: 403 {made.message}): {advice}"
            return Withheld(Withholding.NOT_PERMITTED, words_)
        if made.status != 422 or "already exists" not in made.message.lower():
            return refused_write(made, "the pull request can't be opened")
    raise GitHubFailed(f"no pull request could be opened for {branch} in {_ROUNDS} rounds")


async def pull_requests(api: Api, head: str, *, state: str) -> tuple[PullRequest, ...] | Rejected:
    """The pull requests from a head, `owner:branch`."""
    return await api.get("/pulls", tuple[PullRequest, ...], head=head, state=state, per_page=100)


def _is_from(found: PullRequest, repository: str, branch: str) -> bool:
    repo = found.head.repo
    return found.head.ref == branch and repo is not None and repo.full_name.casefold() == repository.casefold()


async def pull_request_of(api: Api, run: FinishedRun) -> PullRequest | Withheld:
    """The open pull request that the run was about, at the run's commit."""
    none = Withheld(Withholding.NO_PULL_REQUEST, f"no open pull request is at {run.head_sha[:12]}")
    owner = run.head_repository.partition("/")[0]
    if not owner or not run.head_branch:
        return none
    found = await pull_requests(api, f"{owner}:{run.head_branch}", state="open")
    if isinstance(found, Rejected):
        return refused_write(found, "the pull requests can't be listed")
    mine = [each for each in found if _is_from(each, run.head_repository, run.head_branch)]
    if not mine:
        return none
    for each in mine:
        if each.head.sha == run.head_sha:
            return each
    now = mine[0].head.sha[:12]
    words = f"the pull request stands at {now} now, the run was of {run.head_sha[:12]}: run its checks again"
    return Withheld(Withholding.HEAD_MOVED, words)
