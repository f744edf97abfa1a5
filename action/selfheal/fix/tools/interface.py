"""What a tool that mends is told, and what it gives back: shell text to run in the tree."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call


class Kind(IntEnum):
    """The order in which tools are run one after the other: a formatter sees what the others left."""

    HOOKS = 0
    IMPORTS = 1
    LINT = 2
    LAYOUT = 3


@dataclass(frozen=True, slots=True)
class Errand:
    """Shell text that mends, and what it does in words for a commit message.

    `reaches_all` says that it mends what the command did not come to as well, in whatever file.
    """

    text: str
    words: str
    reaches_all: bool = False


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a tool may look at: the failure, the tree, and every call that the failing command makes."""

    diagnosis: Diagnosis
    tree: TreeView
    calls: tuple[Call, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The findings, the cause first."""
        return self.diagnosis.failures

    @property
    def is_unread(self) -> bool:
        """True where no parser knew the tool that failed."""
        return self.diagnosis.category is Category.UNKNOWN


class Mender(Protocol):
    """One tool that rewrites what it finds.

    `is_unsafe` says that its fixes may change what the program does, `only_by_rule` that it is run for one rule at
    a time, `only_own` that it is no one's answer where the failing command does not call it.
    """

    @property
    def name(self) -> str:
        """The place of its targets."""
        ...

    @property
    def kind(self) -> Kind:
        """When it is run among others."""
        ...

    @property
    def is_unsafe(self) -> bool:
        """True where a person or a test must look at what it did."""
        ...

    @property
    def only_by_rule(self) -> bool:
        """True where it is never run for all rules together."""
        ...

    @property
    def only_own(self) -> bool:
        """True where it mends only what the command's own call of it found."""
        ...

    def answers(self, failure: Failure) -> bool:
        """Tell whether the finding is this tool's to mend."""
        ...

    def rules(self, failures: tuple[Failure, ...]) -> tuple[str, ...]:
        """Name the rules that it can be restricted to, one at a time; empty where it mends all or nothing."""
        ...

    def is_called(self, place: Workplace) -> bool:
        """Tell whether the failing command itself calls it."""
        ...

    def probe(self, place: Workplace) -> Errand | None:
        """Say what mends all of its rules at once and tells which; None where that says nothing of one rule."""
        ...

    def errand(self, place: Workplace, *, rule: str | None = None) -> Errand | None:
        """Say what mends all of its findings or those of one rule; None where it can't."""
        ...
