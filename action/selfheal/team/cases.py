"""Make the strategies' view of a repair from the state."""

from dataclasses import dataclass, replace

from selfheal.contract.suspects import Suspect
from selfheal.fix.interface import RepairCase
from selfheal.team.ledger import MeteredEngine
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox

_MOST_SUSPECTS = 32


@dataclass(slots=True)
class CaseMaker:
    """Binds the toolbox and the engine to a state."""

    toolbox: Toolbox
    engine: MeteredEngine
    seed: int
    _last: tuple[tuple[object, ...], RepairCase] | None = None
    """The case that was made last, and what it was made of."""

    def case(self, state: RepairState) -> RepairCase:
        """Make the case; the same one again while nothing of it has changed. Raises ValueError before there is a
        diagnosis."""
        parts = (state.diagnosis, state.suspects, state.hint, self.toolbox.base, self.toolbox.warm_tests)
        if self._last is None or not all(one is other for one, other in zip(self._last[0], parts, strict=True)):
            self._last = (parts, self._made(state))
        return self._last[1]

    def _made(self, state: RepairState) -> RepairCase:
        diagnosis = state.diagnosis
        if diagnosis is None:
            raise ValueError("there is no diagnosis to repair")

        def context(suspect: Suspect, max_chars: int) -> str:
            return self.toolbox.context(suspect, diagnosis, max_chars)

        case = RepairCase(
            command=self.toolbox.command,
            diagnosis=diagnosis,
            suspects=state.suspects or (),
            tree=self.toolbox.tree(),
            transformer=self.toolbox,
            ask=self.engine.ask,
            context=context,
            trials=self.toolbox.warm_tests,
            spectrum=self.toolbox.spectrum,
            changes=self.toolbox.changed_lines(),
            seed=self.seed,
            hint=state.hint,
            tells_likelihood=lambda: self.engine.tells_likelihood,
        )
        return replace(case, relocated=lambda tests: self._relocated(case, tests))

    def _relocated(self, case: RepairCase, tests: frozenset[str] | None) -> RepairCase:
        if tests is None:
            return replace(case, suspects=self.toolbox.suspects_of(case.diagnosis, case.spectrum, most=_MOST_SUSPECTS))
        failures = tuple(one for one in case.diagnosis.failures if one.test_id in tests)
        diagnosis = case.diagnosis.model_copy(update={"failures": failures or case.diagnosis.failures})
        spectrum = case.spectrum.among(tests) if case.spectrum is not None else None
        suspects = self.toolbox.suspects_of(diagnosis, spectrum)
        return replace(case, diagnosis=diagnosis, suspects=suspects, spectrum=spectrum)
