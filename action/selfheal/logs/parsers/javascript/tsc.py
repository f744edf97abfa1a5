"""tsc: errors of the TypeScript compiler, plain and pretty, also where ts-jest or vue-tsc print them."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.javascript.missing import package_of

_FILE = r"((?:[A-Za-z]:)?[^\s:(][^:(]{0,500}(?:\([^()]{1,60}\)[^:(]{0,200})?)"
_PLAIN = re.compile(rf"{_FILE}\((\d{{1,9}}),(\d{{1,9}})\): error (TS\d{{1,6}}): (.*)$")
_PRETTY = re.compile(rf"{_FILE}:(\d{{1,9}}):(\d{{1,9}}) - error (TS\d{{1,6}}): (.*)$")
_BARE = re.compile(r"error (TS\d{4,6}): (.*)$")
_CONFIG_FILE = re.compile(r"'([^']{1,500}tsconfig[^']{0,100}\.json)'|config file '([^']{1,500})'")
_MODULE = re.compile(r"(?:module|file for module|library) '([^']{1,500})'")
_MISSING = ("TS2307", "TS7016", "TS2688", "TS2792")
_MAX_BLOCK = 40
_ENDS = ("Found ", "Errors  Files", "npm ", "> ", "error Command", "##")


class TscParser:
    """Reads the compiler's errors; under --pretty with the source lines that follow each."""

    anchors: ClassVar[tuple[str, ...]] = ("error TS", " TS1", " TS2", " TS5", " TS6", " TS7", " TS17", " TS18", " TS4")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._seen: set[tuple[str, str, str, str]] = set()
        self._is_open = False
        self._block: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "error TS" in line:
            text = line.strip().removeprefix("ERROR in ").removeprefix("[tsl] ")
            found = _PLAIN.match(text) or _PRETTY.match(text)
            if found is not None:
                self._close()
                self._error(number, found)
                return
            bare = _BARE.match(text)
            if bare is not None:
                self._close()
                self._bare(number, bare.group(1), bare.group(2))
                return
        if self._is_open:
            self._continue(line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close()
        return Reading(tuple(self._findings))

    def _error(self, number: int, found: re.Match[str]) -> None:
        file, line, column, code, message = found.groups()
        if (file, line, column, code) in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add((file, line, column, code))
        name = self._context.repository.name(file)
        failure = Failure(
            tool="tsc",
            message=message,
            file=name,
            line=int(line),
            column=int(column),
            code=code,
            excerpt=f"{name}:{line}:{column} {code}: {message}"[:MAX_EXCERPT],
        )
        category, stage, reason, advice = self._category(code, message)
        self._findings.append(Finding(failure, category, stage, (number, number), reason=reason, advice=advice))
        self._is_open, self._block = True, []

    def _bare(self, number: int, code: str, message: str) -> None:
        """An error of no source file: of the options or of tsconfig.json."""
        if len(self._findings) >= MAX_FINDINGS or (code, message, "", "") in self._seen:
            return
        self._seen.add((code, message, "", ""))
        named = _CONFIG_FILE.search(message)
        file = (named.group(1) or named.group(2)) if named is not None else None
        inside = self._context.repository.relative(file) if file is not None else None
        failure = Failure(
            tool="tsc", message=message, file=inside, code=code, excerpt=f"error {code}: {message}"[:1_500]
        )
        category, stage, reason, advice = self._category(code, message)
        if category is Category.TYPES:
            category, stage, reason = Category.CONFIG, Stage.COLLECTION, "tsc refuses its options or tsconfig.json"
        self._findings.append(Finding(failure, category, stage, (number, number), reason=reason, advice=advice))

    def _category(self, code: str, message: str) -> tuple[Category, Stage, str, str]:
        # TS1xxx are the scanner's and parser's; TS17xxx hold those of JSX; TS5xxx and TS6xxx are about options.
        if len(code) == 6 and code.startswith("TS1") and not code.startswith(("TS12", "TS13", "TS14")):
            return Category.SYNTAX, Stage.SYNTAX, "the TypeScript compiler can't parse the file", ""
        if code in ("TS17008", "TS17002", "TS17014", "TS17015"):
            return Category.SYNTAX, Stage.SYNTAX, "the TypeScript compiler can't parse the file", ""
        if code == "TS18003" or (len(code) == 6 and code.startswith(("TS5", "TS6")) and code not in _USES):
            return Category.CONFIG, Stage.COLLECTION, "tsc refuses its options or tsconfig.json", ""
        module = _MODULE.search(message)
        package = package_of(module.group(1)) if code in _MISSING and module is not None else None
        if package is None and code == "TS2688" and (quoted := re.search(r"'([\w@./-]{1,200})'", message)):
            package = package_of(quoted.group(1))
        if package is not None:
            advice = f"Add {package} (or @types/{package.removeprefix('@types/')}) to the project's dependencies."
            return Category.DEPENDENCY, Stage.TYPES, f"tsc finds no module or types for {package}", advice
        return Category.TYPES, Stage.TYPES, "tsc reports a type error", ""

    def _continue(self, line: str) -> None:
        """Indented lines go on with the message; under --pretty the source follows."""
        if line.startswith(_ENDS) or len(self._block) >= _MAX_BLOCK:
            self._close()
        elif line.strip() or self._block:
            self._block.append(line.rstrip())
        if line and not line[0].isspace() and not line[0].isdigit():
            self._close()

    def _close(self) -> None:
        if self._is_open and any(line.strip() for line in self._block):
            last = self._findings[-1]
            kept = [line for line in self._block if line.strip() and (line[0].isspace() or line[0].isdigit())]
            failure = last.failure
            # Without --pretty only the message's own elaboration is indented, and belongs to it.
            more = "\n".join(kept)
            text = failure.excerpt + ("\n" + more if more else "")
            failure = failure.model_copy(update={"excerpt": text[:MAX_EXCERPT]})
            self._findings[-1] = Finding(
                failure, last.category, last.stage, last.lines, reason=last.reason, advice=last.advice
            )
        self._is_open, self._block = False, []


# Unused names and implicit anys are errors of code though their numbers lie among the options'.
_USES = ("TS6133", "TS6138", "TS6192", "TS6196", "TS6198", "TS6199", "TS6205", "TS6385", "TS6387", "TS6053")
