"""Open whatever holds a log: a file, a pipe, GitHub's zip of logs, UTF-16 from PowerShell."""

import codecs
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from selfheal.errors import UsageError

MAX_ARCHIVE_BYTES = 4 << 30
"""What an archive may unpack to in all."""
MAX_MEMBERS = 5_000
MAX_RATIO = 400
"""How much larger than its packed form a member may claim to be; text packs 5 to 50 times."""

_SMALL = 1 << 20
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_BLOCK = 1 << 20
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NUMBERED = re.compile(r"(\d{1,4})_")


@contextmanager
def seekable(stream: IO[bytes]) -> Iterator[BinaryIO]:
    """Give the log in `stream` as one seekable file, as UTF-8; copied to a temporary file only where it must be.

    A zip as GitHub hands it out (one file a job, one folder a job with a file a step) is joined in order.
    Raises `UsageError` for an archive that is damaged, encrypted, or larger than the limits.
    """
    with tempfile.TemporaryFile() as spool:
        log: IO[bytes] = stream
        if not stream.seekable():
            shutil.copyfileobj(stream, spool, _BLOCK)
            log = spool
        log.seek(0)
        head = log.read(4)
        log.seek(0)
        if head in (_ZIP, _EMPTY_ZIP):
            with tempfile.TemporaryFile() as joined:
                _join(log, joined)
                yield joined
        elif head[:2] in _UTF16:
            with tempfile.TemporaryFile() as recoded:
                _recode(log, recoded, _UTF16[head[:2]])
                yield recoded
        else:
            yield log  # type: ignore[misc]  # IO[bytes] has all that is used of BinaryIO


def _recode(log: IO[bytes], target: IO[bytes], encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while block := log.read(_BLOCK):
        target.write(decoder.decode(block).encode("utf-8", "replace"))
    target.seek(0)


def _join(packed: IO[bytes], target: IO[bytes]) -> None:
    """Nothing is ever unpacked under a name of the archive's: the names only give the order."""
    try:
        with zipfile.ZipFile(packed) as archive:
            for member in _members(archive):
                _copy(archive, member, target)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise UsageError(f"the archive of logs can't be read ({error}): download it again") from error
    target.seek(0)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """One text for each job: the whole job's file where there is one, else its steps in order."""
    infos = [one for one in archive.infolist() if not one.is_dir() and one.filename.endswith((".txt", ".log"))]
    if not infos:
        raise UsageError("the archive holds no .txt or .log file: is it the one from the run's log download?")
    if len(infos) > MAX_MEMBERS:
        raise UsageError(f"the archive holds {len(infos)} files, the limit is {MAX_MEMBERS}")
    total = sum(one.file_size for one in infos)
    if total > MAX_ARCHIVE_BYTES:
        raise UsageError(f"the archive unpacks to {total} bytes, the limit is {MAX_ARCHIVE_BYTES}")
    for one in infos:
        ratio = one.file_size // max(1, one.compress_size)
        if one.file_size > _SMALL and ratio > MAX_RATIO:
            raise UsageError(f"a file of the archive unpacks to {ratio} times its size, the limit is {MAX_RATIO}")
    jobs = {_bare(one.filename) for one in infos if "/" not in one.filename}
    # A job's folder says again what the job's own file says.
    chosen = [one for one in infos if "/" not in one.filename or one.filename.partition("/")[0] not in jobs]
    return sorted(chosen, key=_order)


def _order(member: zipfile.ZipInfo) -> tuple[bool, list[tuple[int, str]]]:
    return "/" in member.filename, [_natural(part) for part in member.filename.split("/")]


def _natural(name: str) -> tuple[int, str]:
    number = _NUMBERED.match(name)
    return (int(number.group(1)) if number is not None else -1, name)


def _bare(name: str) -> str:
    """`3_Run tests.txt` without number and ending."""
    return _NUMBERED.sub("", name, count=1).rpartition(".")[0]


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    # A header may lie about the size: what is really written counts.
    left, last = member.file_size, b""
    title = " / ".join(_bare(part) if part.endswith((".txt", ".log")) else part for part in member.filename.split("/"))
    target.write(f"##[section]Starting: {title}".replace("\n", " ").encode("utf-8", "replace") + b"\n")
    with archive.open(member) as source:
        while block := source.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise UsageError("a file of the archive is longer than the archive says: refused")
            target.write(block)
            last = block[-1:]
    if last != b"\n":
        target.write(b"\n")
