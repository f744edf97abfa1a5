"""How fast, how complete and how careful redaction is.

    .venv/bin/python bench/redaction.py [--mb 200]

Prints MB/s of one core on the recorded logs and on a made-up log of pip, npm, cargo, docker and pytest; the share
of token kinds of the rule set, made from its own regular expressions, that are masked in plain text, in colour and
broken by a terminal; and what is masked in logs that hold no secret. Writes bench/results/redaction.json.
"""

import argparse
import json
import random
import re
import string
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from selfheal.logs.redaction import MASK, Redactor, shortcoming

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
RECORDINGS = ROOT / "tests" / "recordings"
HEX, BASE64 = "0123456789abcdef", string.ascii_letters + string.digits + "+/"
SAMPLES = 5
PIECE = 12
"""A secret counts as masked when no piece of this length is left."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mb", type=int, default=200, help="size of the made-up log")
    given = arguments.parse_args()
    recorded = "".join(log.read_bytes().decode("utf-8", "replace") for log in sorted(RECORDINGS.rglob("*.log")))
    made_up = "".join(_lines(random.Random(1), given.mb * 1_000_000))
    Redactor().redact(recorded[:1000])  # compiles the rules
    result = {
        "shortcoming": shortcoming(),
        "recorded": _speed(recorded * max(1, 20_000_000 // len(recorded)), per_mb_of=recorded),
        "made_up": _speed(made_up, per_mb_of=made_up),
        "recall": {} if shortcoming() else dict(_recall()),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "redaction.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _print(result)


def _speed(text: str, *, per_mb_of: str) -> dict[str, float]:
    redactor = Redactor(tuple(f"{number:02d}-value-of-a-secret" for number in range(20)))
    began = time.process_time()
    redacted = redactor.redact(text)
    seconds = time.process_time() - began
    masks = redacted.count(MASK) * len(per_mb_of) / len(text)
    return {
        "mb": len(text) / 1e6,
        "mb_per_s": len(text) / 1e6 / seconds,
        "masks_per_mb": masks / (len(per_mb_of) / 1e6),
    }


def _lines(source: random.Random, size: int) -> Iterator[str]:
    """Ordinary lines, none of which holds a secret."""

    def some(alphabet: str, length: int) -> str:
        return "".join(source.choices(alphabet, k=length))

    makers: tuple[Callable[[str, str], str], ...] = (
        lambda name, version: (
            f"Collecting {name}>={version}\n  Downloading https://files.example/packages/{some(HEX, 60)}"
            f"/{name}-{version}-py3-none-any.whl.metadata (8.1 kB)\n"
        ),
        lambda name, version: (
            f"Requirement already satisfied: {name}<{version} in /opt/hostedtoolcache/Python/3.11.9/x64/lib/python3.11"
            f"/site-packages (from -r requirements.txt (line 3)) ({version})\n"
        ),
        lambda name, version: (
            f"npm http fetch GET 200 https://registry.example/{name}/-/{name}-{version}.tgz 231ms (cache miss)\n"
            f"npm warn deprecated {name}@{version}: see https://github.com/{name}/{name}/issues/4711\n"
        ),
        lambda _, __: f"npm notice integrity: sha512-{some(BASE64, 86)}==\nnpm notice shasum: {some(HEX, 40)}\n",
        lambda name, version: (
            f"tests/test_{name}.py::TestKeys::test_token_is_refreshed[{version}-key] PASSED [ 42%]\n"
            f'  File "/home/runner/work/{name}/{name}/src/{name}/core.py", line 17, in get_token\n'
            f"    return self._cache[key]\n"
        ),
        lambda name, version: (
            f"   Compiling {name} v{version}\n     Running `rustc --crate-name {name} --edition=2021 src/lib.rs "
            f"-C metadata={some(HEX, 16)} -C extra-filename=-{some(HEX, 16)}`\n"
        ),
        lambda _, __: (
            f"#7 sha256:{some(HEX, 64)} 29.1MB / 48.5MB 0.7s\n#7 extracting sha256:{some(HEX, 64)} 0.2s done\n"
        ),
    )
    blocks = [source.choice(makers)(some(string.ascii_lowercase, 9), f"1.{number % 30}.2") for number in range(20_000)]
    made = 0
    while made < size:
        block = source.choice(blocks)
        made += len(block)
        yield block


def _recall() -> Iterator[tuple[str, Any]]:
    rules = import_module("kingfisher_sdk").Rules()
    made: Counter[str] = Counter()
    masked: dict[str, Counter[str]] = {}
    unmade, missed = [], []
    redactor = Redactor()
    for rule in rules.metadata():
        if not rule["visible"]:
            continue
        samples = list(_samples(rules.detail(rule["id"])["detection_regex"]))
        if not samples:
            unmade.append(rule["id"])
            continue
        for place, show in PLACES.items():
            counts = masked.setdefault(place, Counter())
            good = sum(_is_masked(secret, redactor.redact(show(text, secret))) for text, secret in samples)
            counts[rule["id"]] = good
            if place == "plain" and good < len(samples):
                missed.append(f"{rule['id']} {good}/{len(samples)}")
        made[rule["id"]] = len(samples)
    yield "kinds", len(made)
    yield "kinds_not_made", unmade
    for place, counts in masked.items():
        yield (
            place,
            {
                "samples": sum(counts.values()) / made.total(),
                "kinds": sum(counts[kind] == made[kind] for kind in made) / len(made),
            },
        )
    yield "missed_in_plain_text", missed


def _coloured(text: str, secret: str) -> str:
    middle = len(secret) // 2
    return text.replace(secret, f"\x1b[31m{secret[:middle]}\x1b[1m{secret[middle:]}\x1b[0m")


def _broken(text: str, secret: str) -> str:
    at = text.index(secret)
    line = "." * (79 - (at + 9) % 79) + " " + text
    return "\n".join(line[start : start + 80] for start in range(0, len(line), 80))


PLACES: Mapping[str, Callable[[str, str], str]] = {
    "plain": lambda text, _: f"before\n{text}\nafter",
    "stamped": lambda text, _: "x\n" + "\n".join(f"2026-01-02T03:04:05.6789012Z {one}" for one in text.split("\n")),
    "traceback": lambda text, _: f"E   RuntimeError: refused: {text}\n",
    "coloured": lambda text, secret: _coloured(f"before {text}\nafter", secret),
    "broken at 80 columns": _broken,
}


def _is_masked(secret: str, redacted: str) -> bool:
    if len(secret) <= PIECE:
        return secret not in redacted
    begin = min(10, len(secret) - PIECE)
    return not any(secret[at : at + PIECE] in redacted for at in range(begin, len(secret) - PIECE + 1))


def _samples(pattern: str) -> Iterable[tuple[str, str]]:
    """Texts that a rule's pattern fits, each with the part that is the secret."""
    for rust, python in ((r"\z", r"\Z"), ("[[:alnum:]]", "[A-Za-z0-9]"), ("(?i)", ""), ("(?-i)", ""), ("(?s)", "")):
        pattern = pattern.replace(rust, python)
    try:
        tree = re._parser.parse(pattern)  # type: ignore[attr-defined]  # nothing public shows a pattern's parts
    except re.error:
        return
    regex = re.compile(pattern, re.IGNORECASE)
    found = 0
    for seed in range(SAMPLES * 20):
        groups: dict[int, str] = {}
        text = _made(tree, random.Random(f"{pattern}{seed}"), groups)
        secret = groups.get(1) or max(groups.values(), key=len, default="") or text
        # What is made so does not heed assertions; and some patterns end in what is no part of the token.
        if regex.search(text) and found < SAMPLES:
            found += 1
            yield text, secret.strip("'\"`;\\ \n")


def _made(tree: Any, source: random.Random, groups: dict[int, str]) -> str:
    return "".join(_piece(str(kind), value, source, groups) for kind, value in tree)


def _piece(kind: str, value: Any, source: random.Random, groups: dict[int, str]) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "IN":
            allowed = [char for char in string.ascii_letters + string.digits + "_-+/=.~:,|\" '" if _fits(value, char)]
            return source.choice([char for char in allowed if char.isalnum()] or allowed or [""])
        case "ANY" | "NOT_LITERAL":
            return source.choice(string.ascii_lowercase)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            often = least if least or most < 20 else 0
            often = max(often, min(int(most), 40)) if least > 10 else often
            return "".join(_made(inner, source, groups) for _ in range(often))
        case "SUBPATTERN":
            number, _, _, inner = value
            text = _made(inner, source, groups)
            if number is not None:
                groups[number] = text
            return text
        case "BRANCH":
            return _made(source.choice(value[1]), source, groups)
        case _:
            return ""


def _fits(items: Any, char: str) -> bool:
    (first, _), negated = items[0], False
    if str(first) == "NEGATE":
        items, negated = items[1:], True
    for kind, value in items:
        match str(kind):
            case "LITERAL":
                fits = value == ord(char)
            case "RANGE":
                fits = value[0] <= ord(char) <= value[1]
            case _:
                fits = {"CATEGORY_DIGIT": char.isdigit(), "CATEGORY_SPACE": char.isspace()}.get(
                    str(value), char.isalnum() or char == "_"
                )
        if fits:
            return not negated
    return negated


def _print(result: Mapping[str, Any]) -> None:
    for name in ("recorded", "made_up"):
        row = result[name]
        print(f"{name:<10} {row['mb']:7.1f} MB {row['mb_per_s']:7.1f} MB/s {row['masks_per_mb']:8.3f} false alarms/MB")
    for name, row in result["recall"].items():
        if isinstance(row, dict):
            print(f"masked, {name:<22} {row['samples']:7.1%} of samples {row['kinds']:7.1%} of kinds")
    print(
        f"kinds {result['recall'].get('kinds')}, missed: {'; '.join(result['recall'].get('missed_in_plain_text', ()))}"
    )


if __name__ == "__main__":
    main()
