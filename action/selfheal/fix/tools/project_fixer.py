"""Run the project's own formatters and linters so that they mend what they found. No model."""

from selfheal.contract.command import Ending, Transformation
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.tools.calls import find_calls
from selfheal.fix.tools.hooks import not_installed
from selfheal.fix.tools.interface import Mender, Workplace
from selfheal.fix.tools.places import kept_edits
from selfheal.fix.tools.plan import ALL, PERMITTED, answered, names_what_may_be_refused, plan_of, proves_by_tests
from selfheal.fix.tools.registry import MENDERS

_TOOL_TIMEOUT_S = 180.0
_LONGEST_SHOWN = 300


class ProjectFixer:
    """The strategy over all `MENDERS`."""

    name = "project_fixer"
    uses_model = False

    def __init__(self, menders: tuple[Mender, ...] = MENDERS) -> None:
        self._menders = menders

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name all tools together, then each alone, then each rule, what the tool calls unsafe last."""
        if not self._may_answer(case):
            return ()
        place = _workplace(case)
        plan = plan_of(place, self._menders)
        places = list(plan.places)
        mine = () if place.is_unread else answered(plan.safe, place.failures, None)
        if plan.safe and (place.is_unread or names_what_may_be_refused(mine)):
            places.insert(1, PERMITTED)
        return tuple(Target(strategy=self.name, place=one) for one in places)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Run the tools in the tree, keep what they changed in the failing files, put the tree back."""
        place = _workplace(case)
        menders, rule = self._asked(place, target.place)
        errands = [errand for mender in menders if (errand := mender.errand(place, rule=rule)) is not None]
        if not errands:
            return NoCandidate(f"no file is named that {target.place} could mend", is_spent=True)
        text = "\n".join(dict.fromkeys(errand.text for errand in errands))
        done = await case.transformer.transform(text, timeout_s=_TOOL_TIMEOUT_S)
        mine = answered(menders, place.failures, rule)
        named = () if place.is_unread else mine
        edits = kept_edits(done.edits, case, named, only_permitted=target.place == PERMITTED)
        calls = _cut(" and ".join(dict.fromkeys(errand.words for errand in errands)))
        if not edits:
            return NoCandidate(f"{calls} changed nothing that failed{_why(done, case)}", is_spent=True)
        is_risky = any(mender.is_unsafe for mender in menders) and not proves_by_tests(place)
        return CandidatePatch(
            strategy=f"{self.name}:{target.place}",
            edits=edits,
            rationale=_rationale(rule, calls, len(edits), is_risky=is_risky),
            disposition=Disposition.NEEDS_HUMAN if is_risky else Disposition.AUTO,
        )

    def _may_answer(self, case: RepairCase) -> bool:
        """Tell cheaply whether to look at all: most failures are no tool's that rewrites."""
        place = Workplace(case.diagnosis, case.tree, ())
        return place.is_unread or any(m.answers(f) for f in place.failures for m in self._menders)

    def _asked(self, place: Workplace, wanted: str) -> tuple[tuple[Mender, ...], str | None]:
        plan = plan_of(place, self._menders)
        if wanted in (ALL, PERMITTED):
            return tuple(sorted((*plan.safe, *plan.after), key=lambda mender: mender.kind)), None
        name, _, rule = wanted.partition(":")
        return tuple(mender for mender in self._menders if mender.name == name), rule or None


def _workplace(case: RepairCase) -> Workplace:
    return Workplace(case.diagnosis, case.tree, find_calls(case.command, case.tree))


def _rationale(rule: str | None, calls: str, files: int, *, is_risky: bool) -> str:
    what = f"{f'Mend {rule}' if rule else 'Mend'} by {calls} in {files} file{'s' if files > 1 else ''}"
    if is_risky:
        what += "; the tool calls the fix unsafe and no test is run by the command"
    return what


def _why(done: Transformation, case: RepairCase) -> str:
    """Say why a run of tools changed nothing, where it failed."""
    config = (case.tree.read(".pre-commit-config.yaml") or b"").decode(errors="replace")
    if hook := not_installed(done.run.output, config):
        return f": {hook}"
    if done.run.passed:
        return ""
    how = "it did not end in time" if done.run.ending is Ending.TIMED_OUT else f"it exited with {done.run.exit_code}"
    return f" ({how}: {done.run.output.strip()[-200:]})"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
