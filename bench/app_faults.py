"""How often the App can be killed, and GitHub fail, before anything is there twice or is lost.

Each episode is a failed run and a command below its pull request. The process is killed (SIGKILL) before and after
requests and at any moment, and started again; in every second episode GitHub fails as well: 500, 502, 429, secondary
limits, half an answer, none after the work was done. In the end there must be exactly one branch, one pull request, one
check run and one answer, and nothing among the dead letters.

    python bench/app_faults.py [--kills N] [--seed N] [--postgresql]
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from app.real import postgres
from app.real.killing import Scene, a_scene

RESULTS = Path(__file__).parent / "results" / "app_faults.json"
_A_RUN, _A_COMMAND = 3, 1
"""Kills in an episode."""


async def measure(folder: Path, *, kills: int, seed: int, database_url: str) -> dict[str, object]:
    """Kill until it is enough; what was wrong afterwards."""
    wrong: list[str] = []
    began = time.monotonic()
    async with a_scene(folder, seed=seed, has_trouble=False, database_url=database_url) as scene:
        episodes = -(-kills // (_A_RUN + _A_COMMAND))
        trouble = random.Random(seed + 1)
        for number in range(episodes):
            scene.github.trouble = trouble if number % 2 else None
            found = await scene.episode(number, kills=_A_RUN)
            wrong += found
            print("\n".join([_told(number + 1, episodes, scene), *found]), flush=True)
    return {
        "database": "postgresql" if database_url else "sqlite",
        "seed": seed,
        "episodes": episodes,
        "kills": scene.kills,
        "troubles": scene.github.troubles,
        "wrong": wrong,
        "wall_s": round(time.monotonic() - began, 1),
    }


def _told(number: int, episodes: int, scene: Scene) -> str:
    return f"{number}/{episodes}: {sum(scene.kills.values())} kills"


def main() -> int:
    """Read the options, kill, print; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgres.running()).database() if given.postgresql else ""
        result = asyncio.run(measure(folder, kills=given.kills, seed=given.seed, database_url=url))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print("\n".join(f"{name:<10} {value}" for name, value in result.items()))
    return 1 if result["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
