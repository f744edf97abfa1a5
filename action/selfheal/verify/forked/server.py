"""Answer jobs: the first server stands before the project's import, a hot one behind the collection of its tests."""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

from . import hot, inputs, patterns, running
from .compiling import Loaded
from .tracing import ImportTracer, LineTracer, Scope
from .tree import Tree

_START_S = 120.0
_GRACE_S = 5.0
_OVERHEAD_S = 0.004
"""What a trial costs this process."""
_MAX_MESSAGE = 4 << 20


class Hot:
    """The role of the child that collects the tests and then serves."""

    def __init__(self, end: socket.socket, root: str, home: str) -> None:
        self.end = end
        self.home = home
        self.scope = Scope(root)
        self.imports = ImportTracer(self.scope)
        self.imports.start()
        self._sources: dict[str, bytes] = {}
        self._loaded: dict[str, Loaded] = {}

    def read_sources(self) -> None:
        """Keep the text of what is loaded: later a candidate may lie there."""
        for module in list(sys.modules.values()):
            path = str(getattr(module, "__file__", None) or "")
            if path.endswith(".py") and self.scope.holds(path):
                try:
                    with open(path, "rb") as stream:
                        self._sources[path] = stream.read()
                except OSError:
                    continue

    def loaded(self, path: str) -> Loaded | None:
        """A file as it was loaded; None for one that is not."""
        if path not in self._loaded and path in self._sources:
            self._loaded[path] = Loaded(path, self._sources[path])
        return self._loaded.get(path)


_ROLE: Any = None


def serve(home: str, root: str) -> None:
    """Serve until killed; returns in children only, whose role is then known."""
    global _ROLE
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        _First(home, root).serve()
    except running.Forked as child:
        _ROLE = child.role


def after_collection(session: Any) -> None:
    """What a child does once its tests are collected; it never returns."""
    role = _ROLE
    try:
        if isinstance(role, Hot):
            try:
                _serve_hot(role, session)
            except running.Forked as child:
                role = child.role
            # Out of the handler, or every traceback of the tests would tell of it.
            _in_hot_child(role, session)
        running.run_tests(role, session)
    finally:
        os._exit(0)


class _First:
    """The server that has imported nothing of the project."""

    def __init__(self, home: str, root: str) -> None:
        self._home = home
        self._root = root
        self._tree = Tree(root)
        self._hot: Any = None
        self._hot_pid = 0
        self._why_not_hot = "not started"
        self._foreign: list[str] = []
        self._pid = os.getpid()

    def serve(self) -> None:
        ask = os.open(os.path.join(self._home, "ask"), os.O_RDWR)
        _touch(os.path.join(self._home, "ready"))
        with os.fdopen(ask, "rb", buffering=0) as stream:
            while True:
                number = int(stream.readline())
                with open(os.path.join(self._home, "job-%d" % number), encoding="utf-8") as job:
                    found = json.load(job)
                part = os.path.join(self._home, "part-%d" % number)
                with open(part, "w", encoding="utf-8") as out:
                    for answer in self._answers(found):
                        out.write(json.dumps(answer) + "\n")
                        # What stays in the buffer a child would write a second time.
                        out.flush()
                os.rename(part, os.path.join(self._home, "out-%d" % number))

    def _answers(self, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if self._hot is None and self._why_not_hot == "not started":
            self._start_hot()
        if job["kind"] == "begin":
            yield {"hot": self._hot is not None, "why": self._why_not_hot, "threads": _threads()}
        elif job["kind"] == "trace":
            yield self._asked_hot(job, job["limit_s"]) or {"ended": "broken", "text": self._why_not_hot}
        elif job["kind"] in ("trials", "compare"):
            yield from self._trials(job)

    def _trials(self, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
        sys.dont_write_bytecode = True
        self._tree.remember()
        until = time.monotonic() + job["total_s"]
        passing, used_s = 0, 0.0
        for number, splices in enumerate(job["trials"]):
            if time.monotonic() > until or used_s > job["total_cpu_s"] or passing >= job.get("enough", 1 << 30):
                break
            try:
                paths = self._tree.edit(splices)
                trial = {**job, "trials": (), "paths": paths}
                kind = "compare" if job["kind"] == "compare" else "trial"
                longest_s = job["limit_s"] + job.get("also_s", 0.0)
                answer = self._asked_hot({**trial, "kind": kind}, longest_s + _GRACE_S)
                how = "hot"
                if kind == "compare":
                    answer = answer or {"ended": "broken"}
                elif answer is None or answer["ended"] == "cold":
                    how = "fresh"
                    self._load_foreign()
                    log = os.path.join(self._home, "fresh.log")
                    limits = running.Limits(job["fresh_s"], job["fresh_s"], job.get("also_s", 0.0))
                    answer = running.forked(trial, limits, log=log)
            except (OSError, ValueError) as error:
                answer, how = {"ended": "broken", "text": str(error)[:200], "s": 0.0}, "none"
            finally:
                # A child must leave the edit where it is.
                if os.getpid() == self._pid:
                    self._tree.restore()
            used_s += answer.get("cpu", 0.0) + _OVERHEAD_S
            second = answer.get("others", "") + answer.get("also", "")
            passing += set(answer.get("tests", "")) == {"P"} and "F" not in second
            yield {"n": number, "how": how, **answer}

    def _start_hot(self) -> None:
        """Fork the child that imports and collects; it is asked over a socket."""
        self._why_not_hot = "a thread is running before the tests are collected"
        if _threads() > 1:
            return
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            ours.close()
            os.setsid()
            _to_log(os.path.join(self._home, "hot.log"))
            raise running.Forked(Hot(theirs, self._root, self._home))
        theirs.close()
        ours.settimeout(_START_S)
        hello = _received(ours)
        if hello is None or hello.get("why"):
            self._why_not_hot = (hello or {}).get("why") or "the tests can't be collected"
            _kill(child)
            ours.close()
        else:
            self._hot, self._hot_pid, self._why_not_hot = ours, child, ""
        self._foreign = (hello or {}).get("modules", [])

    def _asked_hot(self, message: dict[str, Any], limit_s: float) -> dict[str, Any] | None:
        if self._hot is None:
            return None
        self._hot.settimeout(limit_s + _GRACE_S)
        answer = _received(self._hot) if _sent(self._hot, message) else None
        if answer is None:
            self._why_not_hot = "it ended"
            self._hot.close()
            self._hot = None
            _kill(self._hot_pid)
        return answer

    def _load_foreign(self) -> None:
        """Import what the project needs of others, so that its children find that done."""
        scope = Scope(self._root)
        names, self._foreign = self._foreign, []
        for name in names:
            try:
                importlib.import_module(name)
            except BaseException:  # noqa: BLE001 - what other people's modules do when they are imported
                continue
        for name, module in list(sys.modules.items()):
            if scope.holds(str(getattr(module, "__file__", None) or "")):
                del sys.modules[name]


def _serve_hot(role: Hot, session: Any) -> None:
    role.imports.stop()
    why = "" if _threads() == 1 else "the project starts threads when it is imported"
    if not session.items:
        why = "no test was collected"
    _sent(role.end, {"why": why, "modules": _foreign_modules(role.scope)})
    functions = hot.Functions()
    role.read_sources()
    sys.dont_write_bytecode = True
    gc.collect()
    gc.freeze()
    while True:
        role.end.settimeout(None)
        message = _received(role.end)
        if message is None:
            os._exit(0)
        message["functions"], message["role"] = functions, role
        # Before the fork, so that it is compiled once.
        message["loaded"] = {path: role.loaded(path) for path in message.get("paths", ())}
        limits = running.Limits(message["limit_s"], message["cpu_s"], message.get("also_s", 0.0))
        answer = running.forked(message, limits)
        if message["kind"] == "trace":
            patterns.load(os.path.join(role.home, "patterns.json"))
        _sent(role.end, answer)


def _in_hot_child(trial: running.Trial, session: Any) -> None:
    role = trial.job["role"]
    if trial.job["kind"] == "trace":
        _trace(trial, role, session)
        return
    try:
        for path in trial.job["paths"]:
            with open(path, "rb") as stream:
                new = stream.read()
            hot.patch(trial.job["loaded"][path], new, functions=trial.job["functions"], ran=role.imports.ran)
    except hot.NotHot:
        trial.end({"ended": "cold"})
    except (SyntaxError, ValueError, RecursionError) as error:
        trial.end({"ended": "broken", "text": "%s: %s" % (type(error).__name__, error)})
    if trial.job["kind"] == "compare":
        _compare(trial, role, session)
    running.run_tests(trial, session)


def _compare(trial: running.Trial, role: Hot, session: Any) -> None:
    """Say what the function makes of the tests' own calls and their neighbours; the first child records those."""
    path = os.path.join(role.scope.root, trial.job["path"])
    function = trial.job["functions"].at(path, trial.job["name"], trial.job["line"])
    if function is None:
        trial.end({"ended": "broken", "text": "the function is not loaded"})
    stored = os.path.join(role.home, "calls-%d" % trial.job["line"])
    if not os.path.exists(stored):
        recorder = inputs.Recorder(function.__code__)
        recorder.start()
        for test_id in trial.job["tests"]:
            recorder.kind = inputs.GOOD if test_id in trial.job["passing"] else inputs.OPEN
            for item in running.items_of(session, test_id):
                running.run_item(item, None)
        recorder.stop()
        with open(stored, "wb") as stream:
            pickle.dump(recorder.calls, stream)
    with open(stored, "rb") as stream:
        calls = pickle.load(stream)
    trial.end({"ended": "ran", "text": inputs.outcomes(function, calls)})


def _trace(trial: running.Trial, role: Hot, session: Any) -> None:
    """Run tests one by one under the tracer, as many as there is time for, and write what each ran to a file."""
    wanted = [item for test_id in trial.job["tests"] for item in running.items_of(session, test_id)]
    files = {item.nodeid.partition("::")[0] for item in wanted}
    others = [item for item in session.items if item not in wanted and item.nodeid.partition("::")[0] in files]
    plan = [*wanted, *others[: trial.job["most"]]]
    until = time.monotonic() + trial.job["limit_s"] * 0.7
    found = []
    for index, item in enumerate(plan):
        tracer = LineTracer(role.scope)
        began = time.process_time()
        tracer.start()
        running.run_item(item, plan[index + 1] if index + 1 < len(plan) else None)
        lines = tracer.take()
        outcome = running.REPORTS.outcomes.get(item.nodeid, "-")
        found.append(
            {"id": item.nodeid, "outcome": outcome, "s": round(time.process_time() - began, 4), "lines": lines}
        )
        if time.monotonic() > until:
            break
    with open(os.path.join(role.home, "trace.json"), "w", encoding="utf-8") as stream:
        json.dump(found, stream)
    patterns.save(os.path.join(role.home, "patterns.json"))
    trial.end({"ended": "ran", "text": running.REPORTS.text})


def _foreign_modules(scope: Scope) -> list[str]:
    names = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and not scope.holds(str(file)) and not name.startswith(("selfheal_forked", "__")):
            names.append(name)
    return names


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        import threading

        return threading.active_count()


def _sent(end: socket.socket, message: dict[str, Any]) -> bool:
    data = json.dumps(message).encode()
    try:
        end.sendall(b"%d\n" % len(data) + data)
    except OSError:
        return False
    return True


def _received(end: socket.socket) -> dict[str, Any] | None:
    try:
        head = b""
        while not head.endswith(b"\n"):
            block = end.recv(1)
            if not block or len(head) > 20:
                return None
            head += block
        wanted, data = int(head), b""
        while len(data) < wanted <= _MAX_MESSAGE:
            block = end.recv(min(1 << 16, wanted - len(data)))
            if not block:
                return None
            data += block
        message = json.loads(data)
    except (OSError, ValueError):
        return None
    return message if isinstance(message, dict) else None


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            pass
    try:
        os.waitpid(child, 0)
    except OSError:
        pass


def _touch(path: str) -> None:
    with open(path, "wb"):
        pass


def _to_log(path: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(fd, 1)
    os.dup2(fd, 2)
    os.close(fd)
