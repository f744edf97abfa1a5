"""A suspect in another language, with its file as the grammar reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.contract.suspects import Suspect
from selfheal.contract.test_paths import is_test_path
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import RepairCase
from selfheal.grammar import Definition, ParsedSource, parsed


@dataclass(frozen=True, slots=True)
class SuspectSource:
    """The function that a suspect is."""

    suspect: Suspect
    parsed: ParsedSource
    function: Definition


def suspect_sources(case: RepairCase) -> Iterator[tuple[int, SuspectSource]]:
    """The suspects that are functions in a language with a grammar, by their index."""
    for index, suspect in misbehaving(case):
        source = source_of(case, suspect)
        if source is not None:
            yield index, source


def source_of(case: RepairCase, suspect: Suspect) -> SuspectSource | None:
    """Find a suspect's function; None where it is none."""
    content = case.tree.read(suspect.file)
    source = parsed(suspect.file, content) if content is not None else None
    if source is None or suspect.symbol is None:
        return None
    for one in source.functions:
        if one.name == suspect.symbol and one.first_line == suspect.first_line:
            return SuspectSource(suspect, source, one)
    return None


def runs(case: RepairCase) -> bool:
    """Tell whether the program was built: what a compiler turns down is mended by no search over what it does."""
    return case.diagnosis.category is Category.TEST or _is_checked_by_hand(case.diagnosis)


def _is_checked_by_hand(diagnosis: Diagnosis) -> bool:
    """A test program without a runner: it says where it fails as a compiler does, but the place lies in a test."""
    first = next(iter(diagnosis.failures), None)
    return diagnosis.category is Category.BUILD and first is not None and is_test_path(first.file or "")
