"""A proof is not the same as a reason to merge."""

from builders import a_passing_run, a_run
from selfheal.contract.policy import FileChange
from selfheal.contract.verdict import Proved
from selfheal.team.caution import reasons_for_a_person


def a_proof(tests: int | None) -> Proved:
    return Proved(before=(a_run(),) * 2, after=(a_passing_run(),) * 2, tests_before=tests, tests_after=tests)


HONEST = FileChange(path="a.py", before=b"x = 1\n", after=b"x = 2\n")
DISARMED = FileChange(
    path="a.py", before=b"def f(n):\n    if n > 3:\n        raise ValueError\n", after=b"def f(n):\n    pass\n"
)


def test_a_model_written_patch_that_tests_bear_out_needs_nobody():
    """The ordinary case merges by itself."""
    assert reasons_for_a_person((HONEST,), a_proof(4), was_guessed=True) == ()


def test_a_model_written_patch_without_a_counted_test_needs_a_person():
    """`python check.py` passes as soon as what complained is gone."""
    for tests in (None, 0):
        (reason,) = reasons_for_a_person((HONEST,), a_proof(tests), was_guessed=True)
        assert "no test was counted" in reason


def test_what_an_exact_tool_wrote_needs_nobody():
    """A formatter's own work is not doubted for want of tests."""
    assert reasons_for_a_person((HONEST,), a_proof(None), was_guessed=False) == ()


def test_a_guard_that_is_gone_needs_a_person():
    """A removed `raise` may be the fix, or the opposite of it."""
    (reason,) = reasons_for_a_person((DISARMED,), a_proof(4), was_guessed=True)
    assert reason.startswith("a.py has fewer raise")


def test_what_happens_at_exit_needs_a_person():
    """A handler at exit can turn a failure into a success."""
    change = FileChange(path="a.py", before=b"", after=b"import atexit\n")
    (reason,) = reasons_for_a_person((change,), a_proof(4), was_guessed=True)
    assert "atexit" in reason
