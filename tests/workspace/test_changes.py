"""The lines that the commit under test changed."""

from pathlib import Path

from selfheal.contract.suspects import ChangedLines
from selfheal.workspace.changes import read_changes
from workspace.repositories import a_repository, git, opened, write


def test_lines_against_the_parent(tmp_path: Path) -> None:
    """New and rewritten lines with their numbers in the new file, and what stood there before them."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n2\n3\n4\n5\n", "gone.py": b"x\n"})
    write(repo, {"a.py": b"1\nzwei\n3\n5\n6\n7\n", "b/c d.py": b"+++ evil\n@@ -1 +1 @@\n"})
    (repo / "gone.py").unlink()
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "-m", "second")

    workspace = opened(repo, tmp_path)

    changes = workspace.changed_lines
    assert {(one.file, one.first_line, one.last_line, one.before, one.after) for one in changes} == {
        ("a.py", 2, 2, "2\n", "zwei\n"),
        ("a.py", 4, 3, "4\n", ""),
        ("a.py", 5, 6, "", "6\n7\n"),
        ("b/c d.py", 1, 2, "", "+++ evil\n@@ -1 +1 @@\n"),
    }


def test_first_commit_has_no_parent(tmp_path: Path) -> None:
    """As in a shallow clone: nothing is known, and nothing breaks."""
    assert opened(a_repository(tmp_path / "repo"), tmp_path).changed_lines == ()


def test_content_cannot_pose_as_a_header() -> None:
    """Lines of a hunk are counted, whatever they look like."""
    diff = b"+++ a.py\n@@ -0,0 +1,3 @@\n++++ b.py\n+@@ -1 +7 @@\n+x\n@@ -9 +12 @@\n-a\n+b\n"

    assert read_changes(diff) == (
        ChangedLines(file="a.py", first_line=1, last_line=3, after="+++ b.py\n@@ -1 +7 @@\nx\n"),
        ChangedLines(file="a.py", first_line=12, last_line=12, before="a\n", after="b\n"),
    )


def test_files_without_a_last_line_end() -> None:
    """What git says of it is no line of the file."""
    end = b"\\ No newline at end of file\n"
    diff = b"+++ a.py\n@@ -3 +3 @@\n-a\n" + end + b"+b\n" + end + b"+++ c.py\n@@ -1 +1 @@\n-c\n+d\n"

    assert [(one.file, one.before, one.after) for one in read_changes(diff)] == [
        ("a.py", "a\n", "b\n"),
        ("c.py", "c\n", "d\n"),
    ]


def test_long_hunks_keep_their_place_without_their_text() -> None:
    """A generated file that came with the commit fills no report and no memory."""
    lines = b"".join(b"+%030d\n" % number for number in range(9_000))
    (change,) = read_changes(b"+++ a.txt\n@@ -0,0 +1,9000 @@\n" + lines)

    assert (change.first_line, change.last_line, change.before, change.after) == (1, 9000, "", "")
