"""Rank what the operators make of the suspects: how suspicious the line is, times how often fixes look like that."""

import ast
import textwrap
from collections import defaultdict
from dataclasses import dataclass

from selfheal.contract.suspects import Suspect
from selfheal.contract.trials import Splice
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import RepairCase
from selfheal.fix.python_source import FunctionNode, function_at
from selfheal.fix.search.hints import hints_of
from selfheal.fix.search.registry import OPERATORS
from selfheal.fix.search.site import Site

_MOST_SUSPECTS = 8
_MOST_LINES = 250
_MOST_OF_ONE_PLACE = 60
_DEFINITION = 0.5
"""What a line is worth that runs when the module is loaded, where no test's trace can tell."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One edit. `score` orders them; `text` and `old` are what stands there after and before it."""

    splices: tuple[Splice, ...]
    operator: str
    suspect: int
    line: int
    score: float
    old: str
    new: str

    @property
    def words(self) -> str:
        """Say what it does, for the report."""
        old, new = (" ".join(text.split())[:80] for text in (self.old, self.new))
        if not old:
            return f"{self.operator}: {new} is put in at line {self.line}"
        return f"{self.operator}: {old} becomes {new or 'nothing'} at line {self.line}"


def candidates_of(case: RepairCase, *, most: int) -> tuple[Candidate, ...]:
    """All candidates in their order, at most `most`; none that does not parse or changes what no failing test ran."""
    found: list[Candidate] = []
    for index, suspect in list(misbehaving(case))[:_MOST_SUSPECTS]:
        site = site_of(case, suspect)
        if site is not None:
            found += _of_one(case, site, index)
    found.sort(key=lambda one: -one.score)
    seen: set[tuple[Splice, ...]] = set()
    kept: list[Candidate] = []
    for candidate in found:
        if candidate.splices not in seen:
            seen.add(candidate.splices)
            kept.append(candidate)
        if len(kept) >= most:
            break
    return tuple(kept)


def site_of(case: RepairCase, suspect: Suspect) -> Site | None:
    """Open a suspect that is a Python function; None for anything else."""
    raw = case.tree.read(suspect.file)
    if raw is None or suspect.symbol is None or not suspect.file.endswith(".py"):
        return None
    if suspect.last_line - suspect.first_line > _MOST_LINES:
        return None
    function = function_at(raw, name=suspect.symbol.rpartition(".")[2], first_line=suspect.first_line)
    if function is None:
        return None
    # The very tree that the function's nodes are of.
    text = raw.decode()
    if "\r" in text or "\f" in text:
        return None
    module = ast.parse(text)
    same = next(
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.lineno, node.name) == (function.lineno, function.name)
    )
    failure = next(iter(case.diagnosis.failures), None)
    return Site(suspect.file, text, module, same, hints_of(failure, same, module, case.tree))


def odds_of(suspect: Suspect) -> float:
    """Suspiciousness as odds, which may be multiplied with priors."""
    return suspect.suspiciousness / max(0.05, 1.0 - suspect.suspiciousness)


def _of_one(case: RepairCase, site: Site, index: int) -> list[Candidate]:
    odds = odds_of(case.suspects[index])
    weights = line_weights(case, site)
    operators = [one for one in OPERATORS if case.trials is not None or not one.is_blunt]
    found = []
    for node in site.nodes():
        for operator in operators:
            for change in operator.changes(site, node):
                weight = weights.get(change.line, _DEFINITION)
                if weight <= 0 or site.text[change.first : change.last] == change.text:
                    continue
                splice = Splice(path=site.path, first=change.first, last=change.last, text=change.text)
                found.append(
                    Candidate(
                        splices=(splice,),
                        operator=operator.name,
                        suspect=index,
                        line=change.line,
                        score=odds * weight * operator.prior * change.weight,
                        old=site.text[change.first : change.last],
                        new=change.text,
                    )
                )
    # The best of each place first: a line on which much can be changed must not push the others back.
    found.sort(key=lambda one: -one.score)
    place_count: dict[int, int] = defaultdict(int)
    kept = []
    for candidate in found:
        place_count[candidate.line] += 1
        if place_count[candidate.line] <= _MOST_OF_ONE_PLACE * 4 and _parses(site, candidate):
            kept.append(candidate)
    return kept


def line_weights(case: RepairCase, site: Site) -> dict[int, float]:
    """The suspiciousness of each statement's lines; 0 where no failing test ran it, empty where nobody knows."""
    lines = case.spectrum.line_suspicions() if case.spectrum is not None else {}
    known = {line: value for (file, line), value in lines.items() if file == site.path}
    if not known:
        return {}
    weights: dict[int, float] = {}
    for node in ast.walk(site.function):
        if not isinstance(node, ast.stmt) or node is site.function:
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
        span = range(node.lineno, max(node.lineno, last) + 1)
        value = max((known.get(line, 0.0) for line in span), default=0.0)
        for line in span:
            weights[line] = max(weights.get(line, 0.0), 0.3 + 0.7 * value if value else 0.0)
    return weights


def _parses(site: Site, candidate: Candidate) -> bool:
    function = site.function
    first, last = site.line_span(_first_line(function), function.end_lineno or function.lineno)
    splice = candidate.splices[0]
    if splice.first < first or splice.last > last:
        return False
    text = site.text[first : splice.first] + splice.text + site.text[splice.last : last]
    try:
        ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _first_line(function: FunctionNode) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def applied(text: str, splices: tuple[Splice, ...]) -> str:
    """Make the edits of one file in its text."""
    for splice in sorted(splices, key=lambda one: -one.first):
        text = text[: splice.first] + splice.text + text[splice.last :]
    return text
