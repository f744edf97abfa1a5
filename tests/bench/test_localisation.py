"""Where the lists of suspects have the function that a bug was planted into."""

from builders import a_case
from localisation import LISTS, faulty, ochiai, table
from selfheal.contract.trials import CoveredTest, Spectrum
from selfheal.locate import SymbolIndex
from trials.trial import Trial

CODE = "def f(a):\n    return a\n\n\ndef g(a):\n    b = a\n    return f(b)\n"


def test_functions_stand_by_their_most_suspicious_line_and_equals_share_a_place() -> None:
    """`f` and `g` are run by the failing test alone, `h` by both."""
    code = CODE + "\n\ndef h(a):\n    return a\n"

    def ran(name: str, *lines: int, has_failed: bool) -> CoveredTest:
        return CoveredTest(test_id=name, has_failed=has_failed, cpu_s=0.01, lines=(("m.py", lines),))

    spectrum = Spectrum(tests=(ran("a", 2, 6, 11, has_failed=True), ran("b", 11, has_failed=False)))
    case = a_case({"m.py": code}, spectrum=spectrum)
    assert ochiai(case, SymbolIndex(case.tree)) == {("m.py", "f"): 1.5, ("m.py", "g"): 1.5, ("m.py", "h"): 3}


def test_the_faulty_function_is_the_one_around_what_was_changed() -> None:
    """A line that is another one, and one that is missing."""

    def wanted(broken: str) -> frozenset[tuple[str, str]]:
        trial = Trial(
            group="real",
            name="x",
            kind="k",
            command="c",
            check="c",
            broken=(("m.py", broken), ("tests/test_m.py", "")),
            hidden=(),
            original=(("m.py", CODE), ("tests/test_m.py", "x = 1\n")),
        )
        return faulty(trial, SymbolIndex(a_case({"m.py": broken}).tree))

    assert wanted(CODE.replace("return a", "return -a")) == {("m.py", "f")}
    assert wanted(CODE.replace("    b = a\n", "")) == {("m.py", "g")}


def test_the_table_counts_what_is_found_and_compares() -> None:
    """0 stands for what a list does not have at all."""
    ours, bare, alone = LISTS
    rows = [{ours: 1.0, bare: 4.0, alone: 2.0}, {ours: 3.0, bare: 0.0, alone: 6.0}]
    head, first, second, third, ratio = table(rows)
    assert head.split()[:3] == ["list", "cases", "first"]
    assert first.split()[-5:] == ["2", "1", "2", "2", "0.667"]
    assert second.split()[-5:] == ["2", "0", "0", "1", "0.125"]
    assert third.split()[-5:] == ["2", "0", "1", "2", "0.333"]
    assert ratio == "selfheal's mean is 2.00 times that of Ochiai alone"
