"""All openers, by the program whose files they read. Adding one is a line here."""

from collections.abc import Callable

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script
from selfheal.fix.tools.openers import makefile, package_scripts, project_tasks, shell_files, tox_nox

Opener = Callable[[Call, TreeView], tuple[Script, ...]]

OPENERS: dict[str, Opener] = {
    "make": makefile.opened,
    "gmake": makefile.opened,
    "just": makefile.opened_just,
    "npm": package_scripts.opened,
    "pnpm": package_scripts.opened,
    "yarn": package_scripts.opened,
    "bun": package_scripts.opened,
    "run-s": package_scripts.opened_by_name,
    "run-p": package_scripts.opened_by_name,
    "npm-run-all": package_scripts.opened_by_name,
    "tox": tox_nox.opened_tox,
    "nox": tox_nox.opened_nox,
    "hatch": project_tasks.opened_hatch,
    "poe": project_tasks.opened_poe,
    "pdm": project_tasks.opened_pdm,
    "bash": shell_files.opened,
    "sh": shell_files.opened,
}


def opened(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give what a call would run, in its order; empty where it is no task runner or its file can't be read."""
    opener = OPENERS.get(call.program)
    if opener is not None:
        return opener(call, tree)
    # `pdm run lint` and `uv run ./lint.sh` name a task or a file where others name a program.
    return (*shell_files.opened_file(call, tree), *project_tasks.opened_by_name(call, tree))
