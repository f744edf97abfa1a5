"""Which lines each test runs, and which functions ran while the project was imported."""

from __future__ import annotations

import sys
import threading
from types import CodeType
from typing import Any

_FOREIGN = ("site-packages", "dist-packages", "/.venv/", "/.tox/", "/.nox/")


class Scope:
    """Tells the project's own code from everything else."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._start = root.rstrip("/") + "/"
        self._known: dict[str, bool] = {}

    def holds(self, filename: str) -> bool:
        """True for a file of the project."""
        known = self._known.get(filename)
        if known is None:
            known = filename.startswith(self._start) and not any(word in filename for word in _FOREIGN)
            self._known[filename] = known
        return known

    def relative(self, filename: str) -> str:
        """The file's path below the root."""
        return filename[len(self._start) :]


class LineTracer:
    """Collects the lines of the project that run between `start` and `take`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._seen: set[tuple[str, int]] = set()
        self._tool = _free_tool()

    def start(self) -> None:
        """Begin, with nothing seen."""
        self._seen = set()
        if self._tool is not None:
            monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
            monitoring.use_tool_id(self._tool, "selfheal")
            monitoring.register_callback(self._tool, monitoring.events.LINE, self._on_line)
            monitoring.set_events(self._tool, monitoring.events.LINE)
            monitoring.restart_events()
            return
        threading.settrace(self._on_call)
        sys.settrace(self._on_call)

    def take(self) -> dict[str, list[int]]:
        """End, and give the lines by file."""
        if self._tool is not None:
            monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
            monitoring.set_events(self._tool, 0)
            monitoring.free_tool_id(self._tool)
        else:
            sys.settrace(None)
            threading.settrace(None)
        found: dict[str, list[int]] = {}
        for filename, line in sorted(self._seen):
            found.setdefault(self._scope.relative(filename), []).append(line)
        return found

    def _on_line(self, code: CodeType, line: int) -> Any:
        if self._scope.holds(code.co_filename):
            self._seen.add((code.co_filename, line))
        return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]

    def _on_call(self, frame: Any, event: str, _: Any) -> Any:
        if not self._scope.holds(frame.f_code.co_filename):
            return None
        return self._in_frame

    def _in_frame(self, frame: Any, event: str, _: Any) -> Any:
        if event == "line":
            self._seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._in_frame


class ImportTracer:
    """Notes the project's functions that run until `stop`: what they left behind is not made again by a patch."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.ran: set[tuple[str, str, int]] = set()

    def start(self) -> None:
        """Begin."""
        sys.settrace(self._on_call)

    def stop(self) -> None:
        """End."""
        sys.settrace(None)

    def _on_call(self, frame: Any, event: str, _: Any) -> Any:
        code = frame.f_code
        if self._scope.holds(code.co_filename):
            self.ran.add(key_of(code))


def key_of(code: CodeType) -> tuple[str, str, int]:
    """What tells a function's code from others."""
    return (code.co_filename, code.co_name, code.co_firstlineno)


def _free_tool() -> int | None:
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return None
    return next((tool for tool in (4, 3, 2, 1, 0) if monitoring.get_tool(tool) is None), None)
