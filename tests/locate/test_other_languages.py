"""In other languages too the suspect is found from the failing place or from the test that names it."""

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.diagnosis import Category
from selfheal.locate import locate

SUMS = """package p

func helper(x int) int {
	return x
}

func Sum(a []int) int {
	return helper(a[0])
}

func Other() {}
"""
SUMS_TEST = """package p

func TestSum(t *testing.T) {
	if Sum(nil) != 0 {
		t.Error(1)
	}
}
"""
MEDIAN = """export function median(v) {
  return v[0];
}

export function mean(v) {
  return 0;
}
"""
MEDIAN_TEST = """import { median } from './median.js';
test('odd', () => {
  assert.equal(median([1]), 1);
});
"""
LIB = """pub fn f() -> u8 {
    1
}

#[cfg(test)]
mod tests {
    #[test]
    fn a() {
        assert_eq!(super::f(), 2);
    }
}
"""
GO = {"sums.go": SUMS, "sums_test.go": SUMS_TEST}
JS = {"median.js": MEDIAN, "median.test.js": MEDIAN_TEST}
RUST = {"src/lib.rs": LIB}


@pytest.mark.parametrize(
    ("files", "failure", "first"),
    [
        (GO, {"tool": "go test", "file": "sums_test.go", "line": 5}, "Sum"),
        (GO, {"tool": "go build", "file": "sums.go", "line": 4}, "helper"),
        (JS, {"tool": "node", "file": "median.test.js", "line": 3}, "median"),
        (RUST, {"tool": "cargo test", "file": "src/lib.rs", "line": 9}, "f"),
        (GO, {"tool": "go test", "test_id": "p.TestSum"}, "Sum"),
    ],
)
def test_the_suspect_is_what_the_test_uses_or_the_place_itself(files, failure, first):
    """And what that uses comes after it."""
    given = {"file": None, "line": None, "test_id": None, "message": "wrong", "code": None, **failure}
    suspects = locate(a_diagnosis(a_failure(**given)), tree_of(files))
    assert suspects[0].symbol == first
    assert all("test" not in suspect.file for suspect in suspects)


def test_what_the_used_function_uses_is_a_suspect_too():
    """One call further down."""
    failure = a_failure(tool="go test", file="sums_test.go", line=4, message="wrong", test_id=None)
    assert [suspect.symbol for suspect in locate(a_diagnosis(failure), tree_of(GO))] == ["Sum", "helper"]


def test_an_error_outside_all_functions_points_at_the_statement():
    """A missing import, a broken type."""
    files = {"a.go": 'package p\n\nimport "fmtt"\n\nfunc F() {}\n'}
    failure = a_failure(tool="go build", file="a.go", line=3, message="package fmtt is not in std", test_id=None)
    (suspect,) = locate(a_diagnosis(failure, category=Category.BUILD), tree_of(files))
    assert (suspect.symbol, suspect.first_line) == (None, 3)


def test_what_was_compiled_is_traced_to_its_source():
    """TypeScript fails in the JavaScript that was made of it, which is not in the tree."""
    files = {"src/median.ts": MEDIAN, "src/median.test.ts": MEDIAN_TEST}
    failure = a_failure(tool="node", file="out/median.test.js", line=40, message="wrong", test_id=None, code=None)
    assert [one.symbol for one in locate(a_diagnosis(failure), tree_of(files))] == ["median"]


def test_a_failure_that_names_nothing_leaves_what_the_tests_use():
    """An error that was thrown while a test was loaded may say its own words alone."""
    failure = a_failure(tool="node", file=None, line=None, message="Error: odd: expected 1", test_id=None, code=None)
    assert [one.symbol for one in locate(a_diagnosis(failure), tree_of(JS))] == ["median"]
    assert locate(a_diagnosis(failure, category=Category.BUILD), tree_of(JS)) == ()
