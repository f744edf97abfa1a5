"""Combine all evidence into a ranked list of suspects."""

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.suspects import ChangedLines, Suspect
from selfheal.contract.test_paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.contract.trials import Spectrum
from selfheal.locate.calls import blame_calls
from selfheal.locate.changes import blame_changes
from selfheal.locate.checkers import CHECKERS, blame_checker
from selfheal.locate.failing_test import failing_test
from selfheal.locate.frames import blame_frames
from selfheal.locate.messages import blame_names
from selfheal.locate.other_languages import OtherSources, blame_all_tests, blame_named_tests, blame_other_language
from selfheal.locate.scores import Scores
from selfheal.locate.spectrum import blame_spectrum
from selfheal.locate.symbols import SymbolIndex

_FAILURES = 12
_ECHO = 0.25


def locate(
    diagnosis: Diagnosis,
    tree: TreeView,
    *,
    changed: tuple[ChangedLines, ...] = (),
    spectrum: Spectrum | None = None,
    limit: int = 8,
    index: SymbolIndex | None = None,
) -> tuple[Suspect, ...]:
    """The places that may hold the cause, most suspicious first, at most `limit`.

    Files of tests are suspects only where nothing else could be tied to the failure. An `index` of the
    same tree saves parsing again what is known already. `spectrum` tells what each test ran.
    """
    symbols = index if index is not None else SymbolIndex(tree)
    scores = Scores()
    for number, failure in enumerate(diagnosis.failures[:_FAILURES]):
        is_checker = failure.tool in CHECKERS or failure.code in ("SyntaxError", "IndentationError", "TabError")
        if is_checker:
            blame_checker(symbols, failure, scores, weight=max(0.2, 1.0 - 0.05 * number))
        else:
            _blame_run(symbols, failure, scores, weight=1.0 if number == 0 else _ECHO)
    _blame_other_languages(tree, diagnosis, scores)
    if changed and diagnosis.category.is_repairable:
        blame_changes(symbols, changed, scores)
    if spectrum is not None:
        blame_spectrum(symbols, spectrum, scores)
    if not scores.symbols():
        _last_resort(symbols, diagnosis, scores)
    return scores.suspects(limit=limit)


def _blame_other_languages(tree: TreeView, diagnosis: Diagnosis, scores: Scores) -> None:
    sources = OtherSources(tree)
    for number, failure in enumerate(diagnosis.failures[:_FAILURES]):
        weight = 1.0 if number == 0 else _ECHO
        blame_other_language(sources, failure, scores, weight=weight)
        if not scores.symbols():
            blame_named_tests(sources, failure, scores, weight=weight)
    if diagnosis.category is Category.TEST and not scores.symbols():
        for failure in diagnosis.failures[:1]:
            if failure.file is None:
                blame_all_tests(sources, failure, scores, weight=_ECHO)


def _blame_run(index: SymbolIndex, failure: Failure, scores: Scores, *, weight: float) -> None:
    code_frames = blame_frames(index, failure, scores, weight=weight)
    blame_names(index, failure, scores, weight=weight * (0.9 if code_frames else 1.0))
    test = failing_test(index, failure)
    if test is not None and is_test_path(test.file):
        blame_calls(index, failure, test, scores, weight=weight * (0.3 if code_frames else 1.0))


def _last_resort(index: SymbolIndex, diagnosis: Diagnosis, scores: Scores) -> None:
    """Nothing in the code is tied to the failure: the place that the failure itself names."""
    for failure in diagnosis.failures[:3]:
        if failure.file is not None:
            place = index.enclosing(failure.file, failure.line or 1)
            reason = (
                "the failing test itself" if diagnosis.category is Category.TEST else "the place that the failure names"
            )
            scores.add(place or failing_test(index, failure), 0.5, reason)
