"""Only text can be read by a reviewer."""

from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading.compare import changed


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        if b"\0" in (change.before or b"") or b"\0" in (change.after or b""):
            message = f"{change.path} holds a NUL byte, so it is binary: only text can be reviewed, leave it alone"
            yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


RULE = Rule(id="binary-content", reason="nobody can review what is not text", check=_check)
