"""The set `small`: programs of a few lines that were written for it, each with one bug as people make them."""

import tomllib
from pathlib import Path
from typing import Any

from trials.trial import Trial

FOLDER = Path(__file__).with_name("small")
COMMAND = "python -m pytest -q"


class SetError(Exception):
    """A set of trials is not what it should be."""


def small_trials(folder: Path = FOLDER) -> tuple[Trial, ...]:
    """Read every case, in the order of files and lines."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
        found += [_trial(row) for row in rows]
    return tuple(found)


def _trial(row: dict[str, Any]) -> Trial:
    module = f"{row['module']}.py"
    code = row["code"]
    return Trial(
        group="small",
        name=row["name"],
        kind=row["kind"],
        command=COMMAND,
        check=COMMAND,
        broken=(
            (module, with_bug(code, row["bug"], name=row["name"])),
            (f"test_{row['module']}.py", row["visible"]),
            (".gitignore", "__pycache__/\n.pytest_cache/\n"),
        ),
        hidden=((f"test_hidden_{row['module']}.py", row["hidden"]),),
        original=((module, code),),
        places=len(row["bug"]),
        proof=f"{COMMAND} test_hidden_{row['module']}.py",
    )


def with_bug(code: str, bug: list[list[str]], *, name: str) -> str:
    """Replace each right text, which must stand there once, by the wrong one."""
    for right, wrong in bug:
        if code.count(right) != 1:
            raise SetError(f"{name}: the text {right!r} stands {code.count(right)} times in the code, it must once")
        code = code.replace(right, wrong)
    return code
