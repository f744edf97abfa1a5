"""A hunk is a suggestion where its lines are shown, and stays a patch everywhere else."""

import subprocess
from pathlib import Path

import pytest

from app.artifacts import a_diff
from selfheal.contract import diff
from selfheal_app.publishing.suggestions import MOST_SUGGESTIONS, Plan, Shown, Suggestion, plan, shown_lines
from selfheal_app.publishing.wording import suggestion_body

TEXT = "".join(f"{n}\n" for n in range(1, 11))
ALL: Shown = {"a.txt": (range(1, 1000),)}


def planned(before: str, after: str, folder: Path, shown: Shown = ALL) -> Plan:
    patch = a_diff({"a.txt": before}, {"a.txt": after}, folder)
    diffs = diff.parse(patch)
    assert isinstance(diffs, tuple)
    return plan(patch, diffs, shown)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (TEXT.replace("5\n", "five\n"), Suggestion("a.txt", 5, 5, "five\n")),
        (TEXT.replace("5\n6\n", "five\n"), Suggestion("a.txt", 5, 6, "five\n")),
        (TEXT.replace("5\n", ""), Suggestion("a.txt", 5, 5, "")),
        (TEXT.replace("5\n", "5\n5b\n"), Suggestion("a.txt", 5, 5, "5\n5b\n")),
        ("0\n" + TEXT, Suggestion("a.txt", 1, 1, "0\n1\n")),
        (TEXT + "11\n", Suggestion("a.txt", 10, 10, "10\n11\n")),
        (TEXT.replace("4\n", "four\n").replace("6\n", "six\n"), Suggestion("a.txt", 4, 6, "four\n5\nsix\n")),
    ],
)
def test_a_suggestion_replaces_the_changed_lines(after: str, expected: Suggestion, tmp_path: Path) -> None:
    """Without context; what is only added hangs on the line beside it. Applied by hand it gives the patched file."""
    made = planned(TEXT, after, tmp_path)
    lines = TEXT.splitlines(keepends=True)
    lines[expected.first_line - 1 : expected.last_line] = [expected.text]

    assert made == Plan((expected,), "")
    assert "".join(lines) == after


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (TEXT, TEXT.replace("5\n", "five\n"), {}),
        (TEXT, TEXT.replace("5\n", "five\n"), {"a.txt": (range(1, 5), range(6, 9))}),
        (TEXT, TEXT.replace("4\n5\n", "x\n"), {"a.txt": (range(1, 5), range(5, 9))}),
        (TEXT, TEXT + "no end", ALL),
        (TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r\n").replace("5", "five"), ALL),
        ("", TEXT, ALL),
    ],
    ids=["not shown", "between", "across two hunks", "no newline at the end", "CRLF", "from nothing"],
)
def test_what_can_t_be_suggested_stays_a_patch_that_applies(
    before: str, after: str, shown: Shown, tmp_path: Path
) -> None:
    """With its header, so that git takes it."""
    made = planned(before, after, tmp_path / "a", shown)
    tree = tmp_path / "b"
    tree.mkdir()
    (tree / "a.txt").write_bytes(before.encode())
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], cwd=tree, input=made.rest.encode(), check=True)

    assert made.suggestions == ()
    assert (tree / "a.txt").read_bytes() == after.encode()


def test_there_are_never_more_than_a_person_reads(tmp_path: Path) -> None:
    """The rest is in the text."""
    before = "".join(f"{n}\n" for n in range(20 * (MOST_SUGGESTIONS + 5)))
    after = "".join("x\n" if n % 20 == 10 else f"{n}\n" for n in range(20 * (MOST_SUGGESTIONS + 5)))
    made = planned(before, after, tmp_path)

    assert len(made.suggestions) == MOST_SUGGESTIONS
    assert made.rest.count("\n@@ ") == 5


def test_shown_lines_are_read_of_hunk_headers_only() -> None:
    """A line of content that looks like a header is none."""
    patch = "@@ -1,2 +1,3 @@ def f():\n a\n+@@ -1,9 +1,999 @@\n b\n@@ -9 +10 @@\n-x\n+y\n\\ No newline at end of file"
    assert shown_lines(patch) == (range(1, 4), range(10, 11))
    assert shown_lines("") == ()


def test_a_suggestion_can_t_close_its_own_block() -> None:
    """Backticks in the code make the fence longer."""
    body = suggestion_body(Suggestion("a.md", 1, 1, "```\n@org/team\n````\n"))
    assert body.startswith("`````suggestion\n") and body.endswith("\n`````")
