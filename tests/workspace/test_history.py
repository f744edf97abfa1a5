"""What a few files were in earlier commits, asked of repositories that nobody vouches for."""

import stat
from pathlib import Path

import pytest

from selfheal.workspace.history import MAX_BYTES, MAX_COMMITS, MAX_TOTAL_BYTES
from workspace.repositories import a_repository, git, opened, write

DAY_S = 86_400


def commit(repo: Path, files: dict[str, bytes], *, at: int) -> str:
    """Write, and commit with this time stamp."""
    write(repo, files)
    git(repo, "add", "--all", "--force")
    tree = git(repo, "write-tree").decode().strip()
    parent = git(repo, "rev-parse", "HEAD").decode().strip()
    body = f"tree {tree}\nparent {parent}\nauthor A <a@b> {at} +0000\ncommitter A <a@b> {at} +0000\n\nx\n"
    made = git(repo, "hash-object", "-t", "commit", "-w", "--stdin", stdin=body.encode()).decode().strip()
    git(repo, "update-ref", "HEAD", made)
    return made


def test_the_commits_that_wrote_a_file_newest_first(tmp_path: Path) -> None:
    """With the contents of all that was asked for; a commit of something else does not count."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1", "b.txt": b"x"})
    second = commit(repo, {"a.lock": b"2"}, at=10 * DAY_S)
    commit(repo, {"other": b"-"}, at=11 * DAY_S)
    third = commit(repo, {"a.lock": b"3", "new.txt": b"n"}, at=12 * DAY_S + DAY_S - 1)

    found = opened(repo, tmp_path).past(("a.lock", "new.txt"), until=None)

    assert [(one.commit, one.day, dict(one.contents)) for one in found[:2]] == [
        (third, "1970-01-13", {"a.lock": b"3", "new.txt": b"n"}),
        (second, "1970-01-11", {"a.lock": b"2", "new.txt": None}),
    ]
    assert len(found) == 3


def test_no_commit_after_the_day_that_was_told(tmp_path: Path) -> None:
    """The day itself still counts, to its last second."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1"})
    second = commit(repo, {"a.lock": b"2"}, at=11 * DAY_S - 1)
    commit(repo, {"a.lock": b"3"}, at=11 * DAY_S)
    found = opened(repo, tmp_path).past(("a.lock",), until="1970-01-11")
    assert [one.commit for one in found] == [second]


def test_a_long_history_is_read_to_a_bound(tmp_path: Path) -> None:
    """However often a bot came by."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"0"})
    for number in range(1, MAX_COMMITS + 3):
        commit(repo, {"a.lock": b"%d" % number}, at=number * DAY_S)
    assert len(opened(repo, tmp_path).past(("a.lock",), until=None)) == MAX_COMMITS


def test_links_folders_and_huge_files_are_left_out(tmp_path: Path) -> None:
    """An attack: what was no ordinary file then is not read as one."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1"})
    commit(repo, {"a.lock": b"x" * (MAX_BYTES + 1)}, at=DAY_S)
    (repo / "a.lock").unlink()
    (repo / "a.lock").symlink_to("/etc/passwd")
    commit(repo, {}, at=2 * DAY_S)
    (repo / "a.lock").unlink()
    commit(repo, {"a.lock/inner": b"1"}, at=3 * DAY_S)
    assert [dict(one.contents) for one in opened(repo, tmp_path).past(("a.lock",), until=None)] == [{"a.lock": b"1"}]


def test_all_together_has_a_limit(tmp_path: Path) -> None:
    """An attack: many large files in many commits fill no memory; the newest that fit are told."""
    paths = tuple(f"{letter}.lock" for letter in "abc")
    repo = a_repository(tmp_path / "repo", {"x": b"1"})
    for n in (1, 2, 3):
        commit(repo, {path: bytes([n]) * (MAX_BYTES - 1) for path in paths}, at=n * DAY_S)
    found = opened(repo, tmp_path).past(paths, until=None)
    assert [one.day for one in found] == ["1970-01-04"]
    assert sum(len(content or b"") for one in found for _, content in one.contents) <= MAX_TOTAL_BYTES


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", ":(top)*", "--output=x", "HEAD", "", "a\nb", "*"])
def test_a_path_is_nothing_but_a_path(path: str, tmp_path: Path) -> None:
    """An attack: no pattern, no option, no way out of the repository."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1"})
    found = opened(repo, tmp_path).past((path,), until=None)
    assert all(content is None for one in found for _, content in one.contents)
    assert not (repo / "x").exists()


def test_a_file_may_be_called_like_an_option(tmp_path: Path) -> None:
    """It is read like any other."""
    repo = a_repository(tmp_path / "repo", {"--all": b"1", "-n": b"2"})
    (found,) = opened(repo, tmp_path).past(("--all", "-n"), until=None)
    assert found.contents == (("--all", b"1"), ("-n", b"2"))


def test_times_that_no_calendar_has(tmp_path: Path) -> None:
    """An attack: the commit is left out, and the others are there."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1"})
    commit(repo, {"a.lock": b"2"}, at=DAY_S)
    commit(repo, {"a.lock": b"3"}, at=999_999_999_999)
    found = opened(repo, tmp_path).past(("a.lock",), until=None)
    assert [dict(one.contents)["a.lock"] for one in found] == [b"2", b"1"]


def test_nothing_is_known_before_the_first_commit(tmp_path: Path) -> None:
    """And nothing breaks."""
    (tmp_path / "repo").mkdir()
    git(tmp_path / "repo", "init", "--quiet")
    write(tmp_path / "repo", {"a.lock": b"1"})
    workspace = opened(tmp_path / "repo", tmp_path)
    assert workspace.past(("a.lock",), until=None) == ()
    assert workspace.base_day is None


def test_no_program_of_the_repositorys_settings_is_started(tmp_path: Path) -> None:
    """An attack: `git log` would show the signature of a commit, and ask the program that the settings name."""
    repo = a_repository(tmp_path / "repo", {"a.lock": b"1"})
    signed = git(repo, "cat-file", "commit", "HEAD").replace(
        b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    made = git(repo, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed).decode().strip()
    git(repo, "update-ref", "HEAD", made)
    mark, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for name, value in (("log.showSignature", "true"), ("gpg.program", str(program)), ("core.pager", str(program))):
        git(repo, "config", name, value)
    workspace = opened(repo, tmp_path)
    assert len(workspace.past(("a.lock",), until=None)) == 1
    assert workspace.base_day is not None
    assert not mark.exists()
