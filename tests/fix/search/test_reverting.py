"""Taking back what the commit under test changed: the smallest part that helps, and always a person's decision."""

from builders import a_case, a_suspect
from fakes import ScriptedTrials
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.suspects import ChangedLines
from selfheal.fix.interface import NoCandidate
from selfheal.fix.search.reverting import RevertHunk, parts_of

NOW = "def add(a, b):\n    a = int(a)\n    return a - b\n\n\ndef twice(a):\n    return add(a, a)\n"
WAS = "def add(a, b):\n    return a + b\n"
CHANGES = (
    ChangedLines(file="pkg/core.py", first_line=2, last_line=2, before="", after="    a = int(a)\n"),
    ChangedLines(
        file="pkg/core.py", first_line=3, last_line=3, before="    return a + b\n", after="    return a - b\n"
    ),
    ChangedLines(file="tests/test_core.py", first_line=1, last_line=1, before="x\n", after="y\n"),
    ChangedLines(file="pkg/core.py", first_line=1, last_line=1, before="gone\n", after="no such line\n"),
)


def case_of(**changes):
    files = {"pkg/core.py": NOW, "tests/test_core.py": "y\n"}
    return a_case(files, suspects=(a_suspect(last_line=3),), **{"changes": CHANGES, **changes})


async def test_the_smallest_part_that_passes_is_proposed() -> None:
    """One hunk of two; the other one stays as the commit made it."""
    trials = ScriptedTrials(NOW, lambda text: "P" if "a + b" in text else "F")
    case = case_of(trials=trials)
    (target,) = RevertHunk().targets(case)
    candidate = await RevertHunk().propose(case, target, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == NOW.replace("a - b", "a + b").encode()
    assert candidate.disposition is Disposition.NEEDS_HUMAN
    assert "pkg/core.py:3" in candidate.rationale


async def test_hunks_that_only_help_together_go_together() -> None:
    """After each alone all of them are tried."""
    trials = ScriptedTrials(NOW, lambda text: "P" if text.startswith(WAS) else "F")
    case = case_of(trials=trials)
    (target,) = RevertHunk().targets(case)
    candidate = await RevertHunk().propose(case, target, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert (candidate.edits[0].content or b"").decode().startswith(WAS)


async def test_where_nothing_helps_nothing_is_proposed() -> None:
    """And it is not asked again."""
    case = case_of(trials=ScriptedTrials(NOW, lambda text: "F"))
    (target,) = RevertHunk().targets(case)
    turned_down = await RevertHunk().propose(case, target, sample=0, tried=())
    assert isinstance(turned_down, NoCandidate)
    assert turned_down.is_spent


async def test_without_warm_tests_each_part_is_a_candidate() -> None:
    """As many samples as there are parts."""
    case = case_of()
    (target,) = RevertHunk().targets(case)
    assert target.samples == len(parts_of(case)) == 3
    made = [await RevertHunk().propose(case, target, sample=n, tried=()) for n in range(target.samples)]
    assert len({one.edits[0].content for one in made if isinstance(one, CandidatePatch)}) == 3


def test_tests_and_what_has_moved_on_are_left_alone() -> None:
    """A test is never changed, and a hunk whose lines are not there any more is not put anywhere else."""
    changed = {change for group, _ in parts_of(case_of()) for change in group}
    assert changed == set(CHANGES[:2])


def test_without_a_parent_commit_there_is_nothing_to_take_back() -> None:
    """As in a shallow clone."""
    assert RevertHunk().targets(case_of(changes=())) == ()
