"""Which files of a repository are tests."""

import re
from pathlib import PurePosixPath

_FOLDERS = frozenset({"tests", "test", "__tests__"})
# pytest and unittest; jest, vitest, mocha and node --test; go test; Maven's Surefire and Failsafe; googletest by habit.
_NAME = re.compile(
    r"conftest\.py|test_.{0,240}\.(?:py|c|cc|cpp)|.{0,240}_test\.(?:py|go|rs|c|cc|cpp)"
    r"|.{0,240}[.](?:test|spec)\.[cm]?[jt]sx?|.{1,240}(?:Test|Tests|TestCase|IT|Spec)\.(?:java|kt|scala|groovy)"
)


def is_test_path(path: str) -> bool:
    """True for test modules, conftest files and whatever lies in a folder of tests.

    The names are those that the common test runners discover by default. `path` uses forward slashes.
    """
    pure = PurePosixPath(path)
    if _NAME.fullmatch(pure.name) is not None:
        return True
    return any(part in _FOLDERS for part in pure.parts[:-1])
