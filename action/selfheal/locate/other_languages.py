"""Evidence in languages other than Python: the function at the failing place, and those that the test speaks of."""

import re
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.grammar import Definition, ParsedSource, language_of, parsed
from selfheal.locate.scores import Scores
from selfheal.locate.source import Kind, Symbol

_MAX_FILES = 400
_MAX_FRAMES = 8
_MAX_TESTS = 12
_DECAY = 0.6
_CALLED = 0.7
_BELOW = 0.45
_NAMED = 0.4
_TYPESCRIPT = (".ts", ".mts", ".cts", ".tsx")
_QUOTED = re.compile(r"[`'\"‘“]([A-Za-z_]\w{1,80})[`'\"’”]")


class OtherSources:
    """The files of a tree that a grammar reads, each parsed when it is first asked for."""

    def __init__(self, tree: TreeView) -> None:
        self._tree = tree
        self._files: dict[str, ParsedSource | None] = {}
        self.paths = tuple(path for path in tree.paths() if language_of(path) is not None)

    def read(self, path: str) -> bytes | None:
        """The file's bytes."""
        return self._tree.read(path)

    def file(self, path: str | None) -> ParsedSource | None:
        """The parsed file; None where there is none that a grammar reads."""
        if path is None or language_of(path) is None:
            return None
        if path not in self._files:
            content = self._tree.read(path)
            self._files[path] = parsed(path, content) if content is not None else None
        return self._files[path]

    def original(self, path: str) -> str | None:
        """The source that a file which is not in the tree was compiled from, by its name; None where that is unsure."""
        if PurePosixPath(path).suffix not in (".js", ".mjs", ".cjs"):
            return None
        stem = PurePosixPath(path).stem
        kin = [one for one in self.paths if PurePosixPath(one).stem == stem and one.endswith(_TYPESCRIPT)]
        return kin[0] if len(kin) == 1 else None

    def definitions(self, name: str, *, near: str) -> list[tuple[str, Definition]]:
        """Functions of this name outside the tests, those of the file `near` first."""
        needle = name.encode()
        found = []
        for path in sorted(self.paths, key=lambda path: path != near)[:_MAX_FILES]:
            content = self._tree.read(path)
            if is_test_path(path) or content is None or needle not in content:
                continue
            source = self.file(path)
            found += [(path, one) for one in source.functions if one.short_name == name] if source is not None else []
        return [(path, one) for path, one in found if not one.is_test]


def blame_other_language(sources: OtherSources, failure: Failure, scores: Scores, *, weight: float) -> None:
    """Add what a failure in another language says; nothing for one in Python."""
    current = weight
    places = [(frame.file, frame.line) for frame in reversed(failure.frames[-_MAX_FRAMES:])]
    found: list[tuple[str | None, int | None]] = [*places, (failure.file, failure.line)]
    for path, line in found:
        source = sources.file(path)
        if source is None and path is not None and (compiled_from := sources.original(path)) is not None:
            path, line = compiled_from, None
            source = sources.file(path)
        if source is None or path is None:
            continue
        place = source.enclosing(line) if line is not None else None
        is_test = is_test_path(path) or (place is not None and place.is_test)
        if is_test:
            _blame_test(sources, path, source, place, failure, scores, weight=weight)
        elif line is not None:
            scores.add(_symbol(path, source, place, line), current, f"the failure points at line {line}")
            _blame_used(sources, path, source, place, scores, weight=current * _BELOW)
            current *= _DECAY
    if language_of(failure.file or "") is None and not places and failure.test_id is None:
        return
    for name in dict.fromkeys(_QUOTED.findall(failure.message[:2_000])):
        for path, one in sources.definitions(name, near=failure.file or "")[:2]:
            scores.add(_defined(path, one), weight * _NAMED, f"defines {name}, which the message names")


def blame_all_tests(sources: OtherSources, failure: Failure, scores: Scores, *, weight: float) -> None:
    """A failure that names neither a file nor a test: what any of the first tests uses."""
    for path in [path for path in sources.paths if is_test_path(path)][:_MAX_TESTS]:
        source = sources.file(path)
        if source is not None:
            _blame_test(sources, path, source, None, failure, scores, weight=weight)


def blame_named_tests(sources: OtherSources, failure: Failure, scores: Scores, *, weight: float) -> None:
    """A failure that names no file: the tests whose words hold the test's name."""
    last = re.split(r"::|[./#\s>]+", failure.test_id or "")[-1]
    for path in sources.paths if last else ():
        content = sources.read(path) or b""
        if last.encode() not in content:
            continue
        source = sources.file(path)
        if source is None:
            continue
        line = content[: content.index(last.encode())].count(b"\n") + 1
        place = source.enclosing(line)
        if is_test_path(path) or (place is not None and place.is_test):
            _blame_test(sources, path, source, place, failure, scores, weight=weight)


def _blame_test(
    sources: OtherSources,
    path: str,
    source: ParsedSource,
    place: Definition | None,
    failure: Failure,
    scores: Scores,
    *,
    weight: float,
) -> None:
    line = failure.line if failure.file == path and failure.line is not None else None
    first, last = source.statement(line or 1) if place is None else (place.first_line, place.last_line)
    if place is None and line is None:
        first, last = 1, source.content.count(b"\n") + 1
    at_line = source.words(line, line) if line is not None else ()
    words = dict.fromkeys((*at_line, *source.words(first, last)))
    for name in words:
        factor = 1.0 if name in at_line else _CALLED
        for where, one in sources.definitions(name, near=path)[:3]:
            scores.add(_defined(where, one), weight * factor, "the failing test uses it")
            found = sources.file(where)
            if found is not None:
                _blame_used(sources, where, found, one, scores, weight=weight * factor * _BELOW)


def _blame_used(
    sources: OtherSources, path: str, source: ParsedSource, place: Definition | None, scores: Scores, *, weight: float
) -> None:
    if place is None:
        return
    for name in source.words(place.first_line, place.last_line):
        if name != place.short_name:
            for where, one in sources.definitions(name, near=path)[:2]:
                scores.add(_defined(where, one), weight, f"{place.name} uses it")


def _symbol(path: str, source: ParsedSource, place: Definition | None, line: int) -> Symbol:
    if place is None:
        first, last = source.statement(line)
        return Symbol(path, "", Kind.STATEMENT, first, last)
    return _defined(path, place)


def _defined(path: str, one: Definition) -> Symbol:
    kind = Kind.FUNCTION if one.is_function else Kind.CLASS
    return Symbol(path, one.name, kind, one.first_line, one.last_line)
