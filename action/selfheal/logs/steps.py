"""Find the steps of a job in its log, and which of them failed.

Sources: GitHub's runner begins a step with `##[group]Run COMMAND` and ends a failed one with
`##[error]Process completed with exit code N.`; Azure's agent writes `##[section]Starting: NAME` and
`##[error]Bash exited with code 'N'.`; `gh run view --log` names job and step before each line.
"""

import re
from dataclasses import dataclass

from selfheal.logs.cleaning import RUNNER_ONLY, RUNNER_SAYS, STEP_MARK

STEP_ANCHORS = ("##[group]Run ", "##[error]", "##[section]Starting: ")

_MAX_NAME = 300
_ENDED = re.compile(
    r"Process completed with exit code (\d{1,10})\.|(?:Bash|PowerShell|Cmd\.exe) exited with code '(\d{1,10})'\."
)
_STOPPED = ("The operation was canceled", "The action '", "The job running on runner ", "Error: The operation was")


@dataclass(slots=True)
class Step:
    """One step of a job. `exit_code` is told only of steps that failed; the first "step" is a log without steps."""

    name: str = ""
    exit_code: int | None = None
    is_stopped: bool = False
    has_error: bool = False

    @property
    def is_failed(self) -> bool:
        """True where the runner itself says so."""
        return self.is_stopped or self.exit_code not in (None, 0)


@dataclass(frozen=True, slots=True)
class Marked:
    """What a line with a mark means: a step begins, and what of the line is output, if anything."""

    began: str | None = None
    output: str | None = None
    is_error: bool = False


class StepReader:
    """Reads the runner's marks."""

    def __init__(self) -> None:
        self._columns = ""
        self._in_header = False

    def read(self, line: str) -> Marked:
        """Take a line that begins with `##[` or `STEP_MARK`, and every line while `in_header` is true."""
        began: str | None = None
        if line.startswith(STEP_MARK):
            end = line.find(STEP_MARK, 1)
            columns, line = line[1:end], line[end + 1 :]
            if columns != self._columns:
                self._columns = columns
                began = columns.replace("\t", " / ")[:_MAX_NAME]
        if not line.startswith("##["):
            return Marked(began, None if self._in_header else line)
        name, _, rest = line[3:].partition("]")
        if name == "group" and rest.startswith("Run "):
            self._in_header = True
            has_columns = bool(self._columns) and not self._columns.endswith("UNKNOWN STEP")
            return Marked(began if has_columns else rest[4:][:_MAX_NAME])
        if name == "section" and rest.startswith("Starting: "):
            return Marked(rest[10:][:_MAX_NAME])
        if name in RUNNER_ONLY:
            self._in_header = self._in_header and name != "endgroup"
            return Marked(began)
        return Marked(began, rest if name in RUNNER_SAYS else line, is_error=name == "error")

    @property
    def in_header(self) -> bool:
        """True between a step's first line and the end of the group that shows its command and environment."""
        return self._in_header


def note_error(step: Step, said: str) -> bool:
    """Take what the runner said behind `##[error]`; true where it is the last word about the step."""
    step.has_error = True
    ended = _ENDED.match(said)
    if ended is not None:
        step.exit_code = int(ended.group(1) or ended.group(2))
    elif said.startswith(_STOPPED):
        step.is_stopped = True
    return ended is not None
