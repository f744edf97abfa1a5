"""A whole repair whose commands run in another process."""

import subprocess
from pathlib import Path

from executor.processes import TOKEN, running
from fakes import ScriptedEngine
from selfheal.config import Settings
from selfheal.contract.report import Outcome
from selfheal.executor.remote import RemoteExecutor
from selfheal.team.repair import RepairRequest, repair
from team.repairs import ASKING, CHECK, GATE_FILES, Watcher, gate_answer


async def test_a_repair_through_the_socket_is_like_any_other(tmp_path: Path) -> None:
    """Wrong answer rolled back, right one proved, a patch that applies; the repository itself is never in reach."""
    files = {name: text.encode() for name, text in GATE_FILES.items()}
    async with running(tmp_path, files=files) as process:
        request = RepairRequest(
            repo=Path("/nonexistent"),
            command=CHECK,
            out=tmp_path / "out",
            settings=Settings(engine="embedded"),
            environ={},
            strategies=ASKING,
            executor=RemoteExecutor.connect(process.socket, token=TOKEN),
        )
        engine = ScriptedEngine([gate_answer("<"), gate_answer("<=")])
        report = await repair(request, progress=Watcher(), engine=engine)
        assert report.outcome is Outcome.HEALED
        assert report.base_commit is not None
        patch = tmp_path / "out/fix.patch"
        subprocess.run(["git", "apply", patch], cwd=process.repo, check=True)
        assert "amount <= limit" in (process.repo / "gate.py").read_text()


async def test_an_executor_that_goes_away_ends_the_repair_with_a_report(tmp_path: Path) -> None:
    """Killed in the middle: the report says so, and nobody waits."""
    files = {name: text.encode() for name, text in GATE_FILES.items()}
    async with running(tmp_path, files=files) as process:
        remote = RemoteExecutor.connect(process.socket, token=TOKEN)
        watcher = Watcher(on_step=lambda: None if process.process.returncode is not None else process.process.kill())
        request = RepairRequest(
            repo=Path("/nonexistent"),
            command=CHECK,
            out=tmp_path / "out",
            settings=Settings(engine="embedded"),
            environ={},
            executor=remote,
        )
        report = await repair(request, progress=watcher, engine=ScriptedEngine(["nothing"]))
        assert report.outcome is Outcome.ERROR
        assert "executor" in report.summary
        assert (tmp_path / "out/summary.md").exists()
