"""How much lookup speculation speeds up rewriting a function, against no speculation in the same run.

    python bench/speculation.py [--rounds 2] [--only "ngram_mod 16/32"] [--models-dir DIR]

Every setting has a server of its own, all loaded at once; the settings take turns at each question, so that a noisy
machine slows them all alike. Only generation is timed: reading the prompt is the same for all. The share of drafted
tokens that were accepted does not depend on the machine's load.
"""

import argparse
import asyncio
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from selfheal.models import DEFAULT_WEIGHTS, Located, Speculation, WeightsStore, default_models_dir
from selfheal.models.engine_process import EngineProcess, Launch, launch
from selfheal.models.handshake import ServerFailed
from selfheal.models.transport import unix_transport

SETTINGS = {
    "none": Speculation(),
    "ngram_simple 12/48": Speculation(kind="ngram_simple"),
    "ngram_simple 4/8": Speculation(kind="ngram_simple", lookup_tokens=4, draft_tokens=8),
    "ngram_map_k 8/16": Speculation(kind="ngram_map_k", lookup_tokens=8, draft_tokens=16),
    "ngram_mod 16/32": Speculation(kind="ngram_mod", lookup_tokens=16, draft_tokens=32),
}

SYSTEM = (
    "You repair code. You are given one function and the failure that it causes. Answer with the whole corrected "
    "function in one Python code block and nothing else. Keep its name, its arguments and its style; change as little "
    "as possible."
)

MERGE = '''def merge_intervals(intervals):
    """Merge overlapping or touching intervals, sorted by start."""
    if not intervals:
        return []
    ordered = sorted(intervals, key=lambda pair: pair[0])
    merged = [list(ordered[0])]
    for start, end in ordered[1:]:
        last = merged[-1]
        if start < last[1]:
            last[1] = max(last[1], end)
        else:
            merged.append([start, end])
    result = []
    for start, end in merged:
        result.append((start, end))
    return result
'''
PARSE = '''def parse_duration(text):
    """Seconds in a text such as "1h 30m" or "45s". Raises ValueError for anything else."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 8640}
    total = 0
    for word in text.split():
        number, unit = word[:-1], word[-1]
        if unit not in units:
            raise ValueError(f"unknown unit in {word!r}: use one of s, m, h, d")
        if not number.isdigit():
            raise ValueError(f"no whole number in {word!r}")
        total += int(number) * units[unit]
    if not text.strip():
        raise ValueError("an empty text is no duration")
    return total
'''
CACHE = '''class LeastRecentlyUsed:
    """A cache that forgets what was not asked for longest."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = {}

    def get(self, key, default=None):
        if key not in self.entries:
            return default
        return self.entries[key]

    def put(self, key, value):
        if key in self.entries:
            del self.entries[key]
        self.entries[key] = value
        if len(self.entries) > self.capacity:
            oldest = next(iter(self.entries))
            del self.entries[oldest]
'''
QUESTIONS = (
    (MERGE, "assert merge_intervals([(1, 2), (2, 3)]) == [(1, 3)]\nE   assert [(1, 2), (2, 3)] == [(1, 3)]"),
    (PARSE, "assert parse_duration('1d') == 86400\nE   assert 8640 == 86400"),
    (CACHE, "assert cache.get('a') == 1  # was asked for a moment ago\nE   assert None == 1"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer. `drafted` and `accepted` count tokens."""

    tokens: int
    generate_s: float
    drafted: int
    accepted: int


async def ask(engine: EngineProcess, code: str, failure: str) -> Sample:
    """Ask for one rewrite and read llama.cpp's own timings."""
    transport = unix_transport(Path(engine.address.removeprefix("unix://")))
    headers = {"Authorization": f"Bearer {engine.api_key}"}
    body = {
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": f"Function:\n```python\n{code}```\nFailure:\n```\n{failure}\n```"},
        ],
        "temperature": 0,
        "max_tokens": 400,
    }
    async with httpx.AsyncClient(transport=transport, timeout=600, headers=headers) as client:
        reply = await client.post("http://embedded/v1/chat/completions", json=body)
        reply.raise_for_status()
        told = reply.json()["timings"]
    return Sample(
        told["predicted_n"], told["predicted_ms"] / 1000, told.get("draft_n", 0), told.get("draft_n_accepted", 0)
    )


async def measure(weights: Path, names: tuple[str, ...], rounds: int) -> dict[str, list[Sample]]:
    """All samples of the named settings."""
    engines: dict[str, EngineProcess] = {}
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    try:
        for name in names:
            plan = Launch(weights=weights, alias="model", context_tokens=2048, threads=2, speculation=SETTINGS[name])
            started = await launch(plan)
            if isinstance(started, ServerFailed):
                sys.exit(f"{name}: {started.message}")
            engines[name] = started
        for turn in range(rounds):
            for question, (code, failure) in enumerate(QUESTIONS):
                first = (turn + question) % len(names)
                for name in names[first:] + names[:first]:
                    sample = await ask(engines[name], code, failure)
                    samples[name].append(sample)
                    print(f"{name}: {sample}", file=sys.stderr, flush=True)
    finally:
        for engine in engines.values():
            await engine.kill()
    return samples


def table(samples: dict[str, list[Sample]]) -> list[dict[str, float | str]]:
    """One row a setting; `gain` is the median over the questions of time per token against none."""
    rows: list[dict[str, float | str]] = []
    for name, taken in samples.items():
        gains = [
            (base.generate_s / base.tokens) / (sample.generate_s / sample.tokens)
            for base, sample in zip(samples["none"], taken, strict=True)
        ]
        drafted, accepted = sum(sample.drafted for sample in taken), sum(sample.accepted for sample in taken)
        tokens, seconds = sum(sample.tokens for sample in taken), sum(sample.generate_s for sample in taken)
        rows.append(
            {
                "setting": name,
                "tokens_per_s": tokens / seconds,
                "gain": statistics.median(gains),
                "gain_least": min(gains),
                "gain_most": max(gains),
                "drafted": drafted,
                "accepted": accepted,
                "tokens": tokens,
            }
        )
    return rows


def main() -> None:
    """Measure, write the samples' summary as JSON, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--only", choices=list(SETTINGS), action="append", help="against none; may be repeated")
    arguments.add_argument("--models-dir", type=Path, default=default_models_dir(Path.home() / ".cache"))
    given = arguments.parse_args()
    located = WeightsStore(given.models_dir).locate(DEFAULT_WEIGHTS.name)
    if not isinstance(located, Located):
        sys.exit(located.message)
    names = tuple(dict.fromkeys(("none", *(given.only or SETTINGS))))
    rows = table(asyncio.run(measure(located.path, names, given.rounds)))
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "speculation.json").write_text(json.dumps(rows, indent=1), "utf-8")
    print(f"{'setting':<20} {'tokens/s':>8} {'gain':>6} {'least':>6} {'most':>6} {'drafted':>8} {'accepted':>9}")
    for row in rows:
        print(
            f"{row['setting']:<20} {row['tokens_per_s']:>8.1f} {row['gain']:>6.2f} {row['gain_least']:>6.2f} "
            f"{row['gain_most']:>6.2f} {row['drafted']:>8} {row['accepted']:>9}"
        )


if __name__ == "__main__":
    main()
