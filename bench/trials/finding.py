"""Find bugs that releases of packages had: tests of version N+1 that fail on the code of version N.

    python bench/trials/finding.py more-itertools tinydb …      prints rows for history.toml

Each package costs one look-up and a download for each of its last versions. What is found is pinned by name, version
and digest in history.toml; the benchmark itself searches nothing.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from planting.judging import changed_files
from planting.running import run
from planting.storage import Storage
from trials.history_set import Past, dumped, laid_past, places_of_tests
from trials.sets import packages_tools
from trials.suites import PROVED_ARGUMENTS, SuiteRun, read_suite

VERSIONS = 8
TIMEOUT_S = 150.0
MOST_FAILING = 8
MOST_LEFT_OUT = 40
MOST_A_PAIR = 3
NEW_FEATURE = re.compile(
    r"unexpected keyword argument|has no attribute|cannot import name|No module named|takes \d+ positional|"
    r"DeprecationWarning|is not defined|missing \d+ required|fixture '|Did not see|DID NOT WARN"
)
"""What a test says that wants something new rather than something right."""


@dataclass(frozen=True, slots=True)
class Release:
    """An sdist that was downloaded."""

    name: str
    version: str
    sha256: str
    path: Path


def main() -> int:
    """Look through the packages that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--versions", type=int, default=VERSIONS, help="how many of the last ones")
    parser.add_argument("--out", type=Path, default=Path("history.found.toml"))
    options = parser.parse_args()
    storage = packages_tools()
    for name in options.packages:
        try:
            for past in find(name, storage, versions=options.versions):
                with options.out.open("a", encoding="utf-8") as file:
                    file.write(dumped(past))
                print(f"{past.id}: {len(past.failing)} failing, {len(past.left_out)} left out", flush=True)
        except (OSError, ValueError, SyntaxError, subprocess.CalledProcessError, tarfile.TarError) as error:
            print(f"{name}: {error}", flush=True)
    return 0


def find(name: str, storage: Storage, *, versions: int) -> Iterator[Past]:
    """The bugs of the package's last versions, the newest first."""
    known: list[Release] = []
    for version in _last_versions(name, storage)[:versions]:
        release = _download(name, version, storage)
        if release is None:
            continue
        known.append(release)
        if len(known) > 1:
            yield from _between(known[-1], known[-2], storage)


def _between(old: Release, new: Release, storage: Storage) -> Iterator[Past]:
    with tempfile.TemporaryDirectory(prefix="finding-") as folder:
        before, after, mixed = (Path(folder) / word for word in ("old", "new", "mixed"))
        _unpack(old, before)
        _unpack(new, after)
        tests = places_of_tests(after)
        if not tests or places_of_tests(before) != tests:
            return
        changed = [name for name in changed_files(before, after) if name.endswith(".py")]
        newer = [name for name in changed if _is_test(name, tests) and (after / name).is_file()]
        if not newer or all(_is_test(name, tests) for name in changed):
            return
        laid_past(before, after, tests, mixed)
        root = "src" if (after / "src").is_dir() else "."
        command = f"PYTHONPATH={root} python -m pytest -q"
        first = _seen(f"{command} {' '.join(newer)}", mixed, storage)
        wrong = _bugs(first)
        print(
            f"  {old.name} {old.version} -> {new.version}: {len(first.failed)} fail, {len(wrong)} like a bug",
            flush=True,
        )
        if not wrong or first.is_broken:
            return
        on_new = _seen(f"{command} {' '.join(tests)}", after, storage)
        on_old = _seen(f"{command} {' '.join(tests)}", mixed, storage)
        useless = (on_old.failed | on_new.failed) | (on_new.passed ^ on_old.passed)
        if on_new.is_broken or on_old.is_broken:
            return
        files: dict[str, list[str]] = defaultdict(list)
        for function in sorted(wrong & on_new.passed & on_old.failed):
            files[function.partition("::")[0]].append(function)
        for _, failing in sorted(files.items())[:MOST_A_PAIR]:
            left_out = sorted(useless - set(failing))
            if len(failing) > MOST_FAILING or len(left_out) > MOST_LEFT_OUT:
                continue
            yield Past(
                name=old.name,
                old=old.version,
                old_sha256=old.sha256,
                new=new.version,
                new_sha256=new.sha256,
                root=root,
                tests=tests,
                failing=tuple(failing),
                left_out=tuple(left_out),
            )


def _bugs(seen: "Seen") -> set[str]:
    return {function for function in seen.failed if not NEW_FEATURE.search(seen.messages.get(function, ""))}


@dataclass(frozen=True, slots=True)
class Seen:
    """A suite's run, and what each failing function said."""

    passed: frozenset[str]
    failed: frozenset[str]
    is_broken: bool
    messages: dict[str, str]


def _seen(command: str, tree: Path, storage: Storage) -> Seen:
    ran = run(f"ulimit -t 60; {command} {PROVED_ARGUMENTS}", tree, storage, timeout_s=TIMEOUT_S)
    suite: SuiteRun = read_suite(ran)
    lines = re.findall(r"^(?:FAILED|ERROR) ([^\s\[]+).*? - (.*)$", ran.output, re.M)
    return Seen(suite.passed, suite.failed, suite.is_broken, dict(lines))


def _is_test(name: str, tests: Sequence[str]) -> bool:
    return any(name == test or name.startswith(f"{test}/") for test in tests)


def _last_versions(name: str, storage: Storage) -> list[str]:
    words = [storage.bin / "python", "-m", "pip", "index", "versions", name]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = re.search(r"Available versions: (.*)", done.stdout)
    return [word for word in found[1].split(", ") if re.fullmatch(r"[\d.]+", word)] if found else []


def _download(name: str, version: str, storage: Storage) -> Release | None:
    folder = storage.root / "sdists" / f"{name}-{version}"
    if not folder.is_dir() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        words = [storage.bin / "python", "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run([*words, "--no-build-isolation", f"{name}=={version}", "--dest", folder], check=False)
        if done.returncode:
            shutil.rmtree(folder)
            return None
    (path,) = folder.iterdir()
    if not path.name.endswith(".tar.gz"):
        return None
    return Release(name, version, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def _unpack(release: Release, target: Path) -> None:
    scratch = target.with_name(target.name + ".unpacking")
    with tarfile.open(release.path) as archive:
        archive.extractall(scratch, filter="data")
    (inside,) = scratch.iterdir()
    inside.rename(target)


if __name__ == "__main__":
    raise SystemExit(main())
