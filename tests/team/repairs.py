"""Repairs of small projects with a scripted engine, from the command to the report."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes import Reply, ScriptedEngine
from selfheal.config import Settings
from selfheal.contract.report import Report
from selfheal.fix.registry import CODE_STRATEGIES
from selfheal.fix.search.branch_strategy import BranchSearch
from selfheal.fix.search.pairs import PairSearch
from selfheal.fix.search.strategy import OperatorSearch, PartialSearch, WiderSearch
from selfheal.render.progress import BudgetView, Step
from selfheal.team.repair import RepairRequest, repair
from workspace.repositories import a_repository

PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
CHECK = f"{sys.executable} check.py"
"""A command without pytest: ten times as quick, for what does not depend on it."""

SHOP = "def total(prices, discount):\n    return sum(prices) {} discount\n"
SHOP_TEST = """\
from shop import total


def test_total():
    assert total([10, 20], 5) == 25


def test_nothing():
    assert total([], 0) == 0
"""
GATE = """\
def gate(amount, limit):
    passing = amount {} limit
    if not passing:
        raise ValueError(f"{{amount}} is over {{limit}}: {{passing}}")
    return amount
"""
GATE_CHECK = """\
from gate import gate

print(gate(3, 5), gate(5, 5))
"""


def shop(operator: str) -> str:
    return SHOP.format(operator)


def fenced(code: str) -> str:
    return f"```python\n{code}```\n"


def gate(operator: str) -> str:
    return GATE.format(operator)


def gate_answer(operator: str) -> str:
    return fenced(gate(operator))


def answer(operator: str) -> str:
    return fenced(shop(operator))


SHOP_FILES = {"shop.py": shop("+"), "test_shop.py": SHOP_TEST}
GATE_FILES = {"gate.py": gate(">"), "check.py": GATE_CHECK}
_SEARCHES = (OperatorSearch, BranchSearch, WiderSearch, PairSearch, PartialSearch)
ASKING = tuple(strategy for strategy in CODE_STRATEGIES if not isinstance(strategy, _SEARCHES))
"""What a repair may use here unless a test says otherwise: a scripted model should be what mends these."""
WRONG_GATES = ("<", "!=", "is not", "-", "==", "is", "not in", ">>", "^", "%")
"""Operators that do not mend it; `<=` does."""


@dataclass
class Watcher:
    """A progress display that notes the steps and calls `on_step` after each."""

    on_step: Callable[[], None] = lambda: None
    steps: list[Step] = field(default_factory=list)

    def step(self, step: Step, budget: BudgetView) -> None:
        self.steps.append(step)
        self.on_step()

    def busy(self, words: str) -> None:
        """Nothing to note."""

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Patient:
    """A broken project and what becomes of it."""

    place: Path
    files: Mapping[str, str]
    command: str = PYTEST
    environ: Mapping[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    engine: ScriptedEngine = field(default_factory=lambda: ScriptedEngine(["nothing"]))
    watcher: Watcher = field(default_factory=Watcher)

    def __post_init__(self) -> None:
        self.repo = self.place / "repo"
        self.out = self.place / "out"
        a_repository(self.repo, {name: text.encode() for name, text in self.files.items()})

    def heal(self, replies: Sequence[Reply] = ("nothing",), **options: Any) -> Report:
        """Repair it with these answers of the model; settings and parts of the request by their names."""
        self.engine = options.pop("engine", None) or ScriptedEngine(replies)
        clock = {"clock": options.pop("clock")} if "clock" in options else {}
        request = RepairRequest(
            repo=self.repo,
            command=self.command,
            out=options.pop("out", self.out),
            apply=options.pop("apply", False),
            previous=options.pop("previous", None),
            telemetry=options.pop("telemetry", None),
            environ=self.environ,
            strategies=options.pop("strategies", ASKING),
            settings=Settings(**{"engine": "embedded", **options}),
        )
        return asyncio.run(repair(request, progress=self.watcher, engine=self.engine, **clock))

    @property
    def prompts(self) -> list[str]:
        return [request.user for request in self.engine.requests]

    def written(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(self.out.iterdir())}

    def report_json(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.out / "report.json").read_bytes())
        return loaded

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, cwd=self.repo, env=self.environ, capture_output=True, check=check)

    def passes(self) -> bool:
        return self.run("sh", "-c", self.command, check=False).returncode == 0


def commands_of(trace: str) -> list[str]:
    """Every command line that ran, from the trace."""
    found = []
    for line in trace.splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    found += [
                        attribute["value"]["stringValue"]
                        for attribute in span.get("attributes", ())
                        if span["name"] == "command" and attribute["key"] == "selfheal.command"
                    ]
    return found
