"""The parent of every command: sets the limits, watches, and leaves no process behind.

Runs as a program of its own (`python -I -S guard.py`), standard library only, because only a
process's parent can adopt what its children leave behind: it is the subreaper of all that the command
starts, so a daemon that forks twice still ends up here. It ends everything when the command
ended, when a limit is passed, or when the control pipe closes, which also happens when selfheal
itself is killed.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_LOOK_S = 0.05
_FULL_LOOK_S = 0.5


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def descendants(root: int) -> list[int]:
    """All living processes below `root`, nearest first."""
    found: list[int] = []
    pending = [root]
    while pending:
        pid = pending.pop()
        for child in _children(pid):
            found.append(child)
            pending.append(child)
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - pathlib is not worth its import time here
    except OSError:
        return children
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as stream:  # noqa: PTH123 - see above
                children.extend(int(word) for word in stream.read().split())
        except OSError:
            continue
    return children


def _resident_bytes(pids: list[int]) -> int:
    page = resource.getpagesize()
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/statm", "rb") as stream:  # noqa: PTH123 - see above
                _, resident, shared, *_ = stream.read().split()
        except (OSError, ValueError):
            continue
        total += (int(resident) - int(shared)) * page
    return total


def _count_tasks(pids: list[int]) -> int:
    total = 0
    for pid in pids:
        try:
            total += len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - see above
        except OSError:
            continue
    return total


def _own_tasks() -> int:
    """Tasks of this user on the whole machine: RLIMIT_NPROC counts them all."""
    uid = os.getuid()
    pids = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - see above
        with contextlib.suppress(OSError, ValueError):
            if os.stat(f"/proc/{name}").st_uid == uid:  # noqa: PTH116 - see above
                pids.append(int(name))
    return _count_tasks(pids)


def end_all() -> None:
    """Kill and reap everything below this process until nothing is left."""
    while True:
        pids = descendants(os.getpid())
        # Stopped first, so that a fork bomb can't outrun the killing.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in pids:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        if not pids:
            time.sleep(0.001)


def _limit_child(spec: dict[str, int], own_tasks: int) -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, spec["file_bytes"]),
        (resource.RLIMIT_DATA, spec["memory_bytes"]),
        (resource.RLIMIT_NPROC, own_tasks + spec["processes"]),
    ):
        _, hard = resource.getrlimit(which)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (allowed, allowed))
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        # Python ignores these and children inherit that; a shell's `yes | head` must end as usual.
        signal.signal(number, signal.SIG_DFL)


def _report(fd: int, **facts: object) -> None:
    with contextlib.suppress(OSError):
        os.write(fd, json.dumps(facts).encode() + b"\n")


def main() -> None:
    """Run one command as the JSON on standard input describes it."""
    spec = json.load(sys.stdin)
    control, report = spec["control_fd"], spec["report_fd"]
    os.set_inheritable(control, False)
    os.set_inheritable(report, False)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    # The caller's terminal must not reach the command, and Ctrl-C is the caller's to handle.
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: (end_all(), os._exit(1)))
    own_tasks = _own_tasks() if os.getuid() else 0
    try:
        child = subprocess.Popen(
            spec["argv"],
            cwd=spec["cwd"],
            env=spec["env"],
            stdin=subprocess.DEVNULL,
            pass_fds=spec["pass_fds"],
            start_new_session=True,
            preexec_fn=lambda: _limit_child(spec["limits"], own_tasks),  # noqa: PLW1509 - one thread only
        )
    except (OSError, subprocess.SubprocessError) as error:
        _report(report, how="not_started", errno=getattr(error, "errno", None) or 0)
        return
    for fd in spec["pass_fds"]:
        os.close(fd)
    facts = _watch(child.pid, control, spec["limits"])
    end_all()
    _report(report, **facts)


def _watch(child: int, control: int, limits: dict[str, int]) -> dict[str, object]:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    next_full_look = 0.0
    while True:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return {"how": "lost"}
            if pid == child:
                return {"how": "ended", "status": os.waitstatus_to_exitcode(status)}
            if pid == 0:
                break
        ready, _, _ = select.select([control, wake_read], [], [], _LOOK_S)
        if control in ready:
            return {"how": "told"}
        if wake_read in ready:
            os.read(wake_read, 4096)
        pids = descendants(os.getpid())
        if len(pids) > limits["processes"]:
            return {"how": "processes"}
        now = time.monotonic()
        if now >= next_full_look:
            next_full_look = now + _FULL_LOOK_S
            if _count_tasks(pids) > limits["processes"]:
                return {"how": "processes"}
            if _resident_bytes(pids) > limits["memory_bytes"]:
                return {"how": "memory"}


if __name__ == "__main__":
    main()
