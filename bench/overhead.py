"""What selfheal itself costs: everything of a repair but the model and the user's own command.

    make bench-overhead                 with a scripted engine: no weights needed
    .venv/bin/python bench/overhead.py --cached    also asks the embedded engine, and prints how much of each
                                                   prompt it had to read again

Each case is a git repository with a planted bug that the scripted engine mends at the second answer. Printed is
the share of the wall time that is neither the command nor the engine, against the time of the command itself,
taken from the same run.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from selfheal.config import Settings
from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.contract.report import Report
from selfheal.fix.registry import CODE_STRATEGIES
from selfheal.render.progress import SilentProgress
from selfheal.team.repair import RepairRequest, run_repair

RESULTS = Path(__file__).parent / "results"
ASKING = tuple(strategy for strategy in CODE_STRATEGIES if not strategy.name.endswith("_search"))
"""Without the search that would mend these cases before a model is asked."""
BUDGET_SHARE, BUDGET_S = 0.05, 2.0

CORE = '''"""Shipping costs."""


def shipping(weight: float) -> int:
    """Return the price in cents: 500 up to 2 kg, 900 up to 10 kg, 2500 above."""
    if weight < 2:
        return 500
    if weight <= 10:
        return 900
    return 2500
'''
TEST = """import time

from core import shipping


def test_two_kilograms_are_still_small():
    time.sleep({seconds})
    assert shipping(2) == 500


def test_large():
    assert shipping(20) == 2500
"""
WRONG = "```python\ndef shipping(weight):\n    return 500\n```"
RIGHT = f"```python\n{CORE.split(chr(10), 3)[3].replace('weight < 2', 'weight <= 2')}```"


class ScriptedEngine:
    """Answers wrong, then right; `think_s` stands for a model's time."""

    def __init__(self, think_s: float) -> None:
        self._think_s = think_s
        self._calls = 0

    async def start(self) -> ModelIdentity | ModelFailure:
        return ModelIdentity(engine="scripted", name="script", digest=None, context_tokens=8192)

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        began = time.monotonic()
        await asyncio.sleep(self._think_s)
        self._calls += 1
        text = WRONG if self._calls == 1 else RIGHT
        wall_s = time.monotonic() - began
        return ModelAnswer(text, None, len(request.user) // 4, len(text) // 4, None, wall_s)

    async def aclose(self) -> None:
        return None


@dataclass(frozen=True)
class Row:
    """One case: seconds, and the share of the wall time that is selfheal's own."""

    case: str
    files: int
    wall_s: float
    command_s: float
    model_s: float
    own_s: float
    own_share: float
    own_to_command: float
    bare_run_s: float
    """The same command without a sandbox, median of three."""
    sandboxed_to_bare: float
    """What a run costs in the sandbox against that."""
    is_within: bool


def make_repo(folder: Path, *, files: int, seconds: float) -> Path:
    """Lay out a repository with `files` further modules and a test that takes `seconds`."""
    repo = folder / "repo"
    repo.mkdir()
    (repo / "core.py").write_text(CORE)
    (repo / "test_core.py").write_text(TEST.format(seconds=seconds))
    for number in range(files):
        place = repo / f"pkg{number // 100}"
        place.mkdir(exist_ok=True)
        (place / f"module{number}.py").write_text(f"def value{number}():\n    return {number}\n" * 20)
    for words in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=bench", "-c", "user.email=b@example.invalid", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=repo, check=True)
    return repo


def measure(case: str, *, files: int, seconds: float, think_s: float) -> Row:
    """Heal one repository and take the time apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = make_repo(folder, files=files, seconds=seconds)
        settings = Settings(engine="embedded")
        request = RepairRequest(
            repo=repo,
            command=f"{sys.executable} -m pytest -q test_core.py",
            out=folder / "out",
            settings=settings,
            strategies=ASKING,
            environ={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        )
        bare_s = statistics.median(bare_run_s(request.command, repo) for _ in range(3))
        report: Report = run_repair(request, progress=SilentProgress(), engine=ScriptedEngine(think_s))
    if report.outcome != "healed":
        raise SystemExit(f"{case}: {report.outcome}: {report.summary}")
    usage = report.usage
    own_s = usage.wall_s - usage.command_wall_s - usage.model_wall_s
    return Row(
        case=case,
        files=files + 2,
        wall_s=round(usage.wall_s, 2),
        command_s=round(usage.command_wall_s, 2),
        model_s=round(usage.model_wall_s, 2),
        own_s=round(own_s, 2),
        own_share=round(own_s / usage.wall_s, 4),
        own_to_command=round(own_s / usage.command_wall_s, 3),
        bare_run_s=round(bare_s, 3),
        sandboxed_to_bare=round(usage.command_wall_s / usage.command_runs / bare_s, 2),
        is_within=own_s <= max(BUDGET_S, BUDGET_SHARE * usage.wall_s),
    )


def bare_run_s(command: str, repo: Path) -> float:
    """Time the failing command as a shell would run it."""
    began = time.monotonic()
    subprocess.run(command, shell=True, cwd=repo, capture_output=True, check=False)
    return time.monotonic() - began


def print_cached() -> list[dict[str, object]]:
    """Ask the embedded engine as the team would and print how much of each prompt was in its cache."""
    from selfheal.demo.bundle import lay_out, projects

    project = next(p for p in projects() if p.name == "wrong-result")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = lay_out(project, folder)
        environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        request = RepairRequest(
            repo=repo,
            command=project.command,
            out=folder / "out",
            settings=Settings(engine="embedded"),
            strategies=ASKING,
            environ=environ,
        )
        report = run_repair(request, progress=SilentProgress())
        calls = [call for line in (folder / "out/trace.jsonl").open() for call in chats(json.loads(line))]
    print(f"\n{'call':<6}{'purpose':<18}{'prompt tokens':>14}{'from the cache':>16}{'share':>8}")
    for number, call in enumerate(calls, 1):
        share = call["cached"] / call["prompt"] if call["prompt"] else 0
        print(f"{number:<6}{call['purpose']:<18}{call['prompt']:>14}{call['cached']:>16}{share:>8.0%}")
    print(f"{report.outcome} with {report.usage.model_calls} calls")
    return calls


def chats(line: dict) -> list[dict]:
    """Pick the chat spans out of one line of OTLP JSON."""
    found = []
    for resource in line["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                facts = {a["key"]: next(iter(a["value"].values())) for a in span.get("attributes", [])}
                if facts.get("gen_ai.operation.name") == "chat":
                    found.append(
                        {
                            "purpose": facts.get("selfheal.purpose", ""),
                            "prompt": int(facts.get("gen_ai.usage.input_tokens", 0)),
                            "cached": int(facts.get("gen_ai.usage.cache_read.input_tokens", 0)),
                        }
                    )
    return found


def main() -> int:
    """Measure all cases and print the table last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cached", action="store_true", help="also ask the embedded engine (needs its weights)")
    options = parser.parse_args()
    cached = print_cached() if options.cached else []
    measure("warm-up", files=0, seconds=0, think_s=0)
    rows = [
        measure("small, quick tests", files=0, seconds=0.2, think_s=2.0),
        measure("small, slow tests", files=0, seconds=5.0, think_s=5.0),
        measure("500 files", files=500, seconds=0.2, think_s=2.0),
        measure("5000 files", files=5000, seconds=0.2, think_s=2.0),
    ]
    RESULTS.mkdir(exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    document = {"commit": commit, "machine": machine, "rows": [asdict(row) for row in rows], "cached": cached}
    (RESULTS / "overhead.json").write_text(json.dumps(document, indent=2) + "\n")
    head = ("case", "files", "wall s", "command s", "model s", "own s", "own/wall", "own/command", "sandbox/bare")
    print("\n{:<22}{:>7}{:>9}{:>11}{:>9}{:>8}{:>10}{:>13}{:>14}".format(*head))
    for row in rows:
        mark = "" if row.is_within else "  over: 5 % or 2 s"
        print(
            f"{row.case:<22}{row.files:>7}{row.wall_s:>9.2f}{row.command_s:>11.2f}{row.model_s:>9.2f}{row.own_s:>8.2f}"
            f"{row.own_share:>10.1%}{row.own_to_command:>13.2f}{row.sandboxed_to_bare:>14.2f}{mark}"
        )
    return 0 if all(row.is_within for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
