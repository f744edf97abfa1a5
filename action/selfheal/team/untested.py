"""A missed coverage threshold: no patch to the code can mend it, and tests are for people to write."""

import re
from collections.abc import Iterable

from selfheal.contract.diagnosis import Diagnosis, Failure
from selfheal.contract.suspects import ChangedLines

_LINES = re.compile(r"lines (\d[\d\-, >a-z]{0,2000}?) are not run")
_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")
_MOST_FILES = 5
_REPORT = re.compile(r"\bcoverage\s+report\b")


def is_untested_only(diagnosis: Diagnosis) -> bool:
    """True where nothing failed but a threshold of coverage."""
    return bool(diagnosis.failures) and all(
        failure.tool == "coverage" and failure.code == "fail-under" for failure in diagnosis.failures
    )


def with_lines_to_test(diagnosis: Diagnosis, changed: Iterable[ChangedLines]) -> Diagnosis:
    """The diagnosis with an advice that names the lines that no test runs, those of the commit first."""
    if not is_untested_only(diagnosis):
        return diagnosis
    rewritten = {(change.file, line) for change in changed for line in range(change.first_line, change.last_line + 1)}
    missing = {failure.file: _lines(failure) for failure in diagnosis.failures if failure.file is not None}
    own = {file: [line for line in lines if (file, line) in rewritten] for file, lines in missing.items()}
    has_own = any(own.values())
    whose = "that this commit changed and no test runs" if has_own else "that no test runs"
    told = "; ".join(
        f"{file} {_ranges(lines)}" for file, lines in list((own if has_own else missing).items())[:_MOST_FILES] if lines
    )
    advice = f"Write tests for the lines {whose}: {told}." if told else "Write tests for the code that no test runs."
    return diagnosis.model_copy(update={"advice": advice})


def names_no_line(diagnosis: Diagnosis) -> bool:
    """True where a threshold was missed, and the report did not say by which lines."""
    return is_untested_only(diagnosis) and not any(_lines(failure) for failure in diagnosis.failures)


def naming_lines(command: str) -> str:
    """Write the command so that coverage names the lines that no test runs."""
    if _REPORT.search(command):
        return _REPORT.sub(r"\g<0> -m", command)
    return f'export PYTEST_ADDOPTS="${{PYTEST_ADDOPTS:-}} --cov-report=term-missing"; {command}'


def _lines(failure: Failure) -> list[int]:
    found = _LINES.search(failure.message)
    if found is None:
        return []
    lines: list[int] = []
    for match in _RANGE.finditer(found.group(1)):
        first = int(match.group(1))
        last = min(int(match.group(2) or first), first + 10_000)
        lines += range(first, last + 1)
    return lines


def _ranges(lines: list[int]) -> str:
    """`3-5, 9` for the lines 3, 4, 5 and 9."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in spans)
