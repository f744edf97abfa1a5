"""Give the sandbox a cache folder that can be written to and still shows what the real one holds."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_MAX_MOUNTS = 200
_MAX_COPY_BYTES = 4 * 1024 * 1024


def cache_mounts(real: Path, own: Path) -> list[str]:
    """Return bwrap options that show `own`, writable, at `real`, with the real content below it read-only.

    Tools such as pre-commit keep whole environments in there and cannot do without them when there is no
    network, but also lock and update small files beside them. So the folders two levels down are
    mounted read-only, and small files above them are copied into `own`, which lasts from run to run.
    """
    if not real.is_dir() or real.is_symlink():
        return []
    options = ["--bind", str(own), str(real)]
    room = _MAX_MOUNTS
    for tool in _listed(real):
        spot = own / tool.name
        if tool.is_dir() and not tool.is_symlink():
            if not _has_folder(spot):
                continue
            for part in _listed(tool):
                if part.is_dir() and not part.is_symlink():
                    if room > 0 and _has_folder(spot / part.name):
                        options += ["--ro-bind", str(part), str(part)]
                        room -= 1
                else:
                    _copy_small(part, spot / part.name)
        else:
            _copy_small(tool, spot)
    return options


def _has_folder(spot: Path) -> bool:
    """Make the folder; False where an earlier run of the command put a link or a file in its place."""
    with contextlib.suppress(FileExistsError):
        spot.mkdir()
    return spot.is_dir() and not spot.is_symlink()


def _copy_small(source: Path, target: Path) -> None:
    with contextlib.suppress(OSError):
        is_small = source.is_file() and not source.is_symlink() and source.stat().st_size <= _MAX_COPY_BYTES
        if is_small and not os.path.lexists(target):
            shutil.copyfile(source, target)


def _listed(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return
