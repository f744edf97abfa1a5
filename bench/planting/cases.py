"""Choose, from a seed, where each failure is planted, and prove that it is red there and was green before."""

import hashlib
import json
import random
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planting.bases import FLAVOURS, Base, make_base
from planting.checkers import modules_of
from planting.kinds.plant import Plant, findings
from planting.packages import Package
from planting.running import run
from planting.source import Source
from planting.storage import REQUIREMENTS, Storage

MOST_PLACES = 8
"""How many places of a package are tried before the next package is."""


@dataclass(frozen=True, slots=True)
class Case:
    """A broken package: its base, what was planted into it, and the command that fails. `edits` are path and text."""

    kind: str
    name: str
    package: str
    flavour: str
    command: str
    own: str
    edits: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """Its name in tables and folders."""
        return f"{self.kind}/{self.name}/{self.package}".replace(" ", "-")


class Field:
    """The bases, each made when it is first asked for, with a scratch copy to try slips in."""

    def __init__(self, packages: Sequence[Package], storage: Storage, scratch: Path) -> None:
        self.storage = storage
        self._packages = packages
        self._scratch = scratch
        self._green: dict[tuple[str, str, str], bool] = {}

    def bases(self, flavour: str) -> list[Base]:
        """The bases of a flavour, in the order of the list."""
        return [make_base(package, flavour, self.storage) for package in self._packages]

    def copy(self, base: Base) -> Path:
        """A tree to try in; who changes it puts it back."""
        where = self._scratch / f"{base.package.name}-{base.flavour}"
        if not where.exists():
            shutil.copytree(base.tree, where)
        return where

    def is_green(self, base: Base, command: str) -> bool:
        """Tell whether the command passes on the base."""
        key = (base.package.name, base.flavour, command)
        if key not in self._green:
            self._green[key] = run(command, self.copy(base), self.storage).passed
        return self._green[key]

    def output_with(self, base: Base, edits: Iterable[tuple[str, str]], command: str) -> str | None:
        """The output of the command on the base with these files; None where it passes."""
        tree = self.copy(base)
        known = {name: (tree / name).read_bytes() for name, _ in edits}
        try:
            for name, text in edits:
                (tree / name).write_text(text, encoding="utf-8")
            ran = run(command, tree, self.storage)
        finally:
            for name, data in known.items():
                (tree / name).write_bytes(data)
        return None if ran.passed else ran.output


def plant_all(plants: Sequence[Plant], packages: Sequence[Package], storage: Storage, *, seed: int) -> tuple[Case, ...]:
    """Every case of this seed, from the cache where this very program has made them before."""
    names = "".join(package.name for package in packages)
    stored = storage.root / "cases" / f"{_fingerprint(names)}-{seed}.json"
    rows: dict[str, list[dict[str, Any]]] = json.loads(stored.read_bytes()) if stored.is_file() else {}
    with tempfile.TemporaryDirectory(prefix="planting-") as scratch:
        field = Field(packages, storage, Path(scratch))
        for plant in plants:
            key = f"{plant.kind}/{plant.name}"
            if key not in rows:
                rows[key] = [asdict(case) for case in plant_one(plant, field, seed=seed)]
                stored.parent.mkdir(parents=True, exist_ok=True)
                stored.write_text(json.dumps(rows), encoding="utf-8")
    return tuple(_read(row) for plant in plants for row in rows[f"{plant.kind}/{plant.name}"])


def plant_one(plant: Plant, field: Field, *, seed: int) -> Iterator[Case]:
    """The cases of one plant, each in another package."""
    rng = random.Random(f"{seed}/{plant.kind}/{plant.name}")
    bases = [base for base in field.bases(plant.flavour) if plant.fits(base)]
    rng.shuffle(bases)
    left = plant.cases
    for base in bases:
        if not left:
            return
        case = plant_into(plant, base, field, rng)
        if case is not None:
            left -= 1
            yield case


def plant_into(plant: Plant, base: Base, field: Field, rng: random.Random) -> Case | None:
    """The first of the shuffled places that the tool finds as it should; None where there is none."""
    command = fill(plant.command, base)
    edits: list[tuple[str, str]] = []
    for part in plant.parts or (plant,):
        edit = _red_edit(part, base, field, rng, taken=frozenset(name for name, _ in edits))
        if edit is None:
            return None
        edits.append(edit)
    if plant.parts and (not field.is_green(base, command) or field.output_with(base, edits, command) is None):
        return None
    return Case(
        kind=plant.kind,
        name=plant.name,
        package=base.package.name,
        flavour=base.flavour,
        command=command,
        own=fill(plant.own, base),
        edits=tuple(edits),
    )


def _red_edit(
    plant: Plant, base: Base, field: Field, rng: random.Random, *, taken: frozenset[str]
) -> tuple[str, str] | None:
    """The file and its text at the first place, outside the `taken` files, that the plant's own command finds."""
    command = fill(plant.command, base)
    places = sorted(place for place in places_of(plant, base) if place[0] not in taken)
    rng.shuffle(places)
    if not places or not field.is_green(base, command):
        return None
    for edit in places[:MOST_PLACES]:
        output = field.output_with(base, [edit], command)
        if output is not None and is_as_expected(plant, command, output):
            return edit
    return None


def is_as_expected(plant: Plant, command: str, output: str) -> bool:
    """Tell whether the tool found what was planted, and nothing else where that is asked."""
    return bool(re.search(plant.expects, output)) and (not plant.is_one or findings(command, output) <= 1)


def fill(command: str, base: Base) -> str:
    """The command with this package's names in it."""
    package = base.package
    return (
        command.replace("{source}", package.source)
        .replace("{tests}", package.test_command)
        .replace("{docs}", base.docs)
    )


def places_of(plant: Plant, base: Base) -> Iterator[tuple[str, str]]:
    """Every file that the slip could leave behind, as path and text."""
    for name in files_of(plant, base):
        text = (base.tree / name).read_text(encoding="utf-8")
        for splice in plant.slip(Source(text)):
            changed = splice.apply(text)
            if changed != text:
                yield name, changed


def files_of(plant: Plant, base: Base) -> tuple[str, ...]:
    """What the plant may touch, in a fixed order."""
    match plant.looks_at:
        case "source":
            return modules_of(base.package, base.tree)
        case "typed":
            return base.typed
        case "viewed":
            return base.viewed
        case "docs":
            found = (base.tree / base.docs).glob("*.rst")
        case pattern:
            found = base.tree.glob(pattern)
    return tuple(path.relative_to(base.tree).as_posix() for path in sorted(found))


def balanced(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """A sample of `limit` cases with about as many of each kind, the kinds' order and each kind's spread kept."""
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        kinds.setdefault(case.kind, []).append(case)
    shares = dict.fromkeys(kinds, 0)
    while sum(shares.values()) < min(limit, len(cases)):
        for kind, found in kinds.items():
            if shares[kind] < len(found) and sum(shares.values()) < limit:
                shares[kind] += 1
    return tuple(
        found[number * len(found) // shares[kind]] for kind, found in kinds.items() for number in range(shares[kind])
    )


def _read(row: dict[str, Any]) -> Case:
    return Case(**{**row, "edits": tuple((name, text) for name, text in row["edits"])})


def _fingerprint(more: str) -> str:
    here = Path(__file__).parent
    names = ("bases.py", "cases.py", "checkers.py", "documents.py", "source.py", "packages.toml")
    files = [*(here / name for name in names), *sorted(here.glob("kinds/*.py")), REQUIREMENTS]
    digest = hashlib.sha256(more.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


__all__ = ["FLAVOURS", "Case", "Field", "balanced", "plant_all", "plant_one"]
