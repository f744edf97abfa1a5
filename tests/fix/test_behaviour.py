"""A search over what a program does is none over how it is written."""

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from selfheal.contract.diagnosis import Category
from selfheal.fix.fill_line import FillLine
from selfheal.fix.interface import RepairCase
from selfheal.fix.rewrite_function import RewriteFunction
from selfheal.fix.search.strategy import OperatorSearch
from selfheal.fix.search_replace import SearchReplace

SEARCHES = (OperatorSearch(), RewriteFunction(), FillLine(), SearchReplace())
SOURCE = "def add(a, b):\n    return a - b\n\n\ndef sub(a, b):\n    return a - b\n"
LINT = a_failure(tool="ruff", code="E741", file="pkg/core.py", line=6, message="ambiguous name")
TEST = a_failure(tool="pytest", file="tests/test_core.py", line=3, test_id="tests/test_core.py::test_add")
ADD = a_suspect(file="pkg/core.py", symbol="add", first_line=1, last_line=2, evidence=("innermost frame",))
SUB = a_suspect(file="pkg/core.py", symbol="sub", first_line=5, last_line=6, evidence=("ruff reports E741 at line 6",))


def case_of(*failures, category: Category, suspects=(ADD, SUB)) -> RepairCase:
    return a_case({"pkg/core.py": SOURCE}, diagnosis=a_diagnosis(*failures, category=category), suspects=suspects)


@pytest.mark.parametrize("category", [Category.LINT, Category.FORMAT])
@pytest.mark.parametrize("strategy", SEARCHES, ids=lambda strategy: strategy.name)
def test_a_linters_finding_starts_no_search(strategy, category):
    """No swapped operator ever mends a name or a blank: each try would cost a run of the command."""
    assert strategy.targets(case_of(LINT, category=category)) == ()


@pytest.mark.parametrize("strategy", SEARCHES, ids=lambda strategy: strategy.name)
def test_a_failing_test_beside_lint_is_searched_where_the_test_points(strategy):
    """In a job of several kinds the test's suspects are worked on, under their own index."""
    targets = strategy.targets(case_of(LINT, TEST, category=Category.LINT))
    assert {target.suspect for target in targets} == {0}


def test_a_linter_that_nobody_asks_about_is_left_to_the_model():
    """eslint's findings have no strategy of their own that asks."""
    failure = a_failure(tool="eslint", code="no-undef", file="a.js", line=1)
    assert SearchReplace().targets(case_of(failure, category=Category.LINT))
    assert not SearchReplace().targets(case_of(failure, category=Category.FORMAT))
