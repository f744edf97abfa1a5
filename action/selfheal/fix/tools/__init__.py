"""The project's own formatters and linters, run so that they mend what they found."""

from selfheal.fix.tools.project_fixer import ProjectFixer
from selfheal.fix.tools.rule_fixer import RuleFixer

__all__ = ["ProjectFixer", "RuleFixer"]
