"""Resolve conflict markers that were committed: each side and both, by what parses and which names are needed."""

import itertools
import json
import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import PurePosixPath

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path, matching_glob
from selfheal.contract.policy.rules.protected_path import PROTECTED
from selfheal.contract.target import Target
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.damage import damage_of, decoded
from selfheal.fix.syntax.markers import count, has_markers, pieces_of, render
from selfheal.fix.syntax.oddities import oddity

_SIDES = "otb"
_WORDS = {"o": "ours", "t": "theirs", "b": "both sides"}
_MOST_SAMPLES = 12
_MOST_TRIED = 200
_MOST_FILES = 20
_MOST_SCANNED = 3_000
_SAID = re.compile(r"<{7}|>{7}|={7}|conflict marker|merge conflict", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w{2,60}")


class ConflictMarkers:
    """The strategy for committed conflicts: all files the same way, then file by file."""

    name = "conflict_markers"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the files with markers."""
        files = _torn(case)
        if not files:
            return ()
        whole = (Target(strategy=self.name, place="all", samples=len(_SIDES)),) if len(files) > 1 else ()
        single = tuple(Target(strategy=self.name, place=path, samples=_MOST_SAMPLES) for path in files)
        return whole + single

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Take the resolution number `sample`."""
        files = _torn(case) if target.place == "all" else (target.place,)
        edits, said = [], []
        for path in files:
            found = resolutions(case.tree, path)
            if sample >= len(found):
                continue
            text, sides = found[sample]
            edits.append(FileEdit(path=path, content=text.encode()))
            said.append(f"{path}: {sides}")
        if len(edits) < len(files):
            return NoCandidate(f"{target.place}: no further way to resolve the conflict parses", is_spent=True)
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(edits),
            rationale=f"resolve the conflict that was committed: {', '.join(said)}"[:500],
            disposition=Disposition.NEEDS_HUMAN,
        )


def resolutions(tree: TreeView, path: str) -> tuple[tuple[str, str], ...]:
    """All ways to resolve a file that parse, the likeliest first: the text and the sides in words."""
    text = decoded(tree.read(path))
    pieces = pieces_of(text) if text is not None else None
    if text is None or pieces is None:
        return ()
    conflicts = count(pieces)
    choices = itertools.islice(_choices(conflicts), _MOST_TRIED)
    needed = _needed(tree, path)
    found: dict[str, tuple[float, str]] = {}
    for number, sides in enumerate(choices):
        resolved, _ = render(pieces, sides)
        if resolved in found or not _parses(path, resolved):
            continue
        missing = len(needed & set(_NAME.findall(text)) - set(_NAME.findall(resolved)))
        strange = oddity(resolved) if path.endswith((".py", ".pyi")) else _doubled(resolved)
        found[resolved] = (missing + strange + number * 0.01, _in_words(sides))
    ordered = sorted(found, key=lambda resolved: found[resolved][0])
    return tuple((resolved, found[resolved][1]) for resolved in ordered)


def _choices(conflicts: int) -> "itertools.chain[str]":
    """First every conflict the same way, then mixed."""
    same = (side * max(conflicts, 1) for side in _SIDES)
    mixed = ("".join(sides) for sides in itertools.product(_SIDES, repeat=min(conflicts, 8)) if len(set(sides)) > 1)
    return itertools.chain(same, mixed)


def _in_words(sides: str) -> str:
    kinds = dict.fromkeys(sides)
    return ", ".join(_WORDS[side] for side in (kinds if len(kinds) == 1 else sides))


def _doubled(text: str) -> float:
    """Text that says the same line twice is hardly meant, where both sides are taken."""
    lines = [line for line in text.splitlines() if len(line.strip()) > 3]
    return 0.1 * (len(lines) - len(set(lines)))


def _torn(case: RepairCase) -> tuple[str, ...]:
    named = dict.fromkeys(f.file for f in case.diagnosis.failures[:200] if f.file and not f.file.startswith("/"))
    found = [path for path in named if _is_torn(case.tree, path)]
    said = any(_SAID.search(f"{f.message} {f.excerpt}") for f in case.diagnosis.failures[:50])
    if found or said:
        found += [path for path in case.tree.paths()[:_MOST_SCANNED] if path not in found and _is_torn(case.tree, path)]
    allowed = [path for path in found if matching_glob(path, PROTECTED) is None and not is_test_path(path)]
    tests = [path for path in found if is_test_path(path)]
    return tuple([*allowed, *tests][:_MOST_FILES])


def _is_torn(tree: TreeView, path: str) -> bool:
    raw = tree.read(path)
    if raw is None or b"<<<<<<<" not in raw:
        return False
    text = decoded(raw)
    return text is not None and has_markers(text)


def _needed(tree: TreeView, path: str) -> frozenset[str]:
    """Names that other Python files use where they name this one."""
    stem = PurePosixPath(path).stem
    return _names_beside(tree, path, stem) if path.endswith((".py", ".pyi")) else frozenset()


def _names_beside(tree: TreeView, path: str, stem: str) -> frozenset[str]:
    wanted: set[str] = set()
    mention = re.compile(rf"\b{re.escape(stem)}\b")
    for other in tree.paths()[:_MOST_SCANNED]:
        if other == path or not other.endswith(".py"):
            continue
        text = decoded(tree.read(other)) or ""
        if mention.search(text) or stem == "__init__":
            wanted |= set(_NAME.findall(text))
    return frozenset(wanted)


def _json(text: str) -> None:
    json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand once each; JSON lets the last one win, which nobody means."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _toml(text: str) -> None:
    tomllib.loads(text.replace("\r\n", "\n"))


def _yaml(text: str) -> None:
    from ruamel.yaml import YAML

    list(YAML(typ="safe", pure=True).load_all(text))


_CHECKS: dict[str, Callable[[str], None]] = {".json": _json, ".toml": _toml, ".yaml": _yaml, ".yml": _yaml}


@lru_cache(maxsize=256)
def _parses(path: str, text: str) -> bool:
    if path.endswith((".py", ".pyi")):
        return damage_of(text) is None
    check = _CHECKS.get(PurePosixPath(path).suffix)
    if check is None:
        return True
    from ruamel.yaml.error import YAMLError

    try:
        check(text)
    except (ValueError, RecursionError, YAMLError):
        return False
    return True
