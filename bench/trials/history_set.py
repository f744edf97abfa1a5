"""The set `history`: version N of a package with the tests of version N+1, which mended it. `finding.py` found them."""

import json
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planting.judging import changed_files
from planting.packages import Package
from planting.storage import Storage
from trials.suites import without_tests
from trials.trial import Trial, write

LIST = Path(__file__).with_name("history.toml")
TEST_FOLDERS = ("tests", "test", "testing")


@dataclass(frozen=True, slots=True)
class Past:
    """A pinned pair of versions. `failing` fails on the old code and passes on the new; `left_out` tells nothing."""

    name: str
    old: str
    old_sha256: str
    new: str
    new_sha256: str
    root: str
    tests: tuple[str, ...]
    failing: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name: one pair may hold several bugs, in several test files."""
        return f"{self.name}-{self.old}-{Path(self.failing[0].partition('::')[0]).stem}"

    @property
    def held_back(self) -> tuple[str, ...]:
        """Every second of the failing tests; none where there is one alone: then the whole suite judges."""
        return self.failing[1::2]

    @property
    def command(self) -> str:
        """What runs the tests."""
        return f"PYTHONPATH={self.root} python -m pytest -q {' '.join(self.tests)}"


def history_trials(storage: Storage, *, names: Sequence[str] = ()) -> tuple[Trial, ...]:
    """Every trial of the list; what is not in the cache is fetched."""
    return tuple(_trial(past, storage) for past in load_past() if not names or past.name in names)


def load_past(path: Path = LIST) -> tuple[Past, ...]:
    """Read the committed list."""
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("past", [])
    lists = ("tests", "failing", "left_out")
    return tuple(Past(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in rows)


def dumped(past: Past) -> str:
    """The row of the list."""
    words = ("name", "old", "old_sha256", "new", "new_sha256", "root")
    rows = ["[[past]]", *(f"{name} = {json.dumps(getattr(past, name))}" for name in words)]
    for name in ("tests", "failing", "left_out"):
        values = getattr(past, name)
        inside = json.dumps(list(values))
        if len(inside) > 100:
            inside = "[\n" + "".join(f"  {json.dumps(value)},\n" for value in values) + "]"
        rows.append(f"{name} = {inside}")
    return "\n".join([*rows, "", ""])


def _trial(past: Past, storage: Storage) -> Trial:
    before = _tree(past.name, past.old, past.old_sha256, storage)
    after = _tree(past.name, past.new, past.new_sha256, storage)
    base = storage.root / "trees" / f"{past.name}-{past.old}-tests-of-{past.new}"
    if not base.is_dir():
        laid_past(before, after, past.tests, base)
    useful = without_tests(base, past.left_out)
    visible = without_tests(base, (*past.left_out, *past.held_back))
    hidden = {name: (base / name).read_bytes().decode() for name, _ in visible} | dict(useful)
    mended = [name for name in changed_files(base, after) if name.endswith(".py") and not _below(name, past.tests)]
    original = tuple((name, _text(after / name)) for name in mended)
    return Trial(
        group="history",
        name=past.id,
        kind="a release's bug",
        command=past.command,
        check=past.command,
        broken=visible,
        hidden=tuple(hidden.items()),
        original=original,
        base=base,
        places=len(mended),
        proof=f"PYTHONPATH={past.root} python -m pytest -q {' '.join(past.held_back or past.failing)}",
    )


def laid_past(before: Path, after: Path, tests: Sequence[str], target: Path) -> None:
    """The old code with the new tests."""
    scratch = target.with_name(f"{target.name}.making")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(before, scratch)
    for name in tests:
        if (after / name).is_dir():
            shutil.rmtree(scratch / name)
            shutil.copytree(after / name, scratch / name)
        else:
            shutil.copyfile(after / name, scratch / name)
    write(scratch, ((".gitignore", "__pycache__/\n*.egg-info/\n.*_cache/\n.hypothesis/\n.coverage*\n"),))
    scratch.rename(target)


def places_of_tests(tree: Path) -> tuple[str, ...]:
    """Where a package has its tests: a folder, or files at the top; nothing where it ships none."""
    folders = [path for path in tree.rglob("*") if path.is_dir() and path.name in TEST_FOLDERS]
    for folder in sorted(folders, key=lambda path: len(path.parts)):
        if any(folder.rglob("test*.py")) or any(folder.rglob("*_test.py")):
            return (folder.relative_to(tree).as_posix(),)
    return tuple(sorted(path.name for path in tree.glob("test*.py")))


def _tree(name: str, version: str, sha256: str, storage: Storage) -> Path:
    tree = storage.root / "trees" / f"{name}-{version}"
    if not tree.is_dir():
        tree.parent.mkdir(parents=True, exist_ok=True)
        storage.unpack(Package(name, version, sha256, source="", root="", tests=""), tree)
    return tree


def _below(name: str, tests: Sequence[str]) -> bool:
    return any(name == test or name.startswith(f"{test}/") for test in tests)


def _text(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None
