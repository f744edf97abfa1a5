"""Fit how likely each kind of edit is, by where the true fix of a measured bug comes among the candidates.

    python bench/operator_priors.py [--set small,real] [--seed 0] [--write]

No test is run: the functions that the fix changes, and their neighbours in the file, are the suspects. The fit lowers
the mean logarithm of the true edit's rank, and is held near what the priors are, since there are few cases a kind.
"""

import argparse
import ast
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.suspects import Suspect
from selfheal.contract.trials import Splice
from selfheal.fix.interface import RepairCase
from selfheal.fix.search.candidates import applied, ranked
from selfheal.fix.search.registry import OPERATORS
from trials.sets import load
from trials.trial import Trial

TABLE = Path(__file__).parents[1] / "action" / "selfheal" / "fix" / "search" / "priors.json"
HELD = 0.03
"""What moving a prior away from where it was costs, by the square of its logarithm."""
STEPS = (0.5, 0.7, 0.85, 1.2, 1.45, 2.0)
ROUNDS = 4
NEIGHBOURS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """A bug: what every candidate weighs without its prior, ascending by operator, and the true one."""

    trial: str
    weights: dict[str, list[float]]
    operator: str
    weight: float

    def rank(self, priors: dict[str, float]) -> int:
        """How many candidates come before the true one."""
        mine = self.weight * priors[self.operator]
        return sum(
            len(found) - bisect_left(found, mine / priors[name] * (1 + 1e-9)) for name, found in self.weights.items()
        )


@dataclass(frozen=True, slots=True)
class _Texts:
    """The one file as a tree."""

    path: str
    text: str

    def paths(self) -> tuple[str, ...]:
        return (self.path,)

    def read(self, path: str) -> bytes | None:
        return self.text.encode() if path == self.path else None


def main() -> int:
    """Rank, fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="small,real")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    trials = [trial for name in options.set.split(",") for trial in load(name, seed=options.seed).trials]
    seen = [found for trial in trials for found in seen_of(trial)]
    before = {one.name: one.prior for one in OPERATORS}
    after = fitted(seen, before)
    for name in before:
        print(f"{name:24} {before[name]:5.2f} -> {after[name]:5.2f}  {sum(one.operator == name for one in seen)} bugs")
    for one in sorted(seen, key=lambda one: -one.rank(after))[:12]:
        print(f"{one.trial}: {one.operator}: {one.rank(before)} -> {one.rank(after)}")
    print(f"{len(trials)} bugs, {len(seen)} that one edit mends; mean log2 of the rank: ", end="")
    print(f"{_loss(seen, before):.2f} -> {_loss(seen, after):.2f}")
    if options.write:
        rows = ",\n".join(f'  "{name}": {round(prior, 3)}' for name, prior in after.items())
        TABLE.write_text("{\n" + rows + "\n}\n", encoding="utf-8")
    return 0


def seen_of(trial: Trial) -> Iterator[Seen]:
    """What the candidates of a bug weigh; nothing where it takes more than one edit or has no test's name."""
    changed = [(name, text) for name, text in trial.original if text is not None and name.endswith(".py")]
    if len(changed) != 1:
        return
    (path, right), broken = changed[0], dict(trial.broken)
    wrong = broken.get(path)
    if wrong is None:
        return
    tree = _Texts(path, wrong)
    failure = Failure(tool="pytest", message="", file="t.py", line=1, test_id=None)
    diagnosis = Diagnosis(category=Category.TEST, summary="", failures=(failure,))
    case = RepairCase(
        command="pytest",
        diagnosis=diagnosis,
        suspects=tuple(_suspects(path, wrong, right)),
        tree=tree,
        transformer=None,  # type: ignore[arg-type] - no operator runs anything
        ask=None,  # type: ignore[arg-type]
        context=lambda _suspect, _limit: "",
        trials=object(),  # type: ignore[arg-type] - blunt operators want to know that there are some
    )
    priors = {one.name: one.prior for one in OPERATORS}
    weights: dict[str, list[float]] = defaultdict(list)
    truth = None
    wanted = ast.dump(ast.parse(right))
    changed = _changed_lines(wrong, right)
    for one in ranked(case):
        weight = one.score / priors[one.operator]
        weights[one.operator].append(weight)
        if (
            truth is None
            and _reaches(one.splices[0], wrong, changed)
            and _dumped(applied(wrong, one.splices)) == wanted
        ):
            truth = (one.operator, weight)
    if truth is not None:
        yield Seen(trial.id, {name: sorted(found) for name, found in weights.items()}, *truth)


def fitted(seen: list[Seen], before: dict[str, float]) -> dict[str, float]:
    """Move one prior at a time while that helps."""
    priors = dict(before)

    def cost(tried: dict[str, float]) -> float:
        held = sum(math.log(tried[name] / before[name]) ** 2 for name in before)
        return _loss(seen, tried) + HELD * held

    best = cost(priors)
    for _ in range(ROUNDS):
        for name in priors:
            for step in STEPS:
                tried = {**priors, name: min(3.0, max(0.02, priors[name] * step))}
                if (found := cost(tried)) < best - 1e-6:
                    priors, best = tried, found
    return priors


def _loss(seen: list[Seen], priors: dict[str, float]) -> float:
    return sum(math.log2(1 + one.rank(priors)) for one in seen) / max(1, len(seen))


def _changed_lines(wrong: str, right: str) -> range:
    """The lines of the wrong text from the first that differs to the last, and one on either side."""
    codes = SequenceMatcher(None, wrong.splitlines(), right.splitlines(), autojunk=False).get_opcodes()
    differing = [code for code in codes if code[0] != "equal"]
    return range(differing[0][1], differing[-1][2] + 2)


def _reaches(splice: Splice, wrong: str, changed: range) -> bool:
    """True where an edit reaches from the first of the changed lines to the last: none but these are parsed."""
    first, last = (wrong.count("\n", 0, at) + 1 for at in (splice.first, splice.last))
    return first <= changed[0] + 2 and last >= changed[-1] - 2


def _dumped(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return ""


def _suspects(path: str, wrong: str, right: str) -> Iterator[Suspect]:
    """The functions around the first changed line, the innermost first, then the file's others near them."""
    line = _changed_lines(wrong, right)[1]
    functions = [
        (min([node.lineno, *(one.lineno for one in node.decorator_list)]), node.end_lineno or node.lineno, node.name)
        for node in ast.walk(ast.parse(wrong))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    around = sorted((one for one in functions if one[0] <= line <= one[1] + 1), key=lambda one: one[1] - one[0])
    others = sorted((one for one in functions if one not in around), key=lambda one: abs(one[0] - line))
    for rank, (first, last, name) in enumerate((*around[:1], *others[:NEIGHBOURS])):
        suspicion = 0.75 if rank == 0 else 0.65
        yield Suspect(
            file=path, first_line=first, last_line=last, symbol=name, suspiciousness=suspicion, evidence=("fit",)
        )


if __name__ == "__main__":
    raise SystemExit(main())
