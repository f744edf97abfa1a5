"""The port of the policy: what a rule sees and what it says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from selfheal.contract.base import Frozen
from selfheal.contract.diagnosis import Category


class FileChange(Frozen):
    """One file before and after a patch. None means that it does not exist on that side."""

    path: str
    before: bytes | None
    after: bytes | None


class ChangeSet(Frozen):
    """Everything a rule may look at. `category` is the diagnosis that the patch answers."""

    changes: tuple[FileChange, ...]
    category: Category = Category.UNKNOWN


class PolicySettings(Frozen):
    """What an owner may loosen; every default is the strict one."""

    max_files: int = 20
    max_changed_lines: int = 1500
    allow_test_changes: bool = False
    allow_suppressions: bool = False
    allow_manifest_changes: bool = False
    """Whether a patch to what the project depends on may be merged without a person's look."""
    protected_paths: tuple[str, ...] = ()
    """More glob patterns that no patch may touch, besides the built-in ones."""


class Violation(Frozen):
    """Why a patch is refused. `message` names the place and what to do instead."""

    rule: str
    path: str | None
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the policy: its id and reason stand beside its check, one file a rule."""

    id: str
    reason: str
    check: Callable[[ChangeSet, PolicySettings], Iterable[Violation]]
