"""Take back a part of what the commit under test changed: a repair for people who want their old behaviour back.

What the commit was made for goes with it, so a person always decides, and every repair of its own comes first.
"""

from collections.abc import Iterator, Sequence

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.suspects import ChangedLines
from selfheal.contract.target import Target
from selfheal.contract.test_paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.contract.trials import Splice
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import NoCandidate, RepairCase, Tried

_MOST_COLD = 4
_MOST_HUNKS = 60
_SECONDS = 15.0


class RevertHunk:
    """The strategy: hunks alone, those of one suspect, then those of all suspects; the smallest that passes."""

    name = "revert_hunk"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target where the commit changed something that a suspect holds."""
        parts = parts_of(case)
        index = next((index for index, _ in misbehaving(case)), None)
        if not parts or index is None:
            return ()
        samples = 1 if case.trials is not None else min(len(parts), _MOST_COLD)
        return (Target(strategy=self.name, place="the commit under test", suspect=index, samples=samples),)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose the first part that warm tests let pass; where there are none, part number `sample`."""
        parts = parts_of(case)
        if case.trials is not None:
            answers = await case.trials.run([splices for _, splices in parts], enough=1, seconds=_SECONDS)
            passing = [n for n, trial in enumerate(answers) if trial is not None and trial.is_plausible]
            sample = passing[0] if passing else len(parts)
        if sample >= len(parts):
            return NoCandidate("taking back no part of the commit makes the tests pass", is_spent=True)
        changes, splices = parts[sample]
        places = ", ".join(f"{one.file}:{one.first_line}" for one in changes)
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(_edits(case.tree, splices)),
            rationale=f"takes back what the commit under test changed at {places}",
            disposition=Disposition.NEEDS_HUMAN,
        )


def parts_of(case: RepairCase) -> tuple[tuple[tuple[ChangedLines, ...], tuple[Splice, ...]], ...]:
    """What may be taken back, the smallest parts of the most suspicious places first."""
    splices: dict[ChangedLines, Splice] = {}
    for change in case.changes[:_MOST_HUNKS]:
        if not is_test_path(change.file) and (splice := _taken_back(case.tree, change)) is not None:
            splices[change] = splice
    groups: list[tuple[ChangedLines, ...]] = []
    for _, suspect in misbehaving(case):
        inside = tuple(
            change
            for change in splices
            if change.file == suspect.file
            and change.first_line <= suspect.last_line + 1
            and change.last_line >= suspect.first_line - 1
        )
        groups += [*((one,) for one in inside), inside]
    groups.append(tuple(dict.fromkeys(change for group in groups for change in group)))
    return tuple((group, tuple(splices[one] for one in group)) for group in dict.fromkeys(groups) if group)


def _taken_back(tree: TreeView, change: ChangedLines) -> Splice | None:
    """The splice that puts the old text back; None where the tree has moved on since the commit."""
    raw = tree.read(change.file)
    if raw is None or change.before == change.after:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    lines = text.splitlines(keepends=True)
    first = len("".join(lines[: change.first_line - 1]))
    held = "".join(lines[change.first_line - 1 : change.last_line])
    if change.after and held.rstrip("\n") != change.after.rstrip("\n"):
        # An earlier step of this repair may have moved it.
        if text.count(change.after) != 1:
            return None
        first, held = text.index(change.after), change.after
    return Splice(path=change.file, first=first, last=first + len(held), text=change.before)


def _edits(tree: TreeView, splices: Sequence[Splice]) -> Iterator[FileEdit]:
    for path in dict.fromkeys(splice.path for splice in splices):
        text = (tree.read(path) or b"").decode()
        for splice in sorted((one for one in splices if one.path == path), key=lambda one: -one.first):
            text = text[: splice.first] + splice.text + text[splice.last :]
        yield FileEdit(path=path, content=text.encode())
