"""The lines that the commit under test changed."""

from pathlib import Path

from selfheal.contract.suspects import ChangedLines
from selfheal.workspace.changes import read_changes
from workspace.repositories import a_repository, git, opened, write


def test_lines_against_the_parent(tmp_path: Path) -> None:
    """New and rewritten lines with their numbers in the new file; what was only deleted has none."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"1\n2\n3\n4\n5\n", "gone.py": b"x\n"})
    write(repo, {"a.py": b"1\nzwei\n3\n5\n6\n7\n", "b/c d.py": b"+++ evil\n@@ -1 +1 @@\n"})
    (repo / "gone.py").unlink()
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "-m", "second")

    workspace = opened(repo, tmp_path)

    assert {(one.file, one.first_line, one.last_line) for one in workspace.changed_lines} == {
        ("a.py", 2, 2),
        ("a.py", 5, 6),
        ("b/c d.py", 1, 2),
    }


def test_first_commit_has_no_parent(tmp_path: Path) -> None:
    """As in a shallow clone: nothing is known, and nothing breaks."""
    assert opened(a_repository(tmp_path / "repo"), tmp_path).changed_lines == ()


def test_content_cannot_pose_as_a_header() -> None:
    """Lines of a hunk are counted, whatever they look like."""
    diff = b"+++ a.py\n@@ -0,0 +1,3 @@\n++++ b.py\n+@@ -1 +7 @@\n+x\n@@ -9 +12 @@\n-a\n+b\n"

    assert read_changes(diff) == (
        ChangedLines(file="a.py", first_line=1, last_line=3),
        ChangedLines(file="a.py", first_line=12, last_line=12),
    )
