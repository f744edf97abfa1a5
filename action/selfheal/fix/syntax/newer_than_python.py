"""Files that parse here and not with the older Python that runs the command. No model."""

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.broken_files import speaks_of_syntax
from selfheal.fix.syntax.damage import Damage, Repair, damage_of, decoded
from selfheal.fix.syntax.old_python import older

_SAMPLES = 3
_CODES = frozenset({"SyntaxError", "E999", "E0001", "syntax", "invalid-syntax"})


class NewerThanPython:
    """The strategy for f-string quotes, assignment expressions and `match` that the running Python can't read."""

    name = "newer_than_python"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the files that a syntax error is reported in, though they parse."""
        files = _reported(case)
        return tuple(Target(strategy=self.name, place=path, samples=_SAMPLES) for path in files)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Say the newer form in the older one, at the line that was reported."""
        text = decoded(case.tree.read(target.place))
        line = _reported(case).get(target.place)
        found: list[Repair] = []
        if text is not None and line:
            repairs = older(Damage(text, line, 1, "newer syntax"))
            found = sorted((r for r in repairs if damage_of(r.text) is None), key=lambda repair: repair.cost)
        if sample >= len(found):
            return NoCandidate(f"{target.place}: nothing there is known to be newer", is_spent=True)
        edit = FileEdit(path=target.place, content=found[sample].text.encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"{target.place}: {found[sample].what}")


def _reported(case: RepairCase) -> dict[str, int]:
    if not speaks_of_syntax(case.diagnosis):
        return {}
    found: dict[str, int] = {}
    for failure in case.diagnosis.failures[:100]:
        path = failure.file
        if path is None or not path.endswith(".py") or not failure.line or failure.code not in _CODES:
            continue
        text = decoded(case.tree.read(path))
        if text is not None and damage_of(text) is None and not is_test_path(path):
            found.setdefault(path, failure.line)
    return found
