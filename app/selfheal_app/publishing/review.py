"""Leave a patch as suggestions in one review of a pull request, once."""

from urllib.parse import urlsplit

from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.branch import refused_write
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.publishing.ending import Ending, Published, Withheld, Withholding
from selfheal_app.publishing.pull_request import PullRequest
from selfheal_app.publishing.suggestions import Shown, Suggestion, shown_lines
from selfheal_app.publishing.wording import marker, suggestion_body

_ROUNDS = 3
_PAGES = 30
_PER_PAGE = 100
_TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")


class _File(Known):
    filename: str
    patch: str = ""


class _User(Known):
    type: str


class _Review(Known):
    html_url: str
    body: str | None = None
    user: _User | None = None
    author_association: str = "NONE"


async def shown_by(api: Api, number: int) -> Shown | Rejected:
    """The lines that the pull request's diff shows; files without a textual diff show none."""
    shown: dict[str, tuple[range, ...]] = {}
    for page in range(1, _PAGES + 1):
        files = await api.get(f"/pulls/{number}/files", tuple[_File, ...], per_page=_PER_PAGE, page=page)
        if isinstance(files, Rejected):
            return files
        shown |= {file.filename: shown_lines(file.patch) for file in files}
        if len(files) < _PER_PAGE:
            break
    return shown


async def find_review(api: Api, run: FinishedRun, number: int) -> Published | Rejected | None:
    """The review that an earlier try has left."""
    for page in range(1, _PAGES + 1):
        reviews = await api.get(f"/pulls/{number}/reviews", tuple[_Review, ...], per_page=_PER_PAGE, page=page)
        if isinstance(reviews, Rejected):
            return reviews
        for review in reviews:
            if _is_ours(review, run):
                return Published(_checked(review.html_url), "the review is there already", is_new=False)
        if len(reviews) < _PER_PAGE:
            break
    return None


async def leave_review(
    api: Api,
    run: FinishedRun,
    pull: PullRequest,
    *,
    suggestions: tuple[Suggestion, ...],
    body: str,
    body_alone: str,
) -> Ending:
    """Leave the review, or find it. `body_alone` holds the whole patch, for when GitHub takes no suggestion."""
    comments = [_comment(each) for each in suggestions]
    for _ in range(_ROUNDS):
        found = await find_review(api, run, pull.number)
        if isinstance(found, Rejected):
            return _refused(found, run)
        if found is not None:
            return found
        request = {"commit_id": run.head_sha, "event": "COMMENT", "body": body if comments else body_alone}
        try:
            made = await api.post(f"/pulls/{pull.number}/reviews", _Review, request | {"comments": comments})
        except Uncertain:
            continue
        if not isinstance(made, Rejected):
            count = f"{len(comments)} suggestions" if len(comments) != 1 else "1 suggestion"
            return Published(_checked(made.html_url), f"left a review with {count}", is_new=True)
        if made.status == 422 and comments:
            comments = []  # GitHub shows other lines than it lists: the whole patch is in the text then
            continue
        return _refused(made, run)
    raise GitHubFailed(f"no review could be left on pull request {pull.number} in {_ROUNDS} rounds")


def _is_ours(review: _Review, run: FinishedRun) -> bool:
    """Anybody can write the marker; a stranger's would keep ours away."""
    is_trusted = review.author_association in _TRUSTED or (review.user is not None and review.user.type == "Bot")
    return is_trusted and (review.body or "").startswith(marker(run))


def _comment(suggestion: Suggestion) -> dict[str, str | int]:
    place: dict[str, str | int] = {"path": suggestion.path, "line": suggestion.last_line, "side": "RIGHT"}
    if suggestion.first_line != suggestion.last_line:
        place |= {"start_line": suggestion.first_line, "start_side": "RIGHT"}
    return place | {"body": suggestion_body(suggestion)}


def _refused(rejected: Rejected, run: FinishedRun) -> Withheld:
    if run.is_fork and rejected.is_forbidden:
        words = "the token may not write here, as is usual for a fork's pull request: the patch is in the artifact"
        return Withheld(Withholding.READ_ONLY, words)
    return refused_write(rejected, "the review can't be left")


def _checked(url: str) -> str:
    """Only an address; it is printed."""
    return url if urlsplit(url).scheme in ("http", "https") and url.isprintable() else ""
