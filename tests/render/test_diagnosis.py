"""A diagnosis as people and as GitHub's runner read it."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.render.diagnosis import MAX_ANNOTATIONS, as_annotations, as_text


def _failure(number: int = 1, **changes: object) -> Failure:
    fields = {"tool": "mypy", "message": f"message {number}", "file": "a.py", "line": number, "code": "misc"}
    return Failure.model_validate(fields | changes)


def _diagnosis(*failures: Failure, **changes: object) -> Diagnosis:
    fields = {"category": Category.TYPES, "summary": "it fails", "failures": failures, "reason": "mypy says so"}
    return Diagnosis.model_validate(fields | changes)


def test_text_begins_with_the_cause() -> None:
    """Category and summary first, then why, then the first failure's place with its excerpt."""
    text = as_text(_diagnosis(_failure(excerpt="x: int = ''", log_line=812), _failure(2)))

    assert text.splitlines() == [
        "types: it fails",
        "  why: mypy says so",
        "",
        "  a.py:1 mypy [misc]  (line 812 of the log)",
        "    | x: int = ''",
        "",
        "  then:",
        "    a.py:2 mypy [misc] message 2",
    ]


def test_text_counts_what_it_leaves_out() -> None:
    """Two hundred failures are not printed."""
    text = as_text(_diagnosis(*(_failure(number) for number in range(1, 201))))

    assert "and 195 more" in text
    assert len(text.splitlines()) < 15


def test_annotations_are_the_best_ten() -> None:
    """GitHub drops the rest without a word."""
    lines = as_annotations(_diagnosis(*(_failure(number) for number in range(1, 30)))).splitlines()

    assert len(lines) == MAX_ANNOTATIONS
    assert lines[0] == "::error file=a.py,line=1,title=mypy misc::message 1"


@pytest.mark.parametrize("evil", ["a\n::add-mask::x", "a\r\n::error::b", "a%0A::stop-commands::t"])
def test_a_log_cannot_add_workflow_commands(evil: str) -> None:
    """Line ends and percent signs of a message are escaped, and so are they in every property."""
    text = as_annotations(_diagnosis(_failure(message=evil, file=evil, code=evil, test_id=evil)))

    assert len(text.splitlines()) == 1
    assert text.startswith("::error file=a%")
    properties = text.removeprefix("::error ").partition("::")[0]
    assert properties.count(",") == 2


@pytest.mark.parametrize("evil", ["::add-mask::x", "   ::stop-commands::t", "a ##[add-mask]x"])
def test_text_printed_in_a_workflow_gives_no_commands_either(evil: str) -> None:
    """The runner looks for `::` behind leading blanks, and for `##[` anywhere."""
    failure = _failure(excerpt=evil, message=evil, file=None, code=None, tool="log")
    text = as_text(_diagnosis(failure, failure, summary=evil, reason=evil, advice=evil, step=evil))

    for line in text.splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


def test_what_no_patch_can_mend_is_one_annotation_with_its_advice() -> None:
    """A service that is down has no line in the source."""
    failure = _failure(file="test_rows.py")
    text = as_annotations(_diagnosis(failure, category=Category.INFRA, summary="no database", advice="Start it."))

    assert text == "::error title=selfheal%3A infra::no database%0AStart it."


def test_text_folds_what_is_the_same() -> None:
    """Fifteen tests that die at one place are one line."""
    same = [_failure(message="KeyError: 7", test_id=f"t.py::test_{n}") for n in range(15)]

    lines = as_text(_diagnosis(*same, _failure(2), _failure(2), _failure(3))).splitlines()

    assert lines[-5:] == [
        "  the same again: 14 times",
        "",
        "  then:",
        "    a.py:2 mypy [misc] message 2 (2 times)",
        "    a.py:3 mypy [misc] message 3",
    ]


def test_text_folds_lines_between_words() -> None:
    """In a terminal no word is torn, and an excerpt keeps its bar."""
    long = "a message of many words " * 8
    text = as_text(_diagnosis(_failure(excerpt=f"{long}\nend", message=long), summary=long), width=60)

    assert max(len(line) for line in text.splitlines()) <= 60
    assert all(word in ("a", "message", "of", "many", "words", "types:", "|", "end") for word in text.split()[:40])
    assert "    |     " in text


def test_text_says_a_finding_once() -> None:
    """A linter's line is in the summary; a rule's name that begins the message is not put before it again."""
    text = as_text(
        _diagnosis(_failure(excerpt="a.py:1: message 1"), _failure(2, code="KeyError", message="KeyError: 7"))
    )

    assert "|" not in text
    assert "    a.py:2 mypy KeyError: 7" in text.splitlines()
