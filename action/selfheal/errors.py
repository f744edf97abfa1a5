"""What went wrong with the world, as opposed to the build.

SelfhealError
├── UsageError          wrong usage or configuration; the command line exits with 2
└── BudgetSpent         a permit was asked for that the budget can't give; ends as `exhausted`
"""


class SelfhealError(Exception):
    """The base of all errors that selfheal raises on purpose."""


class UsageError(SelfhealError):
    """The caller can mend it: the message says what, on which value, and what to do."""


class BudgetSpent(SelfhealError):
    """The budget has no room for what was about to be done; `limit` names which one."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit
