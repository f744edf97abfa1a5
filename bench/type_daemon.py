"""How long a candidate's type check takes on a project of 50,000 lines: mypy's daemon beside mypy itself.

    make bench-types [ARGS="--lines 50000 --candidates 6"]

The project is generated: modules of classes and functions that call those of the modules before them. Each candidate
changes the types of one function, in modules that few and that all others import. Both ways run in selfheal's own
sandbox and see the same tree; mypy keeps its cache from run to run.
"""

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import Version
from selfheal.verify import SandboxedRunner, SandboxTree, WarmShell, daemon_line, find_ladder
from selfheal.workspace import Workspace, WorkspaceProblem

RESULTS = Path(__file__).parent / "results" / "type_daemon.json"
LINES_A_MODULE = 500
LIMIT_S = 600.0
FUNCTION = '''def step_{module}_{number}(value: int, names: list[str]) -> int:
    """Count what the step before left."""
    total = value + {before}
    for name in names:
        if name.startswith("{number}"):
            total += len(name)
    table: dict[str, int] = {{name: total for name in names}}
    return sum(table.values()) + {number}


'''
LINES_A_FUNCTION = FUNCTION.count("\n")


@dataclass(frozen=True, slots=True)
class Seconds:
    """One candidate, checked both ways."""

    module: int
    mypy: float
    daemon: float
    is_agreed: bool


def main() -> int:
    """Generate, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=50_000, help="of the whole project")
    parser.add_argument("--candidates", type=int, default=6, help="how many candidates are checked")
    parser.add_argument("--seed", type=int, default=0, help="where they change something")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-types-", dir="/var/tmp") as name:
        repo = Path(name, "project")
        lines = generate(repo, options.lines)
        rows = asyncio.run(measure(repo, Path(name), options.candidates, random.Random(options.seed)))
    mypy, daemon = (statistics.median(getattr(row, way) for row in rows) for way in ("mypy", "daemon"))
    print(f"{'candidate in module':>20} {'mypy s':>8} {'daemon s':>9} {'ratio':>6}")
    for row in rows:
        note = "" if row.is_agreed else "  THEY DISAGREE"
        print(f"{row.module:>20} {row.mypy:>8.2f} {row.daemon:>9.2f} {row.mypy / row.daemon:>6.1f}{note}")
    print(f"{'median':>20} {mypy:>8.2f} {daemon:>9.2f} {mypy / daemon:>6.1f}   ({lines} lines)")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"lines": lines, "mypy_s": mypy, "daemon_s": daemon}) + "\n", encoding="utf-8")
    return 0 if all(row.is_agreed for row in rows) else 1


def generate(repo: Path, lines: int) -> int:
    """Write the project as a git repository; give the number of its lines."""
    package = repo / "pkg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    functions = LINES_A_MODULE // LINES_A_FUNCTION
    modules = max(2, lines // (functions * LINES_A_FUNCTION))
    for module in range(modules):
        text = f'"""Part {module}."""\n\n'
        before = [other for other in (module - 1, module // 2, 0) if 0 <= other < module]
        for other in sorted(set(before)):
            text += f"from pkg.part_{other} import step_{other}_0\n"
        text += "\n\n"
        for number in range(functions):
            called = f"step_{before[number % len(before)]}_0(value, names)" if before and not number % 7 else "1"
            text += FUNCTION.format(module=module, number=number, before=called)
        (package / f"part_{module}.py").write_text(text)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Generated"]):
        git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run([*git, *words], cwd=repo, check=True)
    return sum(path.read_text().count("\n") for path in package.glob("*.py"))


async def measure(repo: Path, scratch: Path, candidates: int, rng: random.Random) -> list[Seconds]:
    """Check candidates both ways, in the order of the modules that they change."""
    command = f"{sys.executable} -m mypy pkg"
    line = daemon_line(command)
    assert line is not None
    opened = Workspace.open(repo, scratch_parent=scratch)
    if isinstance(opened, WorkspaceProblem):
        raise SystemExit(opened.message)
    with opened as workspace:
        place = SandboxTree(tree=workspace.tree, original=workspace.root, private=workspace.private)
        level = find_ladder(allow_network=False).tightest
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(scratch)}
        runner = SandboxedRunner(level=level, place=place, environment=environ)
        print(f"sandbox: {level.value}", flush=True)
        first = await runner.run(command, timeout_s=LIMIT_S)
        print(f"mypy without a cache: {first.wall_s:.1f} s", flush=True)
        shell = WarmShell(runner, longest_s=LIMIT_S)
        try:
            warmed = await shell.run(line, timeout_s=LIMIT_S)
            print(f"the daemon's start: {warmed.wall_s if warmed else float('nan'):.1f} s", flush=True)
            base = workspace.head
            count = len(list((repo / "pkg").glob("part_*.py")))
            places = [count - 1, 0, *(rng.randrange(count) for _ in range(max(0, candidates - 2)))]
            return [await check(workspace, base, module, runner, shell, command, line) for module in places]
        finally:
            await shell.aclose()


async def check(
    workspace: Workspace,
    base: Version,
    module: int,
    runner: SandboxedRunner,
    shell: WarmShell,
    command: str,
    line: str,
) -> Seconds:
    """One candidate: a function whose callers no longer fit, checked by both; the tree is put back after it."""
    path = f"pkg/part_{module}.py"
    text = (workspace.view(base).read(path) or b"").decode()
    broken = text.replace("(value: int, names", "(value: str, names", 1)
    workspace.restore(base)
    workspace.apply((FileEdit(path=path, content=broken.encode()),))
    cold = await runner.run(command, timeout_s=LIMIT_S)
    warm = await shell.run(line, timeout_s=LIMIT_S)
    workspace.restore(base)
    # Between two candidates the tree is as it was: both see that too, as they do in a repair.
    await runner.run(command, timeout_s=LIMIT_S)
    await shell.run(line, timeout_s=LIMIT_S)
    agreed = warm is not None and cold.exit_code == warm.exit_code and _errors(cold.output) == _errors(warm.output)
    return Seconds(module, cold.wall_s, warm.wall_s if warm else float("nan"), agreed)


def _errors(output: str) -> set[str]:
    return {line for line in output.splitlines() if ": error:" in line}


if __name__ == "__main__":
    raise SystemExit(main())
