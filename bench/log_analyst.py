"""How right and how fast the log analyst is.

Accuracy: every recorded log of `tests/recordings` against what was written by hand from its project. Precision and
recall are of the places, file and line, that the project has; a place counts once. Speed: a log of `--megabytes`,
against `grep -c` for the same literals on the same file, in the same run.

    python bench/log_analyst.py [--megabytes 1000] [--only accuracy|speed] [--misses]
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose, diagnose_log
from selfheal.logs.parsers.interface import LogContext
from selfheal.logs.parsers.registry import PARSERS
from selfheal.logs.repository import Repository
from selfheal.logs.steps import STEP_ANCHORS

HERE = Path(__file__).parent
RECORDINGS = HERE.parent / "tests" / "recordings"
RESULTS = HERE / "results"
NOT_THE_CODES = frozenset({Category.INFRA, Category.ENVIRONMENT, Category.FLAKY})


@dataclass(slots=True)
class Score:
    """Counts of one tool's logs. Places are (file, line)."""

    logs: int = 0
    wanted: int = 0
    found: int = 0
    right: int = 0
    first_right: int = 0
    with_place: int = 0
    category_right: int = 0
    turned_away: int = 0
    sent_on: int = 0

    def add(self, other: "Score") -> None:
        """Add another tool's."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, name: str) -> str:
        """One line of the table."""
        return (
            f"{name:<15}{self.logs:>5}{_percent(self.right, self.found):>11}{_percent(self.right, self.wanted):>9}"
            f"{_percent(self.first_right, self.with_place):>8}{_percent(self.category_right, self.logs):>10}"
            f"{self.turned_away:>8}{self.sent_on:>9}"
        )


def accuracy(*, shows_misses: bool) -> dict[str, Any]:
    """Diagnose every recording and print the table."""
    scores: dict[str, Score] = defaultdict(Score)
    for path in sorted(RECORDINGS.glob("*/*.expected.json")):
        expected = json.loads(path.read_text())
        log = path.with_name(path.name.replace(".expected.json", ".log")).read_bytes().decode("utf-8", "replace")
        known = frozenset(expected["files"])
        diagnosis = diagnose(log, exit_code=expected["exit_code"], root="/repo", known_files=known)
        miss = _score(scores[path.parent.name], expected, diagnosis)
        if miss and shows_misses:
            print(f"{path.parent.name}/{path.name.partition('.')[0]}: {miss}")
    total = Score()
    print(
        f"{'tool':<15}{'logs':>5}{'precision':>11}{'recall':>9}{'first':>8}{'category':>10}{'turned':>8}{'sent on':>9}"
    )
    for name in sorted(scores):
        print(scores[name].row(name))
        total.add(scores[name])
    print(total.row("all"))
    print(
        "precision, recall: places (file:line) of the failures; first: the first place is the right one;\n"
        "turned: code failures called infra, environment or flaky; sent on: the other way round"
    )
    return {
        name: {key: getattr(score, key) for key in Score.__slots__} for name, score in (*scores.items(), ("all", total))
    }


def _score(score: Score, expected: dict[str, Any], diagnosis: Diagnosis) -> str:
    score.logs += 1
    misses = []
    is_right = diagnosis.category == expected["category"]
    score.category_right += is_right
    if not is_right:
        misses.append(f"category {diagnosis.category.value}, not {expected['category']}")
    was_turned = diagnosis.category in NOT_THE_CODES and expected["category"] not in NOT_THE_CODES
    score.turned_away += was_turned
    score.sent_on += diagnosis.category not in NOT_THE_CODES and expected["category"] in NOT_THE_CODES
    wanted = Counter((one["file"], one["line"]) for one in expected["failures"] if one.get("file") and one.get("line"))
    if wanted:
        score.with_place += 1
        first = diagnosis.failures[0] if diagnosis.failures else None
        score.first_right += first is not None and (first.file, first.line) == next(iter(wanted))
    # Unless it is told how many there are, a project states what must come first, and no more.
    stated = expected["failures"]
    is_complete = expected.get("count") == len(stated)
    considered = diagnosis.failures if is_complete else diagnosis.failures[: len(stated)]
    # Where the project names no line, none is judged.
    open_ones = {number for number, one in enumerate(stated) if not (one.get("file") and one.get("line"))}
    found = Counter(
        (one.file, one.line)
        for number, one in enumerate(considered)
        if number not in open_ones and one.file is not None and one.line is not None
    )
    right = sum((wanted & found).values())
    score.wanted, score.found, score.right = (
        score.wanted + wanted.total(),
        score.found + found.total(),
        score.right + right,
    )
    if right < wanted.total() or right < found.total():
        misses.append(f"places {sorted(found)}, not {sorted(wanted)}")
    return "; ".join(misses)


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of huge log."""

    name: str
    block: Callable[[], bytes]
    has_needle: bool = True


NEEDLE = RECORDINGS / "pytest" / "chained.log"


def _plain() -> bytes:
    words = ("Downloading", "compiling", "linked", "resolving", "cached", "layer", "module", "package", "fetch", "done")
    lines = (
        f"2026-05-04T10:{n // 60 % 60:02}:{n % 60:02}.1234567Z {words[n % 10]} {words[n // 7 % 10]} "
        f"{n * 2654435761 % 2**32:08x}/{words[n // 3 % 10]} ({n % 997} kB)\n"
        for n in range(20_000)
    )
    return "".join(lines).encode()


def _dense() -> bytes:
    lines = (
        f"2026-05-04T10:00:00.1234567Z src/mod_{n % 500}.py:{n % 900}: WARNING: error: retry {n} failed, FAILED 0\n"
        for n in range(20_000)
    )
    return "".join(lines).encode()


SHAPES = (
    Shape("plain", _plain),
    Shape("dense", _dense),
    Shape("one line", lambda: b"x error: " * 100_000, has_needle=False),
    Shape("binary", lambda: bytes(range(256)) * 4_000, has_needle=False),
    Shape(
        "progress",
        lambda: "".join(f"\r{n % 100}% error \x1b[31m#\x1b[0m" for n in range(50_000)).encode(),
        has_needle=False,
    ),
)


def speed(megabytes: int) -> list[dict[str, Any]]:
    """Read a huge log of each shape in a process of its own, beside grep."""
    anchors = sorted({*STEP_ANCHORS, *(anchor for parser in PARSERS for anchor in parser.anchors)})
    results = []
    print(f"{len(PARSERS)} parsers, {len(anchors)} literals")
    print("log           MB  selfheal s   MB/s  peak MB  grep -c s   MB/s  times grep  found")
    with tempfile.TemporaryDirectory(dir=os.environ.get("SELFHEAL_BENCH_DIR")) as folder:
        literals = Path(folder, "literals")
        # grep's list has one literal a line, and an empty one would match everything.
        literals.write_text("".join(f"{anchor.strip()}\n" for anchor in anchors))
        for shape in SHAPES:
            log = Path(folder, "log")
            _write(log, shape, megabytes << 20)
            ours = json.loads(
                subprocess.run([sys.executable, __file__, "--read", str(log)], capture_output=True, check=True).stdout
            )
            grep = _grep(literals, log)
            size = log.stat().st_size / 1e6
            wall_s, found = ours["wall_s"], ours["found"] if shape.has_needle else "-"
            print(
                f"{shape.name:<10}{size:>6.0f}{wall_s:>12.2f}{size / wall_s:>7.0f}{ours['peak_mb']:>9.0f}"
                f"{grep:>11.2f}{size / grep:>7.0f}{grep / wall_s:>11.2f}x  {found}"
            )
            results.append({"shape": shape.name, "log_mb": size, "grep_s": grep, **ours})
            log.unlink()
    return results


def _write(path: Path, shape: Shape, size: int) -> None:
    block, needle = shape.block(), NEEDLE.read_bytes() if shape.has_needle else b""
    with path.open("wb") as out:
        while out.tell() < size:
            if needle and out.tell() > size * 0.7:
                out.write(needle)
                needle = b""
            out.write(block)


def _grep(literals: Path, log: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        ["grep", "-c", "-a", "-F", "-f", str(literals), str(log)],
        env={**os.environ, "LC_ALL": "C"},
        # Into /dev/null grep would stop at the first match.
        capture_output=True,
        check=False,
    )
    return time.perf_counter() - began


def read_one(log: Path) -> None:
    """What the child process does: one log, as `selfheal diagnose` reads it."""
    began = time.perf_counter()
    with log.open("rb") as stream:
        diagnosis = diagnose_log(stream, LogContext(1, Repository()))
    first = diagnosis.failures[0] if diagnosis.failures else None
    facts = {
        "wall_s": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "found": f"{first.file}:{first.line}" if first is not None else "nothing",
    }
    print(json.dumps(facts))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--only", choices=["accuracy", "speed"])
    parser.add_argument("--misses", action="store_true", help="name every log that is not read right")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Run what was asked for."""
    arguments = _arguments()
    if arguments.read is not None:
        read_one(arguments.read)
        return
    result: dict[str, Any] = {}
    if arguments.only != "accuracy":
        if shutil.which("grep") is None:
            sys.exit("bench: needs grep to compare with")
        result["speed"] = speed(arguments.megabytes)
        print()
    if arguments.only != "speed":
        result["accuracy"] = accuracy(shows_misses=arguments.misses)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "logs.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
