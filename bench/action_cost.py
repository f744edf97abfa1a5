"""What the action adds to a failed job: sizes of its images, and the time until something is tried.

    tests/containers/with_docker make bench-action    everything; needs root on Debian, or a Docker that answers
    make bench-action                                 what needs no Docker

Installed is from the package index, without a cache, as on a new runner. The clock of a repair runs from the start of
the action's own step to the first candidate that is tried (a lint failure, which needs no model) or to the first
question to the model (a wrong result that no exact method mends). `load` is the machine's, over a minute, at the end:
above the number of its cores the figures say more of the neighbours than of the action.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from selfheal.config import Settings, models_dir
from selfheal.github.docker import OWN_VARIABLES
from selfheal.models import DEFAULT_WEIGHTS, Located, WeightsStore

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
AGENTS_MB, ADDED_S = 250, 20
LINT = {
    "shop.py": "def price(amount):\n    if amount == None:\n        return 0\n    return amount * 2\n",
    "lint.py": "import sys\nbad = '== None' in open('shop.py').read()\n"
    "print('shop.py:2:1: E711 comparison to None' * bad)\nsys.exit(bad)\n",
}
WRONG = {
    "words.py": 'def initials(name):\n    """Return the first letters of all words."""\n    return name[0]\n',
    "test_words.py": "from words import initials\n\n\ndef test_initials():\n"
    "    assert initials('ada king lovelace') == 'AKL'\n",
}


@dataclass(frozen=True)
class Row:
    """One thing that was measured, in seconds or megabytes; `most` is what it may be."""

    what: str
    value: float
    unit: str
    most: float | None
    load: float


def row(what: str, value: float, unit: str = "s", most: float | None = None) -> Row:
    """A row with the machine's load."""
    print(f"{what}: {value:.1f} {unit}", file=sys.stderr)
    return Row(what, round(value, 1), unit, most, round(os.getloadavg()[0], 1))


def sizes(images: Mapping[str, str]) -> Iterator[Row]:
    """The images as Docker counts them, unpacked."""
    for name, image in images.items():
        line = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
        size = int(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
        yield row(f"image of the {name}", size / 1e6, "MB", AGENTS_MB if name == "agents" else None)


def install(temp: Path) -> Row:
    """The action's first step."""
    environ = {
        **os.environ,
        "RUNNER_TEMP": str(temp),
        "ACTION_PATH": str(ROOT),
        "ENGINE": "auto",
        "PIP_NO_CACHE_DIR": "1",
    }
    began = time.monotonic()
    subprocess.run(["bash", ROOT / "scripts/action-install"], env=environ, check=True)
    return row("install, nothing cached", time.monotonic() - began)


@contextmanager
def a_runner(temp: Path, files: Mapping[str, str], command: str, **more: str) -> Iterator[dict[str, str]]:
    """The environment of the action's step, with a broken project."""
    with tempfile.TemporaryDirectory(prefix="sh-") as name:
        work = Path(name, "work")
        work.mkdir()
        for file, text in files.items():
            (work / file).write_text(text)
        identity = ("-c", "user.name=bench", "-c", "user.email=b@example.invalid")
        for words in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "x")):
            subprocess.run(["git", *words], cwd=work, check=True)
        own = {key: os.environ[key] for key in ("HOME", "LANG", *OWN_VARIABLES) if key in os.environ}
        yield own | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GITHUB_WORKSPACE": str(work),
            "GITHUB_OUTPUT": f"{name}/output",
            "GITHUB_STEP_SUMMARY": f"{name}/summary",
            "RUNNER_TEMP": str(temp),
            "INPUT_COMMAND": command,
            "INPUT_MAX_CYCLES": "1",
            "TMPDIR": name,
            **more,
        }


def until_first(words: str, environ: Mapping[str, str]) -> float:
    """Seconds from the start of the step to the line of its log that holds the words; the step runs to its end."""
    temp, seen = Path(environ["RUNNER_TEMP"]), None
    lines: list[str] = []
    began = time.monotonic()
    line = ["bash", str(ROOT / "scripts/action-run")]
    with subprocess.Popen(
        line, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for text in process.stdout:
            lines.append(text)
            if seen is None and re.search(words, text):
                seen = time.monotonic() - began
    if seen is None:
        raise SystemExit(f"nothing of {words!r} in {temp}: {''.join(lines)[-3000:]}")
    return seen


def until_asked(environ: Mapping[str, str]) -> float:
    """Seconds from the start of the step to the first question, as the trace has it."""
    began = time.time()
    until_first("what failed", environ)
    starts = [
        int(span["startTimeUnixNano"]) / 1e9
        for line in (Path(environ["RUNNER_TEMP"]) / "selfheal-out/trace.jsonl").open()
        for resource in json.loads(line)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
        if span["name"].startswith("chat ")
    ]
    if not starts:
        raise SystemExit("the model was not asked")
    return min(starts) - began


def repairs(temp: Path, images: Mapping[str, str]) -> Iterator[Row]:
    """Until the first candidate and the first question, in each isolation that can be had here."""
    lint, test = f"{sys.executable} lint.py", f"{sys.executable} -m pytest -q"
    ways = {"on the runner": {"INPUT_ISOLATION": "process"}}
    if images:
        named = {"INPUT_AGENTS_IMAGE": images["agents"], "INPUT_SIDECAR_IMAGE": images["sidecar"]}
        ways["in containers"] = {"INPUT_ISOLATION": "container", **named}
    for way, more in ways.items():
        with a_runner(temp, LINT, lint, **more) as environ:
            yield row(f"first candidate, {way}", until_first(r"candidate \d+ by", environ))
    located = WeightsStore(models_dir(Settings())).locate(DEFAULT_WEIGHTS.name)
    if not isinstance(located, Located):
        print("no weights: the model is not asked", file=sys.stderr)
        return
    for way, more in ways.items():
        with tempfile.TemporaryDirectory(dir=located.path.parents[1]) as cache:
            store = Path(cache, "models")
            store.mkdir()
            os.link(located.path, store / located.path.name)
            own = more | {"SELFHEAL_MODELS_DIR": str(store), "INPUT_ENGINE": "auto" if images else "embedded"}
            if way == "on the runner":
                own |= {"INPUT_ENGINE": "embedded"}
            for state in ("first time", "cached"):
                with a_runner(temp, WRONG, test, **own) as environ:
                    yield row(f"first question, {way}, {state}", until_asked(environ))


def main() -> None:
    """Measure, print the table, keep the figures."""
    named = {part: os.environ.get(f"SELFHEAL_TEST_{part.upper()}_IMAGE", "") for part in ("agents", "sidecar")}
    images = named if all(named.values()) and shutil.which("docker") else {}
    with tempfile.TemporaryDirectory() as name:
        temp = Path(name)
        rows = [*(sizes(images) if images else ()), install(temp), *repairs(temp, images)]
    added = sum(
        one.value for one in rows if one.what.startswith("install") or one.what.endswith("candidate, on the runner")
    )
    rows.append(row("added to a failed job before the first candidate", added, "s", ADDED_S))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "action.json").write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n")
    print(f"{'what':<52}{'measured':>12}{'at most':>10}{'load':>7}")
    for one in rows:
        most = "" if one.most is None else f"{one.most:g} {one.unit}"
        print(f"{one.what:<52}{one.value:>9.1f} {one.unit:<2}{most:>10}{one.load:>7.1f}")


if __name__ == "__main__":
    main()
