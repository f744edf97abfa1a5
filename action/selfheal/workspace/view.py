"""A read-only view of one recorded tree."""

from selfheal.workspace.blobs import BlobReader
from selfheal.workspace.listing import TreeEntry


class GitTreeView:
    """Implements `contract.tree.TreeView` over a git tree. Valid until its workspace is closed.

    Names that are not UTF-8 are left out: no edit could name them.
    """

    def __init__(self, entries: tuple[TreeEntry, ...], blobs: BlobReader) -> None:
        named = ((_utf8(entry.path), entry.blob) for entry in entries if entry.is_regular)
        self._blob_of = {path: blob for path, blob in named if path is not None}
        self._blobs = blobs

    def paths(self) -> tuple[str, ...]:
        """All regular files that git tracks or would track, sorted."""
        return tuple(sorted(self._blob_of))

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no such regular file."""
        blob = self._blob_of.get(path)
        return None if blob is None else self._blobs.read(blob)


def _utf8(path: bytes) -> str | None:
    try:
        return path.decode("utf-8")
    except UnicodeDecodeError:
        return None
