"""Say of a tree whether the visible tests pass, and whether the hidden ones do."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from planting.judging import changed_files
from planting.running import run
from planting.storage import Storage
from selfheal.contract.test_paths import is_test_path
from trials.trial import Trial, write

TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`is_plausible`: the visible command passes; `is_correct`: the hidden tests too. `why` is a failing output."""

    is_plausible: bool
    is_correct: bool
    changed: tuple[str, ...]
    why: str = ""


def judge(trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Verdict:
    """Judge what a repair made of `tree`; tests that it changed are put back first."""
    laid, judged = scratch / "laid", scratch / "judged"
    for folder in (laid, judged):
        shutil.rmtree(folder, ignore_errors=True)
    trial.lay_out(laid)
    shutil.copytree(tree, judged, ignore=shutil.ignore_patterns(".git"), symlinks=True)
    changed = changed_files(laid, judged)
    for name in changed:
        if is_test_path(name):
            _put_back(name, laid, judged)
    return Verdict(*_passes(trial, judged, storage, changed))


def _passes(
    trial: Trial, tree: Path, storage: Storage, changed: tuple[str, ...]
) -> tuple[bool, bool, tuple[str, ...], str]:
    visible = run(trial.command, tree, storage, timeout_s=TIMEOUT_S)
    if not visible.passed:
        return False, False, changed, visible.output[-1500:]
    write(tree, trial.hidden)
    hidden = run(trial.check, tree, storage, timeout_s=TIMEOUT_S)
    return True, hidden.passed, changed, "" if hidden.passed else hidden.output[-1500:]


def _put_back(name: str, laid: Path, tree: Path) -> None:
    if (laid / name).is_file():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(laid / name, tree / name)
    else:
        (tree / name).unlink(missing_ok=True)


def flaws_of(trial: Trial, storage: Storage) -> list[str]:
    """List what makes a trial useless: tests that don't tell the bug from the original."""
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        found = _flaws_on(trial, Path(name) / "broken", storage, is_original=False)
        return found + _flaws_on(trial, Path(name) / "original", storage, is_original=True)


def _flaws_on(trial: Trial, tree: Path, storage: Storage, *, is_original: bool) -> list[str]:
    state, word = ("original", "fail") if is_original else ("bug", "pass")
    if is_original:
        trial.lay_out_original(tree)
    else:
        trial.lay_out(tree)
    found = []
    if run(trial.command, tree, storage, timeout_s=TIMEOUT_S).passed != is_original:
        found.append(f"the visible tests {word} on the {state}")
    write(tree, trial.hidden)
    if run(trial.proof or trial.check, tree, storage, timeout_s=TIMEOUT_S).passed != is_original:
        found.append(f"the hidden tests {word} on the {state}")
    return found
