"""Which of several guesses is right: the project's own tests are asked, where it has any."""

import re
from collections.abc import Iterable
from time import monotonic

from selfheal.contract.test_paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import RepairCase
from selfheal.fix.types.checker import check_command, read_output
from selfheal.fix.types.edits import edits_of
from selfheal.fix.types.mend import Mend
from selfheal.project_tests import guard_command

_LONGEST_S = 30.0
_TOGETHER_S = 60.0
_MAX_GUESSES = 6
_MAX_FILES = 12
_CONTENT = (False, 0)
_COUNT = re.compile(r"\b(\d+) (failed|errors?|passed)\b")


async def ordered_by_tests(
    case: RepairCase, tool: str, mends: tuple[Mend, ...], names: Iterable[str]
) -> tuple[Mend, ...]:
    """Put those guesses first that the checker takes and with which the fewest tests fail; all else stays as it is.

    Only tests that speak of one of the `names` are run, where there are any. A mend without a caution is no guess.
    """
    guesses = [mend for mend in mends if mend.caution][:_MAX_GUESSES]
    tests = _line(case, frozenset(names))
    if tests is None or len(guesses) < 2 or not mends[0].caution:
        return mends
    seen: list[tuple[tuple[bool, int], Mend]] = []
    started = monotonic()
    for mend in guesses:
        found = await _outcome(case, tool, mend, tests) if monotonic() - started < _TOGETHER_S else None
        if found is None:
            break
        seen.append((found, mend))
        if found == _CONTENT:
            break
    best = [mend for _, mend in sorted(seen, key=lambda one: one[0])]
    return (*best, *(mend for mend in mends if mend not in best))


async def _outcome(case: RepairCase, tool: str, mend: Mend, tests: str) -> tuple[bool, int] | None:
    """Tell whether the checker still finds it, and how many tests fail; None where they can't be run."""
    files = {edit.path: edit.content for edit in edits_of(case.tree, (mend,)) if edit.content is not None}
    paths = tuple(sorted({failure.file for failure in case.diagnosis.failures if failure.file} | files.keys()))
    check = check_command(tool, case.command, files, is_revealing=False, paths=paths)
    if not files or check is None:
        return None
    done = await case.transformer.transform(f"{{ {check} ; }} || true ; {tests}", timeout_s=_LONGEST_S)
    counts = [(int(number), what) for number, what in _COUNT.findall(done.run.output[-2000:])]
    if not counts:
        return None
    errors = sum(said.kind == "error" for said in read_output(done.run.output))
    before = sum(failure.tool == tool for failure in case.diagnosis.failures)
    return errors >= before, sum(number for number, what in counts if what != "passed")


def _line(case: RepairCase, names: frozenset[str]) -> str | None:
    line = guard_command(case.command, case.tree.paths())
    if line is None:
        return None
    about = _tests_about(case.tree, names)
    return " ".join((line, "--tb=no", *about)) if len(about) <= _MAX_FILES else f"{line} --tb=no"


def _tests_about(tree: TreeView, names: frozenset[str]) -> tuple[str, ...]:
    """Name the test files that speak of one of the names; none where a path would have to be quoted."""
    words = [re.compile(rb"\b%b\b" % name.encode()) for name in names if len(name) > 3 and not name.startswith("__")]
    tests = [path for path in tree.paths() if path.endswith(".py") and is_test_path(path)]
    found = [path for path in tests if (raw := tree.read(path)) and any(word.search(raw) for word in words)]
    is_plain = all(re.fullmatch(r"[\w./-]+", path) and not path.startswith("-") for path in found)
    runnable = [path for path in found if re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", path)]
    return tuple(runnable) if is_plain else ()
