"""Coverage below its threshold, as istanbul, c8 and the runners around them say it."""

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, Stage


def coverage_finding(tool: str, number: int, line: str) -> Finding:
    """A finding for one threshold that is not met."""
    message = line.strip().removeprefix("ERROR: ")
    failure = Failure(tool=tool, message=message, code="coverageThreshold", excerpt=message)
    reason = "the tests cover less than the project demands"
    # Tests that crash cover little: what failed in the run itself stands before the threshold.
    return Finding(failure, Category.TEST, Stage.TYPES, (number, number), reason=reason)
