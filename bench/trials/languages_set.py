"""The set `languages`: a few programs in each of seven other languages, test failures and compile errors alike."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from planting.storage import Storage
from trials.small_set import with_bug
from trials.trial import Trial

FOLDER = Path(__file__).with_name("languages")
TYPESCRIPT = "typescript@5.9.2"
TOOLS = {
    "javascript": ("node",),
    "typescript": ("node", "npm"),
    "go": ("go",),
    "rust": ("cargo",),
    "java": ("javac", "mvn"),
    "c": ("make", "cc"),
    "cpp": ("cmake", "ctest", "c++"),
}
LANGUAGES = tuple(TOOLS)


def languages_trials(storage: Storage, names: Iterable[str] = LANGUAGES) -> tuple[Trial, ...]:
    """Every trial whose toolchain this machine has; a language that it lacks is named and left out."""
    found: list[Trial] = []
    for name in names:
        missing = [tool for tool in TOOLS[name] if shutil.which(tool) is None]
        if missing:
            print(f"{name}: left out, this machine has no {', '.join(missing)}", flush=True)
            continue
        _prepare(name, storage)
        found += language_trials(name)
    return tuple(found)


def language_trials(name: str) -> tuple[Trial, ...]:
    """The trials of one language, in the order of its file."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(_trial(name, table, row) for row in table["case"])


def _trial(language: str, table: dict[str, Any], row: dict[str, Any]) -> Trial:
    code = row["code"]
    shared = {**table["shared"], **row.get("also", {})}
    head = table["head"].lstrip("\n")
    return Trial(
        group=language,
        name=row["name"],
        kind=row["kind"],
        command=table["command"],
        check=table["command"],
        broken=(
            *((name, text.lstrip("\n")) for name, text in shared.items()),
            (row["file"], with_bug(code, row["bug"], name=row["name"])),
            (row["test_file"], head + row["visible"]),
        ),
        hidden=((table["hidden_file"], head + row["hidden"]),),
        original=((row["file"], code),),
        places=len(row["bug"]),
        proof=table["proof"],
    )


def tools_of_languages(root: Path) -> Path:
    """The folder of programs that are installed for the trials."""
    return root / "node" / "node_modules" / ".bin"


def _prepare(name: str, storage: Storage) -> None:
    if name == "typescript" and not (tools_of_languages(storage.root) / "tsc").exists():
        folder = storage.root / "node"
        folder.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, TYPESCRIPT]
        subprocess.run(words, check=True)
    if name == "java" and not (storage.root / "maven-is-warm").exists():
        _warm_maven(storage)


def _warm_maven(storage: Storage) -> None:
    """Let Maven fetch its plugins and JUnit once, so that the trials run offline."""
    trial = language_trials("java")[0]
    tree = storage.root / "maven-warming"
    shutil.rmtree(tree, ignore_errors=True)
    trial.lay_out_original(tree)
    subprocess.run(["mvn", "-q", "test"], cwd=tree, check=True)
    shutil.rmtree(tree)
    (storage.root / "maven-is-warm").touch()
