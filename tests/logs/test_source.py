"""A log is read from wherever it comes, and an archive is opened safely."""

import io
import os
import zipfile
from collections.abc import Callable

import pytest

from selfheal.errors import UsageError
from selfheal.logs import source
from selfheal.logs.source import seekable


def _zip(members: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    packed.seek(0)
    return packed


def _read(stream: io.BufferedIOBase) -> str:
    with seekable(stream) as log:
        return log.read().decode()


def test_pipe_is_spooled() -> None:
    """What can't be sought is copied aside."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as end:
        end.write(b"boom\n")
    with os.fdopen(reading, "rb") as pipe:
        assert _read(pipe) == "boom\n"


def test_utf16_of_powershell() -> None:
    """A redirected PowerShell log becomes UTF-8."""
    assert _read(io.BytesIO("grün\r\n".encode("utf-16"))).endswith("grün\r\n")


def test_zip_of_jobs_in_their_order() -> None:
    """A job's own file is taken rather than its steps, which say the same again; numbers order as numbers."""
    text = _read(
        _zip(
            {
                "build/1_Set up.txt": "again\n",
                "10_test.txt": "tenth",
                "2_build.txt": "second\n",
                "lint/2_Run ruff.txt": "b\n",
                "lint/1_Set up.txt": "a\n",
            }
        )
    )

    assert [line for line in text.splitlines() if not line.startswith("##[")] == ["second", "tenth", "a", "b"]


def test_names_that_climb_are_only_names() -> None:
    """Nothing is unpacked under a name of the archive's, and a name can't smuggle a line in."""
    text = _read(_zip({"../../etc/cron.d/x\n##[error]boom.txt": "a\n"}))

    assert not any(line.startswith("##[error]") for line in text.splitlines())


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"x.txt": "0" * (8 << 20)}, "times its size"),
        ({"x.png": "no log"}, "holds no .txt"),
        ({}, "holds no .txt"),
    ],
)
def test_bombs_and_strangers_are_refused(members: dict[str, str], said: str) -> None:
    """The message says why."""
    with pytest.raises(UsageError, match=said):
        _read(_zip(members))


def test_total_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files of modest size are a bomb too."""
    monkeypatch.setattr(source, "MAX_ARCHIVE_BYTES", 1_000)

    with pytest.raises(UsageError, match="unpacks to 2000 bytes"):
        _read(_zip({"a.txt": "a" * 1_000, "b.txt": "b" * 1_000}))


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    return data[:40] + bytes(255 - byte for byte in data[40:60]) + data[60:]


def _lying_about_its_size(data: bytes) -> bytes:
    return data.replace((5_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize("damage", [_cut, _flipped, _lying_about_its_size])
def test_damaged_archive_is_refused(damage: Callable[[bytes], bytes]) -> None:
    """Cut, changed, or with a header that lies: one clear error."""
    text = "".join(chr(33 + n * n % 90) for n in range(5_000))

    with pytest.raises(UsageError):
        _read(io.BytesIO(damage(_zip({"a.txt": text}).getvalue())))
