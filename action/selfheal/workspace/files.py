"""Write into the scratch tree without ever following a link, with times that no cache can mistake."""

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(slots=True)
class Clock:
    """Hands out whole seconds, each later than the last.

    Python's compiled files, pytest's rewritten ones and mypy's cache know a source by its size and
    its time in whole seconds. Two candidates of one size written within one second would look the
    same to them, and the second would run the first one's code.
    """

    last: int

    def tick(self) -> int:
        """The next second; may lie a little in the future when ticks come fast."""
        self.last = max(self.last + 1, int(time.time()))
        return self.last


@dataclass(frozen=True, slots=True)
class TreeFiles:
    """The files below `root`. Paths are raw bytes, relative, already known to be plain.

    A command may have put a link where a folder was; every step opens the next folder by its parent's
    descriptor, so nothing outside `root` can be reached.
    """

    root: Path

    def is_plain(self, path: bytes) -> bool:
        """True for a regular file or a link that is reached through real folders only."""
        with self._parent(path) as (parent, name):
            if parent is None:
                return False
            try:
                mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
            except OSError:
                return False
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)

    def kind(self, path: bytes) -> str:
        """One of `file`, `link`, `folder`, `special`, `nothing`, `behind_link` or `behind_file`."""
        place = b""
        for part in path.split(b"/")[:-1]:
            place = place + b"/" + part if place else part
            try:
                mode = os.lstat(os.fsencode(self.root) + b"/" + place).st_mode
            except FileNotFoundError:
                return "nothing"
            if stat.S_ISLNK(mode):
                return "behind_link"
            if not stat.S_ISDIR(mode):
                return "behind_file"
        try:
            mode = os.lstat(os.fsencode(self.root) + b"/" + path).st_mode
        except FileNotFoundError:
            return "nothing"
        kinds = ((stat.S_ISREG, "file"), (stat.S_ISLNK, "link"), (stat.S_ISDIR, "folder"))
        return next((name for test, name in kinds if test(mode)), "special")

    def write(self, path: bytes, content: bytes, *, second: int, is_executable: bool | None = None) -> None:
        """Write the whole file, replacing whatever stands in the way; the new file appears at once."""
        with self._parent(path, make=True) as (parent, name):
            assert parent is not None
            mode, second = self._mode_and_second(parent, name, is_executable, second)
            self._clear(parent, name)
            draft = b".selfheal-draft"
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft, dir_fd=parent)
            fd = os.open(
                draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=parent
            )
            try:
                with open(fd, "wb", closefd=False) as stream:
                    stream.write(content)
                os.fchmod(fd, mode)
                os.utime(fd, (second, second))
            except BaseException:
                os.unlink(draft, dir_fd=parent)
                raise
            finally:
                os.close(fd)
            os.rename(draft, name, src_dir_fd=parent, dst_dir_fd=parent)

    def link(self, path: bytes, target: bytes) -> None:
        """Make a symbolic link, replacing whatever stands in the way."""
        with self._parent(path, make=True) as (parent, name):
            assert parent is not None
            self._clear(parent, name, keep_file=False)
            os.symlink(target, name, dir_fd=parent)

    def remove(self, path: bytes, *, keep: frozenset[bytes] = frozenset()) -> None:
        """Remove the file or link, then the folders that became empty, except those in `keep`."""
        with self._parent(path) as (parent, name):
            if parent is None:
                return
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=parent)
        folder = path.rpartition(b"/")[0]
        while folder and folder not in keep:
            with self._parent(folder) as (parent, name):
                if parent is None:
                    return
                try:
                    os.rmdir(name, dir_fd=parent)
                except OSError:
                    return
            folder = folder.rpartition(b"/")[0]

    def make_folder(self, path: bytes) -> None:
        """Make the folder if it is not there."""
        with self._parent(path + b"/x", make=True):
            pass

    @contextlib.contextmanager
    def _parent(self, path: bytes, *, make: bool = False) -> Iterator[tuple[int | None, bytes]]:
        *folders, name = path.split(b"/")
        fd: int | None = os.open(self.root, _FOLDER)
        try:
            for folder in folders:
                assert fd is not None
                step = _enter(fd, folder, make=make)
                os.close(fd)
                fd = step
                if fd is None:
                    break
            yield fd, name
        finally:
            if fd is not None:
                os.close(fd)

    def _mode_and_second(self, parent: int, name: bytes, is_executable: bool | None, second: int) -> tuple[int, int]:
        try:
            info = os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            info = None
        if info is None or not stat.S_ISREG(info.st_mode):
            return (0o755 if is_executable else 0o644), second
        mode = (stat.S_IMODE(info.st_mode) & 0o777) | 0o600
        if is_executable is not None:
            mode = mode | 0o100 | ((mode & 0o044) >> 2) if is_executable else mode & ~0o111
        return mode, max(second, int(info.st_mtime) + 1)

    def _clear(self, parent: int, name: bytes, *, keep_file: bool = True) -> None:
        try:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return
        if stat.S_ISDIR(mode):
            _remove_folder(parent, name)
        elif not keep_file or not stat.S_ISREG(mode):
            os.unlink(name, dir_fd=parent)


def _enter(parent: int, name: bytes, *, make: bool) -> int | None:
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except FileNotFoundError:
        if not make:
            return None
    except (NotADirectoryError, OSError):
        if not make:
            return None
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            raise
        os.unlink(name, dir_fd=parent)
    os.mkdir(name, 0o755, dir_fd=parent)
    return os.open(name, _FOLDER, dir_fd=parent)


def _remove_folder(parent: int, name: bytes) -> None:
    shutil.rmtree(name, dir_fd=parent)
