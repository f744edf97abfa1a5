"""Of a log that no parser knows, the lines that sound most like a failure are kept."""

from hypothesis import given
from hypothesis import strategies as st

from selfheal.contract.diagnosis import Category
from selfheal.logs import diagnose
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
