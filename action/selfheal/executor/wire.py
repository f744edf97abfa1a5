"""The calls of an executor as JSON: one model a call, one a reply. Bytes travel as base64."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.executor import Site
from selfheal.contract.history import Past
from selfheal.contract.packages import (
    Announcement,
    Built,
    Day,
    Locked,
    Name,
    NotBuilt,
    Pin,
    Question,
    Registry,
    Solved,
    Tool,
    Unsolved,
)
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import SandboxLevel
from selfheal.contract.tree import InvalidEdit, Version

MAX_CALL_BYTES = 64 << 20
"""The longest call; edits are whole files."""
_MAX_LINE = 100_000
_Path = Annotated[str, Field(max_length=4096)]


class Wire(BaseModel):
    """What travels. Keys that are not known are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class RunCall(Wire):
    """Run a line in a version; `how` says in what way."""

    line: Annotated[str, Field(max_length=_MAX_LINE)]
    at: Version
    level: SandboxLevel
    timeout_s: Annotated[float, Field(gt=0, le=86_400)]
    how: Literal["once", "warm", "transform"]
    environment: Annotated[str, Field(max_length=40)] | None = None


class RunReply(Wire):
    """The run, None where a warm one can't be had, with the edits of a rewriting tool."""

    run: CommandRun | None
    edits: tuple[FileEdit, ...] = ()

    def transformation(self) -> Transformation:
        """The reply to a `transform` call."""
        if self.run is None:
            raise ValueError("a rewriting tool always runs")
        return Transformation(run=self.run, edits=self.edits)


class ChangeCall(Wire):
    """Make a version of another one and edits."""

    base: Version
    edits: tuple[FileEdit, ...]
    message: Annotated[str, Field(max_length=_MAX_LINE)]


class ChangeReply(Wire):
    """The new version, or why there is none."""

    version: Version | None = None
    invalid: InvalidEdit | None = None


class PathsCall(Wire):
    """Name the files of a version."""

    at: Version


class PathsReply(Wire):
    """Sorted paths."""

    paths: tuple[str, ...]


class ReadCall(Wire):
    """Read a file of a version."""

    at: Version
    path: _Path


class ReadReply(Wire):
    """The file's bytes, or None where there is no such regular file."""

    content: bytes | None


class BetweenCall(Wire):
    """Compare two versions."""

    base: Version
    head: Version


class EditsReply(Wire):
    """Edits on the first version."""

    edits: tuple[FileEdit, ...]


class HistoryCall(Wire):
    """Ask for the commits that wrote some manifests or locks."""

    paths: Annotated[tuple[_Path, ...], Field(max_length=100)]
    at: Version
    until: Day | None


class HistoryReply(Wire):
    """The newest first."""

    found: tuple[Past, ...]


class DiffReply(Wire):
    """The patch."""

    diff: str


class StateCall(Wire):
    """Tie a state document to a version."""

    number: Annotated[int, Field(ge=0)]
    version: Version
    document: Annotated[str, Field(max_length=16 << 20)]


_Limit = Annotated[float, Field(gt=0, le=86_400)]


class ResolveCall(Wire):
    """Ask the index which versions fit together."""

    question: Question
    timeout_s: _Limit


class ResolveReply(Wire):
    """The versions, or the resolver's words."""

    answer: Annotated[Solved | Unsolved, Field(discriminator="kind")]


class BuildCall(Wire):
    """Make an environment."""

    pins: Annotated[tuple[Pin, ...], Field(max_length=2000)]
    at: Version
    with_project: bool
    timeout_s: _Limit


class BuildReply(Wire):
    """The environment, or the installer's words."""

    answer: Annotated[Built | NotBuilt, Field(discriminator="kind")]


class RelockCall(Wire):
    """Let a tool write its lock."""

    tool: Tool
    folder: _Path
    at: Version
    newest: Day | None
    timeout_s: _Limit
    lock: _Path = ""


class RelockReply(Wire):
    """The files, or the tool's words."""

    answer: Annotated[Locked | Unsolved, Field(discriminator="kind")]


class InstallCall(Wire):
    """Make an environment of what a lock says."""

    tool: Tool
    folder: _Path
    at: Version
    timeout_s: _Limit


class ReleasesCall(Wire):
    """Ask for all versions of a package."""

    name: Name
    registry: Registry
    timeout_s: _Limit


class ReleasesReply(Wire):
    """The newest first."""

    versions: tuple[str, ...]


class AnnouncementsCall(Wire):
    """Ask for the change logs of a release."""

    pin: Pin
    registry: Registry
    timeout_s: _Limit


class AnnouncementsReply(Wire):
    """The files."""

    files: tuple[Announcement, ...]


class SiteCall(Wire):
    """Ask for the facts."""


class SiteReply(Wire):
    """The facts."""

    site: Site


class DoneReply(Wire):
    """Nothing to say."""


class FaultReply(Wire):
    """The call failed. `kind` is the name of the error's class."""

    kind: str
    message: str
