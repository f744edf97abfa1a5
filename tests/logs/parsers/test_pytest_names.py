"""Which test a line of pytest's summary, or the title of a block, is about."""

import pytest

from selfheal.logs.parsers.python.pytest_names import is_failed_subtest, node_id_of, read_summary


@pytest.mark.parametrize(
    ("line", "node_id", "message"),
    [
        ("SUBFAILED(a='x, y', b='(') t/test_a.py::A::test_b - no", "t/test_a.py::A::test_b", "no"),
        ("SUBFAILED[said] (n=3) test_a.py::test_c[1 - 2] - no", "test_a.py::test_c[1 - 2]", "no"),
        ("SUBFAILED(<subtest>) test_a.py::test_c", "test_a.py::test_c", ""),
        ("(n='] SUBFAIL') SUBFAIL test_a.py::test_c - no", "test_a.py::test_c", "no"),
        ("SUBFAIL test_a.py::test_c - no", "test_a.py::test_c", "no"),
        ("FAILED test_a.py::test_c[SUBFAIL] - no", "test_a.py::test_c[SUBFAIL]", "no"),
    ],
)
def test_what_stands_in_a_subtests_parentheses_is_no_part_of_the_id(line, node_id, message):
    """Neither its blanks nor its quotes and brackets."""
    named = read_summary(line)
    assert named is not None
    assert (named.node_id, named.message, named.is_error) == (node_id, message, False)
    assert is_failed_subtest(line) is not line.startswith("FAILED")


@pytest.mark.parametrize(
    ("title", "node_id"),
    [
        ("test_x", "test_a.py::test_x"),
        ("T.test_x (n=3)", "test_a.py::T::test_x"),
        ("test_x [it (said] (n=[1, 2])", "test_a.py::test_x"),
        ("test_x[a (b] (n=3)", "test_a.py::test_x[a (b]"),
        ("test_x[1] [said] (n=3)", "test_a.py::test_x[1]"),
    ],
)
def test_the_title_of_a_subtest_leads_to_its_test(title, node_id):
    """Where no id is known, and where it is."""
    assert node_id_of(title, "test_a.py", []) == node_id
    assert node_id_of(title, "test_a.py", ["test_a.py::test_", node_id]) == node_id


@pytest.mark.parametrize(
    "line", ["SUBFAILED(" + ")" * 90_000, "SUBFAILED(" + ") " * 50_000, "(" + ") SUBFAIL " * 9_000]
)
def test_a_hostile_line_is_no_subtest(line):
    """There is no id in it, however long it is looked for."""
    assert read_summary(line) is None
