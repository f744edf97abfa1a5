"""A failure is believed when it was seen twice, in the tightest sandbox that shows it."""

import pytest

from builders import a_diagnosis, a_failure, a_passing_run, a_run
from selfheal.contract.command import Ending
from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.reproduce import Disagreed, NeverEnded, PassesNow, Reproduced
from verify.benches import ALL_LEVELS, ONE_LEVEL, LevelScript

TIGHT, NETWORK, LOOSE = ALL_LEVELS.levels
NO_NETWORK = a_run(output="OSError: [Errno 101] Network is unreachable")
REAL = a_run(output="assert 1 == 2")
DIAGNOSES = {
    NO_NETWORK.output: a_diagnosis(a_failure(message="network is unreachable")),
    REAL.output: a_diagnosis(a_failure(message="assert 1 == 2")),
}


async def test_two_runs_are_all_in_the_ordinary_case():
    """A plain failure costs two runs, both in the tightest sandbox."""
    script = LevelScript({TIGHT: [REAL]})
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert (script.asked, found.level, len(found.runs)) == ([TIGHT, TIGHT], TIGHT, 2)


async def test_passing_is_shown_by_the_loosest_level_too():
    """Two passes, the second without the sandbox's walls."""
    script = LevelScript({TIGHT: [a_passing_run()], LOOSE: [a_passing_run()]})
    assert isinstance(await script.reproduce(), PassesNow)
    assert script.asked == [TIGHT, LOOSE]


async def test_passing_only_in_the_sandbox_is_not_passing():
    """What fails only out there fails for the owner: it is reproduced out there."""
    script = LevelScript({TIGHT: [a_passing_run()], NETWORK: [a_passing_run()], LOOSE: [REAL]})
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert (found.level, found.runs) == (LOOSE, (REAL, REAL))


async def test_a_failure_that_needs_the_network_is_reproduced_with_no_more_than_that():
    """It passes without the network; with it, bubblewrap still stands around it."""
    script = LevelScript({TIGHT: [a_passing_run()], NETWORK: [REAL], LOOSE: [REAL]})
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert (found.level, found.runs) == (NETWORK, (REAL, REAL))


async def test_a_command_that_hangs_without_walls_never_ended():
    """It passes in the sandbox and waits for ever outside: no third run."""
    script = LevelScript({TIGHT: [a_passing_run()], LOOSE: [a_run(ending=Ending.TIMED_OUT, exit_code=124)]})
    assert isinstance(await script.reproduce(), NeverEnded)
    assert script.asked == [TIGHT, LOOSE]


async def test_passing_and_failing_at_one_level_is_flaky_after_five_runs():
    """Five runs of the same tree, so that the report can say how often it passed."""
    script = LevelScript({TIGHT: [REAL, a_passing_run(), REAL, REAL, a_passing_run()]})
    found = await script.reproduce(ONE_LEVEL)
    assert isinstance(found, Disagreed)
    assert (len(found.runs), found.passed) == (5, 2)


async def test_a_first_pass_and_a_second_failure_is_flaky_too():
    """The order of the two does not matter."""
    script = LevelScript({TIGHT: [a_passing_run(), REAL, a_passing_run()]})
    found = await script.reproduce(ONE_LEVEL)
    assert isinstance(found, Disagreed)
    assert len(found.runs) == 5


async def test_an_ordinary_failure_never_loosens():
    """Looser levels cost runs and safety: only an output that looks sandboxed asks for them."""
    script = LevelScript({TIGHT: [REAL], NETWORK: [REAL], LOOSE: [REAL]})
    await script.reproduce()
    assert set(script.asked) == {TIGHT}


async def test_the_same_failure_everywhere_stays_tight():
    """The build itself can't reach its server: it shows in the tightest sandbox just as well."""
    script = LevelScript({TIGHT: [NO_NETWORK], LOOSE: [NO_NETWORK]}, DIAGNOSES)
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert (found.level, script.asked) == (TIGHT, [TIGHT, LOOSE, TIGHT])


async def test_loosening_stops_at_the_tightest_level_that_shows_the_same():
    """With the network the real failure shows: nothing looser is used."""
    script = LevelScript({TIGHT: [NO_NETWORK], NETWORK: [REAL], LOOSE: [REAL]}, DIAGNOSES)
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert found.level is NETWORK
    assert all(run == REAL for run in found.runs)
    assert len(found.runs) == 2


async def test_loosening_goes_all_the_way_only_if_it_must():
    """A failure that shows only without bubblewrap is reproduced there."""
    script = LevelScript({TIGHT: [NO_NETWORK], NETWORK: [NO_NETWORK], LOOSE: [REAL]}, DIAGNOSES)
    found = await script.reproduce()
    assert isinstance(found, Reproduced)
    assert found.level is LOOSE


async def test_a_failure_of_the_sandbox_alone_is_no_failure():
    """It fails without the network only, so it passes for its owner, twice."""
    script = LevelScript({TIGHT: [NO_NETWORK], NETWORK: [a_passing_run()], LOOSE: [a_passing_run()]}, DIAGNOSES)
    found = await script.reproduce()
    assert isinstance(found, PassesNow)
    assert found.level is NETWORK


async def test_without_other_levels_there_is_nothing_to_loosen():
    """The network is not allowed: the failure is taken as it shows."""
    script = LevelScript({TIGHT: [NO_NETWORK]}, DIAGNOSES)
    assert isinstance(await script.reproduce(ONE_LEVEL), Reproduced)
    assert script.asked == [TIGHT, TIGHT]


async def test_a_command_that_never_ends_is_run_once():
    """Waiting a second time would tell nothing and cost all the budget."""
    script = LevelScript({TIGHT: [a_run(ending=Ending.TIMED_OUT, exit_code=124, output="connection refused")]})
    assert isinstance(await script.reproduce(), NeverEnded)
    assert script.asked == [TIGHT]


@pytest.mark.parametrize("ending", [Ending.KILLED, Ending.NOT_FOUND])
async def test_a_command_that_was_killed_or_missing_failed(ending):
    """It is diagnosed like any other failure."""
    script = LevelScript({TIGHT: [a_run(ending=ending, exit_code=137)]})
    assert isinstance(await script.reproduce(ONE_LEVEL), Reproduced)


def test_the_levels_are_ordered():
    """The tests above rest on it."""
    assert (TIGHT, LOOSE) == (SandboxLevel.ISOLATED, SandboxLevel.PROCESS)
