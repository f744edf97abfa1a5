"""cargo test and nextest: assertions, panics, doc tests, crashes; `cargo run`'s panics too."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.rust.panics import is_panic, locate, read_panics
from selfheal.logs.parsers.rust.test_sections import Section, finding_of, module_file

_SECTION = re.compile(r"---- (.{1,400}) (?:stdout|stderr) ----$")
_RUNNING = re.compile(
    r"\s{0,12}Running (?:unittests |tests )?(\S{1,400}\.rs)? ?\(\S{1,500}\)$|\s{0,12}(Doc-tests) \S{1,200}$"
)
_RESULT = re.compile(r"test (.{1,400}?)(?: - should panic)? \.\.\. ?(\w{2,20}|)(.{0,200})$")
_QUIET = re.compile(r"(.{1,400}?) --- FAILED$")
_NEXTEST = re.compile(
    r"\s{1,16}(?:TRY \d{1,3} )?([A-Z][A-Z-]{2,15}) \[[ >]{0,6}\d{1,9}\.\d{1,6}s\] (?:\( {0,9}\d{1,9}/\d{1,9}\) )?"
    r"(\S{1,200}) (\S{1,400})$"
)
_OVERFLOW = re.compile(r"\s{0,8}thread '([^']{1,400})'(?: \(\d{1,12}\))? has overflowed its stack")
_SIGNAL = re.compile(
    r"\s{0,8}process didn't exit successfully: `.{1,1000}?` \(signal: (\d{1,3})(?:, (\w{1,20}))?.{0,100}\)$"
)
_FAILED = ("FAIL", "SIGSEGV", "SIGABRT", "SIGILL", "SIGFPE", "SIGBUS", "SIGKILL", "TIMEOUT", "ABORT", "TERMINATED")
_MAX_LOOSE = 60


@dataclass(slots=True)
class _Binary:
    """The test program that runs now."""

    root: str = ""
    failed: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    loose: dict[str, Section] = field(default_factory=dict)
    pending: str = ""
    overflowed: str = ""
    is_listing: bool = False


class CargoTestParser:
    """Reads libtest's sections; with --nocapture the panics among the tests' lines; nextest's sections."""

    anchors: ClassVar[tuple[str, ...]] = (
        " panicked at ",
        "test result: ",
        " stdout ----",
        "test failed, to rerun",
        "has overflowed its stack",
        "test run failed",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._binary = _Binary()
        self._section: Section | None = None
        self._is_nextest = False
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []
        self._seen: set[tuple[str | None, str]] = set()
        self._has_run = False
        self._is_build_script = False
        self._asked_at = 0

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._section is not None:
            if not self._closes(line):
                self._section.add(number, line)
                return
            self._close()
        if line.startswith("---- ") and (section := _SECTION.match(line)) is not None:
            self._section = Section(section.group(1), number)
            self._has_run = True
        elif line.startswith("test "):
            self._result(number, line)
        elif line.startswith("    ") and self._binary.is_listing and " " not in line.strip():
            self._binary.failed.setdefault(line.strip(), number)
        elif line == "FAILED" and self._binary.pending:
            self._binary.failed.setdefault(self._binary.pending, number)
        elif line.endswith("--- FAILED") and (quiet := _QUIET.match(line)) is not None:
            self._fails(number, quiet.group(1))
        elif "s] " in line and line[:1] == " " and (nextest := _NEXTEST.match(line)) is not None:
            self._of_nextest(number, nextest)
        elif is_panic(line):
            self._loose(number, line)
        else:
            self._other(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close()
        self._end_binary()
        return Reading(tuple(self._findings), tuple(self._claimed))

    def _closes(self, line: str) -> bool:
        if self._section is not None and self._section.is_loose:
            return (
                (not line.strip() and self._section.is_complete)
                or line.startswith(("test ", "error: ", "FAILED", "failures:", "note: run with", "warning: "))
                or is_panic(line)
            )
        if self._is_nextest:
            return line.startswith(("────", "------------", "error: ")) or (
                "s] " in line and _NEXTEST.match(line) is not None
            )
        return line.startswith(("---- ", "test result: ", "failures:"))

    def _close(self) -> None:
        section, self._section = self._section, None
        if section is None:
            return
        if section.is_loose:
            if len(self._binary.loose) < MAX_FINDINGS:
                self._binary.loose.setdefault(section.name, section)
            return
        self._add(section)

    def _result(self, number: int, line: str) -> None:
        self._has_run = True
        if line.startswith("test result: "):
            self._binary.is_listing = False
            if line.startswith("test result: FAILED"):
                self._end_binary()
            else:
                self._binary.loose.clear()
            return
        match = _RESULT.match(line)
        if match is None:
            return
        name, status = match.group(1), match.group(2)
        self._binary.pending = "" if status in ("ok", "ignored", "FAILED", "bench") else name
        if status == "FAILED":
            self._fails(number, name)
        elif status == "error" and match.group(3).startswith(": test failed"):
            self._asked_at = number

    def _fails(self, number: int, name: str) -> None:
        """Note a test's result, and claim its line: it reads much like pytest's."""
        self._binary.failed.setdefault(name, number)
        if len(self._claimed) < 10 * MAX_FINDINGS:
            self._claimed.append((number, number))

    def _of_nextest(self, number: int, match: re.Match[str]) -> None:
        self._is_nextest = self._has_run = True
        status, program, name = match.groups()
        if status in ("PASS", "FLAKY", "SLOW", "SKIP", "LEAK"):
            return
        if status in _FAILED and (program, name) not in self._seen:
            self._section = Section(name, number, status="" if status == "FAIL" else status, program=program)

    def _loose(self, number: int, line: str) -> None:
        panic = read_panics([line])
        name = panic[0].thread if panic else line.split("'")[1]
        self._section = Section(name, number, is_loose=True, lines=[line])

    def _other(self, number: int, line: str) -> None:
        if line == "failures:":
            self._binary.is_listing = True
        elif "Running " in line or "Doc-tests " in line:
            running = _RUNNING.match(line)
            if running is not None:
                self._end_binary()
                self._binary = _Binary(root=running.group(1) or "")
        elif line.startswith("error: failed to run custom build command"):
            self._is_build_script = True
        elif "has overflowed its stack" in line and (overflow := _OVERFLOW.match(line)) is not None:
            self._binary.overflowed = overflow.group(1)
        elif line.startswith(("error: test failed", "error: doctest failed", "error: process didn't exit")):
            self._asked_at = number
        elif self._asked_at and "process didn't exit" in line and (signal := _SIGNAL.match(line)) is not None:
            self._crashed(number, signal)

    def _crashed(self, number: int, match: re.Match[str]) -> None:
        binary = self._binary
        signal = match.group(2) or f"signal {match.group(1)}"
        name = binary.overflowed or binary.pending
        message = "a test overflowed its stack" if binary.overflowed else f"the tests crashed ({signal})"
        root = binary.root
        file = module_file(name, root, self._repository) if name else self._repository.name(root) if root else None
        loose = next(iter(binary.loose.values()), None)
        panics = read_panics(loose.lines) if loose is not None else ()
        line = None
        if panics and (place := locate(panics[0], self._repository)).file is not None:
            file, line, message = place.file, place.line, f"{panics[0].message} ({signal})"
            name = name or panics[0].thread
        failure = Failure(
            tool="cargo test",
            message=message,
            file=file,
            line=line,
            test_id=name or None,
            code=signal,
            excerpt="\n".join((*(loose.lines if loose is not None else ()), match.group(0).strip()))[:MAX_EXCERPT],
        )
        binary.loose.clear()
        span = (self._asked_at, number)
        self._claimed.append(span)
        self._findings.append(Finding(failure, Category.TEST, Stage.RUN, span, reason=f"the test program got {signal}"))

    def _end_binary(self) -> None:
        """Failed tests that no section told of, and panics that no test had."""
        binary = self._binary
        for name, number in binary.failed.items():
            if name not in binary.told:
                loose = binary.loose.pop(name, None)
                self._add(loose or Section(name, number))
        if not self._has_run and not self._is_build_script:
            for section in list(binary.loose.values())[:_MAX_LOOSE]:
                self._add(section, tool="cargo run")
        self._binary = _Binary(root=binary.root)

    def _add(self, section: Section, tool: str = "cargo test") -> None:
        self._binary.told.add(section.name)
        key = (section.program or self._binary.root, section.name)
        if key in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        finding = finding_of(section, tool, self._binary.root, self._repository)
        self._claimed.append(finding.lines)
        self._findings.append(finding)
