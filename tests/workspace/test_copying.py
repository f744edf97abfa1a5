import os
import stat
from pathlib import Path

import pytest

from selfheal.workspace import Workspace
from workspace.repositories import a_repository, contents, edit, git, opened, write


def test_the_copy_has_the_same_bytes_modes_and_links(tmp_path: Path) -> None:
    """Dirty, untracked, ignored and executable files and links are in the copy as they are in the user's tree."""
    repo = a_repository(
        tmp_path / "repo",
        {
            "crlf.txt": b"one\r\ntwo\r\n",
            "mixed.txt": b"one\r\ntwo\nthree",
            "empty": b"",
            "bytes.bin": bytes(range(256)) * 600,
            "tool.sh": b"#!/bin/sh\n",
            ".gitignore": b"*.log\n/build/\n",
            "sub/deep/er/file": b"x",
        },
    )
    (repo / "tool.sh").chmod(0o755)
    (repo / "crlf.txt").write_bytes(b"changed\r\n")
    write(repo, {"untracked.txt": b"new\n", "x.log": b"ignored\n", "build/out.o": b"\0"})
    (repo / "link").symlink_to("sub/deep")
    (repo / "dangling").symlink_to("/nowhere/at/all")
    (repo / "hollow").mkdir()

    with opened(repo, tmp_path / "scratch") as workspace:
        assert contents(workspace.tree) == contents(repo)
        assert workspace.is_dirty
        assert not workspace.skipped


def test_odd_names_survive(tmp_path: Path) -> None:
    """A file name may hold a newline, quotes, a tab, a leading dash, glob characters or bytes that are not UTF-8."""
    repo = a_repository(tmp_path / "repo")
    names = (b"new\nline", b'quo"te', b"it's", b"tab\t", b"-dash", b"*?[x]", b":(top)", b"\xff\xfe", "ümlaut".encode())
    for name in names:
        Path(os.fsdecode(os.fsencode(repo) + b"/" + name)).write_bytes(name)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "-m", "odd")
    with opened(repo, tmp_path / "scratch") as workspace:
        for name in names:
            Path(os.fsdecode(os.fsencode(workspace.tree) + b"/" + name)).write_bytes(b"changed")
        assert workspace.tree_hash() != workspace.versions[0].tree
        workspace.restore(workspace.versions[0])
        assert contents(workspace.tree) == contents(repo)
        assert workspace.view(workspace.versions[0]).read("new\nline") == b"new\nline"


def test_filters_and_line_ends_are_left_alone(tmp_path: Path) -> None:
    """No filter, conversion or ident expansion runs, whatever .gitattributes and the configuration say."""
    repo = a_repository(tmp_path / "repo")
    trap = tmp_path / "trap"
    write(
        repo,
        {
            ".gitattributes": b"*.bat text eol=crlf\n*.id ident\n*.big filter=lfs\n*.u working-tree-encoding=UTF-16\n",
            "a.bat": b"unix\nwindows\r\n",
            "b.id": b"$Id: 0000 $\n$Id$\n",
            "c.big": b"version https://git-lfs.github.com/spec/v1\n",
            "d.u": "text".encode("utf-16"),
        },
    )
    git(repo, "config", "filter.lfs.clean", f"touch {trap}; cat")
    git(repo, "config", "filter.lfs.smudge", f"touch {trap}; cat")
    git(repo, "config", "filter.lfs.required", "true")
    git(repo, "config", "core.autocrlf", "true")
    with opened(repo, tmp_path / "scratch") as workspace:
        for name in ("a.bat", "b.id", "c.big", "d.u"):
            (workspace.tree / name).write_bytes(b"spoilt")
        workspace.restore(workspace.versions[0])
        assert contents(workspace.tree) == contents(repo)
        assert workspace.changed_since(workspace.versions[0]) == ()
    assert not trap.exists()


def test_environments_are_linked_and_not_copied(tmp_path: Path) -> None:
    """A virtual environment or node_modules is named in `linked_dirs`; the copy has an empty folder in its place."""
    repo = a_repository(tmp_path / "repo", {".gitignore": b"venv/\nnode_modules/\n", "a.py": b""})
    write(repo, {"venv/pyvenv.cfg": b"home = /usr\n", "venv/lib/x.py": b"", "web/node_modules/m/index.js": b""})
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.linked_dirs == ("venv", "web/node_modules")
        assert list((workspace.tree / "venv").iterdir()) == []
        assert workspace.tree_hash() == workspace.versions[0].tree


def test_a_tracked_folder_that_looks_like_an_environment_is_copied(tmp_path: Path) -> None:
    """What the repository tracks is always copied, so that it can be repaired."""
    repo = a_repository(tmp_path / "repo", {"node_modules/own/index.js": b"1\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.linked_dirs == ()
        assert (workspace.tree / "node_modules/own/index.js").read_bytes() == b"1\n"


def test_what_is_no_file_is_named_as_skipped(tmp_path: Path) -> None:
    """A pipe or socket is not copied, not opened (that would hang), and named."""
    repo = a_repository(tmp_path / "repo")
    os.mkfifo(repo / "pipe")
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.skipped == ("pipe",)
        assert not (workspace.tree / "pipe").exists()


def test_a_submodule_is_copied_and_never_recorded(tmp_path: Path) -> None:
    """The submodule's files are there for the build, but no version and no patch holds them."""
    other = a_repository(tmp_path / "other", {"lib.c": b"int x;\n"})
    repo = a_repository(tmp_path / "repo")
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "vendor/other")
    git(repo, "commit", "--quiet", "-m", "submodule")
    with opened(repo, tmp_path / "scratch") as workspace:
        assert (workspace.tree / "vendor/other/lib.c").read_bytes() == b"int x;\n"
        (workspace.tree / "vendor/other/lib.c").write_bytes(b"changed")
        assert workspace.tree_hash() == workspace.versions[0].tree
        assert "vendor/other/lib.c" not in workspace.view(workspace.head).paths()


def test_a_linked_worktree_is_a_repository_like_any_other(tmp_path: Path) -> None:
    """Where `.git` is a file, the copy still gets a `.git` of its own with the whole history."""
    repo = a_repository(tmp_path / "repo")
    git(repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side" / "new.py").write_bytes(b"1\n")
    with opened(tmp_path / "side", tmp_path / "scratch") as workspace:
        assert (workspace.tree / ".git").is_dir()
        assert git(workspace.tree, "log", "--format=%s") == b"first\n"
        assert git(workspace.tree, "status", "--porcelain") == b"?? new.py\n"
        assert git(workspace.tree, "branch", "--show-current") == b"side\n"


def test_an_empty_repository_can_be_opened(tmp_path: Path) -> None:
    """A repository before its first commit has no base commit, and is repaired all the same."""
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "--quiet")
    (repo / "a.py").write_bytes(b"1\n")
    with opened(repo, tmp_path / "scratch") as workspace:
        assert workspace.base_commit is None
        assert workspace.view(workspace.head).paths() == ("a.py",)
        assert isinstance(workspace.apply(edit("a.py", b"2\n")), str)


def test_the_copys_git_folder_holds_no_credentials_and_starts_no_programs(tmp_path: Path) -> None:
    """The token that a checkout action leaves in the configuration does not reach the command, nor do hooks."""
    repo = a_repository(tmp_path / "repo")
    git(repo, "config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic c2VjcmV0")
    git(repo, "config", "remote.origin.url", "https://x-access-token:sesame@github.com/o/r")
    git(repo, "config", "core.fsmonitor", "touch /tmp/never")
    (repo / ".git/hooks").mkdir(exist_ok=True)
    (repo / ".git/hooks/post-checkout").write_bytes(b"#!/bin/sh\n")
    with opened(repo, tmp_path / "scratch") as workspace:
        config = (workspace.tree / ".git/config").read_text()
        assert "c2VjcmV0" not in config
        assert "sesame" not in config
        assert "fsmonitor" not in config
        assert "github.com/o/r" in config
        assert not (workspace.tree / ".git/hooks").exists()


def test_times_are_kept_so_that_builds_stay_incremental(tmp_path: Path) -> None:
    """Files and folders keep their times: make and compiled Python files see nothing new in the copy."""
    repo = a_repository(tmp_path / "repo", {"sub/a.c": b"1"})
    os.utime(repo / "sub/a.c", ns=(10**18, 10**18 + 123456789))
    os.utime(repo / "sub", ns=(10**18, 10**18 + 5))
    with opened(repo, tmp_path / "scratch") as workspace:
        assert (workspace.tree / "sub/a.c").stat().st_mtime_ns == 10**18 + 123456789
        assert (workspace.tree / "sub").stat().st_mtime_ns == 10**18 + 5


def test_set_id_bits_are_dropped(tmp_path: Path) -> None:
    """A set-user-id file of the user's does not become one of ours."""
    repo = a_repository(tmp_path / "repo")
    (repo / "app.py").chmod(0o4755)
    with opened(repo, tmp_path / "scratch") as workspace:
        assert stat.S_IMODE((workspace.tree / "app.py").stat().st_mode) == 0o755


@pytest.mark.parametrize("where", ["", "sub/folder"])
def test_the_folder_that_the_caller_pointed_at_is_remembered(tmp_path: Path, where: str) -> None:
    """The whole repository is copied; the working directory is where the caller pointed."""
    repo = a_repository(tmp_path / "repo", {"sub/folder/a.py": b"", "b.py": b""})
    workspace = Workspace.open(repo / where, scratch_parent=tmp_path / "scratch")
    assert isinstance(workspace, Workspace)
    with workspace:
        assert workspace.root == repo
        assert workspace.subdirectory == where
        assert (workspace.tree / "b.py").exists()


def test_a_scratch_folder_inside_the_repository_is_not_copied_into_itself(tmp_path: Path) -> None:
    """The scratch folders may lie in the repository; no copy ends up in a copy."""
    repo = a_repository(tmp_path / "repo")
    with opened(repo, repo / ".scratch") as first, opened(repo, repo / ".scratch") as second:
        assert sorted(path.name for path in second.tree.iterdir()) == [".git", "app.py"]
        assert sorted(path.name for path in first.tree.iterdir()) == [".git", "app.py"]
