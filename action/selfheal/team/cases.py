"""Make the strategies' view of a repair from the state."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from selfheal.contract.suspects import Suspect
from selfheal.fix.interface import RepairCase
from selfheal.team.ledger import MeteredEngine
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class CaseMaker:
    """Binds the toolbox and the engine to a state."""

    toolbox: Toolbox
    engine: MeteredEngine
    seed: int

    def case(self, state: RepairState) -> RepairCase:
        """Make the case. Raises ValueError before there is a diagnosis."""
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
            tells_likelihood=self.engine.tells_likelihood,
        )
        return replace(case, relocated=lambda tests: self._narrowed(case, tests))

    def _narrowed(self, case: RepairCase, tests: Collection[str]) -> RepairCase:
        failures = tuple(one for one in case.diagnosis.failures if one.test_id in tests)
        diagnosis = case.diagnosis.model_copy(update={"failures": failures or case.diagnosis.failures})
        spectrum = case.spectrum.among(tests) if case.spectrum is not None else None
        suspects = self.toolbox.suspects_of(diagnosis, spectrum)
        return replace(case, diagnosis=diagnosis, suspects=suspects, spectrum=spectrum)
