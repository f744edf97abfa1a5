"""What a path says about a file: whether it is a test, and whether a glob names it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

_TEST_FOLDERS = frozenset({
    "tests", "test", "__tests__", "__snapshots__", "__mocks__", "testdata", "test_data", "specs", "e2e", "unit_tests",
    "integration_tests", "unittests", "functional_tests", "doctests",
})  # fmt: skip
_SPEC_SUFFIXES = frozenset({
    ".rb", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".php",
})  # fmt: skip
_TEST_NAME = re.compile(
    r"""
      test_[^/]*\.(?:py|pyi|rb|php|c|cc|cpp|lua|jl)
    | [^/]*_tests?\.(?:py|go|rs|rb|c|cc|cpp|cxx|exs|dart|lua|ml|clj)
    | (?:conftest|tests)\.py
    | [^/]*[.](?:spec|test|tests|cy|e2e)[.][cm]?[jt]sx?
    | [^/]*_spec\.(?:rb|lua)
    | [^/]*(?:Test|Tests|TestCase|IT|Spec)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|swift|php)
    | [^/]*\.(?:snap|ambr|approved\.txt)
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=4096)
def is_test_path(path: str) -> bool:
    """True for a test, its configuration by code (conftest.py), its snapshots and whatever lies beside them.

    Whole names of folders count, never parts of words: `testing/`, `contest.py` and `latest_utils.py`
    are source.
    """
    *folders, name = path.split("/")
    lowered = [folder.casefold() for folder in folders]
    if any(folder in _TEST_FOLDERS for folder in lowered):
        return True
    if "spec" in lowered and PurePosixPath(name).suffix in _SPEC_SUFFIXES:
        return True
    return _TEST_NAME.fullmatch(name) is not None


def matching_glob(path: str, globs: Iterable[str]) -> str | None:
    """The first glob that names the path, or None.

    `*` and `?` stay within one folder, `**` crosses folders; a glob without a slash names a file or
    a folder anywhere, and a glob that names a folder names everything in it. Letters' case does not
    count, because on some disks it does not.
    """
    return next((glob for glob in globs if _compiled(glob).fullmatch(path)), None)


@lru_cache(maxsize=512)
def _compiled(glob: str) -> re.Pattern[str]:
    anchored = "/" in glob.rstrip("/")
    pieces = re.split(r"(\*\*+/?|\*|\?)", glob.strip("/"))
    body = "".join(_translated(piece) for piece in pieces)
    return re.compile(("" if anchored else "(?:.*/)?") + body + "(?:/.*)?", re.IGNORECASE | re.DOTALL)


def _translated(piece: str) -> str:
    match piece:
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case _ if piece.startswith("**"):
            return "(?:.*/)?" if piece.endswith("/") else ".*"
        case _:
            return re.escape(piece)
