"""Which npm, pnpm or yarn to start outside of the sandbox: the caller's, else one that npm fetches."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from selfheal.contract.packages import Tool
from selfheal.executor.installer import InstallerMissing

_YARN = "yarn@1.22.22"
_PNPM_OF_LOCK = {"5": "7", "6": "8", "7": "9", "9": "9"}
"""Which pnpm writes which version of the lock."""


def node_program(
    tool: Tool, files: Mapping[str, str], environment: Mapping[str, str], *, apart_from: Path
) -> tuple[str, ...]:
    """The words that start the tool. Raises InstallerMissing."""
    if (found := trusted(tool, environment, apart_from=apart_from)) is not None:
        return (found,)
    npm = trusted("npm", environment, apart_from=apart_from)
    if npm is None:
        raise InstallerMissing(f"{tool} is not installed here, nor is npm to fetch it")
    return (npm, "exec", "--yes", f"--package={_wanted(tool, files)}", "--", tool)


def trusted(name: str, environment: Mapping[str, str], *, apart_from: Path) -> str | None:
    """A program of the PATH that does not lie in the repository, which must not be started outside of the sandbox."""
    original = apart_from.resolve()
    for folder in environment.get("PATH", "").split(":"):
        found = shutil.which(name, path=folder) if folder.startswith("/") else None
        if found is not None and not any(p.is_relative_to(original) for p in (Path(found), Path(found).resolve())):
            return found
    return None


def _wanted(tool: Tool, files: Mapping[str, str]) -> str:
    named = str(json.loads(files["package.json"]).get("packageManager", ""))
    if named.startswith(f"{tool}@"):
        return named.partition("+")[0]
    if tool == "yarn":
        return _YARN
    version = re.search(r"^lockfileVersion: '?(\d+)", files.get("pnpm-lock.yaml", ""), re.MULTILINE)
    return f"pnpm@{_PNPM_OF_LOCK.get(version[1], '9') if version else '9'}"
