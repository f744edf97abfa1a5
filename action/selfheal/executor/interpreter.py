"""Find the interpreter behind the caller's `python`, without asking anything that lies in the repository."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_NAMES = ("python", "python3")
_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def base_interpreter(environment: Mapping[str, str], *, apart_from: Path) -> Path:
    """The real interpreter that the environment's `python` leads to; our own where there is none to be trusted.

    Links are followed to the end: an environment's `bin/python` is a link to the interpreter that it was made with. A
    script (a pyenv shim) and whatever lies in the repository `apart_from` is not started outside of the sandbox.
    """
    for name in _NAMES:
        for folder in environment.get("PATH", "").split(":"):
            found = shutil.which(name, path=folder) if folder.startswith("/") else None
            if found is None:
                continue
            real = Path(found).resolve()
            if _is_program(real) and not real.is_relative_to(apart_from.resolve()):
                return real
    return Path(sys.executable).resolve()


def _is_program(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _MAGIC
    except OSError:
        return False
