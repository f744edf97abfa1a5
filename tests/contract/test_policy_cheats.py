"""Each cheat is refused by the rule that is there for it."""

import pytest

from contract.changes import LOOSE, change, refused_by
from contract.cheats import CHEATS, NEEDS_TESTS_CHANGED, Cheat
from selfheal.contract.policy import RULES, ChangeSet, FileChange, PolicySettings, check

CASES = [
    pytest.param(rule, cheat, id=f"{rule}: {cheat[0]} ({number})")
    for rule, cheats in CHEATS.items()
    for number, cheat in enumerate(cheats)
]


@pytest.mark.parametrize(("rule", "cheat"), CASES)
def test_a_cheat_is_refused_by_its_rule(rule: str, cheat: Cheat) -> None:
    """Also where the owner lets tests be changed: that never means weaker ones."""
    _, path, before, after = cheat

    assert rule in refused_by(change(path, before, after), settings=LOOSE)


@pytest.mark.parametrize("cheat", NEEDS_TESTS_CHANGED, ids=lambda cheat: cheat[0])
def test_a_changed_test_is_refused_unless_the_owner_allows_it(cheat: Cheat) -> None:
    """The strict default forbids to touch a test at all."""
    _, path, before, after = cheat

    assert "tests-changed" in refused_by(change(path, before, after))
    assert "tests-changed" not in refused_by(change(path, before, after), settings=LOOSE)


def test_every_rule_has_its_cheats() -> None:
    """A rule without a test that tries to get around it is not trusted; three ways each."""
    tried = {rule: len(cheats) for rule, cheats in CHEATS.items()} | {"tests-changed": len(NEEDS_TESTS_CHANGED)}

    assert tried.keys() == {rule.id for rule in RULES}
    assert min(tried.values()) >= 3


def test_rules_have_distinct_ids_and_a_reason() -> None:
    """An id names one rule, in words that go into an address."""
    ids = [rule.id for rule in RULES]

    assert len(set(ids)) == len(ids)
    assert all(rule.id.replace("-", "").isalpha() and rule.id.islower() and rule.reason for rule in RULES)


def test_a_refusal_names_the_place_the_limit_and_the_way_out() -> None:
    """The message says what failed, on which value, and what to do next."""
    changes = tuple(FileChange(path=f"a{n}.py", before=b"", after=b"x = 1\n") for n in range(9))

    (violation,) = check(ChangeSet(changes=changes), PolicySettings(max_files=3))

    assert violation.message == "patch touches 9 files, the limit is 3: raise policy.max_files or split the fix"


def test_the_owner_can_protect_more_paths() -> None:
    """`protected_paths` adds to the built-in ones, as globs."""
    settings = PolicySettings(protected_paths=("migrations/**", "*.sql"))

    assert refused_by(change("migrations/1/up.py", "a\n", "b\n"), settings=settings) == {"protected-path"}
    assert refused_by(change("db/schema.sql", "a\n", "b\n"), settings=settings) == {"protected-path"}
    assert refused_by(change("db/schema.py", "a = 1\n", "b = 1\n"), settings=settings) == set()


def test_allowed_suppressions_loosen_only_the_inline_ones() -> None:
    """A looser configuration of the checker stays refused."""
    settings = PolicySettings(allow_suppressions=True)
    inline = change("a.py", "import os\n", "import os  # noqa: F401\n")
    wide = change("pyproject.toml", "", '[tool.ruff.lint]\nignore = ["F401"]\n')

    assert refused_by(inline, settings=settings) == set()
    assert refused_by(wide, settings=settings) == {"checks-loosened"}


def test_a_suppression_may_not_grow_in_one_file_while_another_is_untouched() -> None:
    """What is counted is the patch as a whole: one taken away pays for one added, not for two."""
    away = change("a.py", "import os  # noqa: F401\n", "import os\n")
    one = change("b.py", "import os\n", "import os  # noqa: F401\n")
    other = change("c.py", "import os\n", "import os  # noqa: F401\n")

    assert refused_by(away, one) == set()
    assert refused_by(away, one, other) == {"suppression-added"}
