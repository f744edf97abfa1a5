"""What people do by hand: raise everything and hope. Judged by the same command, in an environment of its own."""

import os
import subprocess
from pathlib import Path

from breakages.case import Case
from breakages.project import TODAY, interpreter
from selfheal.contract.tree import MemoryTree
from selfheal.executor.installer import uv_program
from selfheal.fix.dependencies.plan import plan_for
from selfheal.shell import without_installs

OTHERS = ("pip install --upgrade", "uv lock --upgrade")


def other(name: str, case: Case, folder: Path) -> bool | None:
    """Does the command pass after it? The manifest stays as it is in both; what it allows is raised.

    None for what is not Python's.
    """
    if case.ecosystem != "python":
        return None
    tree = MemoryTree({path: text.encode() for path, text in case.files.items()})
    plan = plan_for(case.command, tree)
    wanted = plan.wanted(tree) if plan is not None else None
    if wanted is None:
        return False
    environment = folder / "by-hand"
    subprocess.run(
        (uv_program(), "venv", "-q", "--seed", "--clear", "--python", interpreter(case.python), environment), check=True
    )
    (folder / "wanted.txt").write_text("\n".join(wanted.lines) + "\n")
    (folder / "limits.txt").write_text("\n".join(wanted.constraint_lines) + "\n")
    lists = ("-r", "wanted.txt", "-c", "limits.txt")
    if name == "pip install --upgrade":
        words = (str(environment / "bin/python"), "-m", "pip", "install", "-q", "--upgrade", *lists)
        done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    else:
        # A lock of the same wishes: `uv lock` needs a project, `uv pip compile --upgrade` is the same resolution.
        python = str(environment / "bin/python")
        compiled = (uv_program(), "pip", "compile", "-q", "--upgrade", "--python", python, "--exclude-newer", TODAY)
        done = subprocess.run(
            (*compiled, "wanted.txt", "-c", "limits.txt", "-o", "lock.txt"),
            cwd=folder,
            capture_output=True,
            check=False,
        )
        if done.returncode == 0:
            words = (uv_program(), "pip", "sync", "-q", "--python", python, "lock.txt")
            done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        return False
    line = without_installs(case.command)
    variables = {**os.environ, "PATH": f"{environment / 'bin'}:{os.environ['PATH']}", "VIRTUAL_ENV": str(environment)}
    ran = subprocess.run(("bash", "-c", line), cwd=folder / "repo", env=variables, capture_output=True, check=False)
    return ran.returncode == 0
