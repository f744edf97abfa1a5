"""Lines that tell an outage or a failed installation, whatever tool wrote them.

They decide only where no parser found a failure of the code.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from ahocorasick_rs import AhoCorasick

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.system.sign import Sign, Weight
from selfheal.logs.parsers.system.sign_table import NEEDLES, detail_of, signs_with

_MAX = 60
_NEAR_THE_END = 60
"""How many lines may follow the mention of an outage that is believed to have ended the log."""

# What package managers say when a download that failed before has succeeded after all.
_RECOVERED = re.compile(
    r"Successfully installed |Installed \d|Resolved \d|Requirement already satisfied: |"
    r"(?:added|changed) \d{1,6} packages?|"
    r"Status: Downloaded newer image|\[INFO\] BUILD SUCCESS|BUILD SUCCESSFUL|Fetched \d|Done in \d"
)
_RECOVERED_NEEDLES = (
    "Successfully installed ",
    "Installed ",
    "Resolved ",
    "Requirement already satisfied: ",
    "added ",
    "changed ",
    "Status: Downloaded newer image",
    "BUILD SUCCESS",
    "Fetched ",
    "Done in ",
)
_TESTS_FAILED = re.compile(
    r"\s{0,8}(?:--- FAIL: |test result: FAILED|FAILURES!|Tests?:? {1,12}\d{1,9} failed|"
    r"\d{1,9} (?:failing|failed)\s{0,4}$|"
    r"not ok \d|\[ERROR\] Tests run: |npm ERR! Test failed|[✗✘] |"
    r"Failed!  - Failed: |\d{1,7} (?:examples?|tests?), (?:.{0,40}, )?[1-9]\d{0,6} failures?\b)"
)
_TESTS_FAILED_NEEDLES = (
    "--- FAIL: ",
    "test result: FAILED",
    "FAILURES!",
    " failed",
    " failing",
    "not ok ",
    "Tests run: ",
    "Test failed",
    "Failed!  - Failed: ",
    " failure",
    "✗ ",
    "✘ ",
)
# A compiler or checker that no parser knows, with a place in the code: what it says is about the code.
_PLACED_ERROR = re.compile(
    r"\s{0,8}[^\s:()]{1,200}\.[A-Za-z]\w{0,9}(?::\d{1,7}|\(\d{1,7})(?:[:,]\d{1,5})?\)?:? {0,2}"
    r"(?:fatal |syntax )?[Ee]rror\b"
)
_PLACED_ERROR_NEEDLES = (": error", ": Error", " error:", ": fatal error", "syntax error")


_FAILED_COUNT = re.compile(r".{0,60}\b[1-9]\d{0,8} failed\b")


@dataclass(frozen=True, slots=True)
class _Seen:
    finding: Finding
    weight: Weight


class SignParser:
    """Keeps the first line of each sign.

    A download that failed and then succeeded explains nothing, nor does an attempt that failed long before the
    end. Where a test runner says that tests failed, an outage in the log may well be the tests' own subject: then
    only what no test prints is kept. Where a line names an error at a place in the code, signs contradict each
    other, and only a machine that is full or gone is believed.
    """

    anchors: ClassVar[tuple[str, ...]] = NEEDLES

    def __init__(self, _context: LogContext) -> None:
        self._find = _automaton().find_matches_as_indexes
        self._seen: dict[tuple[str, str], _Seen] = {}
        self._has_failed_tests = False
        self._counts_failed = False
        self._has_placed_error = False
        self._last = 0

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._last = number
        hits = self._find(line, overlapping=True)
        if not hits:
            return
        for found in dict.fromkeys([hit[0] for hit in hits]):
            if found < len(NEEDLES):
                self._signs(number, line, NEEDLES[found])
            elif found < len(NEEDLES) + len(_RECOVERED_NEEDLES):
                if _RECOVERED.match(line) is not None:
                    self._recovered()
            else:
                self._has_placed_error = self._has_placed_error or _PLACED_ERROR.match(line) is not None
                self._has_failed_tests = self._has_failed_tests or _TESTS_FAILED.match(line) is not None
                self._counts_failed = self._counts_failed or _FAILED_COUNT.match(line) is not None

    def finish(self) -> Reading:
        """The strongest signs only: a full disk or a dead index explains what fails after it."""
        kept = [one for one in self._seen.values() if self._counts(one)]
        strongest = max((one.weight for one in kept), default=Weight.SYMPTOM)
        findings = tuple(one.finding for one in kept if one.weight == strongest)
        return Reading(findings, tuple(finding.lines for finding in findings))

    def _counts(self, one: _Seen) -> bool:
        if one.finding.category is Category.FLAKY:
            return not self._counts_failed
        if self._has_failed_tests and one.weight < Weight.CERTAIN and not one.finding.category.is_repairable:
            return False
        if self._has_placed_error and one.weight < Weight.MACHINE and not one.finding.category.is_repairable:
            return False
        return one.weight is not Weight.MENTION or self._last - one.finding.lines[0] <= _NEAR_THE_END

    def _recovered(self) -> None:
        self._seen = {
            key: one
            for key, one in self._seen.items()
            if one.weight > Weight.GAVE_UP or one.finding.category is not Category.INFRA
        }

    def _signs(self, number: int, line: str, needle: str) -> None:
        for sign in signs_with(needle):
            detail = detail_of(sign, line)
            if detail is not None:
                self._add(number, line, sign, detail)

    def _add(self, number: int, line: str, sign: Sign, detail: str) -> None:
        key = (sign.code, detail)
        is_known = key in self._seen
        # The last mention counts: it says how near to the end the trouble lasted.
        if (is_known and sign.weight is not Weight.MENTION) or (not is_known and len(self._seen) >= _MAX):
            return
        message = f"{sign.summary}: {detail}" if detail else sign.summary
        failure = Failure(tool="log", message=message, code=sign.code, excerpt=line[:500])
        finding = Finding(
            failure,
            sign.category,
            Stage.ENDING,
            (number, number),
            reason=f"the log says so itself: {message}",
            advice=sign.advice,
        )
        self._seen[key] = _Seen(finding, sign.weight)


@cache
def _automaton() -> AhoCorasick:
    return AhoCorasick((*NEEDLES, *_RECOVERED_NEEDLES, *_TESTS_FAILED_NEEDLES, *_PLACED_ERROR_NEEDLES))
