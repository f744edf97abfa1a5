import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selfheal.workspace import ProblemKind, Workspace, WorkspaceProblem
from workspace.repositories import a_repository, contents, git, opened


def the_problem(repo: Path, scratch: Path) -> WorkspaceProblem:
    problem = Workspace.open(repo, scratch_parent=scratch)
    assert isinstance(problem, WorkspaceProblem), problem
    assert problem.message
    assert problem.advice
    return problem


def test_a_folder_without_git_is_a_problem_with_advice(tmp_path: Path) -> None:
    """A plain folder is named, and the advice says how to get a repository."""
    problem = the_problem(tmp_path, tmp_path / "scratch")
    assert problem.kind is ProblemKind.NOT_A_REPOSITORY
    assert str(tmp_path) in problem.message
    assert "git init" in problem.advice


def test_a_file_or_nothing_is_a_problem(tmp_path: Path) -> None:
    """A path that is a file, or is not there, never gets as far as git."""
    (tmp_path / "file").write_bytes(b"")
    assert the_problem(tmp_path / "file", tmp_path / "scratch").kind is ProblemKind.NOT_A_REPOSITORY
    assert the_problem(tmp_path / "missing", tmp_path / "scratch").kind is ProblemKind.UNREADABLE


def test_a_bare_repository_has_nothing_to_repair(tmp_path: Path) -> None:
    """A bare repository, and git's own folder, are named as such."""
    repo = a_repository(tmp_path / "repo")
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), str(tmp_path / "bare"))
    assert the_problem(tmp_path / "bare", tmp_path / "scratch").kind is ProblemKind.BARE
    assert the_problem(repo / ".git", tmp_path / "scratch").kind is ProblemKind.NOT_A_REPOSITORY


@pytest.mark.parametrize("broken", ["index", "HEAD", "config"])
def test_a_broken_repository_is_a_problem_and_no_stack_trace(tmp_path: Path, broken: str) -> None:
    """Where git itself can't read the repository, that is said, and no scratch folder stays behind."""
    repo = a_repository(tmp_path / "repo")
    (repo / ".git" / broken).write_bytes(b"\0garbage[")
    assert the_problem(repo, tmp_path / "scratch").kind in (ProblemKind.UNREADABLE, ProblemKind.NOT_A_REPOSITORY)
    assert not list((tmp_path / "scratch").glob("selfheal-*"))


def test_no_space_left_is_a_problem(tmp_path: Path) -> None:
    """A tree that does not fit: `no_space`, the place is named, nothing stays behind, the repository is as it was."""
    repo = a_repository(tmp_path / "repo", {"big": os.urandom(1 << 20)})
    before = contents(repo, skip=frozenset())
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from selfheal.workspace import Workspace\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**19, 2**19))\n"
        "problem = Workspace.open(Path(sys.argv[1]), scratch_parent=Path(sys.argv[2]))\n"
        "print(problem.kind.value, problem.advice)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(repo), str(tmp_path / "scratch")], capture_output=True, text=True
    )
    assert said.stdout.startswith("no_space "), said
    assert str(tmp_path / "scratch") in said.stdout
    assert not list((tmp_path / "scratch").glob("selfheal-*"))
    assert contents(repo, skip=frozenset()) == before


@pytest.mark.sandbox
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing: a full disk is not tried")
@pytest.mark.parametrize("size", [200_000, 1_600_000])
def test_a_full_disk_is_a_problem(tmp_path: Path, size: int) -> None:
    """A real full file system, while copying and while recording, ends as `no_space`."""
    repo = a_repository(tmp_path / "repo", {"big": os.urandom(1 << 20)})
    (tmp_path / "full").mkdir()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from selfheal.workspace import Workspace\n"
        "full = Path(sys.argv[2])\n"
        "problem = Workspace.open(Path(sys.argv[1]), scratch_parent=full)\n"
        "print(problem.kind.value, [path.name for path in full.iterdir() if path.is_dir()])\n"
    )
    box = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    box += ["--size", str(size), "--tmpfs", str(tmp_path / "full")]
    said = subprocess.run(
        [*box, sys.executable, "-B", "-c", program, str(repo), str(tmp_path / "full")], capture_output=True, text=True
    )
    assert said.stdout == "no_space []\n", said


@pytest.mark.sandbox
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing: a read-only disk is not tried")
def test_a_read_only_place_is_a_problem_and_a_read_only_repository_is_none(tmp_path: Path) -> None:
    """The scratch folder has to be writable, and says so; the repository does not."""
    repo = a_repository(tmp_path / "repo")
    (tmp_path / "locked").mkdir()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from selfheal.workspace import Workspace\n"
        "print(Workspace.open(Path(sys.argv[1]), scratch_parent=Path(sys.argv[2])).kind.value)\n"
        "with Workspace.open(Path(sys.argv[1]), scratch_parent=Path('/tmp/s')) as workspace:\n"
        "    print(workspace.view(workspace.head).paths())\n"
    )
    box = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for folder in (Path(__file__).parents[2], Path(sys.prefix), tmp_path):
        box += ["--ro-bind", str(folder), str(folder)]
    said = subprocess.run(
        [*box, sys.executable, "-B", "-c", program, str(repo), str(tmp_path / "locked")], capture_output=True, text=True
    )
    assert said.stdout == "read_only\n('app.py',)\n", said


def test_git_that_is_not_installed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git on the PATH: `no_git`."""
    repo = a_repository(tmp_path / "repo")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert the_problem(repo, tmp_path / "scratch").kind is ProblemKind.NO_GIT


def test_a_repository_below_another_owner_is_opened(tmp_path: Path) -> None:
    """A checkout that a container's root made is opened: we run none of its programs, so ownership says nothing."""
    repo = a_repository(tmp_path / "repo")
    if os.getuid() == 0:
        os.chown(repo, 12345, 12345)
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.base_commit is not None
