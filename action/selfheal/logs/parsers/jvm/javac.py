"""javac and kotlinc, called alone, by Ant, by Maven and by Gradle."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.jvm.javac_verdicts import judge_javac

_PREFIX = re.compile(r"\s{0,12}(?:\[javac\] ?|\[kotlinc\] ?)?(?::[\w:-]{1,200}(?=/))?")
_JAVAC = re.compile(
    r"((?:[A-Za-z]:)?[^:\s\[][^:]{0,500}\.(?:java|kt|kts|groovy)):(\d{1,7}):(?:(\d{1,7}):)? (error|warning): (.*)$"
)
_MAVEN = re.compile(
    r"\[(ERROR|WARNING)\] (?:file://)?((?:[A-Za-z]:)?[^:\s\[][^:]{0,500}\.(?:java|kt|groovy)):"
    r"(?: ?[\[(](\d{1,7}), ?(\d{1,7})[\])])? ?(.*)$"
)
_KOTLIN = re.compile(
    r"(e): (?:file://)?((?:[A-Za-z]:)?[^:\s][^:]{0,500}\.kts?):(?: ?\(?(\d{1,7})[,:] ?(\d{1,7})\)?:?) (.*)$"
)
_ALONE = re.compile(r"(?:\s{0,12}\[javac\] |\[ERROR\] )?(?:Fatal error compiling: )?error: (.{1,2000})$")
_CODE = re.compile(r"\[([a-z][\w-]{1,60})\] (.*)$")
_DETAIL = re.compile(
    r"(?:\[ERROR\] )?\s{1,14}(?:\[javac\] )?\s{0,4}"
    r"(symbol|location|required|found|reason|where|both|missing|class file)\b"
)
_WERROR = "warnings found and -Werror specified"


@dataclass(slots=True)
class _Message:
    tool: str
    file: str
    line: int | None
    column: int | None
    text: str
    code: str | None
    is_error: bool
    lines: tuple[int, int]
    excerpt: list[str] = field(default_factory=list)
    is_open: bool = True


class JavacParser:
    """Reads compile errors once, however often the build tool repeats them; warnings only where -Werror counts them."""

    anchors: ClassVar[tuple[str, ...]] = (": error: ", "COMPILATION ERROR", "error: ", "e: file://", "e: /", _WERROR)

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._messages: list[_Message] = []
        self._seen: set[tuple[str, int | None, str, bool]] = set()
        self._alone: list[tuple[int, str]] = []
        self._is_strict = False
        self._is_java = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if _WERROR in line:
            self._is_strict = True
            return
        if (".java" in line or ".kt" in line or ".groovy" in line) and self._message(number, line):
            return
        if "error: " in line[:60] and len(self._alone) < 100 and (alone := _ALONE.match(line)) is not None:
            self._alone.append((number, alone.group(1)))
        elif line.startswith(("Usage: javac", "use --help for a list of possible options")):
            self._is_java = True
        elif self._messages and self._messages[-1].is_open:
            self._more(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        broken: set[str] = set()
        findings = []
        # javac goes on after a character that it can't map, and says so in green runs too: the cause is another error.
        for one in sorted(self._messages, key=lambda one: one.text.startswith("unmappable character")):
            if not one.is_error and not self._is_strict:
                continue
            findings.append(self._finding(one, is_first=one.file not in broken))
            broken.add(one.file)
        for number, text in self._alone:
            is_options = "release version" in text or "invalid target release" in text or "invalid flag" in text
            if is_options or (self._is_java and not findings):
                failure = Failure(tool="javac", message=text, excerpt=f"error: {text}"[:MAX_EXCERPT])
                reason = "javac refuses its options or inputs"
                findings.append(Finding(failure, Category.CONFIG, Stage.BUILD, (number, number), reason=reason))
        return Reading(tuple(findings))

    def _message(self, number: int, line: str) -> bool:
        tool, column = "javac", None
        if line.startswith("[") and (maven := _MAVEN.match(line)) is not None:
            kind, file, row, column, text = maven.groups()
            if row is None or text.startswith("("):
                return False
            text = text.removeprefix("error: ").strip()
        elif line.startswith("e: ") and (kotlin := _KOTLIN.match(line)) is not None:
            tool = "kotlinc"
            kind, file, row, column, text = kotlin.groups()
        else:
            plain = _JAVAC.match(line, _PREFIX.match(line).end())  # type: ignore[union-attr] # it matches nothing too
            if plain is None:
                return False
            file, row, column, kind, text = plain.groups()
        if file.endswith((".kt", ".kts")):
            tool = "kotlinc"
        self._add(number, line, tool, kind in ("error", "ERROR", "e"), file, int(row), column, text)
        return True

    def _add(
        self, number: int, line: str, tool: str, is_error: bool, file: str, row: int, column: str | None, text: str
    ) -> None:
        if self._messages:
            self._messages[-1].is_open = False
        code = None
        if (coded := _CODE.match(text)) is not None:
            code, text = coded.groups()
        name = self._repository.name(file)
        key = (name, row, text, is_error)
        if key in self._seen or len(self._messages) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        at = int(column) if column else None
        self._messages.append(_Message(tool, name, row, at, text, code, is_error, (number, number), [line.strip()]))

    def _more(self, number: int, line: str) -> None:
        """The quoted line, the caret, and what javac says of symbols and types."""
        message = self._messages[-1]
        text = line.removeprefix("[ERROR] ")
        if len(message.excerpt) >= 10 or not text.strip() or line.startswith(("[INFO]", "[WARNING]")):
            message.is_open = False
            return
        if text.strip() == "^" and message.column is None:
            message.column = text.index("^") + 1
        if _DETAIL.match(line) is not None:
            message.text = f"{message.text}\n{text.strip()}"
        elif len(message.excerpt) > 2 and not line.startswith(" "):
            message.is_open = False
            return
        message.excerpt.append(text.rstrip())
        message.lines = (message.lines[0], number)

    def _finding(self, one: _Message, *, is_first: bool) -> Finding:
        failure = Failure(
            tool=one.tool,
            message=one.text[:2_000],
            file=one.file,
            line=one.line,
            column=one.column,
            code=one.code,
            excerpt="\n".join(one.excerpt)[:MAX_EXCERPT],
        )
        if not one.is_error:
            reason = "the compiler's warnings count as errors"
            return Finding(failure, Category.LINT, Stage.LINT, one.lines, reason=reason)
        category, stage, reason, advice = judge_javac(one.text, self._repository, is_first=is_first)
        return Finding(failure, category, stage, one.lines, reason=reason, advice=advice)
