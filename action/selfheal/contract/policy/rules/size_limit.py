"""A patch that nobody reads to the end is not a reviewed patch."""

from collections import Counter
from collections.abc import Iterator

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.layout import is_layout_only


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    # What only lays files out anew needs no reading: a new version of a formatter touches hundreds.
    files = [change for change in changed(change_set) if not _is_reformatted(change, change_set.category)]
    if len(files) > settings.max_files:
        yield _violation(f"patch touches {len(files)} files, the limit is {settings.max_files}", "max_files")
    lines = sum(map(changed_lines, files))
    if lines > settings.max_changed_lines:
        yield _violation(f"patch changes {lines} lines, the limit is {settings.max_changed_lines}", "max_changed_lines")


def _is_reformatted(change: FileChange, category: Category) -> bool:
    return category is Category.FORMAT and is_layout_only(change)


def changed_lines(change: FileChange) -> int:
    """Added plus removed lines; where lines only changed places, half as many as stand elsewhere.

    Linear in the size of the file, unlike a diff.
    """
    before, after = (change.before or b"").splitlines(), (change.after or b"").splitlines()
    old, new = Counter(before), Counter(after)
    different = (old - new).total() + (new - old).total()
    if different == 0 and len(before) == len(after):
        return sum(one != other for one, other in zip(before, after, strict=True)) // 2
    return different


def _violation(what: str, setting: str) -> Violation:
    message = f"{what}: raise policy.{setting} or split the fix"
    return Violation(rule=RULE.id, path=None, line=None, message=message)


RULE = Rule(id="size-limit", reason="a patch must be small enough to be read", check=_check)
