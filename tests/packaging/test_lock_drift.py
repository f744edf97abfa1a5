"""The locks hold every dependency, with hashes, and name no host; the images run as nobody special."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def pins(file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in _PIN.findall(file.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def names(requirements: list[str]) -> set[str]:
    matches = (_NAME.match(requirement) for requirement in requirements)
    return {re.sub(r"[._-]+", "-", match[0]).lower() for match in matches if match}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_each_extra_has_its_lock(project: dict[str, Any]) -> None:
    """One file an extra, and one for all of them."""
    extras = project["project"]["optional-dependencies"].keys()

    assert {lock.stem for lock in LOCKS} == extras | {"all", "base", "build", "dev", "installer"}


def test_locks_drift_from_the_dependencies(project: dict[str, Any]) -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    base = names(project["project"]["dependencies"])
    groups = {name: names(wanted) | base for name, wanted in project["project"]["optional-dependencies"].items()}
    groups |= {"base": base, "dev": names(project["dependency-groups"]["dev"]) | base | {"hatchling"}}
    groups["all"] = set().union(*groups.values())

    for name, wanted in groups.items():
        assert wanted - pins(ROOT / "requirements" / f"{name}.txt").keys() == set(), name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_hashes_and_no_host(lock: Path) -> None:
    """What is installed is decided here, wherever it is fetched from."""
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    assert "index" not in re.sub(r"^[a-z0-9._-]+==.*$", "", text, flags=re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "==" in entry.splitlines()[0]
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_package_has_one_version_in_all_locks(lock: Path) -> None:
    """So that a half that is installed alone is what was tested together."""
    everything = pins(ROOT / "requirements/all.txt")

    for name, versions in pins(lock).items():
        assert versions <= everything[name], name


@pytest.mark.parametrize("stage", ["agents", "app"])
def test_an_image_runs_as_an_ordinary_user(stage: str) -> None:
    """And installs from the lock of its own half."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    body = re.split(r"^FROM ", text, flags=re.MULTILINE)
    final = next(part for part in body if part.splitlines()[0].endswith(f" AS {stage}"))
    environment = next(part for part in body if part.startswith(f"build AS {stage}-venv\n"))

    assert "USER selfheal" in final
    assert final.index("USER") < final.index("ENTRYPOINT")
    assert f"requirements/{stage}.txt" in environment
    assert environment.count(" -r ") == environment.count("--require-hashes -r ")


def test_make_help_tells_every_target() -> None:
    """A target without a line in `make help` is not found by anyone."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)

    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## ", text, re.MULTILINE), target
