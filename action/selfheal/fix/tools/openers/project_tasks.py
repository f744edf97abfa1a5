"""Tasks that stand in pyproject.toml: of hatch, poe and pdm. Pure."""

import re
from collections.abc import Iterator, Mapping

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script, launcher_of
from selfheal.fix.tools.openers.files import table_of, toml_of

_ARGS = re.compile(r"\{args(?::([^{}]{0,500}))?\}")
_DEEPEST = 4


def opened_hatch(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the commands of `hatch run [environment:]name`, each to be run in that environment."""
    values = call.values
    if "run" not in values or values.index("run") + 1 >= len(values):
        return ()
    at = values.index("run") + 1
    environment, sign, name = values[at].rpartition(":")
    environment = environment if sign else "default"
    if "-e" in values[: at - 1] and not sign:
        environment = values[values.index("-e") + 1]
    content = toml_of(tree, call.script.folder, "pyproject.toml")
    hatch = table_of(content, "tool", "hatch") or toml_of(tree, call.script.folder, "hatch.toml")
    tasks = table_of(hatch, "envs", environment, "scripts")
    rest = " ".join(word.raw for word in call.arguments[at + 1 :])
    launcher = (*launcher_of(call), "hatch", "-e", environment, "run")
    texts = _texts(tasks, f"{name} {rest}".strip(), 0)
    return tuple(Script(text, call.script.folder, launcher) for text in texts)


def opened_poe(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the commands of `poe name`."""
    tasks = table_of(toml_of(tree, call.script.folder, "pyproject.toml"), "tool", "poe", "tasks")
    name = next((value for value in call.values if not value.startswith("-")), "")
    return _of_task(tasks, name, call) if name in tasks else ()


def opened_pdm(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the commands of `pdm name`, the short form of `pdm run name`."""
    tasks = table_of(toml_of(tree, call.script.folder, "pyproject.toml"), "tool", "pdm", "scripts")
    name = next((value for value in call.values if not value.startswith("-")), "")
    return _of_task(tasks, name, call, ("pdm", "run")) if name in tasks else ()


def opened_by_name(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the commands of `pdm run name`: what stands after `run` is read as a program elsewhere."""
    if call.lead[-3:-1] != ("pdm", "run"):
        return ()
    tasks = table_of(toml_of(tree, call.script.folder, "pyproject.toml"), "tool", "pdm", "scripts")
    return _of_task(tasks, call.program, call) if call.program in tasks else ()


def _of_task(tasks: Mapping[str, object], name: str, call: Call, lead: tuple[str, ...] = ()) -> tuple[Script, ...]:
    launcher = (*launcher_of(call), *lead)
    return tuple(Script(text, call.script.folder, launcher) for text in _texts(tasks, name, 0))


def _texts(tasks: Mapping[str, object], line: str, depth: int) -> Iterator[str]:
    """Follow the names of other tasks; a line that names none is a command."""
    name, _, rest = line.partition(" ")
    task = tasks.get(name)
    if task is None or depth > _DEEPEST:
        yield _ARGS.sub(lambda found: found.group(1) or "", line)
        return
    if isinstance(task, Mapping):
        kinds = ("cmd", "shell", "sequence", "composite")
        task = next((task[kind] for kind in kinds if kind in task), None)
    for one in task if isinstance(task, list) else [task]:
        one = one.get("cmd") or one.get("ref") if isinstance(one, Mapping) else one
        if isinstance(one, str):
            given = _ARGS.sub(lambda found: rest or found.group(1) or "", one)
            yield from _texts({k: v for k, v in tasks.items() if k != name}, given, depth + 1)
