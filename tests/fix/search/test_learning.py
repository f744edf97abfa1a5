"""What a trial did to the failure moves the edits that are left."""

from selfheal.contract.trials import Ended, Splice, Trial
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.learning import learned

BASE = Trial(ended=Ended.RAN, tests="FF", text="t.py::a\nt.py:3: in a\nE   assert 1 == 2")


def at(line: int, *, number: int = 0, score: float = 1.0) -> Candidate:
    splice = Splice(path="m.py", first=line, last=line, text=str(number))
    return Candidate((splice,), "number", suspect=0, line=line, score=score, old="", new=str(number))


def test_a_line_that_moves_the_failure_further_rises() -> None:
    """The first failing test gets past its first assertion, or another test passes: its neighbours come first."""
    rest = [at(1, score=1.2), at(2)]
    later = BASE.model_copy(update={"text": "t.py::a\nt.py:4: in a\nE   assert 3 == 4"})
    more = BASE.model_copy(update={"tests": "PF"})
    for trial in (later, more):
        assert [one.line for one in learned(rest, [(at(2, number=7), trial)], BASE)] == [2, 1]


def test_a_line_that_changes_nothing_sinks() -> None:
    """After three edits of it that leave every word of the failure as it was; not after one."""
    rest = [at(1, score=1.2), at(2)]
    idle = [(at(1, number=number), BASE) for number in range(3)]
    assert [one.line for one in learned(rest, idle[:1], BASE)] == [1, 2]
    assert [one.line for one in learned(rest, idle, BASE)] == [2, 1]


def test_what_breaks_teaches_nothing() -> None:
    """An edit that does not compile or never ends says nothing of its line, and an earlier failure is no progress."""
    rest = [at(1, score=1.2), at(2)]
    broken = [(at(1, number=number), Trial(ended=Ended.BROKEN)) for number in range(4)]
    late = [(at(1, number=number), Trial(ended=Ended.LATE)) for number in range(4)]
    earlier = BASE.model_copy(update={"text": "t.py::a\nt.py:2: in a\nE   ValueError"})
    for seen in (broken, late, [(at(2), earlier)], [(at(2), None)]):
        assert [one.line for one in learned(rest, seen, BASE)] == [1, 2]
