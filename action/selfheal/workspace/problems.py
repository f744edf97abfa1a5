"""Why a workspace can't be opened, as a value."""

import errno
from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """What is wrong with the repository or the place for the scratch folder."""

    NOT_A_REPOSITORY = "not_a_repository"
    BARE = "bare"
    UNREADABLE = "unreadable"
    READ_ONLY = "read_only"
    NO_SPACE = "no_space"
    NO_GIT = "no_git"


@dataclass(frozen=True, slots=True)
class WorkspaceProblem:
    """What failed on which value (`message`), and what to do next (`advice`)."""

    kind: ProblemKind
    message: str
    advice: str


def from_os_error(error: OSError, *, doing: str, place: str) -> WorkspaceProblem:
    """Turn the failure of a file operation into a problem; `place` is where the scratch folder lies."""
    message = f"{doing} failed: {error.strerror or type(error).__name__}: {error.filename or place!s}"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return WorkspaceProblem(
                ProblemKind.NO_SPACE, message, f"free space under {place}, or choose another scratch folder"
            )
        case errno.EROFS:
            return WorkspaceProblem(ProblemKind.READ_ONLY, message, "choose a scratch folder that can be written to")
        case _:
            return WorkspaceProblem(
                ProblemKind.UNREADABLE, message, "check that the folder exists and that this user may read and enter it"
            )
