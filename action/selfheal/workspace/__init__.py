"""Git snapshots of the user's tree: a scratch copy with numbered versions and exact rollback."""

from selfheal.workspace.editing import InvalidEdit
from selfheal.workspace.errors import GitFailed, WorkspaceBroken
from selfheal.workspace.landing import Landed, LandingRefused
from selfheal.workspace.problems import ProblemKind, WorkspaceProblem
from selfheal.workspace.workspace import Version, Workspace

__all__ = [
    "GitFailed",
    "InvalidEdit",
    "Landed",
    "LandingRefused",
    "ProblemKind",
    "Version",
    "Workspace",
    "WorkspaceBroken",
    "WorkspaceProblem",
]
