"""Maven's own errors: POMs, artifacts, phases; and what ended a goal, where no other parser says more."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.jvm.maven_verdicts import is_outage, judge_goal, missing_artifact

_MARK = re.compile(r"\[(?:ERROR|FATAL)\] ")
_GOAL = re.compile(
    r"Failed to execute goal (?:([\w.-]{1,200}):)?([\w.-]{1,200}):([\w.-]{1,100}):([\w-]{1,100}) "
    r"(?:\([^)]{0,200}\) )?on project ([\w.-]{1,200}): ?(.*)$"
)
_UNRESOLVED = (
    "Could not resolve dependencies for project",
    "one of its dependencies could not be resolved",
    "Non-resolvable ",
    "Could not find artifact",
)
_PROJECT = re.compile(r" {2}The project (?:\S{0,300} )?\((\S{1,500})\) has \d{1,5} errors?")
_POSITION = re.compile(r"@ (?:\S{1,500}, )?line (\d{1,7}), column (\d{1,7})")
_HELP = re.compile(r" -> \[Help \d\]$")
_USAGE = (
    "Unknown lifecycle phase",
    "The goal you specified requires a project to execute",
    "No goals have been specified",
    "Could not find the selected project in the reactor",
    "No plugin found for prefix",
    "Could not find goal",
    "Unable to parse command line options",
)
_TOLD = (
    "COMPILATION ERROR",
    "<<< FAILURE!",
    "<<< ERROR!",
    "Checkstyle",
    "terminated without properly saying goodbye",
    "OutOfMemoryError",
)


class MavenParser:
    """Reads the lines that Maven marks as errors."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Failed to execute goal",
        "problems were encountered while processing the POMs",
        "Unknown lifecycle phase",
        "requires a project to execute",
        "could not be resolved: ",
        "No plugin found for prefix",
        "No goals have been specified",
        "in the reactor",
        "re-run Maven with the",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: list[Finding] = []
        self._seen: set[str] = set()
        self._pom: str | None = None
        self._goal: tuple[int, re.Match[str]] | None = None
        self._more: list[str] = []
        self._unresolved: tuple[int, str] | None = None
        self._is_told = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if not self._is_told and any(sign in line for sign in _TOLD):
            self._is_told = True
        if not line.startswith(("[ERROR]", "[FATAL]")):
            self._close(number - 1)
            return
        text = _HELP.sub("", _MARK.sub("", line, count=1))
        if self._goal is not None or self._unresolved is not None:
            if len(self._more) < 12 and not text.startswith(("To see the full", "Failed to execute goal")):
                self._more.append(text.removeprefix("[ERROR]").rstrip())
                return
            self._close(number - 1)
        if (project := _PROJECT.match(text)) is not None:
            self._pom = self._repository.name(project.group(1))
        elif self._pom is not None and text.startswith("    "):
            self._in_pom(number, text.strip())
        elif any(sign in text for sign in _UNRESOLVED):
            self._unresolved, self._more = (number, text), []
        elif (goal := _GOAL.match(text)) is not None:
            self._goal, self._more = (number, goal), []
        elif text.startswith(_USAGE):
            message = text.partition(" Available lifecycle phases")[0]
            self._add(number, message, Category.CONFIG, Stage.BUILD, "Maven was called wrongly")

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(0)
        return Reading(tuple(self._findings))

    def _in_pom(self, number: int, text: str) -> None:
        at = _POSITION.search(text)
        line, column = (int(at.group(1)), int(at.group(2))) if at is not None else (None, None)
        message = text.partition(" @ ")[0].rstrip()
        if any(sign in text for sign in _UNRESOLVED):
            if is_outage(text):
                return
            self._add(
                number,
                message,
                Category.DEPENDENCY,
                Stage.BUILD,
                "a POM that this one needs is not to be had",
                place=(self._pom, line, column),
                code=missing_artifact(text),
            )
        elif text.startswith("Non-parseable POM"):
            reason = "Maven can't parse the POM"
            self._add(number, message, Category.SYNTAX, Stage.SYNTAX, reason, place=(self._pom, line, column))
        else:
            reason = "Maven refuses the POM"
            self._add(number, message, Category.CONFIG, Stage.BUILD, reason, place=(self._pom, line, column))

    def _close(self, last: int) -> None:
        """Judge what the lines after it completed."""
        goal, self._goal = self._goal, None
        unresolved, self._unresolved = self._unresolved, None
        more, self._more = [one for one in self._more if one.strip()], []
        if unresolved is not None:
            self._missing(unresolved[0], "\n".join([unresolved[1], *more]))
        elif goal is not None:
            self._ended(goal[0], goal[1], more)

    def _missing(self, number: int, text: str) -> None:
        if is_outage(text):
            return
        reason = "no repository of artifacts has what the POM asks for"
        advice = "Correct the coordinates or the version in the POM, or add the repository that has it."
        self._add(
            number,
            text.partition("\nFor more information")[0],
            Category.DEPENDENCY,
            Stage.BUILD,
            reason,
            place=("pom.xml", None, None),
            code=missing_artifact(text),
            advice=advice,
        )

    def _ended(self, number: int, goal: re.Match[str], more: list[str]) -> None:
        plugin, name, text = goal.group(2), goal.group(4), goal.group(6)
        details = [one for one in more if not one.startswith(("For more information", "Re-run", "[Help", "-> [Help"))]
        message = "\n".join([text, *details]).strip()
        if is_outage(message):
            return
        verdict = judge_goal(plugin, name, message)
        if verdict.stage is Stage.ENDING and self._is_told:
            return
        self._add(
            number,
            message or goal.group(),
            verdict.category,
            verdict.stage,
            verdict.reason,
            code=f"{plugin}:{name}",
        )

    def _add(
        self,
        number: int,
        message: str,
        category: Category,
        stage: Stage,
        reason: str,
        *,
        place: tuple[str | None, int | None, int | None] = (None, None, None),
        code: str | None = None,
        advice: str = "",
    ) -> None:
        if message in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(message)
        file, line, column = place
        failure = Failure(
            tool="maven",
            message=message[:2_000],
            file=file,
            line=line,
            column=column,
            code=code,
            excerpt=message[:MAX_EXCERPT],
        )
        self._findings.append(Finding(failure, category, stage, (number, number), reason=reason, advice=advice))
