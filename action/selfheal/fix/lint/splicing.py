"""Put several rewrites into one file: those that touch, break the file or are not accepted are left out."""

from collections.abc import Callable, Sequence

from selfheal.fix.lint.finding import Rewrite
from selfheal.fix.lint.source import Splice, parses


def spliced(raw: bytes, splices: Sequence[Splice]) -> bytes:
    """The bytes with the splices put in; they must not overlap."""
    parts: list[bytes] = []
    position = 0
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        parts += [raw[position : splice.start], splice.new]
        position = splice.end
    return b"".join([*parts, raw[position:]])


def fold(
    raw: bytes, rewrites: Sequence[Rewrite], accepts: Callable[[bytes], bool]
) -> tuple[bytes, tuple[Rewrite, ...]]:
    """Apply as many of the rewrites as go together. Gives the new bytes and the rewrites that are in them."""
    kept = _compatible(rewrites)
    whole = spliced(raw, _splices(kept))
    if kept and parses(whole) and accepts(whole):
        return whole, tuple(kept)
    result: list[Rewrite] = []
    text = raw
    for rewrite in kept:
        trial = spliced(raw, _splices([*result, rewrite]))
        if trial != text and parses(trial) and accepts(trial):
            result.append(rewrite)
            text = trial
    return text, tuple(result)


def _splices(rewrites: Sequence[Rewrite]) -> list[Splice]:
    return list(dict.fromkeys(splice for rewrite in rewrites for splice in rewrite.splices))


def _compatible(rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    kept: list[Rewrite] = []
    taken: list[Splice] = []
    for rewrite in rewrites:
        mine = [splice for splice in rewrite.splices if splice not in taken]
        if any(_touch(splice, other) for splice in mine for other in taken):
            continue
        kept.append(rewrite)
        taken += mine
    return kept


def _touch(one: Splice, other: Splice) -> bool:
    """Two insertions at one place are fine, an insertion at the edge of a replaced span is not."""
    if one.start == one.end or other.start == other.end:
        if one.start == one.end and other.start == other.end:
            return False
        point, span = (one, other) if one.start == one.end else (other, one)
        return span.start < point.start < span.end
    return one.start < other.end and other.start < one.end
