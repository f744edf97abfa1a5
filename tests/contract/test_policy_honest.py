"""What a person would merge passes: a false alarm costs a good fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.changes import LOOSE, change, refused_by
from contract.cheats import CHEATS
from contract.honest import ALLOWED_TEST_CHANGES, HONEST, Honest
from selfheal.contract.diagnosis import Category
from selfheal.contract.policy import ChangeSet, FileChange, PolicySettings, check

NAMES = sorted({cheat[1] for cheats in CHEATS.values() for cheat in cheats} | {"a.md", "a", "x.ini", "b.yml", "a.vue"})
SNIPPETS = sorted({side for cheats in CHEATS.values() for cheat in cheats for side in cheat[2:] if side})
SIDES = st.none() | st.binary(max_size=200) | st.sampled_from(SNIPPETS).map(str.encode)


@pytest.mark.parametrize("patch", HONEST, ids=lambda patch: patch[0])
def test_an_honest_patch_is_accepted(patch: Honest) -> None:
    """With the strict defaults."""
    _, category, sides = patch

    assert refused_by(*(change(*side) for side in sides), category=category) == set()


@pytest.mark.parametrize("patch", ALLOWED_TEST_CHANGES, ids=lambda patch: patch[0])
def test_an_allowed_test_change_that_weakens_nothing_is_accepted(patch: Honest) -> None:
    """Refused by default; with the owner's word it is only a test change."""
    _, category, sides = patch
    changes = [change(*side) for side in sides]

    assert refused_by(*changes, category=category) == {"tests-changed"}
    assert refused_by(*changes, category=category, settings=LOOSE) == set()


@pytest.mark.parametrize(
    "after",
    [
        "import sys\n\n\ndef test_a():\n    assert f() == 2\n",
        "import os\nimport sys\nfrom fake import f\ndef test_a():\n    assert f() == 1\n",
        "def test_a(x: exec('f = 1')):\n    assert f() == 1\n",
    ],
)
@pytest.mark.parametrize("category", [Category.FORMAT, Category.LINT, Category.TYPES])
def test_a_changed_test_does_not_pass_for_a_new_layout(after: str, category: Category) -> None:
    """What Python reads must be the same; an import may go, none may come."""
    before = "import os\nimport sys\ndef test_a():\n    assert f() == 1\n"

    assert "tests-changed" in refused_by(change("tests/test_a.py", before, after), category=category)


def test_what_did_not_change_is_not_judged() -> None:
    """Old sins in a file that the patch leaves alone are not the patch's."""
    files = [change(path, side, side) for cheats in CHEATS.values() for _, path, _, side in cheats if side]

    assert refused_by(*files) == set()


@given(
    st.lists(st.builds(FileChange, path=st.sampled_from(NAMES), before=SIDES, after=SIDES), max_size=4), st.booleans()
)
def test_any_bytes_get_an_answer(changes: list[FileChange], allow: bool) -> None:
    """Hostile bytes are ordinary input: never an exception."""
    settings = PolicySettings(allow_test_changes=allow, allow_suppressions=allow)

    assert isinstance(check(ChangeSet(changes=tuple(changes)), settings), tuple)


@given(st.text(max_size=40), st.binary(max_size=40))
def test_any_path_gets_an_answer(path: str, content: bytes) -> None:
    """So are hostile names."""
    change_set = ChangeSet(changes=(FileChange(path=path, before=None, after=content),))

    assert isinstance(check(change_set, PolicySettings()), tuple)


@pytest.mark.parametrize(
    "content",
    [
        b"x = " + b"(" * 5000,
        b"x = " + b"-" * 20_000 + b"1\n",
        b"x = " + b"a." * 20_000 + b"b\n",
        b"x = " + b"[" * 90 + b"]" * 90,
        b"def test_a():\n    assert " + b"not " * 3000 + b"x\n",
        b"# -*- coding: nonsense -*-\nx = 1\n",
        b"\xff\xfe\x00\x01",
        b"'''",
        b"x = '" + b"\\" * 9999,
    ],
)
@pytest.mark.parametrize("path", ["tests/test_a.py", "pyproject.toml", "package.json", "setup.cfg", "Makefile", "a.ts"])
def test_deep_and_broken_content_gets_an_answer(path: str, content: bytes) -> None:
    """Neither nesting nor a broken encoding breaks the judge."""
    change_set = ChangeSet(changes=(FileChange(path=path, before=b"x = 1\n", after=content),))

    assert isinstance(check(change_set, PolicySettings(allow_test_changes=True)), tuple)


def test_what_stood_in_a_file_that_did_not_parse_is_not_added() -> None:
    """The file is read for the first time; the line was there before."""
    after = "import sys\n\n\ndef main():\n    try:\n        run()\n    finally:\n        sys.exit(0)\n"

    assert refused_by(change("shop/main.py", after.replace("try:", "try"), after), category=Category.SYNTAX) == set()


def test_two_examples_that_were_skipped_in_one_docstring_are_not_added() -> None:
    """Each counts on its own line, and both lines were there while a merge's markers kept the file from being read."""
    examples = "    >>> take(2)  # doctest: +SKIP\n    >>> take(3)  # doctest:+SKIP\n"
    after = f'def take(n):\n    """Take some.\n\n{examples}    """\n    return n\n'
    marked = "<<<<<<< HEAD\n    return n\n=======\n    return n + 1\n>>>>>>> feature\n"
    before = after.replace("    return n\n", marked)

    assert refused_by(change("shop/take.py", before, after), category=Category.SYNTAX) == set()


def test_a_new_exit_in_a_file_that_did_not_parse_is_added() -> None:
    """One more than before, whatever else was mended."""
    before = "import sys\n\n\ndef main():\n    try\n        run()\n    finally:\n        sys.exit(0)\n"
    after = before.replace("try\n", "try:\n        sys.exit(0)\n")

    assert refused_by(change("shop/main.py", before, after), category=Category.SYNTAX)
