"""prettier: files that it would rewrite, files that it can't parse, and options that it refuses."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_SYNTAX = re.compile(r"\[error\] ([^\s:][^:]{0,500}): ([A-Z]\w{0,60}Error): (.{1,1000}?) ?\((\d{1,9}):(\d{1,9})\)$")
_NAME = re.compile(r"[\w@.(\[-][^:\n]{0,400}\.[\w]{1,12}$|(?:[\w@.-]{1,100}/){0,20}\.?[A-Z][A-Za-z]{2,40}$")
_COMMAND = re.compile(r"(?:[>$] |.{0,200}/|npx |yarn (?:run )?|pnpm (?:exec |run )?)?prettier (.{1,500})$")
_LISTS = re.compile(r"(?:^| )(?:-[a-z]{0,3}l[a-z]{0,3}|--list-different)(?= |$)")
_SUMMARY = ("Code style issues ", "Error occurred when checking", "Forgot to run Prettier")
_SOURCE = re.compile(r"\[error\] [ >]{1,3}\s{0,9}(?:\d{1,9} )?\|")
_MAX_SOURCE = 12


class PrettierParser:
    """Reads `--check` and, where the log shows the command, `--list-different`."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Checking formatting", "Code style issues ", "Code style issue", "prettier ", "SyntaxError: ",
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._warned: list[tuple[int, str]] = []
        self._is_check = False
        self._lists = False
        self._refused: list[tuple[int, str]] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith("[warn] "):
            name = line[7:].strip()
            if name.startswith(_SUMMARY):
                self._is_check = True
            elif _NAME.match(name) is not None and len(self._warned) < MAX_FINDINGS:
                self._warned.append((number, name))
        elif line.startswith("[error] "):
            self._error(number, line)
        elif line.startswith("Checking formatting"):
            self._is_check, self._lists = True, False
        elif "prettier " in line and (command := _COMMAND.match(line)) is not None:
            self._lists = _LISTS.search(command.group(1)) is not None
        elif self._lists and line and line[0] not in " #>$":
            self._listed(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._is_check or self._findings:
            for number, name in self._warned:
                self._unformatted(number, name)
        if self._is_check and not self._findings:
            for number, line in self._refused[:1]:
                failure = Failure(tool="prettier", message=line, excerpt="\n".join(text for _, text in self._refused))
                reason = "prettier refuses its options or configuration"
                self._add(Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason))
        return Reading(tuple(self._findings))

    def _listed(self, number: int, line: str) -> None:
        """A bare name is a file's only right after the command that lists them."""
        if line.startswith("shell: "):
            return
        if _NAME.match(line) is not None and " " not in line:
            self._unformatted(number, line)
        else:
            self._lists = False

    def _error(self, number: int, line: str) -> None:
        found = _SYNTAX.match(line)
        if found is not None:
            file, kind, message, at, column = found.groups()
            name = self._context.repository.name(file)
            failure = Failure(
                tool="prettier",
                message=message,
                file=name,
                line=int(at),
                column=int(column),
                code=kind,
                excerpt=line[8:][:1_500],
            )
            reason = "prettier can't parse the file"
            self._add(Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=reason))
        elif _SOURCE.match(line) is not None:
            self._source(line)
        elif len(self._refused) < 10:
            self._refused.append((number, line[8:].strip()))

    def _source(self, line: str) -> None:
        """The source lines under a syntax error make its excerpt."""
        last = self._findings[-1] if self._findings else None
        if last is None or last.category is not Category.SYNTAX or last.failure.excerpt.count("\n") >= _MAX_SOURCE:
            return
        failure = last.failure.model_copy(update={"excerpt": f"{last.failure.excerpt}\n{line[8:]}"[:1_500]})
        self._findings[-1] = Finding(failure, last.category, last.stage, last.lines, reason=last.reason)

    def _unformatted(self, number: int, file: str) -> None:
        name = self._context.repository.name(file)
        message = "prettier would rewrite this file"
        failure = Failure(tool="prettier", message=message, file=name, excerpt=f"{name}: {message}")
        self._add(Finding(failure, Category.FORMAT, Stage.FORMAT, (number, number), reason="prettier would rewrite it"))

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
