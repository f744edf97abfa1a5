"""What breaks under the workspace.

Tree::

    SelfhealError
    └── WorkspaceBroken
        └── GitFailed    a git call on our own store ended badly or ran out of time
"""

from selfheal.errors import SelfhealError


class WorkspaceBroken(SelfhealError):
    """The scratch folder can't be trusted any more: no space left, a git store that does not answer."""


class GitFailed(WorkspaceBroken):
    """A git call failed. `stderr` is git's own words, for classification and not for reports."""

    def __init__(self, subcommand: str, exit_code: int | None, stderr: str) -> None:
        how = "ran out of time" if exit_code is None else f"ended with {exit_code}"
        super().__init__(f"git {subcommand} {how}: check disk space and permissions, then run again")
        self.subcommand = subcommand
        self.exit_code = exit_code
        self.stderr = stderr
