"""The model alone: it gets the files and the output, and answers with one file anew; judged in a fresh environment."""

import asyncio
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from breakages.case import Case
from breakages.project import TODAY, interpreter
from selfheal.config import models_dir
from selfheal.contract.engine import Engine, ModelAnswer, ModelFailure, ModelRequest
from selfheal.contract.tree import MemoryTree
from selfheal.executor.installer import uv_program
from selfheal.fix.dependencies.locks import locked_pins
from selfheal.fix.dependencies.plan import plan_for
from selfheal.models import EngineSettings, choose_engine
from selfheal.shell import without_installs

NAME = "the model alone"
_ROUNDS = 3
_OUTPUT = 2000
_SYSTEM = (
    "You are an expert programmer. A build that passed before fails now, since a package has changed. You get the "
    "files and the output. Answer with the line `FILE: name` and the complete corrected content of that one file in a "
    "code block."
)
_ANSWER = re.compile(r"FILE:\s*`?([\w./-]+)`?.*?```[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)


@dataclass
class Alone:
    """Its engine stays up from one case to the next."""

    engine: Engine
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @classmethod
    def start(cls) -> "Alone":
        """Start the embedded model. Exits where there is none."""
        loop = asyncio.new_event_loop()
        choice = loop.run_until_complete(choose_engine(EngineSettings(models_dir=models_dir(), kind="embedded")))
        if isinstance(choice, ModelFailure):
            raise SystemExit(choice.message)
        started = loop.run_until_complete(choice.engine.start())
        if isinstance(started, ModelFailure):
            raise SystemExit(started.message)
        return cls(choice.engine, loop)

    def close(self) -> None:
        """End the engine."""
        self.loop.run_until_complete(self.engine.aclose())

    def heals(self, case: Case, folder: Path) -> bool | None:
        """Does the command pass after one of its answers? None for what is not Python's."""
        if case.ecosystem != "python" or case.tool:
            return None
        tree, files = folder / "alone", dict(case.files)
        output = _tried(case, files, tree)
        for number in range(_ROUNDS):
            if output is None:
                return True
            shown = "\n\n".join(f"FILE: {name}\n```\n{text}```" for name, text in files.items())
            answer = self.loop.run_until_complete(self.engine.ask(_request(shown, case.command, output, number)))
            found = _ANSWER.search(answer.text) if isinstance(answer, ModelAnswer) else None
            if found is None or found[1] not in files or found[1].rpartition("/")[2].startswith("test_"):
                continue
            output = _tried(case, {**files, found[1]: found[2]}, tree)
        return output is None


def _request(shown: str, command: str, output: str, number: int) -> ModelRequest:
    return ModelRequest(
        system=_SYSTEM,
        user=f"{shown}\n\nOutput of `{command}`:\n```\n{output.strip()[-_OUTPUT:]}\n```",
        max_tokens=700,
        temperature=(0.0, 0.5, 0.9)[number],
        seed=number,
        timeout_s=300.0,
        purpose="alone",
    )


def _tried(case: Case, files: dict[str, str], tree: Path) -> str | None:
    """Install what the files ask for, run, and tell the output; None where it passes."""
    shutil.rmtree(tree, ignore_errors=True)
    for name, text in files.items():
        path = tree / "repo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    plan = plan_for(case.command, MemoryTree({path: text.encode() for path, text in files.items()}))
    if plan is None:
        return "no manifest"
    wanted = plan.wanted(MemoryTree({path: text.encode() for path, text in files.items()}))
    held = locked_pins(plan.lock.path, files.get(plan.lock.path, "")) if plan.lock is not None else ()
    (tree / "wanted.txt").write_text("\n".join(wanted.lines) + "\n", encoding="utf-8")
    (tree / "limits.txt").write_text("\n".join((*wanted.constraint_lines, *map(str, held))) + "\n", encoding="utf-8")
    python = str(tree / "venv/bin/python")
    subprocess.run(
        (uv_program(), "venv", "-q", "--seed", "--python", interpreter(case.python), str(tree / "venv")), check=True
    )
    lists = ("-r", "wanted.txt", "-c", "limits.txt", "--exclude-newer", TODAY)
    words = (uv_program(), "pip", "install", "-q", "--python", python, *lists)
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr
    variables = {**os.environ, "PATH": f"{tree / 'venv/bin'}:{os.environ['PATH']}", "VIRTUAL_ENV": str(tree / "venv")}
    line = ("bash", "-c", without_installs(case.command))
    ran = subprocess.run(line, cwd=tree / "repo", env=variables, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else None
