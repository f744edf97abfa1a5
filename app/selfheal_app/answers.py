"""One reaction and one answer a command: the answer carries a mark by which it is found again."""

from pydantic import Field

from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Nothing, Rejected

_ROUNDS = 3
_PAGES = 20
_PER_PAGE = 100


class _User(Known):
    type: str


class _Comment(Known):
    id: int = Field(gt=0)
    body: str | None = None
    user: _User | None = None


async def react(api: Api, comment_id: int) -> Nothing | Rejected:
    """Show that the command was seen; GitHub keeps one of a kind."""
    return await api.post(f"/issues/comments/{comment_id}/reactions", Nothing, {"content": "eyes"})


async def answer(api: Api, number: int, body: str, *, to: int) -> Nothing | Rejected:
    """Answer the comment `to` below issue `number`, once. Raises GitHubFailed."""
    mark = f"<!-- selfheal:answer:{to} -->"
    for _ in range(_ROUNDS):
        found = await _is_there(api, number, mark, after=to)
        if isinstance(found, Rejected):
            return found
        if found:
            return Nothing()
        try:
            told = await api.post(f"/issues/{number}/comments", _Comment, {"body": f"{mark}\n{body}"})
        except Uncertain:
            continue
        return told if isinstance(told, Rejected) else Nothing()
    raise GitHubFailed(f"comment {to} could not be answered in {_ROUNDS} rounds")


async def _is_there(api: Api, number: int, mark: str, *, after: int) -> bool | Rejected:
    """Only a bot's counts: a person could write the mark and keep the answer away."""
    for page in range(1, _PAGES + 1):
        found = await api.get(f"/issues/{number}/comments", tuple[_Comment, ...], per_page=_PER_PAGE, page=page)
        if isinstance(found, Rejected):
            return found
        for each in found:
            is_bot = each.user is not None and each.user.type == "Bot"
            if each.id > after and is_bot and (each.body or "").startswith(mark):
                return True
        if len(found) < _PER_PAGE:
            break
    return False
