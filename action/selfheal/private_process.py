"""Keep this process's memory and environment from others of the same user."""

import contextlib
import sys

_PR_SET_DUMPABLE = 4


def keep_private() -> None:
    """Close `/proc/PID/environ`, `mem` and `fd` of this process to everybody but root, where that can be done (Linux).

    A command that runs as the same user could read tokens there, which its own environment lacks. It can not be
    inherited: a program that this one starts is open again.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
