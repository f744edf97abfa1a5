"""eslint: stylish, compact, unix and visualstudio reports, JSON, and what it says when it can't start."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.javascript.eslint_json import read_json
from selfheal.logs.parsers.javascript.eslint_startup import StartupReader

_ROW = re.compile(r"\s{2,8}(\d{1,9}):(\d{1,9})\s{1,8}(error|warning)\s{1,8}(\S.*)$")
_HEADER = re.compile(r"((?:/|[A-Za-z]:[\\/])\S.{0,500}|[\w@.-][^\s:]{0,300}\.[A-Za-z]{1,6})$")
_UNIX = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}): (.{1,2000}) \[(Error|Warning)(?:/([\w@./-]{1,200}))?\]$"
)
_COMPACT = re.compile(
    r"(.{1,500}): line (\d{1,9}), col (\d{1,9}), (Error|Warning) - (.{1,2000}?)(?: \(([\w@./-]{1,200})\))?$"
)
_STUDIO = re.compile(r"(.{1,500}?)\((\d{1,9}),(\d{1,9})\): (error|warning) ?([a-z@][\w@./-]{0,200})? : (.{1,2000})$")
_STANDARD = re.compile(
    r"  ((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}): (.{1,2000}?)(?: \(([\w@./-]{1,200})\))?( \(warning\))?$"
)
_RULE = re.compile(r"[a-z@][\w@/.-]{1,150}$")
_TOO_MANY = "found too many warnings"


class EslintParser:
    """Reads rows under their file's line. Warnings count only where eslint says that they are too many."""

    anchors: ClassVar[tuple[str, ...]] = (
        " problems (", " problem (", '"messages":[', "Oops! Something went wrong!", " [Error/", "[Error]",
        ", Error - ", "): error ", "found too many warnings", "Parsing error: ", "errorCount",
        "No ESLint configuration found", "Invalid option '", "all matched by ignore patterns",
        "standard: Use JavaScript Standard Style",
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []
        self._file: str | None = None
        self._too_many: tuple[int, str] | None = None
        self._tool = "eslint"
        self._startup = StartupReader()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._startup.feed(number, line)
        if line.startswith("  "):
            if self._file is not None and (row := _ROW.match(line)) is not None:
                self._row(number, row)
            elif self._tool == "standard" and (plain := _STANDARD.match(line)) is not None:
                file, at, column, message, rule, warning = plain.groups()
                self._add(number, file, int(at), int(column), message, rule, is_error=warning is None)
        elif not line:
            return
        elif line.startswith("[{") and '"messages":' in line:
            for file, entry in read_json(line):
                self._add(number, file, entry.line, entry.column, entry.message, entry.rule, is_error=entry.is_error)
        elif (line[-1] == "]" and ("[Error" in line or "[Warning" in line)) and (unix := _UNIX.match(line)) is not None:
            file, at, column, message, level, rule = unix.groups()
            self._add(number, file, int(at), int(column), message, rule, is_error=level == "Error")
        elif ": line " in line and (compact := _COMPACT.match(line)) is not None:
            file, at, column, level, message, rule = compact.groups()
            self._add(number, file, int(at), int(column), message, rule, is_error=level == "Error")
        elif "): " in line and " : " in line and (studio := _STUDIO.match(line)) is not None:
            file, at, column, level, rule, message = studio.groups()
            self._add(number, file, int(at), int(column), message, rule, is_error=level == "error")
        elif line.startswith("standard: Use JavaScript Standard Style"):
            self._tool = "standard"
        elif _TOO_MANY in line:
            self._too_many = (number, line.strip())
        else:
            header = _HEADER.match(line) if "." in line[-12:] else None
            self._file = header.group(1) if header is not None else None

    def finish(self) -> Reading:
        """Say what was found."""
        found = [*self._errors, *(self._warnings if self._too_many is not None else ())]
        if self._too_many is not None and not found:
            number, line = self._too_many
            failure = Failure(tool="eslint", message=line, excerpt=line)
            found = [Finding(failure, Category.LINT, Stage.LINT, (number, number), reason="eslint counts its warnings")]
        startup = self._startup.finding(self._context)
        if startup is not None and not found:
            found = [startup]
        return Reading(tuple(found), self._startup.claimed)

    def _row(self, number: int, row: re.Match[str]) -> None:
        at, column, level, rest = row.groups()
        message, _, last = rest.rstrip().rpartition("  ")
        is_rule = bool(message) and _RULE.match(last) is not None
        text, rule = (message.strip(), last) if is_rule else (rest.strip(), None)
        self._add(number, self._file or "", int(at), int(column), text, rule, is_error=level == "error")

    def _add(
        self, number: int, file: str, line: int, column: int, message: str, rule: str | None, *, is_error: bool
    ) -> None:
        kept = self._errors if is_error else self._warnings
        if len(kept) >= MAX_FINDINGS:
            return
        name = self._context.repository.name(file)
        is_syntax = message.startswith("Parsing error: ")
        failure = Failure(
            tool=self._tool,
            message=message,
            file=name,
            line=line or None,
            column=column or None,
            code=rule,
            excerpt=f"{name}:{line}:{column}: {message} {f'({rule})' if rule else ''}".rstrip()[:1_500],
        )
        if is_syntax:
            reason = "eslint can't parse the file"
            if "parserOptions.project" in message or "was not found by the project service" in message:
                finding = Finding(
                    failure,
                    Category.CONFIG,
                    Stage.LINT,
                    (number, number),
                    reason="the file is in no TypeScript project",
                )
            else:
                finding = Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=reason)
        else:
            reason = f"{self._tool} reports {rule}" if rule else f"{self._tool} reports a finding"
            finding = Finding(failure, Category.LINT, Stage.LINT, (number, number), reason=reason)
        kept.append(finding)
