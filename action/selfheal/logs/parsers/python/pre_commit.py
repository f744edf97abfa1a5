"""pre-commit: which hook failed; what the hook printed is its own tool's to read."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python import pre_commit_hooks
from selfheal.logs.parsers.python.pre_commit_hooks import Report

_FAILED = re.compile(r"(\S.{0,300}?)\.{3,200}(?:\(.{0,60}\))?(Failed|Passed|Skipped)$")
_FIELD = re.compile(r"- (hook id|exit code|duration): (.{1,200})$")
_MODIFIED = "- files were modified by this hook"
_ERROR = re.compile(r"An (?:unexpected )?error has occurred: (\w{1,60}): ?(.*)$")
_NO_HOOK = re.compile(r"No hook with id `([^`]{1,200})`")
_CONFIG_FILE = re.compile(r"==> File (\S.{0,300})$")
_LACKS = re.compile(r"=====> (\S.{0,300}) is not a file$")
_PLACE = re.compile(r"\s{0,9}in \"[^\"]{1,300}\", line (\d{1,9}), column (\d{1,9})")
_KEPT = 200


class PreCommitParser:
    """Collects each failed hook with what it printed, and errors of pre-commit itself."""

    anchors: ClassVar[tuple[str, ...]] = (
        "- hook id: ",
        "error has occurred: ",
        "No hook with id `",
        "InvalidConfigError",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._fields: dict[str, str] = {}
        self._is_modified = False
        self._first = 0
        self._output: list[str] = []
        self._error: re.Match[str] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._error is not None:
            if line.startswith("Check the log at ") or len(self._output) >= _KEPT:
                self._end_error(number)
            else:
                self._output.append(line)
            return
        if line.startswith("- ") and (found := _FIELD.match(line)) is not None:
            if found.group(1) == "hook id":
                self._end_hook(number - 1)
                self._first, self._output, self._is_modified = number, [], False
            self._fields[found.group(1)] = found.group(2)
        elif line == _MODIFIED:
            self._is_modified = True
        elif line.endswith(("Failed", "Passed", "Skipped")) and "..." in line and _FAILED.match(line) is not None:
            self._end_hook(number - 1)
        elif line.startswith("An ") and (error := _ERROR.match(line)) is not None:
            self._end_hook(number - 1)
            self._error, self._first, self._output = error, number, []
        elif line.startswith("No hook with id") and _NO_HOOK.match(line) is not None:
            reason = "the configuration has no hook of that name"
            self._add(Report(line, ".pre-commit-config.yaml"), "unknown-hook", number, Category.CONFIG, reason)
        elif self._fields and len(self._output) < _KEPT:
            self._output.append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        last = self._first + len(self._output) + 1
        self._end_error(last) if self._error is not None else self._end_hook(last)
        return Reading(tuple(self._findings))

    def _end_hook(self, last: int) -> None:
        fields, self._fields = self._fields, {}
        hook = fields.get("hook id")
        if hook is None:
            return
        output = [line for line in self._output if line.strip()]
        lacking = next(
            (line for line in output if line.startswith("Executable `") and line.endswith("not found")), None
        )
        if lacking is not None:
            reason, advice = "a program that the hook runs is not installed", f"Install it in the job: {lacking}."
            self._add(Report(lacking), hook, last, Category.ENVIRONMENT, reason, advice=advice)
            return
        reports = pre_commit_hooks.read(output)
        if reports:
            kind = Category.SYNTAX if hook in pre_commit_hooks.PARSING else Category.LINT
            for report in reports:
                self._add(report, hook, last, kind, f"the hook {hook} refuses the file")
            return
        changed = pre_commit_hooks.changed_files(output)
        if self._is_modified:
            message = f"the hook {hook} changed files"
            for file in changed or (None,):
                self._add(Report(message, file), hook, last, Category.FORMAT, f"{hook} would rewrite the file")
            return
        status = f" (exit code {fields['exit code']})" if "exit code" in fields else ""
        first = output[0] if output else "it printed nothing"
        self._add(
            Report(f"the hook {hook} failed{status}: {first}"),
            hook,
            last,
            Category.LINT,
            f"the pre-commit hook {hook} failed",
            is_echo=True,
        )

    def _end_error(self, last: int) -> None:
        error, self._error = self._error, None
        if error is None:
            return
        text = "\n".join(self._output)
        if error.group(1) in ("InvalidConfigError", "InvalidManifestError"):
            file = next(
                (m.group(1) for one in self._output if (m := _CONFIG_FILE.match(one) or _LACKS.match(one))), None
            )
            said = next(
                (one.lstrip("=> ") for one in self._output if one.startswith("=====> ")), "invalid configuration"
            )
            place = next((m for one in self._output if (m := _PLACE.match(one)) is not None), None)
            line = int(place.group(1)) if place is not None else None
            self._add(
                Report(said, file, line), error.group(1), last, Category.CONFIG, "pre-commit refuses its configuration"
            )
            return
        said = error.group(2) or next((one for one in self._output if one.strip()), error.group(1))
        # What pip, npm or git said lies in between, and has a parser of its own.
        self._add(
            Report(said[:500]),
            error.group(1),
            last,
            Category.DEPENDENCY if "install" in said else Category.CONFIG,
            "pre-commit could not set a hook up",
            is_echo=True,
            block=text,
        )

    def _add(
        self,
        report: Report,
        code: str,
        last: int,
        category: Category,
        reason: str,
        *,
        advice: str = "",
        is_echo: bool = False,
        block: str = "",
    ) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            return
        excerpt = "\n".join((report.message, *(line for line in self._output if line.strip())))
        failure = Failure(
            tool="pre-commit",
            message=report.message,
            file=self._context.repository.name(report.file) if report.file is not None else None,
            line=report.line,
            column=report.column,
            code=code,
            excerpt=excerpt[:MAX_EXCERPT],
        )
        stage = _STAGES.get(category, Stage.LINT)
        self._findings.append(
            Finding(
                failure,
                category,
                Stage.ENDING if is_echo else stage,
                (self._first or last, last),
                block=block,
                reason=reason,
                advice=advice,
            )
        )


_STAGES = {
    Category.SYNTAX: Stage.SYNTAX,
    Category.CONFIG: Stage.COLLECTION,
    Category.DEPENDENCY: Stage.BUILD,
    Category.FORMAT: Stage.FORMAT,
}
