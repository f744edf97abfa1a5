"""Fetch missing weights in a process of its own, which can be ended at any moment: a download takes minutes.

Run as `python -P -m selfheal.models.fetching FOLDER NAME`; where it has got to is told on standard error.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

from selfheal.models.store import Located, WeightsStore


async def fetch(folder: Path, name: str) -> bool:
    """Pull `name` into the store at `folder`; True when it is there. Cancelling ends the download, to be resumed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.models.fetching", str(folder), name),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def main() -> int:
    """Pull, and say every tenth of the way."""
    folder, name = sys.argv[1:]
    told = ""

    def progress(done_bytes: int, total_bytes: int, where: str) -> None:
        nonlocal told
        words = f"selfheal: fetching the model {name}: {where}, {10 * (10 * done_bytes // max(1, total_bytes))} %"
        if words != told:
            told = words
            sys.stderr.write(words + "\n")

    pulled = WeightsStore(Path(folder)).pull(name, progress=progress)
    if isinstance(pulled, Located):
        return 0
    sys.stderr.write(f"selfheal: {pulled.message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
