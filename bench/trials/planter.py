"""Plant bugs into a package: chosen by a seed, proved by its own tests, part of which is held back."""

import ast
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planting.checkers import modules_of
from planting.packages import Package
from planting.source import Source, Splice
from planting.storage import Storage
from trials.slips.registry import SLIPS
from trials.suites import SuiteRun, run_suite
from trials.trial import write

CASES = 4
"""Bugs in each package."""
MOST_TRIES = 40
Own = tuple[frozenset[str], ...]
"""Of each of two faults the tests that it alone makes fail; empty for a single one."""
MOST_FAILING = 0.4
"""A bug at which more of the tests fail is seen before anything is pushed."""
HIDDEN_SHARE = 0.25
TIMEOUT_S = 400.0
CPU_S = 20
"""Of the processor, so that a busy machine plants the same: who uses more has an endless loop."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a file of the original, and what stands in their place."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A bug, the test functions that fail with it, and those of the suite that are held back."""

    kind: str
    edits: tuple[Edit, ...]
    failing: tuple[str, ...]
    held_back: tuple[str, ...]


@dataclass
class Planter:
    """Works in a scratch copy of a package's green tree."""

    package: Package
    tree: Path
    scratch: Path
    storage: Storage
    rng: random.Random

    def plant(self, green: SuiteRun) -> Iterator[Planted]:
        """The package's bugs, of kinds as different as can be."""
        shutil.copytree(self.tree, self.scratch)
        pools = {kind: self._places(kind) for kind in SLIPS}
        kinds = [kind for kind, places in pools.items() if places]
        self.rng.shuffle(kinds)
        taken: set[str] = set()
        planted = 0
        for number in range(MOST_TRIES):
            if planted == CASES or not kinds:
                return
            kind = kinds[number % len(kinds)]
            edit = self.rng.choice(pools[kind])
            place = f"{edit.file}:{edit.start}"
            if place in taken:
                continue
            taken.add(place)
            bug, own = self._proved(kind, (edit,), green), ()
            if bug is not None and planted == CASES - 1 and (second := self._second(bug, pools, green)) is not None:
                bug, own = second
            if bug is not None and (held := self._held_back(bug, green, own)) is not None:
                planted += 1
                yield held

    def _places(self, kind: str) -> list[Edit]:
        found = []
        for file in modules_of(self.package, self.tree):
            splices = SLIPS[kind](Source(self._text(file)))
            found += [Edit(file, splice.start, splice.end, splice.text) for splice in splices]
        return found

    def _second(self, bug: Planted, pools: dict[str, list[Edit]], green: SuiteRun) -> tuple[Planted, Own] | None:
        """Another bug in the same file, so that both must be mended: each makes tests fail that the other does not."""
        (first,) = bug.edits
        near = [edit for pool in pools.values() for edit in pool if edit.file == first.file]
        near = [edit for edit in near if edit.end <= first.start or edit.start >= first.end]
        for edit in self.rng.sample(near, min(6, len(near))):
            other = self._proved("", (edit,), green)
            if other is None or not set(other.failing) - set(bug.failing) or not set(bug.failing) - set(other.failing):
                continue
            both = self._proved(f"{bug.kind}, two places", (first, edit), green)
            own = [set(one.failing) - set(two.failing) for one, two in ((bug, other), (other, bug))]
            if both is not None and all(tests & set(both.failing) for tests in own):
                return both, tuple(frozenset(tests & set(both.failing)) for tests in own)
        return None

    def _proved(self, kind: str, edits: tuple[Edit, ...], green: SuiteRun) -> Planted | None:
        """Run the suite on the bug: two test functions and more must fail, and not most of them."""
        files = broken_files(self.tree, edits)
        if not all(_is_other_program(text, self._text(name)) for name, text in files):
            return None
        write(self.scratch, files)
        try:
            command = f"ulimit -t {CPU_S}; {self.package.test_command}"
            seen = run_suite(command, self.scratch, self.storage, timeout_s=TIMEOUT_S)
        finally:
            write(self.scratch, tuple((name, self._text(name)) for name, _ in files))
        failing = sorted(seen.failed & green.passed)
        if seen.is_broken or not 2 <= len(failing) <= max(2, MOST_FAILING * len(green.passed)):
            return None
        return Planted(kind, edits, tuple(failing), ())

    def _held_back(self, bug: Planted, green: SuiteRun, own: Own) -> Planted | None:
        """Hold half of the failing tests back and some of the others, of those that no other test speaks of.

        Of the tests that one of two faults alone makes fail a few stay: what no test shows nobody can mend.
        """
        alone = {test for test in green.passed if self._stands_alone(test)}
        failing = [test for test in bug.failing if test in alone]
        self.rng.shuffle(failing)
        others = sorted(alone - set(failing))
        held = failing[: len(bug.failing) // 2] + self.rng.sample(others, int(len(others) * HIDDEN_SHARE))
        held = spared(held, own)
        is_split = bool(set(held) & set(bug.failing)) and bool(set(bug.failing) - set(held))
        return replace(bug, held_back=tuple(sorted(held))) if is_split else None

    def _stands_alone(self, test: str) -> bool:
        """Tell whether the file says the test's name once: then nothing else needs it."""
        file, *names = test.split("::")
        return len(re.findall(rf"\b{re.escape(names[-1])}\b", self._text(file))) == 1

    def _text(self, file: str) -> str:
        return (self.tree / file).read_bytes().decode()


def spared(held: Sequence[str], own: Own) -> list[str]:
    """What is held back, less one test of each fault of which otherwise none was left."""
    shown = {min(tests) for tests in own if tests <= set(held)}
    return [test for test in held if test not in shown]


def broken_files(tree: Path, edits: tuple[Edit, ...]) -> tuple[tuple[str, str], ...]:
    """The files with the edits in them, as path and text."""
    texts: dict[str, str] = {}
    for edit in sorted(edits, key=lambda one: -one.start):
        text = texts.get(edit.file) or (tree / edit.file).read_bytes().decode()
        texts[edit.file] = Splice(edit.start, edit.end, edit.text).apply(text)
    return tuple(texts.items())


def _is_other_program(text: str, original: str) -> bool:
    try:
        return ast.dump(ast.parse(text)) != ast.dump(ast.parse(original))
    except SyntaxError:
        return False
