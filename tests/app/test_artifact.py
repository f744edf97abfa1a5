"""An artifact is opened without harm, and taken only where it is of the very run."""

import io
import os
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.artifacts import HEAD, a_report, a_run, contents, laid_out, zipped
from selfheal.contract.report import Outcome, Verification
from selfheal_app.artifact import MAX_FILE_BYTES, Artifact, Refusal, Why, open_archive, open_folder, read, unproved

DIFF = "diff --git a/shop.py b/shop.py\n--- a/shop.py\n+++ b/shop.py\n@@ -1 +1 @@\n-a\n+b\n"
GOOD = contents(a_report(DIFF))


def why(found: object) -> Why | None:
    return found.why if isinstance(found, Refusal) else None


def an_archive(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for entry, data in entries:
            archive.writestr(entry, data)
    return stream.getvalue()


def a_link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def test_archive_and_folder_hold_the_same(tmp_path: Path) -> None:
    """Both ways lead to the same files, and those to the same artifact."""
    packed, laid = open_archive(zipped(GOOD)), open_folder(laid_out(GOOD, tmp_path / "artifact"))

    assert packed == laid == GOOD
    found = read(GOOD, a_run())
    assert isinstance(found, Artifact) and found.report.patch is not None
    assert unproved(found.report) is None


def test_an_archive_that_was_written_as_a_stream_is_read() -> None:
    """As GitHub's own uploader writes it: sizes stand behind the data."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.written += bytes(data)
            return len(bytes(data))

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
    assert open_archive(bytes(stream.written)) == GOOD


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Why.NO_ARCHIVE),
        (b"PK\x05\x06" + b"\0" * 17, Why.NO_ARCHIVE),
        (zipped(GOOD)[:-30], Why.NO_ARCHIVE),
        (zipped(GOOD).replace(b"PK\x03\x04", b"PK\x03\x09"), Why.NO_ARCHIVE),
        (an_archive(("../report.json", b"{}")), Why.UNKNOWN_FILE),
        (an_archive(("/etc/passwd", b"")), Why.UNKNOWN_FILE),
        (an_archive(("sub/report.json", b"{}")), Why.UNKNOWN_FILE),
        (an_archive(("report.json/", b"")), Why.UNKNOWN_FILE),
        (an_archive((r"..\report.json", b"{}")), Why.UNKNOWN_FILE),
        (an_archive(("REPORT.JSON", b"{}")), Why.UNKNOWN_FILE),
        (an_archive((".github/workflows/ci.yml", b"on: push")), Why.UNKNOWN_FILE),
        (an_archive((a_link("report.json"), b"/etc/passwd")), Why.LINK),
        (an_archive(("report.json", b"{}"), ("report.json", b"[]")), Why.DUPLICATE),
        (an_archive(("origin.json", b" " * (MAX_FILE_BYTES["origin.json"] + 1))), Why.TOO_LARGE),
        (an_archive(*((f"{n}.txt", b"") for n in range(1000))), Why.TOO_LARGE),
    ],
    # the bytes hold the time, which is not the same in every worker
    ids=lambda one: one.value if isinstance(one, Why) else "archive",
)
def test_hostile_archives_are_refused(data: bytes, expected: Why) -> None:
    """Truncated, climbing, linked, doubled, crowded: each has its word."""
    assert why(open_archive(data)) is expected


def test_a_bomb_is_read_no_further_than_its_limit() -> None:
    """A small archive that unpacks to more than a file may have, whatever size it claims."""
    bomb = an_archive(("fix.patch", b"\0" * (MAX_FILE_BYTES["fix.patch"] * 4)))
    assert len(bomb) < 20_000 and why(open_archive(bomb)) is Why.TOO_LARGE

    size = struct.pack("<I", MAX_FILE_BYTES["fix.patch"] * 4)
    lying = open_archive(bomb.replace(size, struct.pack("<I", 10)))
    assert isinstance(lying, Refusal)


def test_a_directory_that_lies_about_its_length_is_not_read() -> None:
    """The number of entries is believed no more than the directory's size."""
    data = bytearray(an_archive(*((f"{n}.txt", b"") for n in range(1000))))
    data[-12:-10] = struct.pack("<H", 1)
    assert why(open_archive(bytes(data))) is Why.TOO_LARGE


def test_a_name_with_a_nul_is_not_cut() -> None:
    """What a library makes of it is not what was written."""
    info = zipfile.ZipInfo("report.jsonX")
    data = an_archive((info, b"{}")).replace(b"report.jsonX", b"report.json\0")
    assert isinstance(open_archive(data), Refusal)


def test_hostile_folders_are_refused(tmp_path: Path) -> None:
    """Links, pipes, folders and unknown files; and no folder is no artifact."""
    linked, piped, nested, crowded = (laid_out(GOOD, tmp_path / name) for name in "abcd")
    (linked / "report.json").unlink()
    (linked / "report.json").symlink_to("/etc/passwd")
    (piped / "trace.jsonl").unlink()
    os.mkfifo(piped / "trace.jsonl")
    (nested / "fix.patch").unlink()
    (nested / "fix.patch").mkdir()
    (crowded / "action.yml").write_text("")

    seen = [why(open_folder(folder)) for folder in (linked, piped, nested, crowded, tmp_path / "nowhere")]
    assert seen == [Why.LINK, Why.LINK, Why.LINK, Why.UNKNOWN_FILE, Why.ABSENT]


@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "evil/shop"},
        {"run_id": 8},
        {"run_attempt": 2},
        {"head_sha": "b" * 40},
        {"head_sha": "", "sha": "b" * 40},
    ],
)
def test_another_run_s_artifact_is_refused(changes: dict[str, Any]) -> None:
    """Repository, run, attempt and commit are what GitHub says, or nothing is taken."""
    assert why(read(contents(a_report(DIFF), **changes), a_run())) is Why.OTHER_RUN


def test_a_pull_request_s_merge_is_of_its_head() -> None:
    """The commit that was checked out may be the merge; the head is what counts."""
    assert isinstance(read(contents(a_report(DIFF), sha="c" * 40, head_sha=HEAD), a_run()), Artifact)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("report.json", None, Why.MISSING),
        ("origin.json", None, Why.MISSING),
        ("fix.patch", None, Why.TAMPERED),
        ("fix.patch", b"another", Why.TAMPERED),
        ("summary.md", b"another", Why.TAMPERED),
        ("trace.jsonl", None, Why.TAMPERED),
        ("report.json", b"{}", Why.MALFORMED),
        ("report.json", b"[" * 100_000, Why.MALFORMED),
        ("origin.json", b"\xff\xfe", Why.MALFORMED),
    ],
)
def test_files_that_do_not_fit_one_another_are_refused(name: str, data: bytes | None, expected: Why) -> None:
    """A missing, swapped or broken file."""
    files = {key: value for key, value in GOOD.items() if key != name} | ({name: data} if data is not None else {})
    assert why(read(files, a_run())) is expected


def test_a_patch_must_be_the_one_that_was_hashed() -> None:
    """The report's diff, fix.patch and the SHA-256 are one."""
    report = a_report(DIFF)
    assert report.patch is not None
    other = report.model_copy(update={"patch": report.patch.model_copy(update={"sha256": "0" * 64})})
    assert why(read(contents(other), a_run())) is Why.TAMPERED


def test_keys_that_nobody_knows_are_refused() -> None:
    """The schema is strict: no key more, and no number that is a text."""
    for changes in ({"extra": 1}, {"run_id": "7"}, {"schema_version": 2}):
        assert why(read(contents(a_report(DIFF), **changes), a_run())) is Why.MALFORMED


def test_a_claim_without_its_proof_is_not_handed_on() -> None:
    """No patch, no failing runs before, no passing runs after."""
    healed = a_report(DIFF)
    seen = healed.verification
    assert seen.before is not None
    claims = (
        a_report(None),
        a_report(DIFF, outcome=Outcome.REFUSED),
        a_report(DIFF, diagnosis=None),
        a_report(DIFF, verification=Verification(before=None)),
        a_report(DIFF, verification=seen.model_copy(update={"before_again": None})),
        a_report(DIFF, verification=seen.model_copy(update={"after": seen.after[:1]})),
        a_report(DIFF, verification=seen.model_copy(update={"after": (seen.before, seen.before)})),
    )
    assert [why(unproved(claim)) for claim in claims] == [Why.UNPROVED] * len(claims)
