"""What manifests and locks were in earlier commits."""

from selfheal.contract.base import Frozen
from selfheal.contract.packages import Day
from selfheal.contract.patch import FileEdit


class Past(Frozen):
    """An earlier commit that wrote one of some files. `day` is the commit's own, in UTC."""

    commit: str
    day: Day
    edits: tuple[FileEdit, ...]
    """What makes the files of the version that was asked about what they were then; empty where they are the same."""
