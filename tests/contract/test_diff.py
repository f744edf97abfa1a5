"""The diff reader takes what `git diff` writes for plain text changes, and refuses the rest by name."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfheal.contract.diff import DiffProblem, FileDiff, apply, parse

PLAIN = "diff --git a/x.py b/x.py\nindex 1111111..2222222 100644\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"
HEADER = "diff --git a/x.py b/x.py\n"

LINES = [b"a\n", b"b\n", b"\n", b"c\r\n", b"-\n", b"+x\n", b"@@\n", b"\\ No\n"]


def numbered(number: Callable[[int], int]) -> bytes:
    return b"".join(b"%d\n" % number(n) for n in range(99))


def git(repo: Path, *arguments: str) -> bytes:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(repo),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    return subprocess.run(["git", *arguments], cwd=repo, env=environment, check=True, capture_output=True).stdout


def diff_of(repo: Path, before: dict[str, bytes], after: dict[str, bytes], *options: str) -> str:
    """What git writes between two states of a folder."""
    git(repo, "init", "-q", ".")
    for files in (before, after):
        git(repo, "rm", "-rfq", "--ignore-unmatch", ".")
        for name, content in files.items():
            path = repo / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        git(repo, "-c", "core.autocrlf=false", "add", "-A")
        git(repo, "commit", "-q", "--allow-empty", "-m", "x")
    return git(repo, "diff", "--no-renames", *options, "HEAD~1", "HEAD").decode("utf-8", "surrogateescape")


def applied(diff: str, before: dict[str, bytes]) -> dict[str, bytes]:
    files = parse(diff)
    assert not isinstance(files, DiffProblem), files.message
    result = dict(before)
    for file in files:
        after = apply(file, before.get(file.path))
        assert isinstance(after, bytes), after
        if file.is_deleted:
            del result[file.path]
        else:
            result[file.path] = after
    return result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a.py": b"1\n2\n3\n"}, {"a.py": b"1\nx\n3\n"}),
        ({"a.py": b"1\n2"}, {"a.py": b"1\n2\n"}),
        ({"a.py": b"1\n2\n"}, {"a.py": b"1\n2"}),
        ({"a.py": b"1\r\n2\r\n"}, {"a.py": b"1\r\n3\r\n"}),
        ({"a.py": b"1\r2\r3\n"}, {"a.py": b"1\r2\r4\n"}),
        ({"a.py": b"a\x0cb\x85c\n"}, {"a.py": b"a\x0cb\x85d\n"}),
        ({"a.py": b"\xff\xfe latin\n"}, {"a.py": b"\xff\xfd latin\n"}),
        ({"a.py": b"1\n"}, {"a.py": b"1\n", "b.py": b"new\n"}),
        ({"a.py": b"1\n"}, {"a.py": b"1\n", "empty": b""}),
        ({"a.py": b"1\n", "empty": b""}, {"a.py": b"1\n"}),
        ({"a.py": b"1\n", "b.py": b"old"}, {"a.py": b"1\n"}),
        ({"a.py": b"1\n"}, {"a.py": b""}),
        ({"a b.py": b"1\n"}, {"a b.py": b"2\n"}),
        ({"a b/b a.py": b"1\n"}, {"a b/b a.py": b"2\n"}),
        ({'q"uote\\.py': b"1\n"}, {'q"uote\\.py': b"1\n"}),
        ({"\u00e4\u00f6.py": b"1\n"}, {"\u00e4\u00f6.py": b"2\n"}),
        ({"line\nfeed\tand tab.py": b"1\n"}, {"line\nfeed\tand tab.py": b"2\n"}),
        ({"a.py": b"-- a/x\n++ b/x\n@@ -1 +1 @@\n"}, {"a.py": b"-- a/y\n++ b/y\n@@ -2 +2 @@\n"}),
        ({"a.py": numbered(lambda n: n)}, {"a.py": numbered(lambda n: n ^ (n % 7 == 0))}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("options", [(), ("-U0",), ("--full-index", "-U99")], ids=str)
def test_what_git_writes_is_read_and_gives_the_same_bytes(
    tmp_path: Path, before: dict[str, bytes], after: dict[str, bytes], options: tuple[str, ...]
) -> None:
    """Names with blanks, quotes, umlauts and line feeds, other endings, no ending: byte for byte."""
    diff = diff_of(tmp_path, before, after, *options)
    if diff:
        assert applied(diff, before) == after


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(LINES), max_size=12),
    after=st.lists(st.sampled_from([*LINES, b"end"]), max_size=12),
)
def test_any_text_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, before: list[bytes], after: list[bytes]
) -> None:
    """Lines that look like a diff's own are content like any other."""
    old, new = {"f": b"".join(before)}, {"f": b"".join(after)}
    diff = diff_of(tmp_path_factory.mktemp("repo"), old, new)
    if diff:
        assert applied(diff, old) == new


@pytest.mark.parametrize(
    ("diff", "word"),
    [
        ("", "no file"),
        ("hello\n", "no `diff --git` line"),
        (HEADER, "changes nothing"),
        (HEADER + "old mode 100644\nnew mode 100755\n", "mode"),
        (HEADER + "new file mode 100755\nindex 0000000..1111111\n", "executable"),
        (HEADER + "new file mode 120000\nindex 0000000..1111111\n", "link"),
        (HEADER + "index 1111111..2222222 120000\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n", "link"),
        (HEADER + "index 1111111..2222222 160000\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n", "submodule"),
        (HEADER + "index 1111111..2222222 100644\nGIT binary patch\nliteral 1\n", "binary"),
        (HEADER + "Binary files a/x.py and b/x.py differ\n", "binary"),
        ("diff --git a/x.py b/y.py\nsimilarity index 100%\nrename from x.py\nrename to y.py\n", "two different files"),
        (HEADER + "rename from x.py\nrename to x.py\n", "renames"),
        (HEADER + "copy from x.py\n", "copies"),
        ("diff --git a/../x b/../x\nnew file mode 100644\nindex 0000000..1111111\n", "plain path"),
        ("diff --git a//etc/x b//etc/x\nnew file mode 100644\nindex 0000000..1111111\n", "plain path"),
        ("diff --git a/.git/config b/.git/config\nnew file mode 100644\nindex 0000000..1111111\n", "plain path"),
        ("diff --git a/s/.GIT/x b/s/.GIT/x\nnew file mode 100644\nindex 0000000..1111111\n", "plain path"),
        ('diff --git "a/..\\057x" "b/..\\057x"\nnew file mode 100644\nindex 0000000..1111111\n', "plain path"),
        ('diff --git "a/\\377" "b/\\377"\nnew file mode 100644\nindex 0000000..1111111\n', "UTF-8"),
        ('diff --git "a/x\\q" "b/x\\q"\n', "quotes"),
        (PLAIN.replace("+++ b/x.py", "+++ b/.github/ci.yml"), "another file"),
        (PLAIN.replace("--- a/x.py", "--- /dev/null"), "another file"),
        (PLAIN.replace("@@ -1 +1 @@", "@@ -1,2 +1 @@"), "line of a hunk"),
        (PLAIN.replace("@@ -1 +1 @@", "@@ -1,0 +1 @@"), "other numbers"),
        (PLAIN.replace("@@ -1 +1 @@", "@@ what @@"), "hunk header"),
        (PLAIN + "trailing\n", "no `diff --git` line"),
        (PLAIN + PLAIN, "twice"),
        (PLAIN.replace("+b", "+b\0"), "NUL"),
        (PLAIN.replace("index 1111111..2222222 100644", "new file mode 100644\nindex 0..1"), "plain change"),
        (PLAIN + "\ud800", "no text"),
    ],
)
def test_anything_else_is_refused_by_name(diff: str, word: str) -> None:
    """The reason says what it met."""
    problem = parse(diff)

    assert isinstance(problem, DiffProblem), problem
    assert word in problem.message


@pytest.mark.parametrize("before", [None, b"", b"x\n", b"a", b"a\r\n", b"\na\n"])
def test_a_diff_against_another_base_is_refused(before: bytes | None) -> None:
    """No fuzz: the lines must stand where the diff says, to the byte."""
    files = parse(PLAIN)
    assert not isinstance(files, DiffProblem)

    assert isinstance(apply(files[0], before), DiffProblem)


def test_a_created_file_must_not_exist_yet() -> None:
    """Or a patch could replace what it never showed."""
    file = FileDiff(path="x", is_created=True, is_deleted=False, hunks=())

    assert apply(file, None) == b""
    assert isinstance(apply(file, b"old\n"), DiffProblem)


def test_a_deletion_must_show_every_line() -> None:
    """What is deleted unseen is not reviewed."""
    header = "diff --git a/x b/x\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/x\n+++ /dev/null\n"
    files = parse(header + "@@ -1 +0,0 @@\n-a\n")
    assert not isinstance(files, DiffProblem)

    assert apply(files[0], b"a\n") == b""
    assert isinstance(apply(files[0], b"a\nb\n"), DiffProblem)


@given(st.text(max_size=300) | st.lists(st.sampled_from(PLAIN.splitlines(keepends=True)), max_size=12).map("".join))
def test_any_text_gets_an_answer(diff: str) -> None:
    """Hostile text is ordinary input: never an exception."""
    files = parse(diff)
    for file in () if isinstance(files, DiffProblem) else files:
        apply(file, b"a\n")
