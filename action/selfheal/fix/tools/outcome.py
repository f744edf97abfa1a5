"""From a failing case to what tools are for it, and from their edits to a candidate."""

from selfheal.contract.command import Ending, Transformation
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.fix.interface import NoCandidate, RepairCase
from selfheal.fix.tools.calls import find_calls
from selfheal.fix.tools.hooks import not_installed
from selfheal.fix.tools.interface import Errand, Mender, Workplace
from selfheal.fix.tools.plan import Plan, plan_of, proves_by_tests

_LONGEST_SHOWN = 300


def workplace_of(case: RepairCase) -> Workplace:
    """Look at the case as the tools do."""
    return Workplace(case.diagnosis, case.tree, find_calls(case.command, case.tree))


def planned(case: RepairCase, menders: tuple[Mender, ...]) -> Plan | None:
    """Plan, where it is worth to look at all: most failures are no tool's that rewrites."""
    place = Workplace(case.diagnosis, case.tree, ())
    if not place.is_unread and not any(mender.answers(failure) for failure in place.failures for mender in menders):
        return None
    return plan_of(workplace_of(case), menders)


def outcome_of(
    done: Transformation,
    edits: tuple[FileEdit, ...],
    case: RepairCase,
    *,
    wanted: str,
    errands: tuple[Errand, ...],
    rule: str = "",
    is_unsafe: bool = False,
) -> CandidatePatch | NoCandidate:
    """Make the candidate of what is kept of a run; say why where nothing is."""
    calls = shown(" and ".join(dict.fromkeys(errand.words for errand in errands)))
    if not edits:
        return NoCandidate(f"{calls} changed nothing that failed{_why(done, case)}", is_spent=True)
    is_risky = is_unsafe and not proves_by_tests(workplace_of(case))
    rationale = f"{f'Mend {rule}' if rule else 'Mend'} by {calls} in {len(edits)} file{'s' if len(edits) > 1 else ''}"
    if is_risky:
        rationale += "; the tool calls the fix unsafe and no test is run by the command"
    return CandidatePatch(
        strategy=f"project_fixer:{wanted}",
        edits=edits,
        rationale=rationale,
        disposition=Disposition.NEEDS_HUMAN if is_risky else Disposition.AUTO,
    )


def shown(text: str) -> str:
    """Cut words that grew too long for a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _why(done: Transformation, case: RepairCase) -> str:
    """Say why a run of tools changed nothing, where it failed."""
    config = (case.tree.read(".pre-commit-config.yaml") or b"").decode(errors="replace")
    if hook := not_installed(done.run.output, config):
        return f": {hook}"
    if done.run.passed:
        return ""
    how = "it did not end in time" if done.run.ending is Ending.TIMED_OUT else f"it exited with {done.run.exit_code}"
    return f" ({how}: {done.run.output.strip()[-200:]})"
