"""Checkstyle: its own lines, those of Maven's plugin, and Gradle's."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_LINE = re.compile(
    r"(?:\[ant:checkstyle\] )?\[(ERROR|WARN|WARNING)\] ((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,7}):(?:(\d{1,5}):)? "
    r"(.{1,1500}) \[(\w{1,100})\]$"
)
_PLUGIN = re.compile(
    r"\[(ERROR|WARN"
    r"|WARNING)\] ([^:\s][^:]{0,500}):\[(\d{1,7})(?:,(\d{1,5}))?\] \((\w{1,60})\) (\w{1,100}): (.{1,1500})$"
)
_CONFIG = re.compile(
    r"(?:\[ERROR\] )?(?:Caused by: )?com\.puppycrawl\.tools\.checkstyle\.api\.CheckstyleException: (.{1,1500})$"
)


class CheckstyleParser:
    """Reads violations once; warnings only where the build says that they count."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Checkstyle ends with",
        "Checkstyle violation",
        "reported by Checkstyle",
        "Checkstyle rule violations",
        "CheckstyleException: ",
        "ant:checkstyle",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._found: dict[tuple[str, int, str], tuple[Finding, bool]] = {}
        self._config: Finding | None = None
        self._counts_warnings = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(("[ERROR]", "[WARN", "[ant:checkstyle]")):
            if (own := _LINE.match(line)) is not None:
                level, file, row, column, text, rule = own.groups()
                self._add(number, level, file, row, column, text, rule)
            elif (plugin := _PLUGIN.match(line)) is not None:
                level, file, row, column, _, rule, text = plugin.groups()
                self._add(number, level, file, row, column, text, rule)
        if "Checkstyle violation" in line or "Checkstyle rule violations" in line:
            self._counts_warnings = True
        elif "CheckstyleException: " in line and self._config is None and (config := _CONFIG.match(line)) is not None:
            failure = Failure(tool="checkstyle", message=config.group(1), excerpt=line[:MAX_EXCERPT])
            reason = "Checkstyle refuses its configuration"
            self._config = Finding(failure, Category.CONFIG, Stage.BUILD, (number, number), reason=reason)

    def finish(self) -> Reading:
        """Say what was found."""
        findings = tuple(one for one, is_error in self._found.values() if is_error or self._counts_warnings)
        return Reading((self._config, *findings) if self._config is not None else findings)

    def _add(self, number: int, level: str, file: str, row: str, column: str | None, text: str, rule: str) -> None:
        name = self._repository.name(file)
        key = (name, int(row), rule)
        if key in self._found or len(self._found) >= MAX_FINDINGS:
            return
        failure = Failure(
            tool="checkstyle",
            message=text,
            file=name,
            line=int(row),
            column=int(column) if column else None,
            code=rule,
            excerpt=f"{name}:{row}: {text} [{rule}]"[:MAX_EXCERPT],
        )
        reason = f"checkstyle reports {rule}"
        finding = Finding(failure, Category.LINT, Stage.LINT, (number, number), reason=reason)
        self._found[key] = (finding, level == "ERROR")
