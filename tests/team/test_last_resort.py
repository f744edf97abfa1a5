"""What the model says of a log is believed only as far as the log bears it out."""

from typing import Any

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.contract.engine import ModelAnswer, ModelRequest
from selfheal.logs import diagnose
from selfheal.team.last_resort import LogReading, checked, needs_model, read_by_model

LOG = "loading rules\nsrc/widgets.frob(12,4): rule no-gaps violated: gap between a and b\nFrobnication failed\n"


def _reading(**changes: Any) -> LogReading:
    fields = {
        "category": "lint",
        "file": "src/widgets.frob",
        "line": 12,
        "message": "rule no-gaps violated: gap between a and b",
    }
    return LogReading.model_validate(fields | changes)


@pytest.fixture
def parsed() -> Diagnosis:
    """What the parsers make of it."""
    return diagnose(LOG, exit_code=1)


def test_reading_that_holds_is_the_models(parsed: Diagnosis) -> None:
    """File, line and message stand in the log: taken, and said to be a model's."""
    found = checked(_reading(), parsed)

    assert (found.category, found.source) == (Category.LINT, "model")
    assert (found.failures[0].file, found.failures[0].line) == ("src/widgets.frob", 12)
    assert found.confidence < 0.5


@pytest.mark.parametrize("file", ["src/other.frob", "", "../../etc/passwd"])
def test_file_that_the_log_does_not_hold_is_dropped(parsed: Diagnosis, file: str) -> None:
    """What the scoring found stays."""
    found = checked(_reading(file=file, line=99), parsed)

    assert found.failures[0].file == parsed.failures[0].file


def test_line_that_the_log_does_not_hold_is_dropped(parsed: Diagnosis) -> None:
    """1 is in 12, but is no line that the log names."""
    assert checked(_reading(line=1), parsed).failures[0].line is None


def test_file_outside_the_repository_is_dropped(parsed: Diagnosis) -> None:
    """Where the repository's files are known, no other is believed."""
    found = checked(_reading(message="invented"), parsed, known_files=frozenset({"a.py"}))

    assert found == parsed


def test_invention_changes_nothing(parsed: Diagnosis) -> None:
    """Neither file nor message from the log: as if it had not been asked."""
    assert checked(_reading(file="x.py", message="the disk is on fire"), parsed) == parsed


def test_model_can_turn_nobody_away() -> None:
    """The schema has no category that ends a repair."""
    for category in ("infra", "environment", "flaky"):
        with pytest.raises(ValueError, match="category"):
            _reading(category=category)


def test_only_the_unknown_is_asked(parsed: Diagnosis) -> None:
    """What a parser has read costs no token."""
    assert needs_model(parsed)
    assert not needs_model(diagnose("a.py:3: error: x  [misc]\n", exit_code=1))
    assert not needs_model(diagnose("", exit_code=1))


async def test_prompt_is_the_excerpt_and_not_the_log() -> None:
    """Of a long log only what scores is sent."""
    asked: list[ModelRequest] = []

    async def ask(request: ModelRequest) -> ModelAnswer:
        asked.append(request)
        return ModelAnswer("", _reading(), 10, 10, None, 0.1)

    noise = "".join(f"step {n} went well\n" for n in range(5_000))
    found = await read_by_model(diagnose(noise + LOG + noise, exit_code=1), ask)

    assert found.source == "model"
    assert len(asked[0].user) < 3_000
    assert "gap between a and b" in asked[0].user
