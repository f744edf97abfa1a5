"""The set `real`: bugs that a seeded program plants into packages from PyPI. Another seed gives another set."""

import ast
import hashlib
import json
import random
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planting.packages import Package, load_packages
from planting.storage import Storage
from trials.planter import Edit, Planted, Planter, broken_files
from trials.suites import run_suite, without_tests
from trials.trial import Trial, write

LEFT_OUT = frozenset({"tenacity", "pathspec", "itsdangerous"})
"""The tests of the first sleep; those of the second need each other's state, and the classes of the third inherit from
each other, so that none can be held back."""
JOBS = 4


def real_trials(storage: Storage, *, seed: int, names: Sequence[str] = ()) -> tuple[Trial, ...]:
    """Every trial of this seed; what is not in the cache is planted and proved first."""
    packages = [one for one in load_packages() if one.name not in LEFT_OUT and (not names or one.name in names)]
    with ThreadPoolExecutor(JOBS) as pool:
        found = list(pool.map(lambda package: _trials_of(package, storage, seed), packages))
    return tuple(trial for trials in found for trial in trials)


def base_of(package: Package, storage: Storage) -> Path:
    """The package's own files as its sdist has them, unpacked once."""
    tree = storage.root / "trees" / f"{package.name}-{package.version}"
    if not tree.is_dir():
        tree.parent.mkdir(parents=True, exist_ok=True)
        storage.unpack(package, tree)
        write(tree, ((".gitignore", "__pycache__/\n*.egg-info/\n.*_cache/\n.hypothesis/\n.coverage*\n"),))
    return tree


def _trials_of(package: Package, storage: Storage, seed: int) -> list[Trial]:
    stored = storage.root / "planted" / f"{package.name}-{_fingerprint(package)}-{seed}.json"
    if not stored.is_file():
        stored.parent.mkdir(parents=True, exist_ok=True)
        rows = [asdict(bug) for bug in _plant(package, storage, seed)]
        stored.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    bugs = [_read(row) for row in json.loads(stored.read_bytes())]
    return [_trial(package, base_of(package, storage), bug, number) for number, bug in enumerate(bugs, start=1)]


def _plant(package: Package, storage: Storage, seed: int) -> list[Planted]:
    tree = base_of(package, storage)
    with tempfile.TemporaryDirectory(prefix="planting-") as name:
        planter = Planter(package, tree, Path(name) / "tree", storage, random.Random(f"{seed}/{package.name}"))
        green = run_suite(package.test_command, tree, storage, timeout_s=300.0)
        if green.is_broken or green.failed:
            raise SystemExit(f"{package.sdist}: its own tests fail: {sorted(green.failed)[:5]}")
        return list(planter.plant(green))


def _trial(package: Package, base: Path, bug: Planted, number: int) -> Trial:
    broken = broken_files(base, bug.edits)
    if not all(_parses(text) for _, text in broken):
        # A bug that was planted parses: the places have moved.
        raise SystemExit(f"{base} is not as it was unpacked: delete it, and it is unpacked again")
    cut = without_tests(base, bug.held_back)
    hidden_failing = " ".join(sorted(set(bug.failing) & set(bug.held_back)))
    runner = package.test_command.removesuffix(package.tests)
    return Trial(
        group="real",
        name=f"{package.name}-{number}-{bug.kind.replace(', ', '-').replace(' ', '-')}",
        kind=bug.kind,
        command=package.test_command,
        check=package.test_command,
        broken=(*broken, *cut),
        hidden=tuple((name, (base / name).read_bytes().decode()) for name, _ in cut),
        original=tuple((name, (base / name).read_bytes().decode()) for name, _ in broken),
        base=base,
        places=len(bug.edits),
        proof=f"{runner}{hidden_failing}",
    )


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _read(row: dict[str, Any]) -> Planted:
    edits = tuple(Edit(**edit) for edit in row["edits"])
    return Planted(row["kind"], edits, tuple(row["failing"]), tuple(row["held_back"]))


def _fingerprint(package: Package) -> str:
    here = Path(__file__).parent
    files = [here / "planter.py", *sorted(here.glob("slips/*.py"))]
    digest = hashlib.sha256(repr(package).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
