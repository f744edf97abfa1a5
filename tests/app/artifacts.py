"""Valid artifacts and runs, so that a test states only what it varies."""

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.patch import Disposition, Patch, PatchedFile
from selfheal.contract.report import Outcome, Report, RunSummary, Usage, Verification
from selfheal_app.events.workflow_run import FinishedRun

HEAD = "a" * 40


def a_run(**changes: Any) -> FinishedRun:
    facts = {
        "repository": "org/shop",
        "run_id": 7,
        "run_attempt": 1,
        "head_sha": HEAD,
        "head_branch": "topic",
        "head_repository": "org/shop",
        "event": "push",
        "default_branch": "main",
    }
    return FinishedRun(**facts | changes)


def an_event(run: FinishedRun) -> bytes:
    """The run as GitHub tells it, with keys that nobody here knows."""
    return json.dumps(
        {
            "action": "completed",
            "workflow_run": {
                "id": run.run_id,
                "run_attempt": run.run_attempt,
                "head_sha": run.head_sha,
                "head_branch": run.head_branch,
                "event": run.event,
                "head_repository": {"full_name": run.head_repository, "fork": run.is_fork},
                "conclusion": "failure",
            },
            "repository": {"full_name": run.repository, "default_branch": run.default_branch, "private": False},
        }
    ).encode()


def a_diff(before: dict[str, str], after: dict[str, str], folder: Path) -> str:
    """What git itself says of two trees."""
    run = ("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "core.autocrlf=false")
    subprocess.run([*run, "init", "-q", folder], check=True)
    for files in (before, after):
        for path in [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]:
            path.unlink()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode())
        subprocess.run([*run, "add", "-A"], cwd=folder, check=True)
        if files is before:
            subprocess.run([*run, "commit", "-qm", "x", "--allow-empty"], cwd=folder, check=True)
    done = subprocess.run([*run, "diff", "--cached", "--no-renames"], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


def a_report(diff: str | None, **changes: Any) -> Report:
    def run(exit_code: int) -> RunSummary:
        return RunSummary(command="pytest -q", exit_code=exit_code, wall_s=1.0, sandbox="isolated", tail="")

    patch = None
    if diff is not None:
        digest = hashlib.sha256(diff.encode()).hexdigest()
        files = (PatchedFile(path="shop.py", added=1, removed=1),)
        patch = Patch(diff=diff, sha256=digest, files=files, strategy="operator_search", disposition=Disposition.AUTO)
    facts: dict[str, Any] = {
        "outcome": Outcome.HEALED if patch else Outcome.EXHAUSTED,
        "summary": "1 test failed",
        "command": "pytest -q",
        "base_commit": HEAD,
        "is_dirty": False,
        "diagnosis": Diagnosis(
            category=Category.TEST,
            summary="assert 1 == 2",
            failures=(Failure(tool="pytest", message="assert 1 == 2", file="shop.py", line=2),),
        ),
        "patch": patch,
        "verification": Verification(
            before=run(1), before_again=run(1), after=(run(0), run(0)) if patch else (), tests_collected_before=3
        ),
        "attempts": (),
        "usage": Usage(),
        "model": None,
        "sandbox": "isolated",
        "path": ("reproduce", "verify"),
        "selfheal_version": "0.1.0",
    }
    return Report(**facts | changes)


def contents(report: Report, run: FinishedRun | None = None, **origin: Any) -> dict[str, bytes]:
    """The artifact's files as the action writes them."""
    run = run or a_run()
    files = {
        "report.json": report.model_dump_json().encode(),
        "summary.md": b"## healed\n",
        "trace.jsonl": b"{}\n",
    }
    if report.patch is not None:
        files["fix.patch"] = report.patch.diff.encode()
    facts: dict[str, Any] = {
        "schema_version": 1,
        "repository": run.repository,
        "run_id": run.run_id,
        "run_attempt": run.run_attempt,
        "sha": run.head_sha,
        "head_sha": run.head_sha,
        "job": "check",
        "subdirectory": "",
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    return files | {"origin.json": json.dumps(facts | origin).encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def laid_out(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
