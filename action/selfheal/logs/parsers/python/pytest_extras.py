"""What pytest says outside its sections: usage, conftest, internal errors, time limits, no tests."""

import re

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.exceptions import SYNTAX_ERRORS, Raised, final, locate
from selfheal.logs.native_traceback import read_chain
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.pytest_blocks import read_block

_INTERNAL = "INTERNALERROR> "
_USAGE = re.compile(
    r"(?:ERROR: )?usage: \S{0,300}(?:pytest|py\.test|__main__\.py)|"
    r"ERROR: (?:file or directory not found|not found|found no collectors|Wrong expression|Unknown config option|"
    r"Error importing plugin|"
    r"\S{0,300}(?:pytest\.ini|pyproject\.toml|tox\.ini|setup\.cfg):)"
)
_CONFIG_PLACE = re.compile(
    r"(\S{1,300}(?:\.ini|\.toml|\.cfg)):(?:(\d{1,9}): )? ?(?:.{1,300}?\(at line (\d{1,9}), column (\d{1,9})\))?"
)
_NO_PLUGIN = re.compile(r"Error importing plugin \"([^\"]{1,200})\": (No module named '.{1,200}')")
_TIMEOUT_RULE = re.compile(r"(.*?)\++ Timeout \++$")
_CRASH_FRAME = re.compile(r'  File "([^"]{1,1000})", line (\d{1,9}) in (\w{1,300})$')
_INI_FILE = "inifile: "
_KEPT = 600


class Extras:
    """Collects these blocks; each ends at a blank line or at the end of the log."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._kind = ""
        self._blocks: list[tuple[str, int, list[str]]] = []
        self._no_tests: tuple[int, str] | None = None
        self._failed: tuple[int, str] | None = None
        self._running = ""
        self._config_file = ""
        self._crash_frames: dict[str, Frame] = {}
        self._innermost: Frame | None = None

    def feed(self, number: int, line: str, *, is_idle: bool) -> bool:
        """Take a line; True where it belongs to one of these blocks."""
        if line.startswith(_INTERNAL):
            self._add("internal", number, line[len(_INTERNAL) :])
            return True
        if line.endswith("+++") and (rule := _TIMEOUT_RULE.match(line)) is not None:
            is_end = self._kind == "timeout"
            self._kind = "" if is_end else "timeout"
            if not is_end:
                self._blocks.append(("timeout", number, []))
                self._running = rule.group(1).split(" ")[0] or self._running
            return True
        if self._kind == "timeout":
            self._add("timeout", number, line)
            return True
        if line.startswith(("ImportError while loading conftest", 'Error while loading plugin "')):
            self._start("conftest", number, line)
            return True
        if line.startswith("configfile: "):
            self._config_file = line.removeprefix("configfile: ").partition(" (")[0]
        if is_idle and line.startswith('  File "') and len(self._crash_frames) < _KEPT:
            frame = _CRASH_FRAME.match(line)
            if frame is not None:
                at = Frame(file=frame.group(1), line=int(frame.group(2)))
                if self._innermost is None and self._context.repository.relative(at.file) is not None:
                    self._innermost = at
                self._crash_frames[frame.group(3)] = self._innermost or at
        elif line.endswith("(most recent call first):"):
            self._innermost = None
        if is_idle and line.startswith(("ERROR: ", "usage: ")) and _USAGE.match(line):
            self._start("usage", number, line)
            return True
        if self._kind in ("conftest", "usage"):
            if line.strip() and not line.startswith("==="):
                self._add(self._kind, number, line)
                return True
            self._kind = ""
        elif self._kind == "internal":
            self._kind = ""
        return False

    def crashed_in(self, test_id: str) -> Frame | None:
        """Where the interpreter says that it crashed in this test, as printed by its fault handler."""
        return self._crash_frames.get(test_id.rpartition("::")[2].partition("[")[0])

    def ended(self, number: int, line: str) -> None:
        """Take pytest's last line."""
        if "no tests " in line or (" deselected" in line and not re.search(r"passed|failed|error|skipped", line)):
            self._no_tests = (number, line.strip("= "))
        elif re.search(r"\d (?:failed|errors?)\b", line):
            self._failed = (number, line.strip("= "))

    def finish(self, *, has_findings: bool) -> Reading:
        """Say what was found."""
        findings = [self._finding(kind, first, lines) for kind, first, lines in self._blocks if lines]
        if not findings and not has_findings and self._no_tests is not None and self._context.exit_code != 0:
            findings.append(self._none_ran(*self._no_tests))
        elif not findings and not has_findings and self._failed is not None:
            number, line = self._failed
            failure = Failure(tool="pytest", message=line, excerpt=line)
            findings.append(Finding(failure, Category.TEST, Stage.RUN, (number, number), reason="pytest names no test"))
        return Reading(tuple(findings), tuple(finding.lines for finding in findings))

    def _start(self, kind: str, number: int, line: str) -> None:
        self._kind = kind
        self._blocks.append((kind, number, [line]))

    def _add(self, kind: str, number: int, line: str) -> None:
        if self._kind != kind or not self._blocks:
            self._start(kind, number, line)
        elif len(self._blocks[-1][2]) < _KEPT:
            self._blocks[-1][2].append(line)

    def _finding(self, kind: str, first: int, lines: list[str]) -> Finding:
        span = (first, first + len(lines) + 1)
        text = "\n".join(lines)
        if kind == "usage":
            return self._refused(span, lines, text)
        if kind == "timeout":
            return self._timed_out(span, lines)
        block = read_block(lines)
        chain = block.chain or read_chain(lines)
        place, top = locate(chain, self._context.repository), final(chain)
        is_syntax = top is not None and top.short_name in SYNTAX_ERRORS
        # A library's line is no place to mend.
        is_own = place.file is not None and self._context.repository.relative(place.file) is not None
        failure = Failure(
            tool="pytest",
            message=block.message or lines[-1],
            file=place.file if is_own else None,
            line=place.line if is_own else None,
            column=place.column if is_own else None,
            code=top.type_name if top is not None else None,
            frames=place.frames,
            excerpt=block.excerpt,
        )
        category = Category.SYNTAX if is_syntax else Category.CONFIG
        stage = Stage.SYNTAX if is_syntax else Stage.COLLECTION
        what = "a plugin" if lines[0].startswith("Error while loading plugin") else "a conftest file"
        why = "pytest itself crashed in a hook" if kind == "internal" else f"{what} can't be loaded"
        return Finding(failure, category, stage, span, chain, text[:6_000], reason=why)

    def _refused(self, span: tuple[int, int], lines: list[str], text: str) -> Finding:
        """A command line, a configuration file or a plugin that pytest does not take."""
        message = next((line for line in lines if "error: " in line), lines[0]).removeprefix("ERROR: ")
        if (plugin := _NO_PLUGIN.match(message)) is not None:
            chain = (Raised("ImportError", plugin.group(2)),)
            failure = Failure(tool="pytest", message=message, code="ImportError", excerpt=text[:MAX_EXCERPT])
            return Finding(failure, Category.DEPENDENCY, Stage.COLLECTION, span, chain, reason="a plugin is missing")
        place = _CONFIG_PLACE.match(message)
        file = place.group(1) if place is not None else self._config_file if "config option" in message else None
        if file is None and "unrecognized arguments" in message:
            # A wrong option stands on the command line or in `addopts`; only the latter has a file.
            file = next((one.strip()[len(_INI_FILE) :] for one in lines if one.strip().startswith(_INI_FILE)), None)
            file = file if file != "None" else None
        line = (place.group(2) or place.group(3)) if place is not None else None
        failure = Failure(
            tool="pytest",
            message=message,
            file=self._context.repository.name(file) if file else None,
            line=int(line) if line else None,
            column=int(place.group(4)) if place is not None and place.group(4) else None,
            code="usage",
            excerpt=text[:MAX_EXCERPT],
        )
        if place is not None and place.group(3):
            reason = "pytest can't parse its configuration file"
            return Finding(failure, Category.SYNTAX, Stage.SYNTAX, span, reason=reason)
        return Finding(failure, Category.CONFIG, Stage.COLLECTION, span, reason="pytest refused its command line")

    def _timed_out(self, span: tuple[int, int], lines: list[str]) -> Finding:
        """pytest-timeout's thread method prints every stack, then ends the process."""
        start = next((n for n, line in enumerate(lines) if "Stack of MainThread" in line), 0)
        chain = read_chain(
            ("Traceback (most recent call last):", *lines[start + 1 :], "Timeout: the time limit of pytest-timeout")
        )
        place = locate(chain, self._context.repository)
        source = chain[-1].source if chain else ""
        file = self._running if self._running.endswith(".py") else None
        failure = Failure(
            tool="pytest",
            message="Timeout: the test did not end within the limit of pytest-timeout",
            file=place.file or file,
            line=place.line,
            code="Timeout",
            frames=place.frames,
            excerpt=f"Timeout while at {place.file}:{place.line}\n> {source}",
        )
        return Finding(failure, Category.TEST, Stage.RUN, span, chain)

    def _none_ran(self, number: int, line: str) -> Finding:
        failure = Failure(tool="pytest", message=line, code="no-tests", excerpt=line)
        return Finding(
            failure,
            Category.CONFIG,
            Stage.COLLECTION,
            (number, number),
            reason="pytest found no test to run (exit status 5)",
            advice="Check the paths, markers and `-k` expression that the command passes to pytest.",
        )
