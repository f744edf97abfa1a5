"""Test runners that say themselves: this test failed, and then passed in the same run."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight

_ADVICE = "Run the job again; then find out what the test depends on besides the code: time, order, network, chance."


def _flaky(needle: str, pattern: str) -> Sign:
    summary = "a test failed and then passed in the same run"
    return Sign("flaky", needle, Category.FLAKY, summary, _ADVICE, Weight.SYMPTOM, pattern)


FLAKY_SIGNS: tuple[Sign, ...] = (
    # pytest-rerunfailures, where nothing else failed: `1 passed, 2 rerun in 0.1s`.
    _flaky(" rerun in ", r"={0,100} ?(?!.{0,120}\b(?:failed|errors?)\b).{0,120}\b\d{1,6} rerun in [\d.]{1,12}s"),
    _flaky(" retried in ", r"={0,100} ?(?!.{0,120}\b(?:failed|errors?)\b).{0,120}\b\d{1,6} retried in [\d.]{1,12}s"),
    # Playwright's summary.
    _flaky(" flaky", r" {2,4}\d{1,6} flaky$"),
    # Surefire.
    _flaky("Flakes: ", r"(?:\[\w{4,7}\] )?Tests run: \d{1,7}, Failures: 0, Errors: 0, Skipped: \d{1,7}, Flakes: [1-9]"),
    # cargo-nextest.
    _flaky(
        " flaky)",
        r"\s{0,12}Summary \[.{1,20}\] \d{1,7} tests? run: \d{1,7} passed \(.{0,60}\d{1,6} flaky\)(?!.{0,40} failed)",
    ),
    # gotestsum --rerun-fails.
    _flaky(" runs, ", r"DONE [2-9]\d{0,3} runs, \d{1,7} tests, \d{1,7} failures? in "),
)
