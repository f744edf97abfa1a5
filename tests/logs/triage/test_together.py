"""What follows from an outage is no failure of its own; a failure of the code stands beside one."""

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.triage.together import judge_all


def a_sign(category: Category = Category.INFRA, code: str = "killed") -> Finding:
    failure = Failure(tool="log", message="a process was killed", code=code)
    return Finding(failure, category, Stage.ENDING, (1, 1), reason="the log says so", advice="More memory.")


def a_finding(category: Category, stage: Stage, **place: object) -> Finding:
    return Finding(Failure(tool="make", message="*** Error 1", **place), category, stage, (2, 2))


def _categories(*findings: Finding) -> list[Category]:
    return [judgement.category for judgement in judge_all(findings, LogContext())]


def test_an_ending_follows_from_the_outage() -> None:
    """`make: *** Error 1` after a killed compiler is the compiler's death, and says so."""
    ending = a_finding(Category.BUILD, Stage.ENDING, file="Makefile", line=2)

    _, judgement = judge_all((a_sign(), ending), LogContext())

    assert judgement.category is Category.INFRA
    assert "follows" in judgement.reason
    assert judgement.summary == "a process was killed"


def test_a_failure_with_a_place_stands() -> None:
    """A compile error with a file and a line stays repairable beside an outage."""
    assert _categories(a_sign(), a_finding(Category.BUILD, Stage.BUILD, file="a.c", line=3))[1] is Category.BUILD


def test_a_failed_test_stands_without_a_line() -> None:
    """A test that failed is not explained away by a line that tells an outage."""
    assert _categories(a_sign(), a_finding(Category.TEST, Stage.RUN, test_id="test_a"))[1] is Category.TEST


def test_a_package_on_a_dead_index_is_not_missing() -> None:
    """A package that was not found on an index that did not answer is no wrong requirement."""
    missing = Finding(
        Failure(tool="pip", message="no such release", code="no-matching-distribution"),
        Category.DEPENDENCY,
        Stage.BUILD,
        (3, 3),
    )

    assert _categories(a_sign(code="index-connection"), missing)[1] is Category.INFRA
    assert _categories(a_sign(code="image-limit"), missing)[1] is Category.DEPENDENCY


def test_a_refused_configuration_stands_without_a_place() -> None:
    """A wrong option beside a download that failed is a wrong option."""
    for category in (Category.CONFIG, Category.DEPENDENCY, Category.BUILD):
        assert _categories(a_sign(code="curl"), a_finding(category, Stage.BUILD))[1] is category


def test_an_ending_far_from_a_failed_download_stands() -> None:
    """An attempt that failed long before explains no ending; nor does one that came after it."""
    far = Finding(Failure(tool="make", message="*** Error 1"), Category.UNKNOWN, Stage.ENDING, (500, 500))
    before = Finding(Failure(tool="make", message="*** Error 1"), Category.UNKNOWN, Stage.ENDING, (0, 0))

    assert _categories(a_sign(code="curl"), far)[1] is Category.UNKNOWN
    assert _categories(a_sign(code="curl"), before)[1] is Category.UNKNOWN


def test_a_test_that_passed_when_run_again_is_flaky() -> None:
    """The runner's flaky summary covers the failures that it printed on the way."""
    flaky = a_sign(Category.FLAKY, "flaky")

    assert _categories(flaky, a_finding(Category.TEST, Stage.RUN, file="a.js", line=4))[1] is Category.FLAKY
    assert _categories(flaky, a_finding(Category.LINT, Stage.LINT, file="a.js", line=4))[1] is Category.LINT


def test_without_an_outage_nothing_changes() -> None:
    """Endings alone are what they were."""
    assert _categories(a_finding(Category.BUILD, Stage.ENDING)) == [Category.BUILD]
