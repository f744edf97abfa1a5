"""What a process of ours holds is its own."""

import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selfheal import private_process

ROOT = os.getuid() == 0 if sys.platform != "win32" else False
PYTHON = shutil.which("python3", path="/usr/bin:/bin") if ROOT else sys.executable
"""Root reads everything, so it has to be somebody else, to whom this Python may be closed."""
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's"),
    pytest.mark.skipif(PYTHON is None, reason="no Python that another user than root can run"),
]
NEIGHBOUR = """\
import json, os, sys
seen = {}
for name in ("environ", "mem", "fd", "maps"):
    path = f"/proc/{sys.argv[1]}/{name}"
    try:
        seen[name] = len(os.listdir(path)) if name == "fd" else len(open(path, "rb").read(1))
    except OSError as error:
        seen[name] = type(error).__name__
print(json.dumps(seen))
"""
HOLDING = "\nimport sys; print('here', flush=True); sys.stdin.read()"


def seen_by_a_neighbour(source: str) -> dict[str, object]:
    """What another process of the same user, who is not root, gets to see of one that runs `source`."""
    nobody: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if ROOT else {}
    common: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True, "cwd": Path("/"), **nobody}
    line = [str(PYTHON), "-c", source + HOLDING]
    with subprocess.Popen(line, stdin=subprocess.PIPE, env={"TOKEN": "s3cr3t"}, **common) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "here\n"
        found = subprocess.run([str(PYTHON), "-c", NEIGHBOUR, str(holder.pid)], check=True, **common)
        holder.communicate()
    loaded: dict[str, object] = json.loads(found.stdout)
    return loaded


def test_a_neighbour_sees_nothing_of_a_private_process() -> None:
    """Neither its environment, with the tokens that the command does not get, nor its memory."""
    assert seen_by_a_neighbour("")["environ"] == 1
    seen = seen_by_a_neighbour(inspect.getsource(private_process) + "\nkeep_private()")
    assert set(seen.values()) == {"PermissionError"}
