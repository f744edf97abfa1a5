"""Calls of uv outside of the sandbox: it may fetch and link wheels there, and never runs what they hold."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.tree import Version
from selfheal.errors import SelfhealError

HeldRun = Callable[[str, Path, Version, float], Awaitable[CommandRun]]
"""Run a line in the sandbox, with a folder that it may write to, in a version of the tree, for so many seconds.

The variable `SELFHEAL_TOP` names the top of the tree there."""
RewritingRun = Callable[[str, Path, Version, float], Awaitable[Transformation]]
"""The same, with what it changed in the tree, which is put back."""

_OUTPUT_BYTES = 1 << 20
_MESSAGE_CHARS = 4000
_KEPT = ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
_INDEX = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_CERT": "SSL_CERT_FILE"}
"""What pip is told by a variable and uv by another."""


class InstallerMissing(SelfhealError):
    """uv is not installed."""


@dataclass(frozen=True, slots=True)
class Called:
    """How a call ended and what it said."""

    exit_code: int
    output: str
    errors: str

    @property
    def message(self) -> str:
        """Why it failed, in its own words: what it is about stands first, and why mostly last."""
        words = self.errors.strip() or self.output.strip() or f"exit code {self.exit_code}"
        return words if len(words) <= _MESSAGE_CHARS else f"{words[:1000]}\n…\n{words[1000 - _MESSAGE_CHARS :]}"


def uv_program() -> str:
    """The path of uv. Raises InstallerMissing."""
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        raise InstallerMissing("uv is not installed here: pip install 'selfheal[dependencies]'") from None


def has_installer() -> bool:
    """True where uv is installed."""
    try:
        uv_program()
    except InstallerMissing:
        return False
    return True


def uv_environment(environment: Mapping[str, str], cache: Path) -> dict[str, str]:
    """The caller's environment as uv needs it: its index, its certificates, our cache, no downloads of interpreters."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("UV_") or name in _KEPT or "INDEX" in name
    }
    for theirs, ours in _INDEX.items():
        if theirs in environment and ours not in kept:
            kept[ours] = environment[theirs]
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"):
        kept.pop(name, None)
    fixed = {"UV_CACHE_DIR": str(cache), "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    # A private index is mostly behind certificates that only the system knows.
    return {**kept, **fixed, "UV_LINK_MODE": "hardlink", "UV_SYSTEM_CERTS": "1"}


async def call(
    arguments: tuple[str, ...], *, environment: Mapping[str, str], folder: Path, timeout_s: float, given: str = ""
) -> Called:
    """Run a program to its end or to the limit; it does not outlive the call."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(given.encode()), timeout_s)
    except TimeoutError:
        return Called(124, "", f"it did not end within {timeout_s:.0f} s")
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
    return Called(
        process.returncode or 0,
        output[:_OUTPUT_BYTES].decode("utf-8", "replace"),
        errors[-_OUTPUT_BYTES:].decode("utf-8", "replace"),
    )


def _die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
