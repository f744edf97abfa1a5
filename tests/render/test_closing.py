"""The last lines in the terminal can be copied as they stand."""

from pathlib import Path

from app.artifacts import a_report
from selfheal.render.closing import closing_lines

DIFF = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"


def test_the_next_step_names_the_patch_where_it_lies() -> None:
    """From any folder, and quoted where its name asks for that."""
    report = a_report(DIFF, next_steps=("Look at the patch, then apply it: git apply fix.patch",))
    assert closing_lines(report, out=Path("/tmp/my heal"), applied=False)[-1] == (
        "  next     Look at the patch, then apply it: git apply '/tmp/my heal/fix.patch'"
    )


def test_what_is_applied_is_said_with_how_to_undo_it() -> None:
    """There is nothing left to do then."""
    report = a_report(DIFF, next_steps=("Look: git apply fix.patch",))
    lines = closing_lines(report, out=Path("/tmp/heal"), applied=True)
    assert any(line.endswith("undo it with: git apply -R /tmp/heal/fix.patch") for line in lines)
    assert not any(line.startswith("  next") for line in lines)
