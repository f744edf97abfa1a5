"""Git snapshots of the user's tree: a scratch copy with numbered versions and exact rollback."""

from selfheal.workspace.errors import GitFailed, WorkspaceBroken
from selfheal.workspace.landing import Landed, LandingRefused
from selfheal.workspace.problems import ProblemKind, WorkspaceProblem
from selfheal.workspace.workspace import Workspace

__all__ = [
    "GitFailed",
    "Landed",
    "LandingRefused",
    "ProblemKind",
    "Workspace",
    "WorkspaceBroken",
    "WorkspaceProblem",
]
