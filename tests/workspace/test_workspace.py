import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import InvalidEdit
from selfheal.workspace import Workspace
from workspace.repositories import a_repository, contents, edit, fingerprint, git, opened, write


def test_restore_is_exact_after_a_command_did_its_worst(tmp_path: Path) -> None:
    """Written, deleted, chmod'ed files, a folder replaced by a link and a link by a folder: all come back."""
    repo = a_repository(
        tmp_path / "repo",
        {"a.py": b"1\n", "run.sh": b"#!/bin/sh\n", "pkg/x.py": b"x\n", "pkg/y.py": b"y\n"},
    )
    (repo / "run.sh").chmod(0o755)
    (repo / "link").symlink_to("pkg")
    (repo / "hollow").mkdir()
    with opened(repo, tmp_path / "scratch") as workspace:
        tree, before = workspace.tree, contents(workspace.tree)
        outside = tmp_path / "outside"
        write(outside, {"x.py": b"not mine\n"})
        (tree / "a.py").write_bytes(b"2\n")
        (tree / "run.sh").chmod(0o644)
        shutil.rmtree(tree / "pkg")
        (tree / "pkg").symlink_to(outside)
        (tree / "link").unlink()
        write(tree, {"link/file": b"", "new/one": b"1"})
        (tree / "hollow").rmdir()

        workspace.restore(workspace.versions[0])

        assert contents(tree) == before
        assert (outside / "x.py").read_bytes() == b"not mine\n"


def test_restore_goes_to_any_version(tmp_path: Path) -> None:
    """Each recorded version can be gone back to, forwards and backwards, and its hash is its content's."""
    repo = a_repository(tmp_path / "repo")
    with opened(repo, tmp_path / "scratch") as workspace:
        states = []
        for number in range(1, 4):
            workspace.apply((*edit("app.py", b"%d\n" % number), *edit(f"only{number}.py", b"")))
            version = workspace.record(f"try {number}")
            states.append((version, contents(workspace.tree)))
            if number < 3:
                workspace.apply(edit(f"only{number}.py", None))
        assert [version.number for version in workspace.versions] == [0, 1, 2, 3]
        for version, state in (states[0], states[2], states[1]):
            workspace.restore(version)
            assert contents(workspace.tree) == state
            assert workspace.tree_hash() == version.tree


def test_what_git_ignores_stays_at_a_restore(tmp_path: Path) -> None:
    """Caches and build output are not rolled back, so that the next run starts warm."""
    repo = a_repository(tmp_path / "repo", {".gitignore": b"*.o\n", "a.c": b"1"})
    with opened(repo, tmp_path / "scratch") as workspace:
        write(workspace.tree, {"a.o": b"object", "b.txt": b""})
        workspace.restore(workspace.versions[0])
        assert (workspace.tree / "a.o").exists()
        assert not (workspace.tree / "b.txt").exists()


def test_a_rewritten_ignore_file_does_not_hide_a_change(tmp_path: Path) -> None:
    """A command that hides its files through .gitignore is rolled back all the same."""
    repo = a_repository(tmp_path / "repo")
    with opened(repo, tmp_path / "scratch") as workspace:
        write(workspace.tree, {".gitignore": b"*\n", "hidden.py": b"1"})
        workspace.restore(workspace.versions[0])
        assert sorted(path.name for path in workspace.tree.iterdir()) == [".git", "app.py"]


def test_the_same_content_has_the_same_hash(tmp_path: Path) -> None:
    """The hash is that of bytes, names and modes: the way there, the times and the folder don't count."""
    files = {"a.py": b"1\n", "b/c.py": b"2\n"}
    one = a_repository(tmp_path / "one", files)
    two = a_repository(tmp_path / "two", {"a.py": b"old\n"})
    with opened(one, tmp_path / "scratch") as first, opened(two, tmp_path / "scratch") as second:
        assert first.tree_hash() != second.tree_hash()
        second.apply(edit("b/c.py", b"2\n"))
        assert second.apply(edit("a.py", b"1\n")) == first.tree_hash()
        (second.tree / "a.py").chmod(0o755)
        assert second.tree_hash() != first.tree_hash()


@pytest.mark.parametrize(
    "path",
    [
        "../out.py",
        "a/../../out.py",
        "a/../b.py",
        "/etc/passwd",
        "C:\\x",
        "\\\\host\\share",
        ".git/config",
        ".GIT/hooks/pre-commit",
        "sub/.git/config",
        ".git",
        "git~1/config",
        ".g\u200cit/config",
        ".git /config",
        ".git./config",
        ".git::$INDEX_ALLOCATION/config",
        "a\\..\\..\\b",
        "",
        ".",
        "a//b",
        "a/",
        "nul\0name",
        "\ud800",
        "link/file.py",
        "link",
        "app.py/below",
        "folder",
        "vendor/other/lib.c",
        "venv/lib/x.py",
        "x.log",
        "missing/deleted.py",
    ],
)
def test_an_edit_outside_the_users_own_files_is_refused(tmp_path: Path, path: str) -> None:
    """Climbing, absolute, git's own, linked, ignored and foreign paths are refused, and nothing is written."""
    repo = a_repository(tmp_path / "repo", {"app.py": b"1\n", "folder/f": b"", ".gitignore": b"*.log\nvenv/\n"})
    (repo / "link").symlink_to(tmp_path)
    write(repo, {"venv/pyvenv.cfg": b""})
    head = git(repo, "rev-parse", "HEAD").decode().strip()
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{head},vendor/other")
    with opened(repo, tmp_path / "scratch") as workspace:
        before = fingerprint(workspace.tree)
        content = None if path.startswith("missing") else b"evil"
        refused = workspace.apply((FileEdit(path="app.py", content=b"2\n"), FileEdit(path=path, content=content)))
        assert isinstance(refused, InvalidEdit)
        assert refused.path == path
        assert fingerprint(workspace.tree) == before
        assert not (tmp_path / "file.py").exists()


def test_clashing_edits_are_refused(tmp_path: Path) -> None:
    """A patch that edits a file twice, or needs one name for a file and a folder, is refused."""
    repo = a_repository(tmp_path / "repo")
    with opened(repo, tmp_path / "scratch") as workspace:
        assert isinstance(workspace.apply(edit("app.py", b"1") + edit("app.py", b"2")), InvalidEdit)
        assert isinstance(workspace.apply(edit("new", b"1") + edit("new/below", b"2")), InvalidEdit)


def test_an_edit_keeps_the_mode_and_never_writes_through_a_hard_link(tmp_path: Path) -> None:
    """An executable stays one, and a second name of the file keeps the old bytes."""
    repo = a_repository(tmp_path / "repo", {"run.sh": b"#!/bin/sh\n"})
    (repo / "run.sh").chmod(0o750)
    with opened(repo, tmp_path / "scratch") as workspace:
        os.link(workspace.tree / "run.sh", tmp_path / "second")
        workspace.apply(edit("run.sh", b"#!/bin/bash\n"))
        assert (workspace.tree / "run.sh").stat().st_mode & 0o777 == 0o750
        assert (tmp_path / "second").read_bytes() == b"#!/bin/sh\n"


def test_an_edit_of_one_size_within_one_second_runs_the_new_code(tmp_path: Path) -> None:
    """Python takes a compiled file for current by size and whole second: each write gets a second of its own."""
    repo = a_repository(tmp_path / "repo", {"mod.py": b"VALUE = 0\n", "show.py": b"import mod\nprint(mod.VALUE)\n"})

    def value(workspace: Workspace) -> str:
        # Without -B and with an environment of its own: the compiled file is what this is about.
        return subprocess.check_output([sys.executable, "show.py"], cwd=workspace.tree, env={}, text=True).strip()

    with opened(repo, tmp_path / "scratch") as workspace:
        assert value(workspace) == "0"
        for number in (1, 2, 3):
            workspace.apply(edit("mod.py", b"VALUE = %d\n" % number))
            assert value(workspace) == str(number)
        workspace.restore(workspace.versions[0])
        assert value(workspace) == "0"
        assert any((workspace.tree / "__pycache__").glob("mod.*.pyc"))


def test_changed_since_gives_back_what_a_tool_rewrote(tmp_path: Path) -> None:
    """What differs comes as edits that make the same tree again; links and modes alone are no edits."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n", "b.py": b"2\n", "c.py": b"3\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        base = workspace.versions[0]
        (workspace.tree / "a.py").write_bytes(b"one\n")
        (workspace.tree / "b.py").unlink()
        (workspace.tree / "c.py").chmod(0o755)
        (workspace.tree / "l").symlink_to("a.py")
        write(workspace.tree, {"d/e.py": b"\xff"})
        changes = workspace.changed_since(base)
        assert {(item.path, item.content) for item in changes} == {
            ("a.py", b"one\n"),
            ("b.py", None),
            ("d/e.py", b"\xff"),
        }
        workspace.restore(base)
        assert isinstance(workspace.apply(changes), str)


def test_a_view_shows_a_version_whatever_the_tree_is_now(tmp_path: Path) -> None:
    """A view reads recorded bytes, lists regular files only, and answers None for what is not there."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n", "b/c.py": b"2\n"})
    (repo / "link").symlink_to("a.py")
    with opened(repo, tmp_path / "scratch") as workspace:
        view = workspace.view(workspace.versions[0])
        (workspace.tree / "a.py").unlink()
        assert view.paths() == ("a.py", "b/c.py")
        assert view.read("a.py") == b"1\n"
        assert view.read("link") is None
        assert view.read("../app.py") is None


def test_the_users_repository_is_only_read(tmp_path: Path) -> None:
    """After opening, editing, recording and closing, every byte and every time in it is as it was, `.git` too."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n", "b/c.py": b"2\n"})
    (repo / "a.py").write_bytes(b"dirty\n")
    # A stale index entry, which `git status` would love to write back.
    os.utime(repo / "b/c.py", (10**9, 10**9))
    before = fingerprint(repo)
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply(edit("a.py", b"2\n"))
        head = workspace.record("one")
        workspace.diff(workspace.versions[0], head)
        (workspace.tree / "b/c.py").write_bytes(b"command\n")
        workspace.restore(workspace.versions[0])
    assert fingerprint(repo) == before
    assert list((tmp_path / "scratch").glob("selfheal-*")) == []


def test_git_in_the_copy_writes_into_the_copy(tmp_path: Path) -> None:
    """A command may commit, branch and collect garbage in the copy; no byte of the user's repository changes."""
    repo = a_repository(tmp_path / "repo")
    before = contents(repo, skip=frozenset())
    with opened(repo, tmp_path / "scratch") as workspace:
        (workspace.tree / "app.py").write_bytes(b"by the command\n")
        git(workspace.tree, "commit", "--quiet", "--all", "-m", "by the command")
        git(workspace.tree, "branch", "mine")
        git(workspace.tree, "gc", "--quiet", "--prune=now")
        assert git(workspace.tree, "log", "--format=%s") == b"by the command\nfirst\n"
        workspace.restore(workspace.versions[0])
        assert (workspace.tree / "app.py").read_bytes() == b"print('one')\n"
    assert contents(repo, skip=frozenset()) == before
