"""Before against after: only what the patch adds counts, wherever it was moved from."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from selfheal.contract.policy.interface import ChangeSet, FileChange
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.lines import decode


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing found in one file. Equal keys are the same kind of thing; lines count from 1."""

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing more than before, at the place where it was most likely added."""

    key: str
    path: str
    line: int


Finder = Callable[[str, bytes], Iterable[Occurrence]]
"""Finds occurrences in one file, given its path and bytes. Must not raise, whatever the bytes."""


def changed(change_set: ChangeSet) -> tuple[FileChange, ...]:
    """The files whose bytes differ."""
    return tuple(change for change in change_set.changes if change.before != change.after)


def added(change_set: ChangeSet, find: Finder) -> tuple[Addition, ...]:
    """What there is more of after the patch than before, counted over the whole patch.

    A line that was moved to another file or laid out anew is therefore no addition.
    """
    totals: Counter[str] = Counter()
    grown: dict[str, list[Addition]] = defaultdict(list)
    for change in changed(change_set):
        before = Counter(found.key for found in _found(find, change.path, change.before))
        after: dict[str, list[int]] = defaultdict(list)
        for found in _found(find, change.path, change.after):
            after[found.key].append(found.line)
        before |= _unread(change, after)
        for key in before.keys() | after.keys():
            surplus = len(after[key]) - before[key]
            totals[key] += surplus
            grown[key] += [Addition(key, change.path, line) for line in after[key][-surplus:] if surplus > 0]
    additions = [addition for key in sorted(totals) if totals[key] > 0 for addition in grown[key][: totals[key]]]
    return tuple(sorted(additions, key=lambda addition: (addition.path, addition.line, addition.key)))


def _unread(change: FileChange, after: Mapping[str, Sequence[int]]) -> Counter[str]:
    """What stood in a Python file that did not parse before: what is found now in a line that was there already."""
    if not after or change.before is None or not python.is_python(change.path) or python.parse(change.before):
        return Counter()
    old = Counter(line.strip() for line in decode(change.before).splitlines())
    new = decode(change.after or b"").splitlines()
    seen: Counter[str] = Counter()
    for key, lines in after.items():
        left = Counter(old)
        for line in lines:
            text = new[line - 1].strip() if 0 < line <= len(new) else ""
            if left[text] > 0:
                left[text] -= 1
                seen[key] += 1
    return seen


def _found(find: Finder, path: str, content: bytes | None) -> Iterable[Occurrence]:
    return () if content is None else find(path, content)
