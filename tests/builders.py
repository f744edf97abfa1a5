"""Valid objects, so that a test states only what it varies."""

from typing import Any

from fakes import FakeTransformer, ScriptedEngine, tree_of
from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.suspects import Suspect
from selfheal.fix.interface import RepairCase


def a_run(**changes: Any) -> CommandRun:
    base = CommandRun(
        command="pytest -q",
        ending=Ending.EXITED,
        exit_code=1,
        output="1 failed",
        output_bytes=8,
        wall_s=0.5,
        sandbox="isolated",
    )
    return base.model_copy(update=changes)


def a_passing_run(**changes: Any) -> CommandRun:
    return a_run(exit_code=0, output="1 passed", **changes)


def a_failure(**changes: Any) -> Failure:
    return Failure(**{"tool": "pytest", "message": "assert 1 == 2", "file": "pkg/core.py", "line": 2} | changes)


def a_diagnosis(*failures: Failure, category: Category = Category.TEST, **changes: Any) -> Diagnosis:
    found = failures or (a_failure(),)
    return Diagnosis(**{"category": category, "summary": "1 test failed", "failures": found} | changes)


def a_suspect(**changes: Any) -> Suspect:
    facts = {
        "file": "pkg/core.py",
        "first_line": 1,
        "last_line": 2,
        "symbol": "add",
        "suspiciousness": 0.9,
        "evidence": ("the failing frame",),
    }
    return Suspect(**facts | changes)


def a_case(files: dict[str, str], engine: ScriptedEngine | None = None, **changes: Any) -> RepairCase:
    engine = engine or ScriptedEngine(["nothing"])
    facts: dict[str, Any] = {
        "command": "pytest -q",
        "diagnosis": a_diagnosis(),
        "suspects": (a_suspect(),),
        "tree": tree_of(files),
        "transformer": FakeTransformer(lambda command: ()),
        "ask": engine.ask,
        "context": lambda suspect, limit: "",
        "tells_likelihood": lambda: engine.tells_likelihood,
    }
    return RepairCase(**facts | changes)
