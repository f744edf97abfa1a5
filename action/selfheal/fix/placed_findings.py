"""Findings that are mended each at its place by rules, without a checker between: targets, choice, edits."""

from collections import Counter
from collections.abc import Sequence

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import FileEdit
from selfheal.contract.target import Target
from selfheal.contract.tree import TreeView
from selfheal.fix.types.mend import Mend, spliced

_ALL, _CODE = "all", "code:"
_MAX_TARGETS = 40


def targets_of(strategy: str, known: Sequence[Failure], *, samples: int) -> tuple[Target, ...]:
    """Name all findings together, then each code's, then each one with its ways."""
    counts = Counter(failure.code or "" for failure in known)
    places = [Target(strategy=strategy, place=_ALL)] if len(known) > 1 else []
    if len(counts) > 1:
        places += [Target(strategy=strategy, place=f"{_CODE}{code}") for code in counts if counts[code] > 1]
    single = dict.fromkeys(_place(failure) for failure in known)
    places += [Target(strategy=strategy, place=place, samples=samples) for place in single]
    return tuple(places[:_MAX_TARGETS])


def chosen(known: Sequence[Failure], place: str) -> tuple[Failure, ...]:
    """Give the findings that a target means."""
    if place == _ALL:
        return tuple(known)
    if place.startswith(_CODE):
        return tuple(failure for failure in known if (failure.code or "") == place.removeprefix(_CODE))
    return tuple(failure for failure in known if _place(failure) == place)[:1]


def edits_of(tree: TreeView, mends: Sequence[Mend]) -> tuple[FileEdit, ...]:
    """Write the files as the mends make them."""
    edits = []
    for path in dict.fromkeys(splice.path for mend in mends for splice in mend.splices):
        raw = tree.read(path)
        if raw is not None:
            text = spliced(raw.decode(), [one for mend in mends for one in mend.splices if one.path == path])
            edits.append(FileEdit(path=path, content=text.encode()))
    return tuple(edits)


def _place(failure: Failure) -> str:
    return f"{failure.file}:{failure.line}:{failure.column}:{failure.code or failure.message[:60]}"
