"""pip: resolution, requirements files, hashes, and packages that don't build."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.native_traceback import HEADER, read_chain
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.build_failure import Build, build_finding
from selfheal.logs.parsers.python.pip_rules import PIP_RULES, PipRule

_PLACE = re.compile(r"\((?:from )?-r (\S{1,300}) \(line (\d{1,9})\)|\(from line (\d{1,9}) of (\S{1,300}?)\)")
_NAMED_FILE = re.compile(r"Could not open requirements file: .{1,60}: '([^']{1,300})'")
_SUBJECT = re.compile(r"(?:Collecting|Processing|Obtaining) (\S{1,500})")
_WHAT = re.compile(r"(?:× )?(.{1,200}?) (?:did not run successfully|exited with)")
_TOML = re.compile(
    r"(?:[\w.]{1,100}\.)?tomll?ib?\.TOMLDecodeError: (.{1,300}?)(?: \(at line (\d{1,9}), column (\d{1,9})\))?$"
)
_BEGINNINGS = ("ERROR: ", "error: ", "× ", "no such option: ", "Cannot import ")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2")
_KEPT = 1_500
_MAX = 50


class PipParser:
    """Reads pip's errors; where the index could not be reached it leaves the rest to the sign of that."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Could not find a version that satisfies",
        "No matching distribution found",
        "conflicting dependencies",
        "requires a different Python",
        "ERROR: Invalid requirement",
        "Could not open requirements file",
        "does not appear to be a Python project",
        "is not installable. Neither",
        "DO NOT MATCH THE HASHES",
        "--require-hashes mode",
        "is not a supported wheel",
        "Could not install packages due to",
        "ERROR: HTTP error 40",
        "Could not find an activated virtualenv",
        "externally-managed-environment",
        "subprocess-exited-with-error",
        "backend-unavailable",
        "BackendUnavailable",
        "no such option: -",
        "ERROR: Exception:",
        "has requirement ",
        ", which is not installed",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._found: dict[tuple[str, str], Finding] = {}
        self._claimed: list[tuple[int, int]] = []
        self._is_offline = self._is_told = False
        self._subject = ""
        self._block: list[str] | None = None
        self._what = ""
        self._first = 0
        self._open: tuple[PipRule, str, int] | None = None
        self._more: list[str] = []
        self._crash: list[str] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._block is not None:
            self._in_block(number, line)
            return
        if self._crash is not None:
            self._in_crash(number, line)
            return
        if self._open is not None:
            if len(self._more) < self._open[0].more and line.strip() and "ResolutionImpossible" not in line:
                self._more.append(line)
                if _rule_of(line.strip()) is None:
                    return
            elif self._open[0].more > len(self._more) > 0 and not line.strip() and self._open[0].more > 6:
                self._more.append(line)
                return
            self._close()
        bare = line.strip()
        if bare.endswith("error: subprocess-exited-with-error"):
            self._block, self._what, self._first = [], "", number
        elif bare == "ERROR: Exception:":
            self._crash, self._first = [], number
        elif "connection broken by" in line:
            self._is_offline = True
        elif bare.startswith("ERROR: pip's dependency resolver does not"):
            # What follows is a complaint about packages that are installed anyway.
            self._is_told = True
        elif line.startswith(("Collecting ", "Processing ", "Obtaining ")) and (subject := _SUBJECT.match(line)):
            self._subject = subject.group(1)
        elif (
            bare.startswith(_BEGINNINGS) or " you have " in bare or "BackendUnavailable" in bare or ", which is" in bare
        ):
            rule = _rule_of(bare)
            if rule is not None:
                self._begin(rule, bare, number)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._block is not None:
            self._end_block(self._first + len(self._block))
        if self._crash is not None:
            self._end_crash(self._first + len(self._crash))
        self._close()
        return Reading(tuple(self._found.values()), tuple(self._claimed))

    def _begin(self, rule: PipRule, bare: str, number: int) -> None:
        is_missing = rule.code == "no-matching-distribution"
        if (is_missing and self._is_offline) or (rule.code == "check" and self._is_told):
            return
        if is_missing and any(code == rule.code for code, _ in self._found) and bare.startswith("ERROR: No matching"):
            return
        self._open, self._more = (rule, bare, number), []
        if not rule.more:
            self._close()

    def _close(self) -> None:
        if self._open is None:
            return
        (rule, bare, number), self._open = self._open, None
        found = rule.pattern.match(bare)
        message = found.group(1) if found is not None else bare
        text = "\n".join((bare, *self._more))
        file, line = self._place(text)
        failure = Failure(
            tool="pip",
            message=message[:2_000],
            file=file,
            line=line,
            code=rule.code,
            excerpt=text.strip()[:MAX_EXCERPT],
        )
        span = (number, number + len(self._more))
        self._add(Finding(failure, rule.category, Stage.BUILD, span, reason=rule.reason, advice=rule.advice))

    def _place(self, text: str) -> tuple[str | None, int | None]:
        place = _PLACE.search(text[:4_000])
        if place is not None:
            file, line = (place.group(1), place.group(2)) if place.group(1) else (place.group(4), place.group(3))
            return self._context.repository.name(file), int(line)
        # In full lines of pip the place of the first requirement stands without parentheses before it.
        loose = re.search(r"-r (\S{1,300}) \(line (\d{1,9})\)", text[:4_000])
        if loose is not None:
            return self._context.repository.name(loose.group(1)), int(loose.group(2))
        named = _NAMED_FILE.search(text[:1_000])
        return (self._context.repository.name(named.group(1)), None) if named is not None else (None, None)

    def _in_block(self, number: int, line: str) -> None:
        bare = line.strip()
        if self._block is None:
            return
        if bare == "[end of output]" or len(self._block) >= _KEPT:
            self._end_block(number)
        elif bare.startswith("×") and not self._what:
            what = _WHAT.match(bare)
            self._what = what.group(1) if what is not None else bare
        elif not bare.startswith(("│ exit code", "╰─>")):
            self._block.append(line)

    def _end_block(self, last: int) -> None:
        block, self._block = self._block or [], None
        self._claimed.append((self._first, last))
        for line in block:
            # A pip inside pip, that installs what the build needs.
            bare = line.strip()
            if bare.startswith("ERROR: ") and (rule := _rule_of(bare)) is not None:
                self._begin(rule, bare, self._first)
                self._close()
                return
        subject = self._subject
        is_own = (subject.startswith((".", "/", "file:")) and not subject.endswith(_ARCHIVES)) or not subject
        what = self._what or "the build"
        build = Build("pip", "subprocess-exited-with-error", f"{what} failed", is_own, (self._first, last), block)
        self._add(build_finding(self._context, build))

    def _in_crash(self, number: int, line: str) -> None:
        if self._crash is None:
            return
        self._crash.append(line)
        if (line and not line.startswith((" ", HEADER)) and len(self._crash) > 1) or len(self._crash) > _KEPT:
            self._end_crash(number)

    def _end_crash(self, last: int) -> None:
        lines, self._crash = self._crash or [], None
        self._claimed.append((self._first, last))
        chain = read_chain(lines)
        said = lines[-1].strip() if lines else "pip crashed"
        toml = _TOML.match(said)
        code = (chain[-1].type_name if chain else "") or "Exception"
        failure = Failure(
            tool="pip",
            message=said[:2_000],
            file="pyproject.toml" if toml is not None else None,
            line=int(toml.group(2)) if toml is not None and toml.group(2) else None,
            column=int(toml.group(3)) if toml is not None and toml.group(3) else None,
            code=code,
            excerpt=said[:MAX_EXCERPT],
        )
        category, stage, reason = Category.DEPENDENCY, Stage.BUILD, "pip crashed"
        if toml is not None:
            category, stage, reason = Category.SYNTAX, Stage.SYNTAX, "pyproject.toml can't be parsed"
        elif code.endswith("BackendUnavailable"):
            category, reason = Category.CONFIG, "the build backend that pyproject.toml names can't be imported"
        self._add(Finding(failure, category, stage, (self._first, last), chain, said, reason=reason))

    def _add(self, finding: Finding) -> None:
        key = (finding.failure.code or "", finding.failure.message)
        if key not in self._found and len(self._found) < _MAX:
            self._found[key] = finding


def _rule_of(bare: str) -> PipRule | None:
    return next((rule for rule in PIP_RULES if rule.pattern.match(bare) is not None), None)
