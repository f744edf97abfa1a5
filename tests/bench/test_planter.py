"""Bugs are planted where the seed says, and tests are held back without harm to the others."""

import ast

import pytest

from planting.running import Ran
from planting.source import Source
from trials.history_set import Past, dumped, load_past, places_of_tests
from trials.languages_set import LANGUAGES, TOOLS, language_trials
from trials.planter import Edit, broken_files, spared
from trials.slips.registry import SLIPS
from trials.suites import cut, read_suite

SHOP = '''\
class Cart:
    def __init__(self, rate=2, *, strict=True):
        self.items = []
        self.prices = {}
        self.rate = rate

    def add(self, name, price, count=1):
        """Add `count` pieces."""
        if not name or count < 1:
            return None
        for _ in range(count):
            self.items.append(name)
            self.last = name
        self.prices[name] = int(price)
        total = price * count
        total += self.rate
        return max(total, price)

    def find(self, text, limit=3):
        found = []
        for item in self.items:
            if item is None:
                continue
            elif item.startswith(text) and len(found) < limit:
                found.append(item.strip())
            else:
                break
        try:
            return sorted(found[limit:], reverse=True)
        except (TypeError, ValueError):
            return list(found)
'''


@pytest.mark.parametrize("kind", SLIPS)
def test_every_slip_finds_a_place_and_leaves_other_programs(kind: str):
    """At least one of what it leaves behind parses and is another program."""
    original = ast.dump(ast.parse(SHOP))
    changed = []
    for splice in SLIPS[kind](Source(SHOP)):
        try:
            changed.append(ast.dump(ast.parse(splice.apply(SHOP))))
        except SyntaxError:
            continue
    assert any(program != original for program in changed)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("boundary", "count < 1", "count <= 1"),
        ("lost not", "not name", "name"),
        ("lost guard", "        if not name or count < 1:\n            return None\n", ""),
        ("swapped arguments", "max(total, price)", "max(price, total)"),
        ("wrong method", "startswith", "endswith"),
        ("lost statement", "        total += self.rate\n", ""),
        ("wrong default", "strict=True", "strict=False"),
        ("lost branch", SHOP[SHOP.index("            elif") : SHOP.index("        try")], ""),
        ("narrower except", "(TypeError, ValueError)", "ValueError"),
        ("lost call", "int(price)", "price"),
    ],
)
def test_a_slip_is_what_its_name_says(kind: str, before: str, after: str):
    """One of its places is this one."""
    assert SHOP.replace(before, after, 1) in {splice.apply(SHOP) for splice in SLIPS[kind](Source(SHOP))}


def test_held_back_tests_leave_their_file_whole():
    """Decorators go with them; a class that loses all keeps a `pass`; the rest stays to the letter."""
    head = "import x\n\n@x.mark\ndef test_a():\n    pass\n\n"
    text = f"{head}class TestB:\n    def test_c(self):\n        assert 1\n\ndef test_d(): ...\n"
    left = cut(text, frozenset({("test_a",), ("TestB", "test_c")}))
    assert left == "import x\n\n\nclass TestB:\n    pass\n\ndef test_d(): ...\n"
    assert cut(text, frozenset()) == text


def test_two_edits_of_one_file_do_not_move_each_other(tmp_path):
    """Whatever their order."""
    (tmp_path / "a.py").write_text("one two three\n")
    edits = (Edit("a.py", 0, 3, "1"), Edit("a.py", 8, 13, "3"))
    assert broken_files(tmp_path, edits) == broken_files(tmp_path, edits[::-1]) == (("a.py", "1 two 3\n"),)


def test_of_two_faults_each_is_shown_by_a_test():
    """What no visible test shows nobody can mend."""
    own = (frozenset({"a", "b"}), frozenset({"c"}))
    assert spared(("a", "c", "x"), own) == ["a", "x"]
    assert spared(("a", "b", "c", "x"), own) == ["b", "x"]
    assert spared(("a", "c"), ()) == ["a", "c"]


def test_a_suite_is_read_function_by_function():
    """One failing parameter is a failing function; a file that can't be collected breaks the run."""
    lines = ("PASSED t/a.py::test_x[1]", "FAILED t/a.py::test_x[2] - assert 1 == 2", "PASSED t/a.py::T::test_y")
    seen = read_suite(Ran(1, "\n".join(lines)))
    assert (seen.failed, seen.passed) == ({"t/a.py::test_x"}, {"t/a.py::T::test_y"})
    assert not seen.is_broken
    assert read_suite(Ran(2, "ERROR t/test_a.py - ImportError")).is_broken
    assert read_suite(Ran(-1, "")).is_broken


def test_a_row_of_the_history_reads_as_it_was_written(tmp_path):
    """The finder's row is the list's."""
    past = Past("a", "1", "0" * 64, "2", "1" * 64, ".", ("tests",), ("tests/t.py::f",), ("x" * 80, "y" * 80))
    (tmp_path / "list.toml").write_text(dumped(past))
    assert load_past(tmp_path / "list.toml") == (past,)


def test_the_history_is_pinned():
    """By name, versions, digests and tests; names tell the rows apart."""
    every = load_past()
    assert len({past.id for past in every}) == len(every)
    for past in every:
        assert len(past.old_sha256) == len(past.new_sha256) == 64
        assert past.failing
        assert not set(past.failing) & set(past.left_out)


def test_where_a_package_has_its_tests(tmp_path):
    """A folder nearest to the top, else files there."""
    (tmp_path / "pkg" / "tests").mkdir(parents=True)
    (tmp_path / "pkg" / "tests" / "test_a.py").touch()
    assert places_of_tests(tmp_path) == ("pkg/tests",)
    (tmp_path / "pkg" / "tests" / "test_a.py").unlink()
    (tmp_path / "test_b.py").touch()
    assert places_of_tests(tmp_path) == ("test_b.py",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_six_trials(language: str):
    """Failing tests and what does not compile, both."""
    every = language_trials(language)
    assert len(every) >= 6
    assert "compile error" in {one.kind for one in every}
    assert len({one.kind for one in every}) >= 3
    assert TOOLS[language]
