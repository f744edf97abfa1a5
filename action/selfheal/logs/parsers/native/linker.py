"""Linkers: GNU ld, gold, lld and Apple's."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.folders import Folders

_PROGRAM = re.compile(r"(?:\S{0,300}/)?(?:[\w-]{1,40}-)?ld(?:\.(?:bfd|gold|lld|mold))?(?:64)?(?:\.lld)?(?:\.exe)?: ")
_IN_FUNCTION = re.compile(r"(\S{1,500}): in function [`'‘]")
_UNDEFINED = re.compile(r"(.{0,500}?):? (?:error: )?undefined reference to (?:symbol )?[`'‘](.{1,2000}?)['’]?$")
_TWICE = re.compile(r"(.{0,1000}?):? multiple definition of [`'‘](.{1,1000}?)['’]")
_SOURCE_LINE = re.compile(r"(?:.{0,500}\.(?:o|obj|a\([^)]{1,200}\)):)?([^:(]{1,500}):(\d{1,7})$")
_SECTION = re.compile(r"(?:.{0,500}\.(?:o|obj):)?([^:(]{1,500}\.\w{1,4}):\(\.")
_LLD = re.compile(r"error: (?:undefined (?:hidden |protected )?symbol|duplicate symbol): (.{1,2000})$")
_REFERENCED = re.compile(
    r">>> (?:referenced by|defined at) (?:(\S{1,300}):(\d{1,7})(?: \((\S{1,500}):\d{1,7}\))?|(\S{1,300}))"
)
_LIBRARY = re.compile(
    r"(?:error: )?(?:cannot find -l|unable to find library -l|library not found for -l|library '"
    r"|ld: library )([^\s:']{1,200})"
)
_OBJECT = re.compile(r"(?:.{0,300}\.dir/)?(.{1,300}\.(?:c|cc|cpp|cxx|m|mm|cu))\.o(?:bj)?$")
_OTHER = (
    "file not recognized",
    "recompile with -fPIC",
    "cannot find ",
    "cannot open ",
    "unrecognized option",
    "unknown option",
)
_APPLE = re.compile(r' {2}"_?(.{1,1000})", referenced from:$')


class LinkerParser:
    """Reads what a linker misses or has twice: one finding a symbol, at the first place that names a line."""

    anchors: ClassVar[tuple[str, ...]] = (
        "undefined reference to",
        "undefined symbol: ",
        "duplicate symbol",
        "multiple definition of",
        "cannot find -l",
        "find library -l",
        "not found for -l",
        "Undefined symbols for architecture",
        "ld returned ",
        "linker command failed",
    )

    def __init__(self, context: LogContext) -> None:
        self._folders = Folders(context.repository)
        self._symbols: dict[str, Finding] = {}
        self._object: str | None = None
        self._open: str | None = None
        self._is_apple = False
        self._echo: Finding | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(">>> "):
            self._referenced(number, line)
            return
        if " directory " in line:
            self._folders.follow(line)
        if self._is_apple and line.startswith('  "') and (apple := _APPLE.match(line)) is not None:
            self._symbol(number, line, apple.group(1), "Undefined symbol")
            return
        self._open = None
        if "undefined reference to " in line:
            self._undefined(number, line)
        elif "multiple definition of " in line:
            self._twice(number, line)
        elif ": in function " in line:
            found = _IN_FUNCTION.match(_PROGRAM.sub("", line, count=1))
            self._object = self._source_of(found.group(1)) if found is not None else None
        elif line.startswith("Undefined symbols for architecture"):
            self._is_apple = True
        elif "ld" in line and (program := _PROGRAM.match(line)) is not None:
            self._own(number, line, line[program.end() :])
        elif "ld returned " in line or "linker command failed" in line:
            self._is_apple = False
            self._echo = self._echo or self._ending(number, line)

    def finish(self) -> Reading:
        """Say what was found; how the linker ended only where it told nothing else."""
        findings = tuple(self._symbols.values())
        if not findings and self._echo is not None:
            findings = (self._echo,)
        return Reading(findings)

    def _undefined(self, number: int, line: str) -> None:
        match = _UNDEFINED.match(_PROGRAM.sub("", line, count=1))
        if match is not None:
            self._symbol(number, line, match.group(2), "undefined reference to", self._place(match.group(1)))

    def _twice(self, number: int, line: str) -> None:
        match = _TWICE.match(_PROGRAM.sub("", line, count=1))
        if match is not None:
            self._symbol(number, line, match.group(2), "multiple definition of", self._place(match.group(1)))

    def _place(self, text: str) -> tuple[str | None, int | None]:
        text = text.rstrip(":")
        if (exact := _SOURCE_LINE.match(text)) is not None:
            return self._folders.name(exact.group(1)), int(exact.group(2))
        if self._object is not None:
            return self._object, None
        section = _SECTION.match(f"{text}:" if text.endswith(")") else text)
        return (self._folders.name(section.group(1)), None) if section is not None else (None, None)

    def _source_of(self, built: str) -> str | None:
        """CMake names an object after its source."""
        match = _OBJECT.match(built)
        if match is None:
            return None
        return self._folders.inside(match.group(1))

    def _own(self, number: int, line: str, text: str) -> None:
        """A line that the linker begins with its own name."""
        if (lld := _LLD.match(text)) is not None:
            kind = "multiple definition of" if "duplicate" in text[:30] else "undefined reference to"
            self._symbol(number, line, lld.group(1), kind)
            self._open = lld.group(1)
        elif (library := _LIBRARY.match(text)) is not None:
            name = library.group(1).removeprefix("lib") if "'" in text[:12] else library.group(1)
            failure = Failure(tool="ld", message=text, code=f"-l{name}", excerpt=line[:MAX_EXCERPT])
            self._add(
                f"-l{name}",
                Finding(
                    failure,
                    Category.DEPENDENCY,
                    Stage.BUILD,
                    (number, number),
                    reason=f"the linker finds no library {name}",
                    advice=f"Install the library {name} (its -dev or -devel package), or correct its name.",
                ),
            )
        elif not text.startswith(("warning", "skipping")) and any(sign in text for sign in _OTHER):
            failure = Failure(tool="ld", message=text, excerpt=line[:MAX_EXCERPT])
            reason = "the linker refuses an input"
            self._add(text, Finding(failure, Category.BUILD, Stage.BUILD, (number, number), reason=reason))

    def _symbol(
        self, number: int, line: str, name: str, kind: str, place: tuple[str | None, int | None] = (None, None)
    ) -> None:
        known = self._symbols.get(name)
        if known is None:
            failure = Failure(tool="ld", message=f"{kind} `{name}'", code=None, excerpt=line[:MAX_EXCERPT])
            reason = (
                "a symbol is defined twice" if kind.startswith("multiple") else "a symbol is used but defined nowhere"
            )
            self._add(name, Finding(failure, Category.BUILD, Stage.BUILD, (number, number), reason=reason))
            known = self._symbols.get(name)
        elif len(known.failure.excerpt) < 1_000:
            self._update(name, number, excerpt=f"{known.failure.excerpt}\n{line}"[:MAX_EXCERPT])
        self._locate(name, number, place)

    def _locate(self, name: str, number: int, place: tuple[str | None, int | None]) -> None:
        """Take the first place with a line; a place in the repository stands before one outside."""
        finding = self._symbols.get(name)
        file, line = place
        if finding is None or file is None:
            return
        failure = finding.failure
        if line is not None and len(failure.frames) < 20:
            self._update(name, number, frames=(*failure.frames, Frame(file=file, line=line)))
        is_better = failure.file is None or (failure.line is None and line is not None)
        if is_better or (self._folders.inside(failure.file or "") is None and self._folders.inside(file) is not None):
            self._update(name, number, file=file, line=line)

    def _referenced(self, number: int, line: str) -> None:
        if self._open is None:
            return
        finding = self._symbols.get(self._open)
        match = _REFERENCED.match(line)
        if finding is None:
            return
        if len(finding.failure.excerpt) < 1_000:
            self._update(self._open, number, excerpt=f"{finding.failure.excerpt}\n{line}"[:MAX_EXCERPT])
        if match is None or not (match.group(1) or match.group(4)):
            return
        if match.group(1):
            place = self._folders.name(match.group(3) or match.group(1)), int(match.group(2))
            if "duplicate" in finding.failure.excerpt and "defined at" in line:
                # The second definition is the one that was refused.
                self._update(self._open, number, file=place[0], line=place[1])
            self._locate(self._open, number, place)
        else:
            self._locate(self._open, number, (self._source_of(match.group(4).partition(":")[0]), None))

    def _update(self, name: str, number: int, **changes: object) -> None:
        known = self._symbols[name]
        failure = known.failure.model_copy(update=changes)
        lines = (known.lines[0], number)
        self._symbols[name] = Finding(failure, known.category, known.stage, lines, reason=known.reason)

    def _add(self, name: str, finding: Finding) -> None:
        if len(self._symbols) < MAX_FINDINGS:
            self._symbols.setdefault(name, finding)

    def _ending(self, number: int, line: str) -> Finding:
        failure = Failure(tool="ld", message=line.strip(), excerpt=line[:MAX_EXCERPT])
        return Finding(failure, Category.BUILD, Stage.ENDING, (number, number), reason="the program was not linked")
