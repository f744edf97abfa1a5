"""Candidate patches: what a strategy proposes, and what is handed over."""

from enum import StrEnum

from pydantic import ConfigDict

from selfheal.contract.base import Frozen
from selfheal.contract.explanation import Explanation


class Disposition(StrEnum):
    """Whether a patch may be merged by a machine. Needing a human is the default."""

    AUTO = "auto"
    NEEDS_HUMAN = "needs_human"


class FileEdit(Frozen):
    """The whole new content of one file. `content` None deletes the file.

    `path` is relative to the repository, with forward slashes. In JSON the content is base64.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    path: str
    content: bytes | None


class CandidatePatch(Frozen):
    """What a strategy proposes to try, on top of the base version that it was made from."""

    strategy: str
    edits: tuple[FileEdit, ...]
    rationale: str = ""
    disposition: Disposition = Disposition.AUTO
    explanation: Explanation | None = None
    """What a dependency has to do with it."""


class PatchedFile(Frozen):
    """One file of a handed-over patch with its counts of lines."""

    path: str
    added: int
    removed: int


class Patch(Frozen):
    """A patch in the form of `git diff`; `sha256` is over the UTF-8 bytes of `diff`."""

    diff: str
    sha256: str
    files: tuple[PatchedFile, ...]
    strategy: str
    disposition: Disposition
