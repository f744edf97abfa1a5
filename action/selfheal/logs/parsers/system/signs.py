"""Lines that tell an outage or a failed installation, whatever tool wrote them.

They decide only where no parser found a failure of the code.
"""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.system.sign_table import SIGNS, Sign

_PARAMETER = re.compile(
    r"\S{1,200}: line \d{1,9}: ([A-Za-z_]\w{0,80}): (?:unbound variable|parameter (?:null or )?not set)"
)
_MAX = 40
_OUTAGE = 2
_RECOVERED = ("Successfully installed ", "Installed ", "Resolved ", "Requirement already satisfied: ")
_TESTS_FAILED = re.compile(
    r"\s{0,8}(?:--- FAIL: |test result: FAILED|FAILURES!|Tests?:? {1,12}\d{1,9} failed|\d{1,9} failing|not ok \d|"
    r"\[ERROR\] Tests run: |npm ERR! Test failed|[✗✘×] )"
)


class SignParser:
    """Keeps the first line of each sign.

    A download that failed and then succeeded explains nothing, and where a test runner says that tests
    failed, an outage in the log may well be the tests' own subject: then the outage is left out.
    """

    anchors: ClassVar[tuple[str, ...]] = (*(sign.needle for sign in SIGNS), ": line ", *_RECOVERED)

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._seen: dict[tuple[str, str], Finding] = {}
        self._has_failed_tests = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        for sign in SIGNS:
            if sign.needle in line and (match := sign.pattern.match(line)) is not None:
                self._add(number, line, sign, next((group for group in match.groups() if group), ""))
        if line.startswith(_RECOVERED):
            self._seen = {key: one for key, one in self._seen.items() if _WEIGHTS.get(key[0]) != _OUTAGE}
        elif not self._has_failed_tests and _TESTS_FAILED.match(line) is not None:
            self._has_failed_tests = True
        if ": line " in line and (unset := _PARAMETER.match(line)) is not None:
            advice = "Set the variable or secret in the job."
            sign = Sign("env-unset", "", _PARAMETER, Category.ENVIRONMENT, "an environment variable is not set", advice)
            self._add(number, line, sign, unset.group(1))

    def finish(self) -> Reading:
        """The strongest signs only: a full disk or a dead index explains what fails after it."""
        kept = [
            (_WEIGHTS.get(finding.failure.code or "", 1), finding)
            for finding in self._seen.values()
            if not (self._has_failed_tests and _WEIGHTS.get(finding.failure.code or "", 1) == _OUTAGE)
        ]
        strongest = max((weight for weight, _ in kept), default=0)
        return Reading(tuple(finding for weight, finding in kept if weight == strongest))

    def _add(self, number: int, line: str, sign: Sign, detail: str) -> None:
        if (sign.code, detail) in self._seen or len(self._seen) >= _MAX:
            return
        message = f"{sign.summary}: {detail}" if detail else sign.summary
        failure = Failure(tool="log", message=message, code=sign.code, excerpt=line[:500])
        self._seen[sign.code, detail] = Finding(
            failure,
            sign.category,
            Stage.ENDING,
            (number, number),
            reason=f"the log says so itself: {message}",
            advice=sign.advice,
        )


_WEIGHTS = {sign.code: sign.weight for sign in SIGNS}
