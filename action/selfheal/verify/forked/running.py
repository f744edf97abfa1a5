"""Fork a child for one trial, hold it, and read its one answer; and what the child does in between."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import time
from typing import Any

_MAX_ANSWER = 1 << 16
_MAX_TEXT = 6000
_MORE_MEMORY = 2 << 30
_NOT_THE_PROJECT = ("site-packages", "selfheal_forked", os.path.dirname(os.__file__) + os.sep)
_MOST_FRAMES = 8
_GLANCE_S = 0.01
_TICKS = os.sysconf("SC_CLK_TCK")


class Forked(Exception):
    """Raised in a fresh child, to unwind to where its work begins. Holds what it is to do."""

    def __init__(self, role: Any) -> None:
        super().__init__("a child")
        self.role = role


class Limits:
    """How long a child may take, and how much longer once it says that the failing tests pass."""

    def __init__(self, wall_s: float, cpu_s: float, more_s: float) -> None:
        self.wall_s = wall_s
        self.cpu_s = cpu_s
        self.more_s = more_s


class Trial:
    """What a child is to run, and the pipe for its answer."""

    def __init__(self, job: dict[str, Any], pipe: int) -> None:
        self.job = job
        self.pipe = pipe

    def go_on(self) -> None:
        """Say that the failing tests pass, and that the others need their time too; JSON may begin with a blank."""
        os.write(self.pipe, b" ")

    def end(self, answer: dict[str, Any]) -> None:
        """Answer and end this process at once: nothing that the tests registered for the end may run."""
        data = json.dumps(answer).encode()
        try:
            while data:
                data = data[os.write(self.pipe, data) :]
        finally:
            os._exit(0)


class Reports:
    """What became of the tests of this process."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.text = ""
        self.uncollected = ""

    def note(self, report: Any) -> None:
        """Take one report of a test's phase; a failed phase is never forgotten."""
        before = self.outcomes.get(report.nodeid)
        if report.failed:
            self.outcomes[report.nodeid] = "F"
            if before != "F" and not self.text:
                self.text = f"{report.nodeid}\n{_shortened(report.longreprtext)}"
        elif before != "F" and (report.when == "call" or report.skipped):
            self.outcomes[report.nodeid] = "S" if report.skipped else "P"

    def note_uncollected(self, report: Any) -> None:
        """Take the first error of collecting."""
        self.uncollected = self.uncollected or f"{report.nodeid}\n{_shortened(report.longreprtext)}"


REPORTS = Reports()


def forked(job: dict[str, Any], limits: Limits, *, log: str | None = None) -> dict[str, Any]:
    """Fork a child for `job` and give its answer, or how it ended without one. Raises Forked in the child.

    Endless loops are common among candidates, and on a busy machine only the processor's own time tells them early.
    """
    read, write = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(read)
        _become_apart(log)
        raise Forked(Trial(job, write))
    os.close(write)
    data, is_late = _read(read, limits, child)
    os.close(read)
    used_s = _end(child)
    wall_s = time.monotonic() - began
    try:
        answer = json.loads(data)
    except ValueError:
        answer = {}
    if not isinstance(answer, dict) or "ended" not in answer:
        answer = {"ended": "late" if is_late else "broken", "text": _tail(log)}
    answer["s"], answer["cpu"] = round(wall_s, 4), round(used_s, 4)
    return answer


def run_tests(trial: Trial, session: Any) -> None:
    """Run the trial's tests and end: those that should pass, then those that must not break."""
    tests = _outcomes(session, trial.job["tests"], stop=False, glance=trial.job.get("glance", 0))
    others = also = ""
    if tests and set(tests) == {"P"}:
        trial.go_on()
        others = _outcomes(session, trial.job.get("others", ()), stop=True)
        if "F" not in others:
            also = _outcomes(session, trial.job.get("also", ()), stop=True)
    text = REPORTS.text or REPORTS.uncollected
    trial.end(
        {"ended": "ran", "tests": tests, "others": others, "also": also, "text": text[: trial.job.get("text", 1500)]}
    )


def told(excinfo: Any) -> str:
    """Tell a failure: where it passed through the project, and what it says, as pytest does in short."""
    frames = []
    trace = excinfo.tb
    while trace is not None:
        code = trace.tb_frame.f_code
        if not any(part in code.co_filename for part in _NOT_THE_PROJECT):
            frames.append("%s:%d: in %s" % (os.path.relpath(code.co_filename), trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    words = excinfo.exconly(tryshort=True).splitlines()
    return "\n".join([*frames[-_MOST_FRAMES:], *("E   " + line for line in words[:40])])


def items_of(session: Any, test_id: str) -> list[Any]:
    """The collected items that an id of a log means; a file's name means all that are in it."""
    items = [item for item in session.items if item.nodeid == test_id]
    if not items and "::" not in test_id:
        items = [item for item in session.items if item.nodeid.startswith(test_id + "::")]
    return items or [item for item in session.items if item.nodeid.endswith("/" + test_id)]


def run_item(item: Any, following: Any) -> None:
    """Run one test with its fixtures."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _outcomes(session: Any, ids: list[str], *, stop: bool, glance: int = 0) -> str:
    """One letter a test: passed, failed, skipped, or `-` for one that is not there or was not run.

    Where none of the first `glance` passes the rest is not run, and with `stop` nothing behind the first that fails.
    """
    plan = [(number, item) for number, test_id in enumerate(ids) for item in items_of(session, test_id)]
    found = {number for number, _ in plan}
    # What could not even be collected has failed.
    letters = ["F" if REPORTS.uncollected and number not in found else "-" for number in range(len(ids))]
    for index, (number, item) in enumerate(plan):
        if 0 < glance <= number and "P" not in letters[:glance]:
            break
        run_item(item, plan[index + 1][1] if index + 1 < len(plan) else None)
        seen = REPORTS.outcomes.get(item.nodeid, "-")
        if letters[number] != "F" and not (letters[number] == "P" and seen == "S"):
            letters[number] = seen
        if seen == "F" and stop:
            break
    return "".join(letters)


def _become_apart(log: str | None) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        with open("/proc/self/statm", "rb") as stream:
            now = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + _MORE_MEMORY, resource.RLIM_INFINITY))
    except (OSError, ValueError, IndexError):
        pass
    if log is not None:
        fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(fd, 1)
        os.dup2(fd, 2)
        os.close(fd)


def _read(fd: int, limits: Limits, child: int) -> tuple[bytes, bool]:
    data = b""
    began = time.monotonic()
    while len(data) < _MAX_ANSWER:
        if not select.select([fd], [], [], _GLANCE_S)[0]:
            more_s = limits.more_s if data else 0.0
            if time.monotonic() - began > limits.wall_s + more_s or _cpu_s(child) > limits.cpu_s + more_s:
                return b"", True
            continue
        block = os.read(fd, _MAX_ANSWER)
        if not block:
            break
        data += block
    return data, False


def _cpu_s(child: int) -> float:
    try:
        with open("/proc/%d/stat" % child, "rb") as stream:
            words = stream.read().rpartition(b")")[2].split()
        return (int(words[11]) + int(words[12])) / _TICKS
    except (OSError, ValueError, IndexError):
        return 0.0


def _end(child: int) -> float:
    """Kill the child with all that it started, and wait for it; the seconds of the processor that it took."""
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            pass
    try:
        _, _, used = os.wait4(child, 0)
    except OSError:
        return 0.0
    return used.ru_utime + used.ru_stime


def _tail(log: str | None) -> str:
    if log is None:
        return ""
    try:
        with open(log, encoding="utf-8", errors="replace") as stream:
            return stream.read()[-_MAX_TEXT:]
    except OSError:
        return ""


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[:2000] + "\n...\n" + text[2000 - _MAX_TEXT :]
