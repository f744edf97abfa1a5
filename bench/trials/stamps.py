"""Which state of the program is measured."""

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commit_of_this() -> str:
    """The commit, with a digest of what is changed over it in the program."""
    commit = _git("rev-parse", "HEAD").strip() or "unknown"
    change = _git("diff", "HEAD", "--", "action")
    return f"{commit}+{hashlib.sha256(change.encode()).hexdigest()[:8]}" if change else commit


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout
