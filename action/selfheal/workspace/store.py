"""The private git store that holds our versions, out of the command's sight."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from selfheal.workspace.blobs import BlobReader
from selfheal.workspace.errors import GitFailed
from selfheal.workspace.files import TreeFiles
from selfheal.workspace.git import git, split_z
from selfheal.workspace.listing import TreeDifference, TreeEntry, parse_raw, parse_tree
from selfheal.workspace.scratch import make_enterable

# The highest place for attributes: bytes go in and come out as they are, whatever the tree's own
# .gitattributes say. (`working-tree-encoding` must be unset, not false: git dies on false.)
_ATTRIBUTES = "* -text -filter -ident !eol !working-tree-encoding\n"
_CONFIG = """[core]
\trepositoryformatversion = 0
\tbare = true
\tfilemode = true
\tsymlinks = true
\tautocrlf = false
\tsafecrlf = false
\tlogallrefupdates = false
\tcompression = 0
\tfsync = none
"""
# Everything above this size goes straight into one pack: adding 20,000 files makes one file of them.
_ONE_PACK = ("core.bigFileThreshold=1",)
_BINARY = "info/all-binary"
_REF = "refs/selfheal/"


@dataclass(frozen=True, slots=True)
class VersionStore:
    """Hashes a working tree into git trees and keeps commits on them. Never reads objects of another store."""

    git_dir: Path
    tree: Path
    apart: frozenset[bytes]
    """Folders that never count: linked environments and submodules."""
    blobs: BlobReader
    index: Path | None = None
    """Another index than the store's own."""
    ruleless_folders: frozenset[bytes] = frozenset()
    """Folders of tracked files without a tracked ignore file: a new one there counts, even if it ignores itself."""

    @classmethod
    def create(
        cls, git_dir: Path, *, tree: Path, apart: frozenset[bytes], ignore_rules: bytes, tracked: tuple[bytes, ...]
    ) -> "VersionStore":
        """Make a store for `tree` that has taken in the files that the original tracks.

        Without that, tracked files that are ignored would be lost.
        """
        git("init", "--quiet", "--bare", "--template=", "--object-format=sha1", str(git_dir), cwd=git_dir.parent)
        (git_dir / "config").write_text(_CONFIG)
        (git_dir / "info").mkdir(exist_ok=True)
        (git_dir / "info" / "attributes").write_text(_ATTRIBUTES)
        (git_dir / _BINARY).write_text("* -diff\n")
        (git_dir / "info" / "exclude").write_bytes(ignore_rules)
        store = cls(
            git_dir=git_dir,
            tree=tree,
            apart=apart,
            blobs=BlobReader(git_dir),
            ruleless_folders=frozenset(_folders(tracked))
            - {_folder(path) for path in tracked if _is_ignore_file(path)},
        )
        files = TreeFiles(tree)
        store._update([path for path in tracked if store._counts(path) and files.is_plain(path)])
        return store

    def snapshot(self) -> str:
        """Bring the index up to date with the working tree and return the tree's hash."""
        try:
            return self.scan()
        except GitFailed:
            # A command may have taken its own rights away from folders or files.
            make_enterable(self.tree)
            _make_readable(self.tree)
            return self.scan()

    def scan(self) -> str:
        """Like `snapshot`, without mending permissions: the tree itself is only read."""
        files = TreeFiles(self.tree)
        changed = parse_raw(self._git("diff-files", "-z", "--raw", "--no-renames", "--ignore-submodules=all"))
        others = split_z(self._git("ls-files", "-z", "--others", "--exclude-standard"))
        gone = [item.path for item in changed if not files.is_plain(item.path)]
        lost = frozenset(gone)
        there = [item.path for item in changed if item.path not in lost]
        # A nested repository is listed with a slash at its end.
        there += [path for path in others if not path.endswith(b"/") and self._counts(path) and files.is_plain(path)]
        # A command that leaves `*` in an ignore file would hide that file too, and all that comes after it.
        rules = (folder + b"/.gitignore" if folder else b".gitignore" for folder in self.ruleless_folders)
        there += [path for path in rules if self._counts(path) and files.is_plain(path)]
        if gone:
            lines = b"".join(b"0 " + b"0" * 40 + b"\t" + path + b"\0" for path in gone)
            self._git("update-index", "-z", "--index-info", stdin=lines)
        self._update(there)
        return self._git("write-tree").decode("ascii").strip()

    def apply_to_index(self, base_tree: str, patch: bytes) -> str:
        """Apply a patch to a recorded tree and return the tree that comes out. Files are not touched."""
        self.read_index(base_tree)
        self._git("apply", "--cached", "--binary", "--whitespace=nowarn", "-", stdin=patch)
        return self._git("write-tree").decode("ascii").strip()

    def read_index(self, tree_hash: str) -> None:
        """Fill the index with a recorded tree."""
        self._git("read-tree", tree_hash)

    def commit(self, tree_hash: str, *, number: int, parent: str | None, message: str, kind: str = "versions") -> str:
        """Record a tree under the ref `kind`/`number` and return the commit. An existing one is never overwritten."""
        parents = ("-p", parent) if parent else ()
        commit = self._git("commit-tree", tree_hash, *parents, "-F", "-", stdin=message.encode("utf-8", "replace"))
        name = commit.decode("ascii").strip()
        self._git("update-ref", f"{_REF}{kind}/{number}", name, "0" * 40)
        return name

    def entries(self, tree_hash: str) -> tuple[TreeEntry, ...]:
        """List all files and links of a recorded tree."""
        return parse_tree(self._git("ls-tree", "-r", "-z", "--full-tree", tree_hash))

    def differences(self, before: str, after: str) -> tuple[TreeDifference, ...]:
        """Say how two recorded trees differ."""
        return parse_raw(self._git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", before, after))

    def diff_bytes(self, before: str, after: str, *, paths: tuple[bytes, ...] = (), as_binary: bool = False) -> bytes:
        """Write the difference as git does; `as_binary` keeps out every byte of the content itself."""
        # Without a work tree git reads no .gitattributes from it, so `-diff` and drivers there don't count.
        attributes = (f"core.attributesFile={self.git_dir / _BINARY}",) if as_binary else ()
        return git(
            "diff-tree",
            *("-r", "-p", "--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"),
            *("--src-prefix=a/", "--dst-prefix=b/", "--diff-algorithm=myers", "--unified=3"),
            *(before, after, "--", *(os.fsdecode(path) for path in paths)),
            cwd=self.git_dir,
            git_dir=self.git_dir,
            settings=attributes,
        )

    def ignored(self, paths: tuple[str, ...]) -> frozenset[str]:
        """Those of `paths` that git would ignore."""
        if not paths:
            return frozenset()
        # check-ignore refuses literal pathspecs; a leading `./` keeps every name from being read as magic.
        stdin = b"".join(b"./" + path.encode() + b"\0" for path in paths)
        try:
            found = self._git("check-ignore", "-z", "--stdin", stdin=stdin, has_literal_paths=False)
        except GitFailed as failure:
            if failure.exit_code == 1:
                return frozenset()
            raise
        return frozenset(path.decode().removeprefix("./") for path in split_z(found))

    def close(self) -> None:
        """End the reading process."""
        self.blobs.close()

    def _update(self, paths: list[bytes]) -> None:
        if paths:
            stdin = b"".join(path + b"\0" for path in paths)
            self._git("update-index", "-z", "--add", "--replace", "--stdin", stdin=stdin, settings=_ONE_PACK)

    def _counts(self, path: bytes) -> bool:
        return not any(path == folder or path.startswith(folder + b"/") for folder in self.apart)

    def _git(
        self, *arguments: str, stdin: bytes = b"", settings: tuple[str, ...] = (), has_literal_paths: bool = True
    ) -> bytes:
        return git(
            *arguments,
            cwd=self.tree,
            git_dir=self.git_dir,
            work_tree=self.tree,
            index=self.index,
            stdin=stdin,
            settings=settings,
            has_literal_paths=has_literal_paths,
        )


def _make_readable(tree: Path) -> None:
    for folder, _, names in os.walk(tree):
        for name in names:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode) and not mode & 0o400:
                path.chmod(stat.S_IMODE(mode) | 0o600)


def _folder(path: bytes) -> bytes:
    return path.rpartition(b"/")[0]


def _folders(paths: tuple[bytes, ...]) -> set[bytes]:
    found = {b""}
    for path in paths:
        folder = _folder(path)
        while folder not in found:
            found.add(folder)
            folder = _folder(folder)
    return found


def _is_ignore_file(path: bytes) -> bool:
    return path.rpartition(b"/")[2] == b".gitignore"
