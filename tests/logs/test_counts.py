"""Counts are read from the runners' own summaries."""

from pathlib import Path

import pytest

from selfheal.contract.tests_seen import TestCounts
from selfheal.logs import count_tests

RECORDINGS = Path(__file__).parents[1] / "recordings"

CASES = {
    "pytest, long": (
        "collected 9 items / 2 deselected / 7 selected\n"
        "= 1 failed, 2 passed, 1 skipped, 2 deselected, 1 xfailed, 1 xpassed, 1 error, 2 warnings in 0.12s =\n",
        TestCounts(collected=9, failed=1, passed=2, skipped=1, deselected=2, xfailed=1, xpassed=1, errors=1),
    ),
    "pytest, quiet": ("2 failed, 3 passed in 61.03s (0:01:01)\n", TestCounts(collected=5, failed=2, passed=3)),
    "pytest, subtests": (
        "FAILED tests/test_a.py::A::test_a - TypeError\n"
        "SUBFAILED(<subtest>) tests/test_a.py::A::test_b\nSUBFAILED(<subtest>) tests/test_a.py::A::test_b\n"
        "3 failed, 2 passed, 10 subtests passed in 2.81s\n",
        TestCounts(collected=3, failed=3, passed=2),
    ),
    "pytest, subtests of the plugin": (
        "(a='x, y', b='(') SUBFAIL tests/test_a.py::A::test_b - AssertionError: 1 != 2\n"
        "[said] (n=3) SUBFAIL tests/test_a.py::test_c - assert 3 == 2\n"
        "2 failed, 2 passed, 1 subtests passed in 0.02s\n",
        TestCounts(collected=2, failed=2, passed=2),
    ),
    "pytest, none": ("==== no tests ran in 0.00s ====\n", TestCounts()),
    "two runs": ("1 passed in 0.1s\n2 passed, 1 skipped in 0.1s\n", TestCounts(collected=4, passed=3, skipped=1)),
    "unittest": (
        "Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1, expected failures=1)\n",
        TestCounts(collected=7, passed=3, failed=1, errors=1, skipped=1, xfailed=1),
    ),
    "unittest, ok": ("Ran 3 tests in 0.001s\n\nOK\n", TestCounts(collected=3, passed=3)),
    "jest": (
        "Tests:       1 failed, 2 skipped, 4 passed, 7 total\n",
        TestCounts(collected=7, failed=1, skipped=2, passed=4),
    ),
    "vitest": ("      Tests  1 failed | 4 passed (5)\n", TestCounts(collected=5, failed=1, passed=4)),
    "go": (
        "=== RUN   TestA\n--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\n    --- SKIP: TestB/x (0.00s)\n",
        TestCounts(collected=3, passed=1, failed=1, skipped=1),
    ),
    "cargo": (
        "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n"
        "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n",
        TestCounts(collected=6, passed=3, failed=2, skipped=1),
    ),
    "nextest": (
        "     Summary [   0.004s] 3 tests run: 1 passed, 2 failed, 0 skipped\n",
        TestCounts(collected=3, passed=1, failed=2),
    ),
    "maven": (
        "[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in A\n"
        "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1\n",
        TestCounts(collected=4, passed=1, failed=1, errors=1, skipped=1),
    ),
    "gradle": ("4 tests completed, 1 failed, 1 skipped\n", TestCounts(collected=4, passed=2, failed=1, skipped=1)),
    "ctest": ("50% tests passed, 1 tests failed out of 2\n", TestCounts(collected=2, passed=1, failed=1)),
    "googletest": (
        "[  PASSED  ] 2 tests.\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.B\n",
        TestCounts(collected=3, passed=2, failed=1),
    ),
    "mocha": ("  2 passing (4ms)\n  1 pending\n  1 failing\n", TestCounts(collected=4, passed=2, failed=1, skipped=1)),
    "node": (
        "# tests 4\n# suites 0\n# pass 1\n# fail 2\n# cancelled 0\n# skipped 1\n# todo 0\n",
        TestCounts(collected=4, passed=1, failed=2, skipped=1),
    ),
    "coloured": (
        "\x1b[31m1 failed\x1b[0m, \x1b[32m1 passed\x1b[0m\x1b[31m in 0.1s\x1b[0m\n",
        TestCounts(collected=2, failed=1, passed=1),
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summary_is_read(case: str) -> None:
    """Every field of each runner's summary, several runs added up."""
    text, expected = CASES[case]

    assert count_tests(text) == expected


def test_no_summary_no_counts() -> None:
    """Prose about tests is no summary."""
    assert count_tests("we ran 5 tests\n3 failed in spirit\n") is None


def test_recorded_run_counts() -> None:
    """The recorded project has four tests, two of which fail."""
    for name in ("long", "quiet", "native", "xdist", "colour", "github", "no-tracebacks", "xdist-verbose"):
        counts = count_tests((RECORDINGS / "pytest" / f"{name}.log").read_text())
        assert counts == TestCounts(collected=4, failed=2, passed=2), name


def test_go_without_its_verbose_flag_tells_no_number():
    """It prints the failing tests alone, and of a run that passes none: nothing was lost where none is told."""
    assert count_tests("--- FAIL: TestA (0.00s)\n    a_test.go:6: wrong\nFAIL\nFAIL\ttrial\t0.002s\n") is None
    told = count_tests("=== RUN   TestA\n--- FAIL: TestA (0.00s)\nFAIL\n")
    assert told is not None
    assert (told.collected, told.failed) == (1, 1)


def test_what_ctest_shows_of_a_failing_program_is_not_counted_beside_it():
    """It shows the inside of those that fail alone, so that a run that passes would have fewer."""
    inside = "[  PASSED  ] 1 test.\n[  FAILED  ] 1 test, listed below:\n"
    told = count_tests(f"{inside}\n0% tests passed, 1 tests failed out of 1\n")
    assert told is not None
    assert (told.collected, told.failed) == (1, 1)
    alone = count_tests(inside)
    assert alone is not None
    assert alone.collected == 2
