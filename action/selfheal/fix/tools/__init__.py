"""The project's own formatters and linters, run so that they mend what they found."""

from selfheal.fix.tools.project_fixer import ProjectFixer

__all__ = ["ProjectFixer"]
