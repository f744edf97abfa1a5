"""What is tried next, and what is not worth trying at all."""

from dataclasses import replace

from builders import a_case, a_suspect
from fakes import ScriptedTrials
from selfheal.contract.target import Target
from selfheal.fix.interface import RepairCase
from selfheal.team.agents.supervisor import order
from selfheal.team.portfolio import portfolio
from selfheal.team.state import RepairState


class Named:
    """A strategy of that name, with a target for every suspect."""

    uses_model = True

    def __init__(self, name: str) -> None:
        self.name = name

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        return tuple(
            Target(strategy=self.name, place=one.file, suspect=index, samples=9, uses_model=True)
            for index, one in enumerate(case.suspects)
        )

    async def propose(self, *_: object, **__: object) -> object:
        raise AssertionError


def suspects_of(*suspicions: float) -> RepairCase:
    found = tuple(a_suspect(file=f"{n}.py", suspiciousness=value) for n, value in enumerate(suspicions))
    return a_case({}, suspects=found)


def drawn(state: RepairState, targets: list[Target], times: int) -> RepairState:
    return state.model_copy(update={"draws": tuple((one.key, times) for one in targets)})


def test_what_promises_next_to_nothing_is_left_out() -> None:
    """However suspicious places are: what counts is the most suspicious one."""
    targets = order((Named("rewrite_function"),), suspects_of(0.2, 0.1, 0.001), RepairState())
    assert [one.place for one in targets] == ["0.py", "1.py"]


def test_a_strategy_that_goes_on_failing_ends() -> None:
    """And one that is worth no less with each sample goes on."""
    case = suspects_of(0.5)
    strategies = (Named("rewrite_function"), Named("operator_search"))
    state = drawn(RepairState(), order(strategies, case, RepairState()), 5)
    assert portfolio()["rewrite_function"].of(5, is_warm=True) < 0.05
    assert [one.strategy for one in order(strategies, case, state)] == ["operator_search"]


def test_other_ways_come_before_a_third_place() -> None:
    """Where a strategy was asked at two places it is worth less at the next one, if the tests are warm."""
    cold = suspects_of(0.9, 0.89, 0.88)
    warm = replace(cold, trials=ScriptedTrials("", lambda _: "F"))
    strategies = (Named("rewrite_function"), Named("fork_rewrite"))
    first = order(strategies, warm, RepairState())
    assert [one.strategy for one in first[:3]] == ["rewrite_function"] * 3
    state = drawn(RepairState(), first[:1], 1)
    assert [(one.strategy, one.place) for one in order(strategies, warm, state)][:2] == [
        ("fork_rewrite", "0.py"),
        ("fork_rewrite", "1.py"),
    ]
    assert next((one.strategy, one.place) for one in order(strategies, cold, state)) == ("rewrite_function", "1.py")
