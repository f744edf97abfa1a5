"""Mend Python files that don't parse, by the exact families of the registry. No model."""

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.broken_files import broken_beside, broken_python
from selfheal.fix.syntax.damage import Repair, decoded
from selfheal.fix.syntax.markers import has_markers
from selfheal.fix.syntax.search import MOST_SAMPLES, repairs_of

_ALL = "all"


class PythonSyntax:
    """The strategy for Python text: all broken files at once, then each with its repairs as samples."""

    name = "python_syntax"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the broken files; those with conflict markers are another strategy's."""
        files = [path for path in broken_python(case.diagnosis, case.tree) if not _is_torn(case, path)]
        whole = (Target(strategy=self.name, place=_ALL),) if len(_source(case)) > 1 else ()
        return whole + tuple(Target(strategy=self.name, place=path, samples=MOST_SAMPLES) for path in files)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Take the repair number `sample` of the file, or the likeliest of every file."""
        if target.place == _ALL:
            chosen = [(path, found[0]) for path in _source(case) if (found := _repairs(case, path))]
        else:
            found = _repairs(case, target.place)
            chosen = [(target.place, found[sample])] if sample < len(found) else []
        if not chosen:
            return NoCandidate(f"{target.place}: no further small edit makes it parse", is_spent=True)
        is_sure = not any(repair.needs_human or is_test_path(path) for path, repair in chosen)
        said = ", ".join(f"{path}: {repair.what}" for path, repair in chosen)
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(FileEdit(path=path, content=repair.text.encode()) for path, repair in chosen),
            rationale=said[:500],
            disposition=Disposition.AUTO if is_sure else Disposition.NEEDS_HUMAN,
        )


def _source(case: RepairCase) -> tuple[str, ...]:
    """The broken files that are no tests: those that the findings name, and those behind them."""
    named = tuple(p for p in broken_python(case.diagnosis, case.tree) if not is_test_path(p) and not _is_torn(case, p))
    return (*named, *(path for path in broken_beside(case.tree, named) if not _is_torn(case, path)))


def _repairs(case: RepairCase, path: str) -> tuple[Repair, ...]:
    text = decoded(case.tree.read(path))
    return repairs_of(text) if text is not None else ()


def _is_torn(case: RepairCase, path: str) -> bool:
    return has_markers(decoded(case.tree.read(path)) or "")
