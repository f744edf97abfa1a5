"""Which files of a repository are tests."""

from pathlib import PurePosixPath

_FOLDERS = frozenset({"tests", "test", "__tests__"})


def is_test_path(path: str) -> bool:
    """True for test modules, conftest files and whatever lies in a folder of tests.

    The names are those that pytest and unittest discover. `path` uses forward slashes.
    """
    pure = PurePosixPath(path)
    name = pure.name
    if name == "conftest.py" or (name.startswith("test_") and name.endswith(".py")) or name.endswith("_test.py"):
        return True
    return any(part in _FOLDERS for part in pure.parts[:-1])
