"""How many builds that real releases of real packages broke are healed, and how rightly they are explained.

Each case of `breakages/` is a small project with a failing command, repaired by `selfheal repair` without a model.
Beside it, what people do by hand (--others): `pip install --upgrade` and `uv lock --upgrade`, judged by the same
command; and the model alone (--alone). Projects lie in $SELFHEAL_BENCH_CACHE; wheels are cached between runs.

    python bench/dependencies.py [--only A,B] [--kinds A,B] [--others] [--alone] [--only-others] [--kills N]
                                 [--engine none] [--keep DIR]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from breakages import asked_wrongly, bumped, compiled, locked, node, removed, transitive
from breakages.alone import NAME, Alone
from breakages.case import Case
from breakages.judging import Judged, judge, table
from breakages.kills import kills
from breakages.others import OTHERS, other
from breakages.project import TODAY, Place, make, read_report
from planting.repairing import NO_MODEL

CASES = (
    *transitive.CASES,
    *removed.CASES,
    *asked_wrongly.CASES,
    *locked.CASES,
    *bumped.CASES,
    *node.CASES,
    *compiled.CASES,
)
RESULTS = Path(__file__).parent / "results" / "dependencies.json"
_CONFIG = f"dependencies: {{today: {TODAY}, min_age_days: 0}}\nmax_seconds: 900\n"


def main() -> int:
    """Make the projects, heal them, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name holds one of these, separated by commas")
    parser.add_argument(
        "--kinds", default="", help="transitive, removed, missing module, wrong import name, version, …"
    )
    parser.add_argument("--others", action="store_true", help="also what people do by hand")
    parser.add_argument("--alone", action="store_true", help="also the embedded model alone, asked for a fix")
    parser.add_argument("--only-others", action="store_true", help="what others do, without our own repair")
    parser.add_argument("--engine", default="none", help="embedded: the model too where exact ways are spent")
    parser.add_argument(
        "--kills", type=int, default=0, help="kill the first case's repair so often, and look what is left"
    )
    parser.add_argument("--seed", type=int, default=0, help="when the kills come")
    parser.add_argument("--list", action="store_true", help="print the cases, repair nothing")
    parser.add_argument("--keep", type=Path, help="where projects and reports lie; default: the bench's cache")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes")
    options = parser.parse_args()
    words = [word for word in options.only.split(",") if word]
    kinds = [kind for kind in options.kinds.split(",") if kind]
    cases = [c for c in CASES if (not words or any(w in c.name for w in words)) and (not kinds or c.kind in kinds)]
    if options.list:
        print("\n".join(f"{case.name}: {case.kind}: {case.command}" for case in cases))
        return 0
    home = (
        options.keep
        or Path(os.environ.get("SELFHEAL_BENCH_CACHE", Path.home() / ".cache/selfheal-bench")) / "dependencies"
    )
    if options.kills:
        place = make(cases[0], home / cases[0].name)
        (home / cases[0].name / "selfheal.yml").write_text(_CONFIG, encoding="utf-8")
        print("\n".join(kills(cases[0], place, home / cases[0].name, times=options.kills, seed=options.seed)))
        return 0
    judged: list[Judged] = []
    seen: list[dict[str, bool]] = []
    alone = Alone.start() if options.alone else None
    for case in cases:
        place = make(case, home / case.name)
        beside: dict[str, bool | None] = {}
        if options.others:
            beside = {name: other(name, case, home / case.name) for name in OTHERS}
        if alone is not None:
            beside[NAME] = alone.heals(case, home / case.name)
        told = {name: passes for name, passes in beside.items() if passes is not None}
        if options.only_others:
            print(f"{case.name}: {told}", flush=True)
            seen.append(told)
            continue
        one = repair(case, place, home / case.name / "out", engine=options.engine).beside(told)
        judged.append(one)
        print(one.line(), flush=True)
    if alone is not None:
        alone.close()
    if options.only_others:
        for name in dict.fromkeys(name for told in seen for name in told):
            verdicts = [told[name] for told in seen if name in told]
            print(f"{name}: the command passes in {sum(verdicts)} of {len(verdicts)}")
        return 0
    print("\n".join(table(judged)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    rows = [one.row() for one in judged]
    seconds = statistics.median(one.wall_s for one in judged) if judged else 0.0
    options.out.write_text(json.dumps({"today": TODAY, "median_s": seconds, "cases": rows}, indent=1) + "\n")
    return 0


def repair(case: Case, place: Place, out: Path, *, engine: str) -> Judged:
    """Run `selfheal repair` as a person would."""
    config = place.repo.parent / "selfheal.yml"
    config.write_text(_CONFIG, encoding="utf-8")
    model = NO_MODEL if engine == "none" else ("--engine", engine)
    began = time.monotonic()
    subprocess.run(
        (
            *(
                sys.executable,
                "-m",
                "selfheal",
                "repair",
                "--quiet",
                "--repo",
                str(place.repo),
                "--command",
                case.command,
            ),
            *("--out", str(out), "--config", str(config), *model),
        ),
        env=place.variables(dict(os.environ)),
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return judge(case, read_report(out), wall_s=time.monotonic() - began)


if __name__ == "__main__":
    raise SystemExit(main())
