"""What went wrong with the service's world.

AppError
├── SettingsError       a variable or a file that an operator can mend; the command line exits with 2
├── GaveUp              a step was tried as often as it may be: its delivery becomes a dead letter
├── NoAccess            GitHub gives no token for a repository: gone, suspended, or the credentials are wrong
└── GitHubFailed        GitHub did not answer, or not as GitHub does, however often it was asked
    ├── Uncertain       a request that must not simply be repeated got no answer: it may have done its work
    └── Limited         GitHub wants nothing more to be sent for a while
"""


class AppError(Exception):
    """The base of all errors that the service raises on purpose."""


class SettingsError(AppError):
    """The message says which variable, what is wrong with it, and what to do."""


class NoAccess(AppError):
    """The message says whose and what GitHub said; trying again is of no use."""


class GaveUp(AppError):
    """The message says which step, and what came of it the last time."""


class GitHubFailed(AppError):
    """The message names the request and what came of it; it holds nothing of the answer's text."""


class Uncertain(GitHubFailed):
    """Look for what the request would have made before it is sent again."""


class Limited(GitHubFailed):
    """Wait so many seconds before anything is sent for this installation again."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
