"""What a git tree holds, and how two trees differ: parsed `ls-tree` and `diff-tree` output."""

from dataclasses import dataclass

from selfheal.workspace.git import split_z

LINK = "120000"
EXECUTABLE = "100755"
NOTHING = "000000"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file or link of a tree. `path` is raw; `mode` as git writes it."""

    path: bytes
    mode: str
    blob: str

    @property
    def is_regular(self) -> bool:
        """True for plain and executable files."""
        return self.mode.startswith("100")


@dataclass(frozen=True, slots=True)
class TreeDifference:
    """One path that differs. A side that has no such path has the mode `NOTHING`."""

    before: TreeEntry
    after: TreeEntry

    @property
    def path(self) -> bytes:
        """The path, the same on both sides (renames are not looked for)."""
        return self.after.path


def parse_tree(output: bytes) -> tuple[TreeEntry, ...]:
    """Parse `git ls-tree -r -z`."""
    entries = []
    for record in split_z(output):
        head, _, path = record.partition(b"\t")
        mode, _, blob = head.decode("ascii").split(" ")
        entries.append(TreeEntry(path=path, mode=mode, blob=blob))
    return tuple(entries)


def parse_raw(output: bytes) -> tuple[TreeDifference, ...]:
    """Parse `git diff-tree -r -z --raw --no-renames` or `git diff-files -z --raw`."""
    parts = split_z(output)
    found = []
    for head, path in zip(parts[::2], parts[1::2], strict=True):
        old_mode, new_mode, old_blob, new_blob, _ = head.decode("ascii").removeprefix(":").split(" ")
        found.append(
            TreeDifference(
                before=TreeEntry(path=path, mode=old_mode, blob=old_blob),
                after=TreeEntry(path=path, mode=new_mode, blob=new_blob),
            )
        )
    return tuple(found)
