"""What the tests ran is evidence: of what the code names, and of what it calls by names made at run time."""

from selfheal.contract.suspects import Suspect
from selfheal.contract.trials import CoveredTest, Spectrum

from .projects import Project, project

FILE = "calc/machine.py"


def a_machine() -> tuple[Project, tuple[Suspect, ...]]:
    """A machine that finds its methods by name; the failing test and a passing one as they ran."""
    machine = project(
        calc__INIT="",
        calc__machine="""
            class Machine:
                def run(self, word, *values):
                    action = getattr(self, "do_" + word)
                    return self.shown(action(*values))

                def shown(self, value):
                    return value

                def never(self, value):
                    return -value

                def do_add(self, a, b):
                    if a < 0:
                        return b
                    return a - b

                def do_twice(self, a):
                    return a + a
            """,
        tests__test_machine="""
            from calc.machine import Machine


            def test_add():
                machine = Machine()
                assert machine.run("add", 1, 2) == 3 or machine.never(1)


            def test_twice():
                assert Machine().run("twice", 1) == 2
            """,
    )

    def ran(name: str, *texts: str, has_failed: bool) -> CoveredTest:
        lines = tuple(machine.line(FILE, text) for text in ("action =", "return self.shown", "return value", *texts))
        return CoveredTest(test_id=name, has_failed=has_failed, cpu_s=0.01, lines=((FILE, lines),))

    spectrum = Spectrum(
        tests=(
            ran("tests/test_machine.py::test_add", "if a < 0", "return a - b", has_failed=True),
            ran("tests/test_machine.py::test_twice", "return a + a", has_failed=False),
        )
    )
    failure = machine.failure("tests/test_machine.py::test_add", ("tests/test_machine.py", "assert machine"))
    return machine, machine.suspects(failure, spectrum=spectrum)


def test_what_is_called_by_a_made_name_comes_first() -> None:
    """The failing test alone ran it, though no call in the code names it."""
    machine, (first, *_) = a_machine()
    assert first.symbol == "Machine.do_add"
    assert any("that the code does not name" in one for one in first.evidence)
    assert first.lines[0] == machine.line(FILE, "if a < 0")


def test_what_no_failing_test_ran_is_weakened() -> None:
    """What the test names but never came to, and what another test ran."""
    _, suspects = a_machine()
    by_name = {one.symbol: one for one in suspects}
    assert "Machine.do_twice" not in by_name
    assert by_name["Machine.never"].suspiciousness < by_name["Machine.run"].suspiciousness
    assert "no failing test runs it" in by_name["Machine.never"].evidence
