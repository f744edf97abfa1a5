"""Which steps of the ladder of sandboxes this machine has."""

import shutil
import subprocess

from selfheal.contract.sandbox import Ladder, SandboxLevel

_PROBE_LIMIT_S = 20.0

BASE_OPTIONS = (
    *("--die-with-parent", "--new-session"),
    *("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL"),
    *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
)
NO_NETWORK = ("--unshare-net",)


def find_ladder(*, allow_network: bool = False) -> Ladder:
    """Find out once what this machine can do, by really starting a sandbox.

    With `allow_network` the command may, where its failure would differ otherwise, run with the
    machine's network, and then also reach servers on its loopback. The default never lets it.
    """
    program = shutil.which("bwrap")
    if program is None:
        return Ladder(
            levels=(SandboxLevel.PROCESS,),
            why="bubblewrap is not installed: install the package `bubblewrap` for a real sandbox",
        )
    fault = _try_sandbox(program)
    if fault is not None:
        return Ladder(
            levels=(SandboxLevel.PROCESS,),
            why=f"bubblewrap can't start a sandbox here ({fault}): allow unprivileged user namespaces, on Ubuntu with "
            "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`",
        )
    if not allow_network:
        return Ladder(levels=(SandboxLevel.ISOLATED,), why="the configuration does not allow the network")
    return Ladder(levels=tuple(SandboxLevel), why="all levels are available")


def _try_sandbox(program: str) -> str | None:
    try:
        done = subprocess.run(
            [program, *BASE_OPTIONS, *NO_NETWORK, "--tmpfs", "/run", "--", "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_LIMIT_S,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    if done.returncode == 0:
        return None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else f"status {done.returncode}"
