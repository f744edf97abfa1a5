"""Real git repositories for the tests, and a fingerprint that notices every change to one."""

import os
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from selfheal.contract.patch import FileEdit
from selfheal.workspace import Workspace

_IDENTITY = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(place: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["git", *arguments], cwd=place, env=_IDENTITY, input=stdin, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


def write(top: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        place = top / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def a_repository(place: Path, files: Mapping[str, bytes] | None = None) -> Path:
    """A repository with one commit that holds `files` (one small file when not given)."""
    place.mkdir(parents=True)
    git(place, "init", "--quiet", "--initial-branch=main")
    write(place, {"app.py": b"print('one')\n"} if files is None else files)
    git(place, "add", "--all", "--force")
    git(place, "commit", "--quiet", "--allow-empty", "-m", "first")
    return place


def opened(repo: Path, scratch: Path) -> Workspace:
    workspace = Workspace.open(repo, scratch_parent=scratch)
    assert isinstance(workspace, Workspace), workspace
    return workspace


def edit(path: str, content: bytes | None) -> tuple[FileEdit, ...]:
    return (FileEdit(path=path, content=content),)


def contents(top: Path, *, skip: frozenset[bytes] = frozenset({b".git"})) -> dict[bytes, tuple[str, int, bytes]]:
    """Every file, folder and link below `top` by its raw path: kind, mode and bytes."""
    found: dict[bytes, tuple[str, int, bytes]] = {}
    pending = [top]
    while pending:
        for place in pending.pop().iterdir():
            path = os.fsencode(place.relative_to(top))
            mode = place.lstat().st_mode
            if path in skip:
                continue
            if stat.S_ISLNK(mode):
                found[path] = ("link", 0, os.fsencode(place.readlink()))
            elif stat.S_ISDIR(mode):
                found[path] = ("folder", stat.S_IMODE(mode), b"")
                pending.append(place)
            elif stat.S_ISREG(mode):
                found[path] = ("file", stat.S_IMODE(mode), place.read_bytes())
            else:
                found[path] = ("special", stat.S_IMODE(mode), b"")
    return found


def fingerprint(top: Path) -> dict[bytes, tuple[str, int, bytes, int]]:
    """As `contents`, with git's own folder and the time of every entry: nothing that is written goes unnoticed."""
    everything = contents(top, skip=frozenset())
    return {path: (*facts, (top / os.fsdecode(path)).lstat().st_mtime_ns) for path, facts in everything.items()}
