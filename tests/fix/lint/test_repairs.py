"""Each finding that a real linter reports is mended as the table says, and the linter finds nothing new."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from fix.lint import flake8_cases, pylint_cases, ruff_cases
from fix.lint.linted import Mended, found_in, linter, mend
from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition

CASES = {"ruff": ruff_cases.CASES, "flake8": flake8_cases.CASES, "pylint": pylint_cases.CASES}
NUMBERED = [(tool, number) for tool, cases in CASES.items() for number in range(len(cases))]
Findings = Callable[[str, str], dict[str, tuple[Failure, ...]]]


def name_of(number: int) -> str:
    return f"case_{number}.py"


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Run each linter at most twice: over all sources before, and over all after."""

    @cache
    def run(tool: str, side: str) -> dict[str, tuple[Failure, ...]]:
        place: Path = tmp_path_factory.mktemp(f"{tool}-{side}")
        texts = {name_of(number): getattr(case, side) for number, case in enumerate(CASES[tool])}
        return found_in(place, tool, texts, codes=",".join(sorted({case.code for case in CASES[tool]})))

    return run


@pytest.mark.parametrize(("tool", "number"), NUMBERED, ids=[f"{t}-{CASES[t][n].code}-{n}" for t, n in NUMBERED])
def test_a_finding_is_mended_and_nothing_new_is_found(tool: str, number: int, findings: Findings) -> None:
    """The linter reports the finding before, the repair gives exactly the source of the table, the finding is gone."""
    if linter(tool) is None:
        pytest.skip(f"{tool} is not installed: tests/recordings/install brings it")
    case: Mended = CASES[tool][number]
    before = [f for f in findings(tool, "before").get(name_of(number), ()) if f.code == case.code]
    assert before, f"{tool} does not report {case.code}"
    made = mend({name_of(number): case.before, "other.py": ""}, *before)
    assert isinstance(made, CandidatePatch), made
    assert [edit.content for edit in made.edits] == [case.after.encode()]
    assert (made.disposition is Disposition.NEEDS_HUMAN) == case.needs_human
    assert made.rationale
    old = Counter(f.code for f in findings(tool, "before").get(name_of(number), ()))
    new = Counter(f.code for f in findings(tool, "after").get(name_of(number), ()))
    assert new[case.code] < old[case.code]
    assert not new - old
