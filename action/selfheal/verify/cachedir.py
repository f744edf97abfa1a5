"""Give the sandbox a cache folder that can be written to and still shows what the real one holds."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_MAX_MOUNTS = 8
"""How many folders of one tool get a mount each. The cost of mounts grows with their square: 200 take 0.3 s a run."""
_SHOWN = ".selfheal-shown"
"""Where the whole folder of a tool with more parts is mounted; links lead there."""
_OWN = frozenset({"virtualenv"})
"""Tools that lock files deep down and bring along whatever they look for: they get an empty folder."""
_MAX_COPY_BYTES = 4 * 1024 * 1024


def cache_mounts(real: Path, own: Path) -> list[str]:
    """Return bwrap options that show `own`, writable, at `real`, with the real content below it read-only.

    Tools such as pre-commit keep whole environments in there and cannot do without them when there is no
    network, but also lock and update small files beside them. So the folders two levels down are shown
    read-only, and small files above them are copied into `own`, which lasts from run to run.
    """
    if not real.is_dir() or real.is_symlink():
        return []
    options = ["--bind", str(own), str(real)]
    for tool in _listed(real):
        spot = own / tool.name
        if not tool.is_dir() or tool.is_symlink():
            _copy_small(tool, spot)
        elif _has_folder(spot) and tool.name not in _OWN:
            options += _shown(real, own, tool)
    return options


def _shown(real: Path, own: Path, tool: Path) -> Iterator[str]:
    """The mounts that show a tool's folders; its files are copied."""
    spot = own / tool.name
    folders = []
    for part in _listed(tool):
        if part.is_dir() and not part.is_symlink():
            folders.append(part)
        else:
            _copy_small(part, spot / part.name)
    if len(folders) <= _MAX_MOUNTS:
        for part in folders:
            if _has_folder(spot / part.name):
                yield from ("--ro-bind-try", str(part), str(part))
        return
    if not (_has_folder(own / _SHOWN) and _has_folder(own / _SHOWN / tool.name)):
        return
    for part in folders:
        if not os.path.lexists(spot / part.name):
            # Relative: it leads to the same place from wherever the cache is mounted.
            (spot / part.name).symlink_to(Path("..", _SHOWN, tool.name, part.name))
    yield from ("--ro-bind-try", str(tool), str(real / _SHOWN / tool.name))


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
