"""Of a log that no parser knows, the lines that sound most like a failure are kept."""

from hypothesis import given
from hypothesis import strategies as st

from selfheal.contract.diagnosis import Category
from selfheal.logs import diagnose
from selfheal.logs.baseline import Baseline
from selfheal.logs.excerpt import MAX_CHARS, ExcerptReader
from selfheal.logs.repository import Repository

NOISE = "".join(f"step {n} of the frobnicator went well\n" for n in range(3_000))


def test_needle_is_found_in_the_hay() -> None:
    """The one line that fails is the headline, its place is told, and its neighbours are shown."""
    log = NOISE + "reading src/gap.frob\nerror: gap between a and b at src/gap.frob:12:4\nfrobbing stopped\n" + NOISE

    diagnosis = diagnose(log, exit_code=3, known_files=frozenset({"src/gap.frob"}))

    failure = diagnosis.failures[0]
    assert (diagnosis.category, failure.file, failure.line, failure.column) == (Category.UNKNOWN, "src/gap.frob", 12, 4)
    assert failure.log_line == 3_002
    assert "reading src/gap.frob" in failure.excerpt
    assert diagnosis.confidence < 0.5


def test_harmless_words_do_not_win() -> None:
    """`0 errors` and a warning are not why it failed."""
    log = "linked with 0 errors\nwarning: deprecated error_handler\nframes: invalid chunk 9 in b.dat\n0 failures\n"

    assert "invalid chunk" in diagnose(log, exit_code=1).summary


def test_exit_status_is_only_an_echo() -> None:
    """How it ended says less than what it said before."""
    log = "glorp: could not merge maps\nglorp exited with code 3\nBuild failed with 1 error\n"

    assert "could not merge maps" in diagnose(log, exit_code=3).summary


def test_nothing_alarming_gives_the_end() -> None:
    """Better the end than nothing."""
    assert diagnose(NOISE + "so long\n", exit_code=9).failures[0].message == "so long"


@given(st.lists(st.text(alphabet="ab.:/( )error\\d019 ", max_size=400), max_size=60))
def test_size_is_bounded(lines: list[str]) -> None:
    """Whatever comes, the excerpt fits a small model's prompt."""
    reader = ExcerptReader(Repository())
    reader.feed(1, lines)

    assert len(reader.finish().text) <= MAX_CHARS


def test_the_runners_header_of_a_silent_step_is_no_output() -> None:
    """A step that printed nothing has only its ending to show."""
    stamp = "2026-03-01T09:00:00.0000000Z "
    log = "".join(
        f"{stamp}{line}\n"
        for line in (
            "##[group]Run frob --silent",
            "frob --silent",
            "shell: /usr/bin/bash -e {0}",
            "##[endgroup]",
            "##[error]Process completed with exit code 4.",
        )
    )

    assert "bash" not in diagnose(log, exit_code=None).summary


def test_lines_that_are_like_those_of_the_green_log_but_not_the_same_are_better_than_none() -> None:
    """A check that counts what it knows prints the same sentence about the new one."""
    known = "frobbing a.frob, line 3: old lacks a name\nfrobbing b.frob, line 4: bad lacks a name\n"
    baseline = Baseline(["frobbing", *known.splitlines(), "summary: 2 unnamed"])
    log = known + "frobbing c.frob, line 9: new lacks a name\nsummary: 3 unnamed\n"

    failure = diagnose(log, exit_code=1, baseline=baseline).failures[0]

    assert (failure.file, failure.line) == ("c.frob", 9)
    assert "a.frob" not in failure.excerpt


def test_a_test_that_passed_is_no_failure() -> None:
    """Whatever its name sounds like."""
    names = (
        "test date::zero_month - should panic ... ok",
        "tests/test_a.py::test_fatal_error PASSED",
        "ok 3 - error: x",
    )

    diagnosis = diagnose("\n".join(names), exit_code=None)

    assert diagnosis.summary == "nothing in this log says that a command failed"
