"""The parent of every command: sets the limits, watches, and leaves no process behind.

Runs as a program of its own (`python -I -S guard.py`), standard library only and in one file, because
such a start finds no package. It has to be the command's parent, because only a parent can adopt what
its children leave behind: it is the subreaper of all that the command starts, so a daemon that forks
twice still ends up here. It ends everything when the command ended, when a limit is passed, or when the
control pipe closes, which also happens when selfheal itself is killed.
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
from typing import NamedTuple, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_GLANCE_S = 0.02
_LOOK_S = 0.5
# A glance that finds this share of the process limit more on the machine than at the last look makes a look.
_GROWTH_SHARE = 8
_CGROUP_PREFIX = "selfheal-"
_CGROUP_END_S = 2.0


class Process(NamedTuple):
    """What one line of /proc says; `threads` counts the main one too."""

    pid: int
    parent: int
    group: int
    session: int
    threads: int


def read_processes() -> list[Process]:
    """List all living processes of the machine that this user may see; zombies are left out."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib is not worth its import time here
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as stream:  # noqa: PTH123 - see above
                line = stream.read()
        except OSError:
            continue
        # The name in parentheses may itself hold spaces and parentheses: proc_pid_stat(5).
        words = line[line.rfind(b")") + 2 :].split()
        if len(words) > 17 and words[0] not in (b"Z", b"X"):
            found.append(Process(int(name), int(words[1]), int(words[2]), int(words[3]), int(words[17])))
    return found


def below(root: int, sessions: frozenset[int]) -> list[Process]:
    """All living processes below `root`, nearest first, and those of the given sessions.

    The list of processes is no snapshot: a chain can be broken in it where a parent died meanwhile. The
    session, which a child inherits, still tells whose child it was.
    """
    children: dict[int, list[Process]] = {}
    by_session = []
    for process in read_processes():
        children.setdefault(process.parent, []).append(process)
        if process.session in sessions:
            by_session.append(process)
    found: dict[int, Process] = {}
    pending = [*children.get(root, ()), *by_session]
    for process in pending:
        if process.pid not in found and process.pid != root:
            found[process.pid] = process
            pending.extend(children.get(process.pid, ()))
    return list(found.values())


def _tasks_of_the_machine() -> int | None:
    """Count all tasks at the price of one small read; None where the kernel does not say."""
    try:
        with open("/proc/loadavg", "rb") as stream:  # noqa: PTH123 - see above
            return int(stream.read().split()[3].partition(b"/")[2]) or None
    except (OSError, ValueError, IndexError):
        return None


def _resident_bytes(processes: list[Process]) -> int:
    page = resource.getpagesize()
    total = 0
    for process in processes:
        try:
            with open(f"/proc/{process.pid}/statm", "rb") as stream:  # noqa: PTH123 - see above
                _, resident, shared, *_ = stream.read().split()
        except (OSError, ValueError):
            continue
        total += (int(resident) - int(shared)) * page
    return total


def _own_tasks() -> int:
    """Tasks of this user on the whole machine: RLIMIT_NPROC counts them all."""
    uid = os.getuid()
    total = 0
    for process in read_processes():
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{process.pid}").st_uid == uid:  # noqa: PTH116 - see above
                total += process.threads
    return total


class Cgroup:
    """A cgroup (v2) of the command's own, below the one that we are in, where the machine lets us make one.

    Its kill file ends all members at once, those that are being forked included. Limits on tasks and
    memory are set where the parent hands these controllers down.
    """

    def __init__(self) -> None:
        self.path: str | None = None

    def make(self, limits: dict[str, int]) -> None:
        """Make it, or leave `path` None."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = _own_cgroup()
            if not os.access(parent, os.W_OK):
                return
            _sweep_cgroups(parent)
            path = f"{parent}/{_CGROUP_PREFIX}{os.getpid()}"
            os.mkdir(path, 0o700)  # noqa: PTH102 - see above
            if not os.path.exists(f"{path}/cgroup.kill"):  # noqa: PTH110 - see above
                os.rmdir(path)  # noqa: PTH106 - see above
                return
            self.path = path
            for name, most in (("pids.max", limits["processes"]), ("memory.max", limits["memory_bytes"])):
                _write(f"{path}/{name}", str(most))

    def join(self) -> None:
        """Move the calling process in."""
        if self.path is not None:
            _write(f"{self.path}/cgroup.procs", "0")

    def kill(self) -> None:
        """Send SIGKILL to all members."""
        if self.path is not None:
            _write(f"{self.path}/cgroup.kill", "1")

    def remove(self) -> None:
        """Remove it; the last member's exit may be a moment away from the kernel's books."""
        deadline = time.monotonic() + _CGROUP_END_S
        while self.path is not None:
            try:
                os.rmdir(self.path)  # noqa: PTH106 - see above
            except FileNotFoundError:
                self.path = None
            except OSError:
                if time.monotonic() > deadline:
                    return
                time.sleep(0.005)
            else:
                self.path = None


def _own_cgroup() -> str:
    with open("/proc/self/mountinfo", "rb") as stream:  # noqa: PTH123 - see above
        mounts = [line.split() for line in stream if b" - cgroup2 " in line]
    mounted_root, place = (os.fsdecode(word) for word in mounts[0][3:5])
    with open("/proc/self/cgroup", "rb") as stream:  # noqa: PTH123 - see above
        own = next(os.fsdecode(line[3:].strip()) for line in stream.read().splitlines() if line.startswith(b"0::"))
    if mounted_root != "/":
        own = own.removeprefix(mounted_root)
    return place + own.rstrip("/")


def _sweep_cgroups(parent: str) -> None:
    """Remove what guards that were killed left behind; the kernel refuses where a process is still in."""
    for name in os.listdir(parent):  # noqa: PTH208 - see above
        owner = name.removeprefix(_CGROUP_PREFIX)
        is_dead = name != owner and owner.isdigit() and not os.path.exists(f"/proc/{owner}")  # noqa: PTH110 - see above
        if is_dead:
            with contextlib.suppress(OSError):
                os.rmdir(f"{parent}/{name}")  # noqa: PTH106 - see above


def _write(path: str, text: str) -> None:
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


class Guard:
    """Holds what the command started. `child` is None until it runs."""

    def __init__(self) -> None:
        self.child: int | None = None
        self.cgroup = Cgroup()

    def end_all(self) -> None:
        """Kill and reap everything below this process until nothing is left, however fast it forks."""
        while True:
            self.cgroup.kill()
            if self.child is not None:
                # One call reaches every member of a group, and a fork with a signal pending fails: what stays
                # in the command's own group, as a shell's fork bomb does, can't outrun this.
                _signal_group(self.child, signal.SIGKILL)
            self._freeze_and_kill()
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                break
            time.sleep(0.001)
        self.child = None
        self.cgroup.remove()

    def below(self) -> list[Process]:
        """Everything that the command started and that lives."""
        return below(os.getpid(), frozenset(() if self.child is None else (self.child,)))

    def _freeze_and_kill(self) -> None:
        frozen: dict[int, Process] = {}
        while True:
            fresh = [process for process in self.below() if process.pid not in frozen]
            # A sandbox's init is the child of the sandbox program, which is our child: its end is that of its
            # whole process namespace, so it goes first.
            for process in fresh:
                if process.parent == self.child:
                    _signal_one(process.pid, signal.SIGKILL)
            for group in {process.group for process in fresh}:
                _signal_group(group, signal.SIGSTOP)
            for process in fresh:
                _signal_one(process.pid, signal.SIGSTOP)
                frozen[process.pid] = process
            if not fresh:
                break
        for group in {process.group for process in frozen.values()}:
            _signal_group(group, signal.SIGKILL)
        for pid in frozen:
            _signal_one(pid, signal.SIGKILL)


def _signal_group(group: int, number: signal.Signals) -> None:
    # Never our own group and never 0 or 1, which would mean "mine" and "everybody".
    if group > 1 and group != os.getpgrp():
        with contextlib.suppress(OSError):
            os.killpg(group, number)


def _signal_one(pid: int, number: signal.Signals) -> None:
    if pid > 1 and pid != os.getpid():
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _go_before_others() -> None:
    """Be scheduled before what the command starts, where that is allowed (root, whom no RLIMIT_NPROC holds)."""
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))


def _limit_child(limits: dict[str, int], own_tasks: int, cgroup: Cgroup) -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    cgroup.join()
    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_DATA, limits["memory_bytes"]),
        (resource.RLIMIT_NPROC, own_tasks + limits["processes"]),
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
    control, report, limits = spec["control_fd"], spec["report_fd"], spec["limits"]
    os.set_inheritable(control, False)
    os.set_inheritable(report, False)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    # The caller's terminal must not reach the command, and Ctrl-C is the caller's to handle.
    os.setsid()
    guard = Guard()

    def give_up(*_: object) -> NoReturn:
        guard.end_all()
        os._exit(1)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, give_up)
    own_tasks = _own_tasks() if os.getuid() else 0
    guard.cgroup.make(limits)
    _go_before_others()
    try:
        child = subprocess.Popen(
            spec["argv"],
            cwd=spec["cwd"],
            env=spec["env"],
            stdin=subprocess.DEVNULL,
            pass_fds=spec["pass_fds"],
            start_new_session=True,
            preexec_fn=lambda: _limit_child(limits, own_tasks, guard.cgroup),
        )
    except (OSError, subprocess.SubprocessError) as error:
        guard.cgroup.remove()
        _report(report, how="not_started", errno=getattr(error, "errno", None) or 0)
        return
    guard.child = child.pid
    for fd in spec["pass_fds"]:
        os.close(fd)
    facts = _watch(guard, child.pid, control, limits)
    guard.end_all()
    _report(report, **facts)


def _watch(guard: Guard, child: int, control: int, limits: dict[str, int]) -> dict[str, object]:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    tasks_at_look, next_look = _tasks_of_the_machine(), 0.0
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
        ready, _, _ = select.select([control, wake_read], [], [], _GLANCE_S)
        if control in ready:
            return {"how": "told"}
        if wake_read in ready:
            os.read(wake_read, 4096)
        tasks = _tasks_of_the_machine()
        has_grown = (
            tasks is None or tasks_at_look is None or tasks - tasks_at_look > limits["processes"] // _GROWTH_SHARE
        )
        if not has_grown and time.monotonic() < next_look:
            continue
        tasks_at_look, next_look = tasks, time.monotonic() + _LOOK_S
        processes = guard.below()
        if sum(process.threads for process in processes) > limits["processes"]:
            return {"how": "processes"}
        if _resident_bytes(processes) > limits["memory_bytes"]:
            return {"how": "memory"}


if __name__ == "__main__":
    main()
