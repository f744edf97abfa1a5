"""What is fitted on measured repairs moves with them, and stays where they say too little."""

import json
from pathlib import Path

import pytest

import operator_priors
import portfolio as fitting
from operator_priors import Seen
from selfheal.team.portfolio import Worth, portfolio
from trials.trial import Trial


def kept(folder: Path, *attempts: tuple[str, str, float]) -> None:
    folder.mkdir(parents=True)
    rows = [{"strategy": name, "verdict": verdict, "wall_s": wall_s} for name, verdict, wall_s in attempts]
    (folder / "report.json").write_text(json.dumps({"attempts": rows}))


def test_a_strategy_is_worth_what_it_mends_by_the_second(tmp_path: Path) -> None:
    """One that mends as often in a tenth of the time is worth about ten times as much; the unit keeps its worth."""
    for number in range(20):
        verdict = "proved" if number % 2 else "unchanged"
        kept(tmp_path / f"{number}", ("rewrite_function", verdict, 20.0), ("operator_search", verdict, 2.0))
    known = {"rewrite_function": Worth(first=1.0, further=0.6), "operator_search": Worth(first=1.6, further=0.9)}
    table = fitting.fitted(fitting.draws_of(sorted(tmp_path.glob("*/report.json"))), known)
    assert table["rewrite_function"].first == pytest.approx(1.0, abs=0.01)
    assert 9 < table["operator_search"].first < 11
    assert table["operator_search"].further == 0.9


def test_few_draws_change_nothing(tmp_path: Path) -> None:
    """Seven samples are no measurement."""
    for number in range(7):
        kept(tmp_path / f"{number}", ("rewrite_function", "proved", 20.0))
    assert fitting.fitted(fitting.draws_of(sorted(tmp_path.glob("*/report.json"))), portfolio()) == portfolio()


def test_an_operator_whose_edits_are_right_rises() -> None:
    """And one whose edits only stand in front of right ones sinks, both within bounds."""
    seen = [Seen(f"t{n}", {"loud": [0.8, 0.9, 1.0], "right": [0.5]}, "right", 0.5) for n in range(5)]
    before = {"loud": 1.0, "right": 1.0}
    after = operator_priors.fitted(seen, before)
    assert [one.rank(before) for one in seen] == [3] * 5
    assert [one.rank(after) for one in seen] == [0] * 5
    assert after["loud"] <= after["right"] * 0.5 < 3.0


def test_the_true_edit_is_found_among_the_candidates() -> None:
    """Of a bug that one edit mends; what takes more has none."""
    right = "def f(a, b):\n    return a <= b\n"
    wrong = right.replace("<=", "<")

    def trial(broken: str) -> Trial:
        facts = {"group": "g", "name": "n", "kind": "k", "command": "c", "check": "c", "hidden": ()}
        return Trial(**facts, broken=(("m.py", broken),), original=(("m.py", right),))

    (found,) = operator_priors.seen_of(trial(wrong))
    assert found.operator == "comparison"
    assert list(operator_priors.seen_of(trial("def f(a, b):\n    print(1)\n    print(2)\n"))) == []
