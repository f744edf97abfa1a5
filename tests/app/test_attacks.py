"""Whatever a run's artifact holds: nothing of it reaches the repository, and the audit says what was wrong."""

import io
import json
import logging
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from app.apps import a_finished, a_github, a_service, until
from app.artifacts import a_report, contents, zipped
from app.fake_github import FakeGitHub
from app.test_events import settled
from app.test_publish import HEAD, a_topic, healing
from selfheal.contract.origin import FILES
from selfheal.contract.report import Report
from selfheal_app.events.workflow_run import FinishedRun

Attack = Callable[[Report, FinishedRun], bytes]
"""Makes the archive out of what would be an honest one."""


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with a_github(tmp_path) as fake:
        yield fake


def climbing(_: Report, __: FinishedRun) -> bytes:
    return zipped({"../../.github/workflows/x.yml": b"on: push\n"})


def linked(report: Report, run: FinishedRun) -> bytes:
    stream = io.BytesIO(zipped({k: v for k, v in contents(report, run).items() if k != "summary.md"}))
    info = zipfile.ZipInfo("summary.md")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    return stream.getvalue()


def a_million_files(_: Report, __: FinishedRun) -> bytes:
    """Entries without data, by the shortest records that there are; the end says that there is one."""
    start = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (start + b"a") * (1_000_000 // 2)
    return directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)


def ten_gigabytes(_: Report, __: FinishedRun) -> bytes:
    """One file, 10 MB as it comes, which claims to unpack to ten bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = block * 10_240 + packer.flush()
    name, sizes = b"fix.patch", struct.pack("<LLL", 0, len(data), 10)
    head = struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", len(name), 0) + name
    entry = struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(head) + len(data), 0)
    return head + data + entry + end


def of(**origin: Any) -> Attack:
    def another(report: Report, run: FinishedRun) -> bytes:
        return zipped(contents(report, run, **origin))

    return another


def patching(text: str) -> Attack:
    def patched(_: Report, run: FinishedRun) -> bytes:
        return zipped(contents(a_report(text), run))

    return patched


def new_file(path: str, mode: str = "100644") -> str:
    return f"diff --git a/{path} b/{path}\nnew file mode {mode}\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"


@pytest.mark.parametrize(
    ("attack", "word"),
    [
        (of(run_id=8), "of the run"),
        (of(run_attempt=2), "of the attempt"),
        (of(repository="evil/shop"), "of the repository"),
        (of(head_sha="b" * 40), "of the commit"),
        (climbing, "x.yml"),
        (linked, "summary.md"),
        (a_million_files, f"at most {len(FILES)}"),
        (ten_gigabytes, "archive"),
        (patching(new_file(".github/workflows/x.yml")), "protected"),
        (patching(new_file("CODEOWNERS")), "protected"),
        (patching(new_file("docs/CODEOWNERS")), "protected"),
        (patching(new_file(".husky/pre-commit")), "protected"),
        (patching(new_file(".githooks/pre-push")), "protected"),
        (patching(new_file(".git/hooks/pre-commit")), "path"),
        (patching(new_file(".gitmodules")), "protected"),
        (patching(new_file("lib/vendored", "160000")), "mode"),
        (patching(new_file("link2", "120000")), "mode"),
        (patching(new_file("tool.sh", "100755")), "mode"),
        (patching("diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode 100644\n"), "mode"),
        (patching("diff --git a/x b/x\nnew file mode 100644\nGIT binary patch\nliteral 0\n"), "binary"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_a_hostile_artifact_is_refused(
    github: FakeGitHub,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    attack: Attack,
    word: str,
) -> None:
    """Of another run, repository or commit; climbing, linked, crowded, swollen; a patch of what no patch may touch."""
    run = a_topic(github)
    github.artifact(run.run_id, attack(healing(tmp_path), run))
    told = await refusals(github, run, tmp_path, caplog)

    assert len(told) == 1 and word in told[0]["why"].lower(), told
    assert told[0]["repository"] == "org/shop" and told[0]["run"] == run.run_id
    assert set(github.branches()) == {"main", "topic"} and not github.pulls


async def test_a_head_that_moved_is_refused(
    github: FakeGitHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And the audit says so."""
    run = a_topic(github)
    github.artifact(run.run_id, zipped(contents(healing(tmp_path), run)))
    github.commit(HEAD | {"new.py": "1\n"}, branch="topic", parent=run.head_sha)
    told = await refusals(github, run, tmp_path, caplog)

    assert len(told) == 1 and "stands at" in told[0]["why"]
    assert set(github.branches()) == {"main", "topic"} and not github.pulls


async def refusals(
    github: FakeGitHub, run: FinishedRun, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> list[dict[str, Any]]:
    """What the audit says of a publication once the run is worked off."""
    with caplog.at_level(logging.INFO, "selfheal_app.audit"):
        async with a_service(github, tmp_path) as service:
            await service.intake.keep(a_finished(run))
            await until(lambda: settled(service, "d-1"))
    lines = [json.loads(record.message) for record in caplog.records if record.name == "selfheal_app.audit"]
    return [each for each in lines if each["audit"] == "refused"]
