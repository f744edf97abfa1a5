"""How many signed deliveries a second the App accepts, beside Probot with an empty handler; and what it costs.

    make bench-app [ARGS="--only intake,memory,publications --deliveries N --rounds N --connections N ..."]

Everything runs on loopback, the generator in a process of its own, both servers in turns in the same run. The App
verifies, deduplicates and has each delivery on disk before it answers; Probot verifies and parses. Both are one
process, and have the same connections open. The ratio is of the medians. The p99 is taken at half of the rate that the
App has just accepted, with requests due at fixed times. What the disk takes to keep a page is measured beside it.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from app.real import node_tools, postgres
from serving import servers
from serving.publications import publish_all

BENCH = Path(__file__).parent
RESULTS = BENCH / "results" / "app_load.json"
PARTS = ("intake", "memory", "publications")
_STEPS = 10
CONNECTIONS = 256
_NOBODY = "http://127.0.0.1:9"
"""Where no GitHub is: these deliveries need none."""


def load(
    server: servers.Server,
    *,
    count: int,
    prefix: str,
    connections: int = CONNECTIONS,
    rate: float | None = None,
    conclusion: str = "success",
) -> dict[str, Any]:
    """Send deliveries from a process of its own; every one of them must be taken."""
    line = [sys.executable, "-m", "serving.load", "--port", str(server.port), "--count", str(count)]
    line += ["--connections", str(connections), "--conclusion", conclusion]
    line += ["--prefix", prefix, *(["--rate", str(rate)] if rate else [])]
    environment = {**os.environ, "PYTHONPATH": str(BENCH)}
    before_s = server.cpu_s()
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    if not told["statuses"].keys() <= {"200", "202"}:
        raise SystemExit(f"not every delivery was taken: {told['statuses']}")
    cpu_us = round((server.cpu_s() - before_s) / count * 1e6)
    return told | {"cpu_us": cpu_us, "memory_mb": server.memory_mb()}


@contextmanager
def _app() -> Iterator[servers.Server]:
    with tempfile.TemporaryDirectory() as folder, servers.app(Path(folder), github_url=_NOBODY) as server:
        yield server


@contextmanager
def _probot() -> Iterator[servers.Server]:
    node, packages = node_tools.node(), node_tools.packages(servers.PROBOT)
    if node is None or packages is None:
        raise SystemExit(node_tools.missing("Probot") + f" {servers.PROBOT}")
    with tempfile.TemporaryDirectory() as folder, servers.probot(Path(folder), node=node, packages=packages) as server:
        yield server


def intake(deliveries: int, rounds: int, connections: int) -> dict[str, Any]:
    """Both in turns, each after some deliveries to get warm; then the App at half of what it took, and with failed
    runs alone: those it works on, so it keeps all of them, and its work goes on meanwhile."""
    made: dict[str, list[dict[str, Any]]] = {"App": [], "Probot": []}
    for _ in range(rounds):
        for name, serve in (("App", _app), ("Probot", _probot)):
            with serve() as server:
                load(server, count=max(200, deliveries // 5), prefix="warm")
                made[name].append(load(server, count=deliveries, prefix="hot", connections=connections))
    rows = {name: _middle(found) for name, found in made.items()}
    with _app() as server:
        load(server, count=max(200, deliveries // 5), prefix="warm")
        half = load(server, count=deliveries, prefix="half", rate=rows["App"]["per_s"] / 2)
        red = load(server, count=deliveries, prefix="red", conclusion="failure")
    return {
        "rows": rows | {"App, half": half, "App, red": red},
        "connections": connections,
        "disk_ms": _disk_ms(),
        "ratio": round(rows["App"]["per_s"] / rows["Probot"]["per_s"], 2),
        "rounds": made,
    }


def _disk_ms() -> float:
    """What one small write takes until it would outlive a power cut, in the middle; every delivery waits for one."""
    took = []
    with tempfile.TemporaryFile() as file:
        for number in range(200):
            os.pwrite(file.fileno(), b"x" * 4096, number % 16 * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return round(median(took) * 1000, 2)


def _middle(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: round(median(each[name] for each in found), 2) for name in found[0] if name != "statuses"}


def memory(deliveries: int) -> list[dict[str, float]]:
    """Resident memory while deliveries come, at equal distances."""
    seen = []
    with _app() as server:
        seen.append({"deliveries": 0, "memory_mb": server.memory_mb()})
        for step in range(_STEPS):
            told = load(server, count=deliveries // _STEPS, prefix=f"step{step}")
            seen.append({"deliveries": (step + 1) * (deliveries // _STEPS), "memory_mb": told["memory_mb"]})
    return seen


def publications(runs: int) -> list[dict[str, object]]:
    """On SQLite, and on a PostgreSQL that waits for the disk with one, two and three replicas."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows.append(asyncio.run(publish_all(Path(folder) / "sqlite", runs=runs, replicas=1)))
        if postgres.programs() is None:
            print(postgres.MISSING, file=sys.stderr)
            return rows
        with postgres.running(is_durable=True) as server:
            for replicas in (1, 2, 3):
                place = Path(folder) / str(replicas)
                url = server.database()
                rows.append(asyncio.run(publish_all(place, runs=runs, replicas=replicas, database_url=url)))
    return rows


def table(found: dict[str, Any]) -> list[str]:
    """What was measured, for people."""
    lines = [
        f"load average at the start and the end: {found['load'][0]:.1f}, {found['load'][1]:.1f} of {os.cpu_count()}"
    ]
    if "intake" in found:
        lines.append(f"{'':<12}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'cpu us':>9}{'sender us':>11}{'MB':>8}")
        for name, row in found["intake"]["rows"].items():
            numbers = f"{row['per_s']:>10.0f}{row['p50_ms']:>9.1f}{row['p99_ms']:>9.1f}"
            lines.append(
                f"{name:<12}{numbers}{row['cpu_us']:>9.0f}{row['generator_cpu_us']:>11.0f}{row['memory_mb']:>8.0f}"
            )
        told = found["intake"]
        lines.append(f"{told['connections']} connections; the disk keeps a page in {told['disk_ms']} ms")
        lines.append(f"the App accepts {told['ratio']} times the deliveries of Probot")
    if "memory" in found:
        cells = ", ".join(f"{row['deliveries'] // 1000}k {row['memory_mb']:.0f}" for row in found["memory"])
        lines.append(f"memory in MB by deliveries: {cells}")
    lines += [
        f"{row['database']:<12}{row['replicas']} replicas{row['per_minute']:>7} publications a minute"
        for row in found.get("publications", ())
    ]
    return lines


def main() -> int:
    """Read the options, measure, print the table last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--memory-deliveries", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    parts = given.only.split(",")
    if unknown := set(parts) - set(PARTS):
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    begun = os.getloadavg()[0]
    found: dict[str, Any] = {}
    if "intake" in parts:
        found["intake"] = intake(given.deliveries, given.rounds, given.connections)
    if "memory" in parts:
        found["memory"] = memory(given.memory_deliveries)
    if "publications" in parts:
        found["publications"] = publications(given.runs)
    found["load"] = (begun, os.getloadavg()[0])
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n".join(table(found)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
