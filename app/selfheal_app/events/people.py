"""Who asks for something: a person with write permission, asked of GitHub at the time, or nobody."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from pydantic import Field

from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected

Login = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}(\[bot\])?$")]


class Sender(Known):
    """Whoever made an event happen, as GitHub tells it."""

    login: Login
    type: str

    @property
    def is_person(self) -> bool:
        """False for bots, ours among them: they give no commands."""
        return self.type == "User" and not self.login.endswith("[bot]")


class _Permission(Known):
    permission: str


@dataclass(frozen=True, slots=True)
class MayNot:
    """Why somebody's command is not followed."""

    message: str


async def may_write(api: Api, login: str) -> MayNot | None:
    """None where the person may write to the repository now."""
    found = await api.get(f"/collaborators/{quote(login)}/permission", _Permission)
    if isinstance(found, Rejected):
        return MayNot(f"{login} is no collaborator (GitHub: {found.status})")
    if found.permission not in ("admin", "maintain", "write"):
        return MayNot(f"{login} may {found.permission} only, commands need write")
    return None
