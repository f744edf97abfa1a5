"""Python's own words: uncaught exceptions, syntax errors, crashes of the interpreter."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.exceptions import LINKS, SYNTAX_ERRORS, Location, Raised, final, locate, split_exception
from selfheal.logs.native_traceback import FRAME, GROUP_HEADER, HEADER, read_chain
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.pytest_blocks import excerpt
from selfheal.logs.parsers.python.tool_crash import Refusal, refusal

_MAX_BLOCK = 4_000
_NO_MODULE = re.compile(
    r"(\S{1,500}python[\w.]{0,20}(?:\.exe)?): No module named ([\w.]{1,200})(?:\.__main__)?(?:;.*)?$"
)
_QUOTED_FILE = re.compile(r"['\"]([^'\"\s]{1,500}\.\w{1,10})['\"]")
# pytest's dots may stand before it.
_FATAL = re.compile(r"[.FEsxX]{0,500}Fatal Python error: (.{1,300})$")
_FATAL_FRAME = re.compile(r'  File "([^"]{1,1000})", line (\d{1,9}) in (.{1,300})$')


class TracebackParser:
    """Collects blocks that begin with a traceback's header, or with the place of a syntax error."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Traceback (most recent call last)",
        "Error: ",
        "Exception",
        'File "',
        "No module named",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._block: list[str] = []
        self._first = 0
        self._named = False
        self._blanks = 0
        self._fatal: list[str] | None = None
        self._findings: list[Finding] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._fatal is not None:
            self._in_fatal(number, line)
        elif self._block:
            self._inside(number, line)
        else:
            self._outside(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._block:
            self._end(self._first + len(self._block))
        if self._fatal is not None:
            self._end_fatal(self._first + len(self._fatal))
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _outside(self, number: int, line: str) -> None:
        stripped = line.strip()
        if (stripped.endswith(HEADER) and (stripped in (HEADER, f"+ {GROUP_HEADER}"))) or (
            line.startswith('  File "') and (place := FRAME.match(line)) is not None and place.group(4) is None
        ):
            self._start(number, line)
        elif "Fatal Python error: " in line and (fatal := _FATAL.match(line)) is not None:
            self._fatal, self._first = [fatal.group(1)], number
        elif "No module named" in line and (missing := _NO_MODULE.match(line)) is not None:
            raised = Raised("ModuleNotFoundError", f"No module named '{missing.group(2)}'")
            failure = Failure(tool="python", message=line, code="ModuleNotFoundError", excerpt=line)
            self._add(Finding(failure, Category.DEPENDENCY, Stage.COLLECTION, (number, number), (raised,), line))

    def _start(self, number: int, line: str) -> None:
        self._block, self._first, self._named, self._blanks = [line], number, False, 0

    def _inside(self, number: int, line: str) -> None:
        """Go on until a line after the exception's own is neither blank nor a link to the next one."""
        stripped = line.strip()
        is_group = GROUP_HEADER in self._block[0]
        if is_group and stripped[:1] in ("|", "+"):
            self._keep(line)
            self._named = self._named or stripped.startswith("+---")
            return
        if not self._named:
            if line[:1] in (" ", "\t") or not stripped:
                self._keep(line)
                return
            if split_exception(line)[0] or len(self._block) > 1:
                self._keep(line)
                self._named = True
                return
        elif not stripped and self._blanks < 2:
            self._blanks += 1
            self._keep(line)
            return
        elif stripped in LINKS or (
            stripped == HEADER and self._block[-1:] == [""] and any(one.strip() in LINKS for one in self._block[-3:])
        ):
            self._keep(line)
            self._named = stripped in LINKS
            self._blanks = 0
            return
        self._end(number - 1)
        self._outside(number, line)

    def _keep(self, line: str) -> None:
        if len(self._block) < _MAX_BLOCK:
            self._block.append(line)

    def _end(self, last: int) -> None:
        block, self._block = self._block, []
        chain = read_chain(block)
        top = final(chain)
        if top is None:
            return
        place = locate(chain, self._context.repository)
        if place.file is None or self._context.repository.relative(place.file) is None:
            if (refused := refusal(chain)) is not None:
                self._refused(refused, top, last)
                return
            place = self._named_in(top.message, Location(None, None, None, place.frames))
        is_syntax = top.short_name in SYNTAX_ERRORS and top.syntax is not None
        text = f"{top.type_name}: {top.message}" if top.type_name else top.message
        ends_at = Frame(file=place.file, line=place.line) if place.file is not None and place.line is not None else None
        failure = Failure(
            tool="python",
            message=text,
            file=place.file,
            line=place.line,
            column=place.column,
            code=top.type_name or None,
            frames=place.frames,
            excerpt=excerpt(text.split("\n"), top.source, ends_at),
        )
        category = Category.SYNTAX if is_syntax else Category.TEST
        stage = Stage.SYNTAX if is_syntax else Stage.RUN
        self._add(Finding(failure, category, stage, (self._first, last), chain, "\n".join(block)[:6_000]))

    def _refused(self, refused: Refusal, top: Raised, last: int) -> None:
        """A tool that crashes over its own options."""
        message = f"{top.type_name}: {top.message}"
        failure = Failure(
            tool=refused.tool,
            message=message,
            file=refused.file,
            line=refused.line,
            column=refused.column,
            code=top.type_name or None,
            excerpt=message[:1_500],
        )
        category, stage = (
            (Category.SYNTAX, Stage.SYNTAX) if refused.line is not None else (Category.CONFIG, Stage.COLLECTION)
        )
        reason = f"{refused.tool} refuses its configuration"
        self._add(Finding(failure, category, stage, (self._first, last), reason=reason))

    def _named_in(self, message: str, place: Location) -> Location:
        """The repository's file that the message quotes, where no frame lies in the repository."""
        for match in _QUOTED_FILE.finditer(message[:2_000]):
            name = self._context.repository.relative(match.group(1))
            if name is not None:
                return Location(name, None, None, place.frames)
        return place

    def _in_fatal(self, number: int, line: str) -> None:
        if (
            self._fatal is not None
            and (not line.strip() or line.startswith(("  File", "Current thread", "Thread", "  <no")))
            and len(self._fatal) < 300
        ):
            self._fatal.append(line)
            return
        self._end_fatal(number - 1)
        self._outside(number, line)

    def _end_fatal(self, last: int) -> None:
        lines, self._fatal = self._fatal or [], None
        frames: list[Frame] = []
        at = next((n for n, line in enumerate(lines) if line.startswith("Current thread")), 0)
        for line in lines[at + 1 :]:
            match = _FATAL_FRAME.match(line)
            if match is not None:
                frames.append(Frame(file=match.group(1), line=int(match.group(2)), function=match.group(3)))
            elif frames:
                break
        # The interpreter prints the innermost frame first.
        raised = Raised("FatalError", lines[0], tuple(reversed(frames)))
        place = locate((raised,), self._context.repository)
        failure = Failure(
            tool="python",
            message=f"Fatal Python error: {lines[0]}",
            file=place.file,
            line=place.line,
            code="FatalError",
            frames=place.frames,
            excerpt="\n".join(lines)[:1_500],
        )
        self._add(Finding(failure, Category.TEST, Stage.RUN, (self._first, last), (raised,)))

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
