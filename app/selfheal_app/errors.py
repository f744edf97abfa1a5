"""What went wrong with the service's world.

AppError
├── SettingsError       a variable or a file that an operator can mend; the command line exits with 2
└── GitHubFailed        GitHub did not answer, or not as GitHub does, however often it was asked
    └── Uncertain       a request that must not simply be repeated got no answer: it may have done its work
"""


class AppError(Exception):
    """The base of all errors that the service raises on purpose."""


class SettingsError(AppError):
    """The message says which variable, what is wrong with it, and what to do."""


class GitHubFailed(AppError):
    """The message names the request and what came of it; it holds nothing of the answer's text."""


class Uncertain(GitHubFailed):
    """Look for what the request would have made before it is sent again."""
