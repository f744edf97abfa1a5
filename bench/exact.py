"""How many planted failures of real packages are healed, how many of them correctly, and what it costs.

The packages come from PyPI, pinned in `planting/packages.toml`; a seeded program plants one failure, or two, into each
copy. The tool's own `--fix` runs on the same cases. What is downloaded and made lies in $SELFHEAL_BENCH_CACHE.

    python bench/exact.py [--engine none] [--seed N] [--kinds A,B] [--packages A,B] [--limit N] [--minutes N] [--misses]
"""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from planting.bases import Base, make_base
from planting.cases import Case, balanced, plant_all
from planting.packages import load_packages
from planting.registry import KINDS, PLANTS
from planting.repairing import Engine, Result, mend
from planting.storage import Storage
from planting.table import as_row, lines, miss, summary

RESULTS = Path(__file__).parent / "results" / "exact.json"


def main() -> int:
    """Read the options, plant, repair, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="embedded", help="embedded, ollama or openai; none: exact repairs alone")
    parser.add_argument("--seed", type=int, default=0, help="another number plants in other places")
    parser.add_argument("--kinds", default="", help=f"some of: {', '.join(KINDS)}")
    parser.add_argument("--packages", default="", help="some of the packages, by name")
    parser.add_argument("--limit", type=int, default=0, help="a sample, balanced over the kinds")
    parser.add_argument("--only", default="", help="only cases whose name holds this")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time; the seconds are right for 1 alone")
    parser.add_argument("--minutes", type=float, default=0, help="begin no further case after so many; 0: try them all")
    parser.add_argument("--keep", type=Path, help="leave each case's repository and report in this folder")
    parser.add_argument("--list", action="store_true", help="plant, print the cases, repair nothing")
    parser.add_argument("--misses", action="store_true", help="print what was told, read and tried in each miss")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes")
    options = parser.parse_args()
    storage = Storage.default()
    storage.make_environment()
    kinds, names = _words(options.kinds, KINDS), _words(options.packages, tuple(one.name for one in load_packages()))
    packages = tuple(package for package in load_packages() if package.name in names)
    plants = tuple(plant for plant in PLANTS if plant.kind in kinds)
    cases = plant_all(plants, packages, storage, seed=options.seed)
    cases = tuple(case for case in cases if options.only in case.id)
    cases = balanced(cases, options.limit) if options.limit else cases
    if options.list:
        print("\n".join(f"{case.id}: {case.command}" for case in cases))
        return 0
    known = {package.name: package for package in packages}

    ends = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")

    def one(case: Case) -> Result | None:
        if time.monotonic() > ends:
            return None
        base: Base = make_base(known[case.package], case.flavour, storage)
        result = mend(case, base, storage, engine=Engine(options.engine), keep=options.keep)
        print(f"{case.id}: {result.judgement.wrong or 'correct'} ({result.wall_s:.1f} s)", flush=True)
        return result

    with ThreadPoolExecutor(options.jobs) as pool:
        results = [result for result in pool.map(one, cases) if result is not None]
    if len(results) < len(cases):
        print(f"{len(results)} of {len(cases)} cases in the time that was given")
    numbers = summary(results)
    if options.misses:
        print("\n".join(miss(result) for result in results if not result.is_correct))
    print("\n".join(lines(numbers)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    stored = {"engine": options.engine, "seed": options.seed, "kinds": numbers, "cases": [as_row(r) for r in results]}
    options.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


def _words(given: str, every: tuple[str, ...]) -> tuple[str, ...]:
    wanted = tuple(word.strip() for word in given.split(",") if word.strip()) or every
    unknown = [word for word in wanted if word not in every]
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; there are: {', '.join(every)}")
    return tuple(word for word in every if word in wanted)


if __name__ == "__main__":
    raise SystemExit(main())
