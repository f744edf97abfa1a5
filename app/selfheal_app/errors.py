"""What went wrong with the service's world.

AppError
└── SettingsError       a variable or a file that an operator can mend; the command line exits with 2
"""


class AppError(Exception):
    """The base of all errors that the service raises on purpose."""


class SettingsError(AppError):
    """The message says which variable, what is wrong with it, and what to do."""
