import os
from pathlib import Path

import pytest

from selfheal.contract.patch import FileEdit
from workspace.repositories import a_repository, contents, edit, git, opened, write


def apply_patch(repo: Path, diff: str) -> None:
    git(repo, "apply", "-", stdin=diff.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"one\n", b"two\n", id="plain"),
        pytest.param(b"one\r\ntwo\r\n", b"one\r\n2\r\n", id="crlf"),
        pytest.param(b"one\ntwo", b"one\n2", id="no-final-newline"),
        pytest.param(b"one\n", b"one", id="final-newline-lost"),
        pytest.param(b"", b"something\n", id="from-empty"),
        pytest.param(b"a\rb\n", b"a\rc\n", id="lone-cr"),
        pytest.param(b"caf\xe9\n", b"caf\xe8\n", id="latin-1"),
        pytest.param(b"\0\1\2", b"\0\1\3", id="binary"),
        pytest.param(b"a\x0cb\n", b"a\x0cc\x1cd\n", id="other-line-ends"),
        pytest.param("é\u2028x\n".encode(), "è\u2028x\n".encode(), id="unicode-line-separator"),
        pytest.param(b"trailing \n\n\n", b"trailing  \n\n", id="whitespace"),
    ],
)
def test_the_patch_gives_the_exact_bytes_in_the_original(tmp_path: Path, before: bytes, after: bytes) -> None:
    """`git apply` in the user's repository makes the file byte for byte the proved one."""
    repo = a_repository(tmp_path / "repo", {"file": before})
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply(edit("file", after))
        apply_patch(repo, workspace.diff(workspace.versions[0], workspace.record("edit")))
    assert (repo / "file").read_bytes() == after


def test_made_deleted_and_executable_files_are_in_the_patch(tmp_path: Path) -> None:
    """New, deleted, emptied and chmod'ed files go through the patch, also on top of a dirty tree."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "b": b"2\n", "c": b"3\n"})
    (repo / "a").write_bytes(b"dirty\n")
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply((*edit("a", b"mended\n"), *edit("b", None), *edit("new/empty", b"")))
        (workspace.tree / "c").chmod(0o755)
        expected = contents(workspace.tree)
        apply_patch(repo, workspace.diff(workspace.versions[0], workspace.record("edit")))
    assert contents(repo) == expected


@pytest.mark.parametrize(
    "name", ["new\nline", 'quo"te', "back\\slash", "tab\t", "-dash", "ümlaut", "sp ace", "a b/c d", "b/a", "*?[x]"]
)
def test_odd_names_go_through_the_patch(tmp_path: Path, name: str) -> None:
    """A patch for a file with an odd name applies: git's quoting is right both ways."""
    repo = a_repository(tmp_path / "repo", {name: b"1\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        assert isinstance(workspace.apply(edit(name, b"2\n")), str)
        apply_patch(repo, workspace.diff(workspace.versions[0], workspace.record("edit")))
    assert (repo / name).read_bytes() == b"2\n"


def test_a_name_that_is_not_utf8_goes_through_the_patch(tmp_path: Path) -> None:
    """The patch stays text even where a tool rewrote a file whose name is none."""
    repo = a_repository(tmp_path / "repo")
    name = b"\xff\xfe.py"
    (Path(os.fsdecode(os.fsencode(repo) + b"/" + name))).write_bytes(b"1\n")
    with opened(repo, tmp_path / "scratch") as workspace:
        Path(os.fsdecode(os.fsencode(workspace.tree) + b"/" + name)).write_bytes(b"2\n")
        apply_patch(repo, workspace.diff(workspace.versions[0], workspace.record("tool")))
    assert Path(os.fsdecode(os.fsencode(repo) + b"/" + name)).read_bytes() == b"2\n"


def test_the_patch_does_not_depend_on_anybodys_configuration(tmp_path: Path) -> None:
    """No colour, no mnemonic prefixes, no external diff, no attributes that hide the text."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n", ".gitattributes": b"*.py -diff binary\n"})
    for key, value in (("diff.mnemonicPrefix", "true"), ("color.diff", "always"), ("diff.external", "false")):
        git(repo, "config", key, value)
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply(edit("a.py", b"2\n"))
        diff = workspace.diff(workspace.versions[0], workspace.record("edit"))
    assert diff.startswith("diff --git a/a.py b/a.py\n")
    assert "-1\n+2\n" in diff


def test_no_difference_is_no_text(tmp_path: Path) -> None:
    """A version against itself is the empty patch."""
    with opened(a_repository(tmp_path / "repo"), tmp_path / "scratch") as workspace:
        assert workspace.diff(workspace.head, workspace.head) == ""


def test_the_patch_also_applies_for_a_user_with_line_end_conversion(tmp_path: Path) -> None:
    """Where core.autocrlf is on and files have CR LF in the tree, the patch still fits what lies there."""
    repo = a_repository(tmp_path / "repo", {"a.txt": b"one\r\ntwo\r\n"})
    git(repo, "config", "core.autocrlf", "true")
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply((FileEdit(path="a.txt", content=b"one\r\n2\r\n"),))
        diff = workspace.diff(workspace.versions[0], workspace.record("edit"))
    apply_patch(repo, diff)
    assert (repo / "a.txt").read_bytes() == b"one\r\n2\r\n"


def test_what_the_patch_writes_is_what_was_recorded(tmp_path: Path) -> None:
    """Applied to a plain folder without any git, the patch gives the same tree: nothing hides in the index."""
    repo = a_repository(tmp_path / "repo", {"a": b"1\n", "sub/b": b"2\n"})
    with opened(repo, tmp_path / "scratch") as workspace:
        workspace.apply((*edit("a", b"one\n"), *edit("sub/b", None), *edit("sub/c", b"c")))
        diff = workspace.diff(workspace.versions[0], workspace.record("edit"))
        plain = tmp_path / "plain"
        write(plain, {"a": b"1\n", "sub/b": b"2\n"})
        apply_patch(plain, diff)
        assert contents(plain) == contents(workspace.tree)
