"""Copy a working tree as it is: dirty, untracked and ignored files, links as links."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ENVIRONMENT_NAMES = frozenset({"node_modules", ".tox", ".nox", ".pixi"})
ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
CACHE_NAMES = frozenset({".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"})
CACHE_MAX_FILES = 3000
CACHE_MAX_BYTES = 32 * 1024 * 1024

_BLOCK = 1 << 20
_SMALL = 1 << 16


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What a copy left out or must remember. Paths are relative, with forward slashes.

    `linked_dirs`: environments that are not copied but must be visible at their place.
    `skipped`: what could not be read, vanished, or is neither file, folder nor link.
    `empty_dirs`: folders without content, which git does not know and a rollback must keep.
    """

    linked_dirs: tuple[str, ...]
    skipped: tuple[str, ...]
    empty_dirs: frozenset[str]
    files: int


@dataclass(slots=True)
class _Progress:
    apart: str
    linked: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)
    files: int = 0


def copy_tree(source: Path, target: Path, *, tracked_dirs: frozenset[str], apart: Path) -> CopyResult:
    """Copy `source` into the new folder `target`, without the repository's own `.git`.

    Times and modes are kept (compiled files stay valid), owners are not (inside a sandbox another
    owner's file could not be written). `tracked_dirs` are all folders that hold tracked files; an
    environment or cache folder among them is copied like any other. `apart` is the folder of all
    scratch folders; where it lies inside the repository it is left out.

    Raises:
        OSError: the target can't be written: no space, read-only.
    """
    progress = _Progress(apart=str(apart))
    target.mkdir()
    pending = [""]
    finished: list[str] = []
    while pending:
        folder = pending.pop()
        finished.append(folder)
        pending.extend(_copy_folder(source, target, folder, tracked_dirs, progress))
    for folder in reversed(finished):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            _copy_folder_times(source / folder, target / folder)
    return CopyResult(
        linked_dirs=tuple(sorted(progress.linked)),
        skipped=tuple(sorted(progress.skipped)),
        empty_dirs=frozenset(progress.empty),
        files=progress.files,
    )


def _copy_folder(
    source: Path, target: Path, folder: str, tracked_dirs: frozenset[str], progress: _Progress
) -> Iterator[str]:
    try:
        with os.scandir(source / folder) as listing:
            entries = list(listing)
    except (PermissionError, FileNotFoundError):
        progress.skipped.append(folder)
        return
    is_empty = True
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name == ".git" and (not folder or not entry.is_dir(follow_symlinks=False)):
            # A submodule's .git is a file that points into the original; without it git sees plain files.
            continue
        is_empty = False
        place = f"{target}/{path}"
        if entry.is_symlink():
            Path(place).symlink_to(Path(entry.path).readlink())
        elif entry.is_dir(follow_symlinks=False):
            if entry.path == progress.apart:
                continue
            if path not in tracked_dirs:
                if _is_environment(entry):
                    progress.linked.append(path)
                    Path(place).mkdir()
                    continue
                if entry.name in CACHE_NAMES and not _is_small(entry.path):
                    continue
            Path(place).mkdir()
            yield path
        elif entry.is_file(follow_symlinks=False):
            if _copy_file(entry.path, place):
                progress.files += 1
            else:
                progress.skipped.append(path)
        else:
            progress.skipped.append(path)
    if is_empty and folder:
        progress.empty.add(folder)


def _is_environment(entry: os.DirEntry[str]) -> bool:
    if entry.name in ENVIRONMENT_NAMES:
        return True
    return any(os.path.lexists(f"{entry.path}/{mark}") for mark in ENVIRONMENT_MARKS)


def _is_small(path: str) -> bool:
    files = size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            files += 1
            with contextlib.suppress(OSError):
                size += os.lstat(f"{folder}/{name}").st_size
            if files > CACHE_MAX_FILES or size > CACHE_MAX_BYTES:
                return False
    return True


def _copy_file(source: str, target: str) -> bool:
    """Copy one regular file; False where it can't be read any more."""
    try:
        read_fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.ENOENT, errno.ELOOP, errno.ENXIO):
            return False
        raise
    try:
        info = os.fstat(read_fd)
        mode = (stat.S_IMODE(info.st_mode) & 0o777) | 0o600
        write_fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            _copy_bytes(read_fd, write_fd, info.st_size)
            os.fchmod(write_fd, mode)
            os.utime(write_fd, ns=(info.st_atime_ns, info.st_mtime_ns))
        finally:
            os.close(write_fd)
    finally:
        os.close(read_fd)
    return True


def _copy_bytes(read_fd: int, write_fd: int, size: int) -> None:
    if size > _SMALL:
        # Shares the blocks on file systems that can (btrfs, xfs), copies inside the kernel on the others.
        with contextlib.suppress(OSError):
            while os.copy_file_range(read_fd, write_fd, _BLOCK * 64):
                pass
    while block := os.read(read_fd, _BLOCK):
        view = memoryview(block)
        while view:
            view = view[os.write(write_fd, view) :]


def _copy_folder_times(source: Path, target: Path) -> None:
    info = source.stat()
    target.chmod(stat.S_IMODE(info.st_mode) | 0o700)
    os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns))
