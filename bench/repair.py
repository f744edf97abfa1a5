"""How many broken programs are repaired, how many of them rightly by tests that the repair never sees, at what price.

Four sets: `small` (written for it), `real` (bugs planted into packages from PyPI by a seeded program), `history` (bugs
that releases of packages had), `languages` (JavaScript, TypeScript, Go, Rust, Java, C, C++). Beside selfheal runs
the naive loop on the same model and budget, and, if asked, aider and mini-swe-agent, which are installed from PyPI.
An interrupted run goes on where it stopped: `--fresh` begins anew.

    python bench/repair.py [--set small,real] [--sample N] [--seed N] [--engine none|embedded|scripted]
                           [--against naive,aider,mini] [--jobs N] [--minutes N] [--list] [--prove] [--misses]
"""

import argparse
import json
import os
import platform
from contextlib import ExitStack
from pathlib import Path

from trials.contestants import Contestant
from trials.entering import contestants
from trials.records import Book, Record
from trials.running import Runner
from trials.scores import as_rows, lines, scores
from trials.sets import SETS, load
from trials.stamps import commit_of_this
from trials.trial import Trial, spread
from trials.verdict import flaws_of

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Read the options, load the sets, let everybody try, print."""
    options = _options()
    chosen = [word for word in options.set.split(",") if word] or list(SETS)
    with ExitStack() as stack:
        sets = [load(name, seed=options.seed, packages=options.packages) for name in chosen]
        trials = [trial for found in sets for trial in spread(_only(found.trials, options.only), options.sample)]
        storages = {trial.id: found.storage for found in sets for trial in found.trials}
        if options.list:
            print("\n".join(f"{one.id}: {one.kind}, {one.places} place(s): {one.command}" for one in trials))
            return 0
        if options.prove:
            found = [f"{one.id}: {', '.join(wrong)}" for one in trials if (wrong := flaws_of(one, storages[one.id]))]
            print("\n".join([*found, f"{len(trials)} trials, {len(found)} with a flaw"]))
            return 1 if found else 0
        entered = contestants(options.engine, options.against, tuple(trials), keep=options.keep, stack=stack)
        runner = Runner(Book(options.records), engine=options.engine, storages=storages, is_fresh=options.fresh)
        seconds = 60 * options.minutes if options.minutes else float("inf")
        records = runner.run_all(trials, entered, jobs=options.jobs, seconds=seconds)
    return _print(records, entered, options)


def _print(records: list[Record], entered: tuple[Contestant, ...], options: argparse.Namespace) -> int:
    if not records:
        print("no trial was begun")
        return 1
    found = scores(records)
    if options.misses:
        print("\n".join(_miss(one) for one in records if not one.is_right and one.contestant == "selfheal"))
    print("\n".join(lines(found)))
    stored = {
        "commit": commit_of_this(),
        "machine": {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()},
        "engine": options.engine,
        "seed": options.seed,
        "sample": options.sample,
        "contestants": [one.name for one in entered],
        "scores": as_rows(found),
        "cases": [
            {
                "trial": one.trial,
                "who": one.contestant,
                "right": one.is_right,
                "healed": one.is_healed,
                "said": one.said,
            }
            for one in records
        ],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


def _miss(record: Record) -> str:
    rows = [f"## {record.trial} ({record.kind})", f"- said: {record.said}"]
    if record.is_claimed:
        rows.append(f"- {'overfits' if record.is_plausible else 'the visible tests fail'}: {record.why[-600:]}")
    return "\n".join(rows) + "\n"


def _only(trials: tuple[Trial, ...], word: str) -> tuple[Trial, ...]:
    return tuple(trial for trial in trials if word in trial.id)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="", help=f"some of: {', '.join(SETS)}")
    parser.add_argument("--sample", type=int, default=0, help="so many trials of each set, evenly spread")
    parser.add_argument("--seed", type=int, default=0, help="another number plants other bugs into the real packages")
    parser.add_argument("--packages", default="", help="real and history: these packages alone; languages: these")
    parser.add_argument("--only", default="", help="only trials whose name holds this")
    parser.add_argument(
        "--engine", default="embedded", choices=("none", "embedded", "scripted"), help="none: exact repairs alone"
    )
    parser.add_argument("--against", default="naive", help="some of: naive, aider, mini; empty: selfheal alone")
    parser.add_argument("--jobs", type=int, default=1, help="trials at a time; with a model it is one whatever is said")
    parser.add_argument(
        "--minutes", type=float, default=0, help="begin no further trial after so many; 0: try them all"
    )
    parser.add_argument("--keep", type=Path, help="leave each report in this folder")
    parser.add_argument("--list", action="store_true", help="print the trials, repair nothing")
    parser.add_argument("--prove", action="store_true", help="prove that the tests tell each bug, repair nothing")
    parser.add_argument("--fresh", action="store_true", help="don't take results of an earlier run")
    parser.add_argument("--misses", action="store_true", help="print what selfheal did not repair")
    parser.add_argument("--records", type=Path, default=RESULTS / "repair.jsonl", help="a line for each finished trial")
    parser.add_argument("--out", type=Path, default=RESULTS / "repair.json", help="where the JSON goes")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
