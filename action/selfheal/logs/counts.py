"""Read how many tests ran from the summary that the runner prints."""

import re

from selfheal.contract.tests_seen import TestCounts
from selfheal.logs.cleaning import clean_lines
from selfheal.logs.parsers.python.pytest_names import is_failed_subtest

_PYTEST_END = re.compile(
    r"(?:=+ )?((?:\d{1,9} [a-z]{1,20}(?:, )?){1,12}|no tests (?:ran|collected|run)).{0,80}in \d+(?:\.\d+)?s"
)
_COUNT = re.compile(r"(\d{1,9}) ([a-z]{1,20})")
_COLLECTED = re.compile(r"collected (\d{1,9}) items?(?: / .{0,200})?$|\d{1,4} workers? \[(\d{1,9}) items?\]$")
_UNITTEST_RAN = re.compile(r"Ran (\d{1,9}) tests? in ")
_UNITTEST_END = re.compile(r"(?:OK|FAILED)(?: \((.{0,200})\))?$")
_NAMED = re.compile(r"([a-z ]{1,30})=(\d{1,9})")
_JEST = re.compile(r"\s*Tests:? {1,12}(.{0,200}?)$")
_JEST_PART = re.compile(r"(\d{1,9}) (failed|passed|skipped|todo|total|pending)")
_VITEST_TOTAL = re.compile(r"\((\d{1,9})\)$")
_GO = re.compile(r" *--- (PASS|FAIL|SKIP): (\S+)")
_GO_RUN = "=== RUN "
"""Without `-v` Go prints the failing tests only, and of a run that passes none: there is nothing to count."""
_GOOGLE_TEST = frozenset({"[  PASSED  ]", "[  FAILED  ]", "[  SKIPPED ]"})
"""ctest shows what its programs print only where they fail: where it sums up, these lines are its own tests' inside."""
# One line each; the groups are named like the fields, `total` is how many there were. Where it is missing, the line
# tells a part of the tests only, and the parts are added up.
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "test result: ",
        re.compile(r" *test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<skipped>\d+) ignored; "),
    ),
    (
        " tests run: ",
        re.compile(
            r" *Summary \[.{1,20}\] +(?P<total>\d+) tests run: (?P<passed>\d+) passed"
            r"(?:, (?P<failed>\d+) failed)?(?:, (?P<skipped>\d+) skipped)?"
        ),
    ),
    (
        "Tests run: ",
        re.compile(
            r"(?:\[\w{1,10}\] )?Tests run: (?P<total>\d+), +Failures: (?P<failed>\d+)"
            r"(?:, Errors: (?P<errors>\d+), Skipped: (?P<skipped>\d+))?$"
        ),
    ),
    (
        " completed",
        re.compile(r"(?P<total>\d+) tests? completed(?:, (?P<failed>\d+) failed)?(?:, (?P<skipped>\d+) skipped)?$"),
    ),
    (
        " failed out of ",
        re.compile(r"\d+% tests passed, (?P<failed>\d+) tests? failed out of (?P<total>\d+)$"),
    ),
    ("[  PASSED  ]", re.compile(r"\[  PASSED  \] (?P<passed>\d+) tests?\.$")),
    ("[  FAILED  ]", re.compile(r"\[  FAILED  \] (?P<failed>\d+) tests?, listed below:$")),
    ("[  SKIPPED ]", re.compile(r"\[  SKIPPED \] (?P<skipped>\d+) tests?, listed below:$")),
    (" passing (", re.compile(r" {2}(?P<passed>\d+) passing \(")),
    (" failing", re.compile(r" {2}(?P<failed>\d+) failing$")),
    (" pending", re.compile(r" {2}(?P<skipped>\d+) pending$")),
    (" pass ", re.compile(r"[#ℹ] pass (?P<passed>\d+)$")),
    (" fail ", re.compile(r"[#ℹ] fail (?P<failed>\d+)$")),
    (" cancelled ", re.compile(r"[#ℹ] cancelled (?P<errors>\d+)$")),
    (" skipped ", re.compile(r"[#ℹ] skipped (?P<skipped>\d+)$")),
)
_NEEDLE = re.compile("|".join(re.escape(needle) for needle, _ in _LINES))
_PYTEST_STARTS = frozenset("=0123456789n")
_FIELDS = ("passed", "failed", "skipped", "xfailed", "xpassed", "errors", "deselected")


def count_tests(output: str) -> TestCounts | None:
    """Count the tests of a run's output, or None where no runner that is known printed a summary.

    Knows pytest, unittest, jest, vitest, mocha, node --test, `go test -v`, cargo test, nextest, GoogleTest, ctest,
    Maven and Gradle. Several summaries are added up.
    """
    counter = _Counter()
    for line in clean_lines(output):
        counter.feed(line)
    return counter.result()


class _Counter:
    """Adds up the summaries that pass by."""

    def __init__(self) -> None:
        self._totals = dict.fromkeys(("collected", *_FIELDS), 0)
        self._found = False
        self._collected: int | None = None
        self._failed_subtests = 0
        self._ran: int | None = None
        self._go = dict.fromkeys(("PASS", "FAIL", "SKIP"), 0)
        self._go_is_verbose = False
        self._google_tests: list[dict[str, int]] = []
        self._is_ctest = False

    def feed(self, line: str) -> None:
        """Take the next line."""
        if "collected " in line or "items]" in line or "item]" in line:
            match = _COLLECTED.match(line)
            if match is not None:
                self._collected = int(match.group(1) or match.group(2))
        if is_failed_subtest(line):
            self._failed_subtests += 1
        if (ran := _UNITTEST_RAN.match(line)) is not None:
            self._ran = int(ran.group(1))
        elif self._ran is not None and (end := _UNITTEST_END.match(line)) is not None:
            self._unittest(self._ran, end.group(1) or "")
            self._ran = None
        elif line[:1] in _PYTEST_STARTS and (end := _PYTEST_END.match(line)) is not None:
            self._pytest(end.group(1))
        elif line.lstrip().startswith("Tests") and (end := _JEST.match(line)) is not None:
            self._jest(end.group(1))
        elif line.startswith(_GO_RUN):
            self._go_is_verbose = True
        elif "--- " in line and (go := _GO.match(line)) is not None:
            self._go[go.group(1)] += 1
        elif _NEEDLE.search(line) is not None:
            self._line(line)

    def result(self) -> TestCounts | None:
        """All summaries together."""
        for values in self._google_tests if not self._is_ctest else ():
            self._add(sum(values.values()), **values)
        go = sum(self._go.values())
        if go and (self._go_is_verbose or self._go["PASS"] or self._go["SKIP"]):
            self._add(go, passed=self._go["PASS"], failed=self._go["FAIL"], skipped=self._go["SKIP"])
        return TestCounts(**self._totals) if self._found else None

    def _pytest(self, text: str) -> None:
        counts = {name: int(number) for number, name in _COUNT.findall(text)}
        errors = counts.get("error", 0) + counts.get("errors", 0)
        values = {name: counts.get(name, 0) for name in _FIELDS} | {"errors": errors}
        # A failed subtest is counted beside the test that it is a part of.
        total = max(0, sum(values.values()) - self._failed_subtests)
        self._failed_subtests = 0
        # A test can pass and then fail in its teardown: what was collected is the better number.
        self._add(self._collected if self._collected is not None else total, **values)
        self._collected = None

    def _unittest(self, ran: int, text: str) -> None:
        counts = {name.strip(): int(number) for name, number in _NAMED.findall(text)}
        values = {
            "failed": counts.get("failures", 0),
            "errors": counts.get("errors", 0),
            "skipped": counts.get("skipped", 0),
            "xfailed": counts.get("expected failures", 0),
            "xpassed": counts.get("unexpected successes", 0),
        }
        self._add(ran, passed=max(0, ran - sum(values.values())), **values)

    def _line(self, line: str) -> None:
        needle, match = next(((n, found) for n, p in _LINES if (found := p.match(line)) is not None), ("", None))
        if match is None:
            return
        values = {name: int(number) for name, number in match.groupdict().items() if number is not None}
        if needle in _GOOGLE_TEST:
            self._google_tests.append(values)
            return
        self._is_ctest = self._is_ctest or needle == " failed out of "
        told = sum(value for name, value in values.items() if name != "total")
        total = values.pop("total", told)
        values.setdefault("passed", max(0, total - told))
        self._add(total, **values)

    def _jest(self, text: str) -> None:
        counts = {name: int(number) for number, name in _JEST_PART.findall(text)}
        if not counts:
            return
        skipped = counts.get("skipped", 0) + counts.get("todo", 0) + counts.get("pending", 0)
        passed, failed = counts.get("passed", 0), counts.get("failed", 0)
        vitest = _VITEST_TOTAL.search(text)
        total = counts.get("total", int(vitest.group(1)) if vitest is not None else passed + failed + skipped)
        self._add(total, passed=passed, failed=failed, skipped=skipped)

    def _add(self, collected: int, **values: int) -> None:
        self._found = True
        self._totals["collected"] += collected
        for name, value in values.items():
            self._totals[name] += value
