"""Run the failing command in a sandbox, and judge candidates by it."""

from selfheal.project_tests import guard_command
from selfheal.verify.environment import ScrubbedEnvironment, scrub
from selfheal.verify.errors import SandboxFailed
from selfheal.verify.judge import Before, Verifier
from selfheal.verify.levels import find_ladder
from selfheal.verify.limits import Limits
from selfheal.verify.regression import broken_by, changes_meaning, doubted_by
from selfheal.verify.reproduce import (
    Bench,
    Disagreed,
    NeverEnded,
    PassesNow,
    Reproduced,
    Reproduction,
    reproduce,
)
from selfheal.verify.runner import SandboxedRunner
from selfheal.verify.sandbox import SandboxTree
from selfheal.verify.warm import WarmShell, daemon_line

__all__ = [
    "Before",
    "Bench",
    "Disagreed",
    "Limits",
    "NeverEnded",
    "PassesNow",
    "Reproduced",
    "Reproduction",
    "SandboxFailed",
    "SandboxTree",
    "SandboxedRunner",
    "ScrubbedEnvironment",
    "Verifier",
    "WarmShell",
    "broken_by",
    "changes_meaning",
    "daemon_line",
    "doubted_by",
    "find_ladder",
    "guard_command",
    "reproduce",
    "scrub",
]
