"""How a publication ends."""

from dataclasses import dataclass
from enum import StrEnum


class Withholding(StrEnum):
    """Why nothing was published."""

    NOTHING = "nothing"
    REFUSED = "refused"
    HEAD_MOVED = "head_moved"
    NO_PULL_REQUEST = "no_pull_request"
    READ_ONLY = "read_only"
    NOT_PERMITTED = "not_permitted"
    BRANCH_TAKEN = "branch_taken"

    @property
    def is_expected(self) -> bool:
        """True where nobody has to mend anything."""
        return self in (self.NOTHING, self.HEAD_MOVED, self.NO_PULL_REQUEST, self.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Published:
    """Where the patch is to be seen. Not new where an earlier try had come as far."""

    url: str
    message: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing was published: why, in a word and in a sentence."""

    why: Withholding
    message: str
    settings_line: int | None = None
    """The line of the repository's settings file, where that is what stands in the way."""


Ending = Published | Withheld
