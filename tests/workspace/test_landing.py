import os
import subprocess
import sys
from pathlib import Path

import pytest

from selfheal.workspace import Landed, LandingRefused, Workspace
from workspace.repositories import a_repository, contents, edit, fingerprint, git, opened, write


def a_patch(workspace: Workspace, *names: str) -> str:
    for name in names:
        assert isinstance(workspace.apply(edit(name, b"mended\n")), str)
    return workspace.diff(workspace.versions[0], workspace.record("mended"))


def test_the_patch_lands_in_the_users_tree_and_nowhere_else(tmp_path: Path) -> None:
    """Files are written, made and deleted; the index and HEAD stay, so the user sees it as an ordinary change."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "b": b"2\n", "c\nd": b"3\n"})
    git_before = {path: facts for path, facts in fingerprint(repo).items() if path.startswith(b".git/")}
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply((*edit("b", None), *edit("new/file", b"\xff\r\n"), *edit("c\nd", b"4\n")))
        landed = workspace.apply_to(repo, a_patch(workspace, "a"))
        assert isinstance(landed, Landed)
        assert sorted(landed.paths) == ["a", "b", "c\nd", "new/file"]
        assert contents(repo) == contents(workspace.tree)
    assert {path: facts for path, facts in fingerprint(repo).items() if path.startswith(b".git/")} == git_before
    assert git(repo, "status", "--porcelain", "-z") == b" M a\0 D b\0 M c\nd\0?? new/\0"


@pytest.mark.parametrize("change", ["edited", "deleted", "added", "mode", "other-file"])
def test_a_tree_that_changed_meanwhile_is_left_alone(tmp_path: Path, change: str) -> None:
    """Whatever the user did while the repair ran is not overwritten, and the message names it."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "b": b"2\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        patch = a_patch(workspace, "a")
        match change:
            case "edited":
                (repo / "a").write_bytes(b"3\n")
            case "deleted":
                (repo / "a").unlink()
            case "added":
                (repo / "new").write_bytes(b"")
            case "mode":
                (repo / "a").chmod(0o755)
            case _:
                (repo / "b").write_bytes(b"3\n")
        before = fingerprint(repo)
        refused = workspace.apply_to(repo, patch)
        assert isinstance(refused, LandingRefused)
        assert "changed while the repair ran" in refused.message
        assert fingerprint(repo) == before


def test_the_report_folder_may_change(tmp_path: Path) -> None:
    """The folder of the report may lie in the repository: what we write there ourselves does not count."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        patch = a_patch(workspace, "a")
        write(repo, {"out/report.json": b"{}"})
        assert isinstance(workspace.apply_to(repo, patch), LandingRefused)
        assert isinstance(workspace.apply_to(repo, patch, apart_from=(repo / "out",)), Landed)


def test_a_patch_that_does_not_fit_writes_nothing(tmp_path: Path) -> None:
    """A hunk that fails refuses the whole patch, the hunks that would fit included."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "b": b"2\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        patch = a_patch(workspace, "a", "b").replace("-2\n", "-9\n")
        before = fingerprint(repo)
        assert isinstance(workspace.apply_to(repo, patch), LandingRefused)
        assert fingerprint(repo) == before


@pytest.mark.parametrize("path", ["../out", ".git/config", ".git/hooks/post-commit", "/tmp/selfheal-never", "link/out"])
def test_a_patch_that_climbs_out_writes_nothing(tmp_path: Path, path: str) -> None:
    """A forged patch can't reach git's own folder, a parent, or what lies behind a link."""
    repo = a_repository(tmp_path / "repo")
    (repo / "link").symlink_to(tmp_path)
    forged = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+evil\n"
    with opened(repo, tmp_path / "scratch") as workspace:
        before = fingerprint(repo)
        assert isinstance(workspace.apply_to(repo, forged), LandingRefused)
        assert fingerprint(repo) == before
        assert not (tmp_path / "out").exists()


def test_a_write_that_fails_half_way_is_taken_back(tmp_path: Path) -> None:
    """When the disk refuses the second file, the first is as it was: all or nothing."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "z": b"2\n"})
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from selfheal.contract.patch import FileEdit\n"
        "from selfheal.workspace import LandingRefused, Workspace\n"
        "repo = Path(sys.argv[1])\n"
        "with Workspace.open(repo, scratch_parent=Path(sys.argv[2])) as workspace:\n"
        "    workspace.apply((FileEdit(path='a', content=b'3'), FileEdit(path='z', content=b'x' * 2**20)))\n"
        "    patch = workspace.diff(workspace.versions[0], workspace.record('edit'))\n"
        "    import selfheal.workspace.landing as landing\n"
        "    put = landing._put\n"
        "    def tight(files, entry, store, *, second):\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, resource.RLIM_INFINITY))\n"
        "        put(files, entry, store, second=second)\n"
        "    landing._put = tight\n"
        "    refused = workspace.apply_to(repo, patch)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "    assert isinstance(refused, LandingRefused), refused\n"
        "    print(refused.message)\n"
    )
    before = contents(repo, skip=frozenset())
    said = subprocess.run(
        [sys.executable, "-c", program, str(repo), str(tmp_path / "scratch")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert "left as it was" in said.stdout
    assert contents(repo, skip=frozenset()) == before


def test_an_empty_patch_lands_as_nothing(tmp_path: Path) -> None:
    """No text, no change, no refusal."""
    repo = a_repository(tmp_path / "repo")
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.apply_to(repo, "") == Landed(paths=())


def test_line_end_conversion_does_not_touch_what_lands(tmp_path: Path) -> None:
    """The bytes that were proved are the bytes that land, whatever core.autocrlf says."""
    repo = a_repository(tmp_path / "repo", {"a.txt": b"1\r\n", ".gitattributes": b"*.txt text eol=lf\n"})
    git(repo, "config", "core.autocrlf", "input")
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply(edit("a.txt", b"2\r\n"))
        patch = workspace.diff(workspace.versions[0], workspace.record("edit"))
        assert isinstance(workspace.apply_to(repo, patch), Landed)
    assert (repo / "a.txt").read_bytes() == b"2\r\n"
    assert os.access(repo / "a.txt", os.R_OK)
