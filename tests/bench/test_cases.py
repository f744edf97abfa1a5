"""Cases are chosen by the seed alone, and each is proved."""

import random
from pathlib import Path

import pytest

from planting.bases import Base
from planting.cases import Case, Field, balanced, plant_into
from planting.kinds.lint import none_compared, true_compared
from planting.kinds.plant import Plant
from planting.packages import Package, load_packages
from planting.registry import KINDS, PLANTS
from planting.storage import Storage

FINDS_NONE = "! grep -rn '== None' {source}"
FINDS_TRUE = "! grep -rn '== True' {source}"
MODULE = "\n\n".join(
    f"def step_{number}(value, text):\n"
    f"    if value is None:\n        return {number}\n"
    f"    if isinstance(text, str):\n        return text\n"
    f"    return value\n"
    for number in range(9)
)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A package of two modules."""
    tree = tmp_path / "tree"
    (tree / "shop").mkdir(parents=True)
    for name in ("a", "b"):
        (tree / "shop" / f"{name}.py").write_text(MODULE)
    package = Package("shop", "1.0", "0" * 64, source="shop", root=".", tests="tests")
    return Base(package, "ruff", tree)


@pytest.fixture
def field(tmp_path: Path) -> Field:
    """Where slips are tried."""
    return Field((), Storage(tmp_path / "cache"), tmp_path / "scratch")


def a_plant(**varied) -> Plant:
    """A comparison to None that grep finds."""
    given = {
        "kind": "lint",
        "name": "none",
        "flavour": "ruff",
        "slip": none_compared,
        "command": FINDS_NONE,
        "expects": "== None",
        **varied,
    }
    return Plant(**given)


def test_the_same_seed_plants_at_the_same_place(base: Base, field: Field):
    """Whenever and wherever it runs."""
    first, again = (plant_into(a_plant(), base, field, random.Random("7")) for _ in range(2))
    assert first is not None
    assert first == again


def test_another_seed_plants_elsewhere(base: Base, field: Field):
    """Over a few numbers, more than one place is found."""
    cases = {plant_into(a_plant(), base, field, random.Random(str(seed))).edits for seed in range(6)}
    assert len(cases) > 3


def test_what_the_command_does_not_find_is_no_case(base: Base, field: Field):
    """A planted state that is green is none."""
    assert plant_into(a_plant(command=FINDS_TRUE), base, field, random.Random("0")) is None


def test_a_base_that_is_red_takes_no_case(base: Base, field: Field):
    """What fails anyway proves nothing about the slip."""
    (base.tree / "shop" / "c.py").write_text("x = y == None\n")
    assert plant_into(a_plant(), base, field, random.Random("0")) is None


def test_two_kinds_lie_in_two_files(base: Base, field: Field):
    """Each is proved by its own command, and the job by its own."""
    other = a_plant(name="true", slip=true_compared, command=FINDS_TRUE, expects="== True")
    both = a_plant(kind="several", command=f"{FINDS_NONE} && {FINDS_TRUE}", parts=(a_plant(), other))
    case = plant_into(both, base, field, random.Random("3"))
    assert case is not None
    assert sorted(name for name, _ in case.edits) == ["shop/a.py", "shop/b.py"]


def test_the_scratch_copy_is_put_back(base: Base, field: Field):
    """A slip that was tried is gone before the next is."""
    plant_into(a_plant(), base, field, random.Random("0"))
    for name in ("a", "b"):
        assert (field.copy(base) / "shop" / f"{name}.py").read_text() == MODULE


def test_a_rule_that_the_base_leaves_out_is_not_planted(base: Base):
    """Its tool would not say a word."""
    silent = Base(base.package, "ruff", base.tree, silent=frozenset({"E711"}))
    assert a_plant(code="E711").fits(base)
    assert not a_plant(code="E71[12]").fits(silent)


def test_a_sample_has_every_kind():
    """A limit takes as many of each as there are, the rest evenly."""
    cases = [Case(kind, str(number), "p", "ruff", "c", "", ()) for kind in "aabbbbbbccc" for number in range(2)]
    kinds = [case.kind for case in balanced(cases, 9)]
    assert {kind: kinds.count(kind) for kind in "abc"} == {"a": 3, "b": 3, "c": 3}
    assert len(balanced(cases, 99)) == len(cases)


def test_the_plants_are_enough():
    """120 cases of all kinds, ten and more of them with two kinds at once; names tell them apart."""
    wanted = {kind: sum(plant.cases for plant in PLANTS if plant.kind == kind) for kind in KINDS}
    assert sum(wanted.values()) >= 120
    assert wanted["several"] >= 10
    names = [(plant.kind, plant.name) for plant in PLANTS]
    assert len(names) == len(set(names))


def test_the_packages_are_pinned():
    """At least fifteen, each by its version and digest."""
    packages = load_packages()
    assert len({package.name for package in packages}) == len(packages) >= 15
    for package in packages:
        assert len(package.sha256) == 64
        assert package.version
