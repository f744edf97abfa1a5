"""Open the artifact of a run. Whoever can push to a fork can write one: nothing in it is believed unseen.

`open_archive` and `open_folder` give the files and nothing else; `read` binds them to the run that GitHub names.
"""

import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from selfheal.contract.origin import FILES, Origin
from selfheal.contract.report import Outcome, Report
from selfheal_app.events.workflow_run import FinishedRun

MAX_PACKED_BYTES = 32 << 20
MAX_BYTES = 96 << 20
MAX_FILE_BYTES: Mapping[str, int] = MappingProxyType(
    {
        "report.json": 16 << 20,
        "fix.patch": 2 << 20,
        "summary.md": 4 << 20,
        "trace.jsonl": 64 << 20,
        "trace.html": 24 << 20,
        "origin.json": 1 << 16,
    }
)
"""What each file may unpack to; `MAX_BYTES` is for all of them together."""
_END = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"
_MAX_DIRECTORY_BYTES = 4096
_ENCRYPTED = 0x1


class Why(StrEnum):
    """Why an artifact is refused; absent, where there is none."""

    ABSENT = "absent"
    TOO_LARGE = "too_large"
    NO_ARCHIVE = "no_archive"
    UNKNOWN_FILE = "unknown_file"
    LINK = "link"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    MALFORMED = "malformed"
    TAMPERED = "tampered"
    OTHER_RUN = "other_run"
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is taken from an artifact, in a word and in a sentence."""

    why: Why
    message: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """An artifact of exactly the run that it was asked for. What the report claims is still a claim."""

    origin: Origin
    report: Report


Contents = Mapping[str, bytes]
"""The files by name; only names of `FILES`."""


def open_archive(data: bytes) -> Contents | Refusal:
    """Unpack the zip that GitHub offers, in memory and within the limits."""
    if len(data) > MAX_PACKED_BYTES:
        return Refusal(Why.TOO_LARGE, f"the archive has {len(data)} bytes, the limit is {MAX_PACKED_BYTES}")
    if (refusal := _directory_refused(data)) is not None:
        return refusal
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        return Refusal(Why.NO_ARCHIVE, f"the archive can't be read ({type(error).__name__})")


def open_folder(folder: Path) -> Contents | Refusal:
    """Read the folder that `actions/download-artifact` leaves."""
    taken: dict[str, bytes] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name not in FILES:
                    return _unknown(entry.name)
                if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                    return Refusal(Why.LINK, f"{entry.name} is no plain file")
                if (refusal := _take(taken, entry.name, _reader(Path(entry.path)))) is not None:
                    return refusal
    except FileNotFoundError:
        taken = {}
    except OSError as error:
        return Refusal(Why.MISSING, f"the artifact's folder can't be read ({error.strerror})")
    return taken or Refusal(Why.ABSENT, "there is no artifact: the run left none, or the job lacks `actions: read`")


def read(contents: Contents, run: FinishedRun) -> Artifact | Refusal:
    """Read the files, and check that they are of this very run and agree with one another."""
    parsed = _parsed(contents)
    if isinstance(parsed, Refusal):
        return parsed
    return _disagreement(contents, parsed, run) or parsed


def unproved(report: Report) -> Refusal | None:
    """Why a report's patch must not be handed on: it does not even claim a proof. None where it does."""
    seen = report.verification
    if report.outcome is not Outcome.HEALED or report.patch is None:
        return Refusal(Why.UNPROVED, f"the report ends with {report.outcome.value} and has no proved patch")
    if report.diagnosis is None:
        return Refusal(Why.UNPROVED, "the report has a patch and no diagnosis")
    before = (seen.before, seen.before_again)
    if any(run is None or run.exit_code == 0 for run in before):
        return Refusal(Why.UNPROVED, "the report does not show the command failing twice without the patch")
    if len(seen.after) < 2 or any(run.exit_code != 0 for run in seen.after):
        return Refusal(Why.UNPROVED, "the report does not show the command passing twice with the patch")
    return None


def _directory_refused(data: bytes) -> Refusal | None:
    """Look at the end of the archive before a library reads a directory of a million entries into memory."""
    end = data[-22:]
    if len(end) < 22 or not end.startswith(_END) or end[20:] != b"\0\0":
        return Refusal(Why.NO_ARCHIVE, "the archive does not end as a zip without a comment does")
    if data[-42:-22].startswith(_ZIP64):
        return Refusal(Why.TOO_LARGE, "the archive is a zip64: nothing that selfheal writes is that large")
    entries, directory_bytes = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if entries > len(FILES) or directory_bytes > _MAX_DIRECTORY_BYTES:
        return Refusal(Why.TOO_LARGE, f"the archive lists {entries} files, selfheal writes at most {len(FILES)}")
    return None


def _unpack(archive: zipfile.ZipFile) -> Contents | Refusal:
    taken: dict[str, bytes] = {}
    for info in archive.infolist():
        # zipfile cuts a name at a NUL: what was really written counts
        if info.filename not in FILES or info.orig_filename != info.filename:
            return _unknown(info.orig_filename)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            return Refusal(Why.LINK, f"{info.filename} is no plain file")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return Refusal(Why.NO_ARCHIVE, f"{info.filename} is encrypted, or packed in a way that GitHub does not use")

        def packed(limit: int, info: zipfile.ZipInfo = info) -> bytes:
            with archive.open(info) as stream:
                return stream.read(limit)

        if (refusal := _take(taken, info.filename, packed)) is not None:
            return refusal
    return taken


def _reader(file: Path) -> Callable[[int], bytes]:
    def plain(limit: int) -> bytes:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read(limit)

    return plain


def _take(taken: dict[str, bytes], name: str, read_up_to: Callable[[int], bytes]) -> Refusal | None:
    """Add one file. What it says of its own size does not count: only so many bytes are read."""
    if name in taken:
        return Refusal(Why.DUPLICATE, f"the archive holds {name} twice")
    limit = min(MAX_FILE_BYTES[name], MAX_BYTES - sum(map(len, taken.values())))
    data = read_up_to(limit + 1)
    if len(data) > limit:
        return Refusal(Why.TOO_LARGE, f"{name} has more than {limit} bytes")
    taken[name] = data
    return None


def _unknown(name: str) -> Refusal:
    return Refusal(Why.UNKNOWN_FILE, f"the artifact holds {name[:80]!r}, which selfheal does not write")


def _parsed(contents: Contents) -> Artifact | Refusal:
    for name in ("origin.json", "report.json"):
        if name not in contents:
            return Refusal(Why.MISSING, f"the artifact holds no {name}")
    name = "origin.json"
    try:
        origin = Origin.model_validate_json(contents[name], strict=True)
        name = "report.json"
        report = Report.model_validate_json(contents[name], strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))[:200]
        return Refusal(Why.MALFORMED, f"{name}: {where!r}: {first['msg'][:200].lower()}")
    return Artifact(origin, report)


def _disagreement(contents: Contents, artifact: Artifact, run: FinishedRun) -> Refusal | None:
    origin, report = artifact.origin, artifact.report
    digests = {name: _sha256(data) for name, data in contents.items() if name != "origin.json"}
    if origin.files != digests:
        differing = sorted(name for name, _ in origin.files.items() ^ digests.items())
        return Refusal(Why.TAMPERED, f"origin.json does not fit the other files: {differing[0][:80]!r}")
    facts = (
        ("repository", origin.repository.casefold(), run.repository.casefold()),
        ("run", origin.run_id, run.run_id),
        ("attempt", origin.run_attempt, run.run_attempt),
        ("commit", origin.head_sha or origin.sha, run.head_sha),
    )
    for name, told, true in facts:
        if told != true:
            return Refusal(Why.OTHER_RUN, f"the artifact is of the {name} {str(told)[:120]!r}, the run is of {true!r}")
    patch = report.patch
    if (patch is None) != ("fix.patch" not in contents):
        return Refusal(Why.TAMPERED, "the report and fix.patch disagree on whether there is a patch")
    if patch is not None:
        try:
            diff = patch.diff.encode()
        except UnicodeEncodeError:
            return Refusal(Why.MALFORMED, "the patch holds characters that are no text")
        if diff != contents["fix.patch"] or _sha256(diff) != patch.sha256:
            return Refusal(Why.TAMPERED, "fix.patch, the report's patch and its SHA-256 are not the same")
    return None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
