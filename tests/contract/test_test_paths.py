"""Which files count as tests."""

import pytest

from selfheal.contract.test_paths import is_test_path


@pytest.mark.parametrize(
    "path",
    [
        "test_a.py",
        "pkg/a_test.py",
        "conftest.py",
        "tests/data/rows.json",
        "pkg/sum_test.go",
        "web/src/sum.test.ts",
        "web/src/sum.spec.jsx",
        "web/__tests__/sum.js",
        "src/test/java/org/acme/Sums.java",
        "src/it/java/SumIT.java",
        "native/sum_test.cc",
    ],
)
def test_a_runner_would_take_it_for_a_test(path: str) -> None:
    """The names by which the common runners find tests, in every language."""
    assert is_test_path(path)


@pytest.mark.parametrize("path", ["latest.py", "pkg/contest.go", "src/Testing.java", "protest/a.py", "spec.ts", "a.py"])
def test_the_product_is_no_test(path: str) -> None:
    """Names that only look alike."""
    assert not is_test_path(path)
