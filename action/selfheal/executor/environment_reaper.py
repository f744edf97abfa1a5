"""Waits for the executor's end and takes its environments away: also after kill -9, which runs no clean-up of its own.

Run as `python -I -S environment_reaper.py FOLDER`; standard input is a pipe whose other end only the executor holds.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_PASSES = 5
_PASS_S = 0.5


def watch(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the reaper for a folder. Closing its standard input lets it work and end."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env={},
    )


def main() -> int:
    """Wait, then remove the folder; an installer that outlives the executor for a moment may write once more."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder = sys.argv[1]
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    for _ in range(_PASSES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return 0
        time.sleep(_PASS_S)
    return 1


if __name__ == "__main__":
    sys.exit(main())
