import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from selfheal.workspace import Workspace
from workspace.repositories import a_repository, edit, fingerprint, opened

# Imports once, then forks a worker for each line that it is sent and says when it is gone.
_WORKERS = """
import os, sys
from pathlib import Path
from selfheal.contract.patch import FileEdit
from selfheal.workspace import Workspace

def work():
    number = 0
    while True:
        workspace = Workspace.open(Path(sys.argv[1]), scratch_parent=Path(sys.argv[2]))
        print("step", flush=True)
        for _ in range(5):
            number += 1
            workspace.apply((FileEdit(path="app.py", content=b"%d" % number), FileEdit(path=f"n{number}", content=b"")))
            workspace.record("x")
            print("step", flush=True)
            workspace.restore(workspace.versions[0])
        workspace.close()
        print("step", flush=True)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        print(f"pid {os.getpid()}", flush=True)
        work()
    os.waitpid(pid, 0)
    print("gone", flush=True)
"""


class Workers:
    def __init__(self, repo: Path, scratch: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKERS, str(repo), str(scratch)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def line(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self) -> int:
        """Start a worker and return its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()
        return int(self.line().removeprefix(b"pid "))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        while self.line() != b"gone":
            pass

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def test_kill_9_at_any_moment_leaves_the_users_repository_as_it_was(tmp_path: Path) -> None:
    """Whenever it is killed, not a byte or time of the repository changes, and the next run sweeps and starts clean."""
    repo = a_repository(tmp_path / "repo", {"app.py": b"1\n", **{f"d{n}/f": b"x" * 3000 for n in range(20)}})
    before = fingerprint(repo)
    chance = random.Random(7)
    with Workers(repo, tmp_path / "scratch") as workers:
        for _ in range(10):
            pid = workers.start()
            # A random number of steps, and from there a little way into whatever comes next.
            for _ in range(chance.randrange(9)):
                workers.line()
            for _ in range(chance.randrange(40)):
                os.sched_yield()
            workers.kill(pid)
            assert fingerprint(repo) == before
    with opened(repo, tmp_path / "scratch") as workspace:
        left = [path for path in (tmp_path / "scratch").iterdir() if path.is_dir()]
        assert left == [workspace.scratch]
        assert isinstance(workspace.apply(edit("app.py", b"2\n")), str)


def test_the_scratch_folder_of_a_living_run_is_never_swept(tmp_path: Path) -> None:
    """Two runs at once don't disturb each other, not even when one is stopped for long."""
    repo = a_repository(tmp_path / "repo")
    with Workers(repo, tmp_path / "scratch") as workers:
        pid = workers.start()
        workers.line()
        os.kill(pid, signal.SIGSTOP)
        theirs = {path for path in (tmp_path / "scratch").iterdir() if path.is_dir()}
        assert theirs
        opened(repo, tmp_path / "scratch").close()
        assert theirs <= {path for path in (tmp_path / "scratch").iterdir() if path.is_dir()}
        os.kill(pid, signal.SIGCONT)
        assert all(workers.line() == b"step" for _ in range(12))
        workers.kill(pid)


def test_only_our_own_folders_are_swept(tmp_path: Path) -> None:
    """Other files, and links with our name, stay in the parent of the scratch folders."""
    repo = a_repository(tmp_path / "repo")
    scratch = tmp_path / "scratch"
    precious = tmp_path / "precious"
    (precious / "deep").mkdir(parents=True)
    (scratch / "somebody-elses").mkdir(parents=True)
    (scratch / "selfheal-scratch-link").symlink_to(precious)
    opened(repo, scratch).close()
    assert (precious / "deep").exists()
    assert (scratch / "somebody-elses").exists()
    assert (scratch / "selfheal-scratch-link").is_symlink()


def test_a_dead_run_that_took_its_own_rights_away_is_swept(tmp_path: Path) -> None:
    """A folder that a command made unwritable does not stay for ever, and what its links lead to does."""
    repo = a_repository(tmp_path / "repo")
    precious = tmp_path / "precious"
    precious.write_bytes(b"1")
    dead = tmp_path / "scratch" / "selfheal-scratch-dead"
    (dead / "tree/locked").mkdir(parents=True)
    (dead / "tree/locked/f").write_bytes(b"")
    (dead / "tree/locked/link").symlink_to(precious)
    (dead / "tree/locked").chmod(0o500)
    with opened(repo, tmp_path / "scratch") as workspace:
        assert isinstance(workspace, Workspace)
        assert not dead.exists()
    assert precious.exists()


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    """`close` may be called again, in whatever order errors unwind."""
    workspace = opened(a_repository(tmp_path / "repo"), tmp_path / "scratch")
    workspace.close()
    workspace.close()
    assert not workspace.scratch.exists()
