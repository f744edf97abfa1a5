"""What a failed command's output says: the cause first, its echoes after it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from selfheal.contract.base import Frozen


class Category(StrEnum):
    """The kind of a failure; it decides which agent is asked and whether a patch can help."""

    TEST = "test"
    LINT = "lint"
    FORMAT = "format"
    TYPES = "types"
    SYNTAX = "syntax"
    BUILD = "build"
    DEPENDENCY = "dependency"
    CONFIG = "config"
    FLAKY = "flaky"
    INFRA = "infra"
    ENVIRONMENT = "environment"
    UNKNOWN = "unknown"

    @property
    def is_repairable(self) -> bool:
        """True where a patch to the repository could help."""
        return self not in (Category.FLAKY, Category.INFRA, Category.ENVIRONMENT)


class Frame(Frozen):
    """One stack frame: where the program stood when it failed. Lines count from 1."""

    file: str
    line: int
    function: str | None = None


class Failure(Frozen):
    """One finding of one tool. `file` is relative to the repository where it lies inside it."""

    tool: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    test_id: str | None = None
    code: str | None = None
    frames: tuple[Frame, ...] = ()
    excerpt: str = ""
    log_line: int | None = None
    """The line of the log that it was read from, counted from 1."""


class Diagnosis(Frozen):
    """What failed and why. `failures` is ranked: the cause first."""

    category: Category
    summary: str
    failures: tuple[Failure, ...] = ()
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    reason: str = ""
    """Why this category: the rule that fired, in words."""
    advice: str = ""
    """What a person should do, where a patch can't help."""
    source: str = "parser"
    """`parser` or `model`."""
    step: str = ""
    """The step of the job that failed, as the runner names it, where the log holds a whole job."""
