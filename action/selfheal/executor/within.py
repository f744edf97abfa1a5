"""Runners that work in an environment: a built one in front of the caller's, or none of the caller's at all."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from selfheal.executor.environments import Activation
from selfheal.verify import SandboxedRunner, SandboxTree
from selfheal.workspace.scratch import remove_tree

_INSTALLED = ("node_modules", ".venv", ".tox", ".nox")
"""What a package manager makes below the folder that it works in."""
_VENV = ".venv"


def within_environment(runner: SandboxedRunner, activation: Activation) -> SandboxedRunner:
    """The runner with a throw-away environment in front of the caller's own."""
    place = runner.place
    shown = list(activation.shown)
    if "VIRTUAL_ENV" in activation.variables:
        # Commands may name it by its place in the tree (`.venv/bin/pytest`).
        environment = Path(activation.variables["VIRTUAL_ENV"])
        shown += [(environment, name) for name in place.linked_dirs if name.rpartition("/")[2] in (_VENV, "venv")]
    names = {name for _, name in shown}
    kept = {n: v for n, v in runner.environment.items() if n not in ("PYTHONHOME", "CONDA_PREFIX")}
    path = ":".join((*activation.front, kept.get("PATH", "")))
    return replace(
        runner,
        environment={**kept, **activation.variables, "PATH": path},
        place=replace(
            place,
            linked_dirs=tuple(name for name in place.linked_dirs if name not in names),
            shared=(*place.shared, *((folder, folder) for folder in activation.shared)),
            overlaid=tuple(shown),
        ),
    )


def without_installed(runner: SandboxedRunner) -> SandboxedRunner:
    """The runner without what the caller has installed below the tree; caches go where the command may write."""
    place = runner.place
    linked = tuple(name for name in place.linked_dirs if name.rpartition("/")[2] not in _INSTALLED)
    bare = replace(place, linked_dirs=linked)
    clear_installed(bare)
    return replace(runner, place=bare, environment={**runner.environment, **own_folders(_cache_folder(runner))})


def _cache_folder(runner: SandboxedRunner) -> Path:
    """A folder that the command may write to and that lasts from run to run."""
    if not runner.level.has_bwrap:
        return runner.place.private / "cache"
    home = runner.environment.get("HOME", "")
    shown = Path(runner.environment.get("XDG_CACHE_HOME") or f"{home}/.cache")
    return shown if shown.is_dir() and not shown.is_symlink() else Path("/tmp")  # noqa: S108 - the sandbox's own


def own_folders(folder: Path) -> dict[str, str]:
    """Variables that let installers keep what they fetch and what they log below a folder."""
    own = {
        "XDG_STATE_HOME": "selfheal-state",
        "XDG_DATA_HOME": "selfheal-data",
        "PDM_CACHE_DIR": "selfheal-pdm",
        "POETRY_CACHE_DIR": "selfheal-poetry",
    }
    return {**node_caches(folder), **{name: str(folder / place) for name, place in own.items()}}


def node_caches(folder: Path) -> dict[str, str]:
    """Variables that let npm, pnpm and yarn keep what they fetch below a folder."""
    return {
        "npm_config_cache": str(folder / "selfheal-npm"),
        "npm_config_store_dir": str(folder / "selfheal-pnpm"),
        "YARN_CACHE_FOLDER": str(folder / "selfheal-yarn"),
        "npm_config_update_notifier": "false",
    }


def without_sync_off(variables: Mapping[str, str]) -> dict[str, str]:
    """In an empty environment uv has to install before it runs."""
    return {name: value for name, value in variables.items() if name != "UV_NO_SYNC"}


def uncover(place: SandboxTree) -> None:
    """Take away the links and empty folders under which an environment was shown."""
    for _, name in place.overlaid:
        spot = place.tree / name
        if spot.is_symlink():
            spot.unlink()
        elif spot.is_dir() and not any(spot.iterdir()):
            spot.rmdir()


def clear_installed(place: SandboxTree) -> None:
    """Remove what an earlier run has installed below the copy; folders that are linked there are left alone."""
    for top in {place.tree, place.tree / place.subdirectory}:
        for name in _INSTALLED:
            spot = top / name
            if str(spot.relative_to(place.tree)) in place.linked_dirs:
                continue
            if spot.is_symlink():
                spot.unlink()
            elif spot.is_dir():
                shutil.rmtree(spot, ignore_errors=True)
                remove_tree(spot)
