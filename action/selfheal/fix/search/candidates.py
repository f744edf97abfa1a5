"""Rank what the operators make of the suspects.

An edit is the likelier the more suspicious its line is, the more often fixes look like that, and the more natural the
file reads with it; much likelier where the commit under test changed the place.
"""

import ast
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter

from selfheal.contract.suspects import Suspect
from selfheal.contract.trials import Splice
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import RepairCase
from selfheal.fix.python_source import unindented
from selfheal.fix.search.naturalness import Reading, likeliness, readings_of
from selfheal.fix.search.opening import site_of
from selfheal.fix.search.registry import OPERATORS
from selfheal.fix.search.site import Change, Site

_MOST_OF_ONE_PLACE = 240
_MOST_OF_ONE_SUSPECT = 4000
"""More than any search comes to."""
_MANY_WAYS = 0.5
_UNREAD = 3.0
"""A name that is given a value and asked by nothing is there for what was lost."""
_CRASHED = 1.5
"""What a line is worth beside that at which the error arose; chosen."""
_CHANGED = 5.0
"""What a place is worth that the commit under test changed, beside one that it left alone; chosen."""
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
    also: str = ""
    """What it does elsewhere, for the report."""

    @property
    def words(self) -> str:
        """Say what it does, for the report."""
        return f"{self.operator}: {_what(self, 120)}{self.also}"


def candidates_of(case: RepairCase, *, most: int) -> tuple[Candidate, ...]:
    """The first candidates in their order, at most `most`; none that does not parse."""
    return tuple(islice((one for one in ranked(case) if parses(case, one)), most))


def ranked(case: RepairCase) -> list[Candidate]:
    """All candidates in their order; none that changes what no failing test ran. Whether they parse is not asked."""
    return list(case.once("ranked", lambda: _ranked(case)))


def _ranked(case: RepairCase) -> tuple[Candidate, ...]:
    found: list[Candidate] = []
    for index, suspect in misbehaving(case):
        site = site_of(case, suspect)
        if site is not None:
            found += _of_one(case, site, index)
    found = _as_they_read(case, found)
    found.sort(key=lambda one: -one.score)
    unique: dict[tuple[Splice, ...], Candidate] = {}
    for candidate in found:
        unique.setdefault(candidate.splices, candidate)
    return tuple(unique.values())


def _as_they_read(case: RepairCase, found: Sequence[Candidate]) -> list[Candidate]:
    """The same, each the likelier the more natural its file reads with it."""
    of_file: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        of_file[one.splices[0].path].append(number)
    readings: dict[int, Reading] = {}
    for path, numbers in of_file.items():
        text = (case.tree.read(path) or b"").decode()
        readings |= zip(numbers, readings_of(text, [found[one].splices[0] for one in numbers]), strict=True)
    factors = likeliness([one.operator for one in found], [readings[number] for number in range(len(found))])
    return [replace(one, score=one.score * factor) for one, factor in zip(found, factors, strict=True)]


def parses(case: RepairCase, candidate: Candidate) -> bool:
    """Tell whether the suspect is still one with the edit made, and valid Python."""
    return case.once(("parses", candidate.splices), lambda: _parses(case, candidate))


def _parses(case: RepairCase, candidate: Candidate) -> bool:
    text, first = case.once(("text", candidate.suspect), lambda: _text_of(case, candidate.suspect))
    (splice,) = candidate.splices
    start, stop = splice.first - first, splice.last - first
    if start < 0 or stop > len(text):
        return False
    try:
        ast.parse(unindented(text[:start] + splice.text + text[stop:]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _text_of(case: RepairCase, index: int) -> tuple[str, int]:
    """A suspect's lines, and the character of its file at which they begin."""
    suspect = case.suspects[index]
    lines = (case.tree.read(suspect.file) or b"").decode().splitlines(keepends=True)
    return "".join(lines[suspect.first_line - 1 : suspect.last_line]), sum(map(len, lines[: suspect.first_line - 1]))


def odds_of(suspect: Suspect) -> float:
    """Suspiciousness as odds, which may be multiplied with priors."""
    return suspect.suspiciousness / max(0.05, 1.0 - suspect.suspiciousness)


def _of_one(case: RepairCase, site: Site, index: int) -> list[Candidate]:
    weights = line_weights(case, site)
    changed = _changed_in(case, site)
    operators = [one for one in OPERATORS if case.trials is not None or not one.is_blunt]
    found: list[tuple[float, str, Change, str]] = []
    for node in site.nodes:
        for operator in operators:
            for change in operator.changes(site, node):
                weight = weights.get(change.line, _DEFINITION)
                text = site.quoted_alike(change.text)
                if weight <= 0 or site.text[change.first : change.last] == text:
                    continue
                use = _UNREAD if site.asks_unread(text) else 1.0
                weight *= _CRASHED if change.line == site.hints.crashed_at else 1.0
                is_changed = any(change.first <= last and first <= change.last for first, last in changed)
                weight *= _CHANGED if is_changed else 1.0
                found.append((weight * operator.prior * change.weight * use, operator.name, change, text))
    # A kind of fix is so likely, however many ways there are to do it: with each of them a single one is less so.
    ways = Counter(name for _, name, _, _ in found)
    odds = odds_of(case.suspects[index])
    scored = [(odds * worth / ways[name] ** _MANY_WAYS, name, change, text) for worth, name, change, text in found]
    # The best of each place first: a line on which much can be changed must not push the others back.
    scored.sort(key=itemgetter(0), reverse=True)
    place_count: dict[int, int] = defaultdict(int)
    kept: list[Candidate] = []
    for score, name, change, text in scored:
        place_count[change.line] += 1
        if place_count[change.line] <= _MOST_OF_ONE_PLACE and len(kept) < _MOST_OF_ONE_SUSPECT:
            kept.append(candidate_of(site, index, replace(change, text=text), operator=name, score=score))
    return kept


def _changed_in(case: RepairCase, site: Site) -> list[tuple[int, int]]:
    """The characters that the commit changed here; where it took lines away, the place at which they stood."""
    first, last = site.function.lineno, site.function.end_lineno or site.function.lineno
    return [
        site.line_span(one.first_line, one.last_line)
        for one in case.changes
        if one.file == site.path and one.first_line <= last + 1 and one.last_line >= first - 1
    ]


def candidate_of(site: Site, index: int, change: Change, *, operator: str, score: float) -> Candidate:
    """What an operator makes of suspect number `index`, as a candidate."""
    return Candidate(
        splices=(Splice(path=site.path, first=change.first, last=change.last, text=change.text),),
        operator=operator,
        suspect=index,
        line=change.line,
        score=score,
        old=site.text[change.first : change.last],
        new=change.text,
    )


def line_weights(case: RepairCase, site: Site) -> dict[int, float]:
    """The suspiciousness of each statement's lines; 0 where no failing test ran it, empty where nobody knows."""
    if site.is_definition:
        return {}
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


def applied(text: str, splices: tuple[Splice, ...]) -> str:
    """Make the edits of one file in its text."""
    for splice in sorted(splices, key=lambda one: -one.first):
        text = text[: splice.first] + splice.text + text[splice.last :]
    return text


def touch(one: Candidate, other: Candidate) -> bool:
    """True where one edit lies in the other's place."""
    return any(mine.touches(theirs) for mine in one.splices for theirs in other.splices)


def together(one: Candidate, *others: Candidate) -> Candidate:
    """Edits of different places as one candidate, which scores what they score multiplied."""
    return replace(
        one,
        splices=tuple(splice for each in (one, *others) for splice in each.splices),
        operator=" and ".join(dict.fromkeys(each.operator for each in (one, *others))),
        score=math.prod(each.score for each in (one, *others)),
        also="".join(f", and {_what(other, 40)}" for other in others),
    )


def _what(one: Candidate, most: int) -> str:
    old, new = (" ".join(text.split())[:most] for text in (one.old, one.new))
    if not old:
        return f"{new} is put in at line {one.line}"
    return f"{old} becomes {new or 'nothing'} at line {one.line}"
