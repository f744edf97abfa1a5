"""The scripts of package.json, as npm, pnpm, yarn and bun run them. Pure."""

import json
from fnmatch import fnmatchcase

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script
from selfheal.fix.tools.openers.files import text_of
from selfheal.fix.tools.words import join_folder

_FOLDER_OPTIONS = ("--prefix", "-C", "--dir", "--cwd")
_OTHER_PLACES = ("-w", "--workspace", "--workspaces", "-ws", "--filter", "-F", "-r", "--recursive", "workspace")
_SHORT = {"t": "test", "tst": "test"}
_NOT_SCRIPTS = frozenset(
    {"install", "i", "ci", "add", "remove", "audit", "publish", "pack", "link", "exec", "dlx", "x", "npm"}
)


def opened(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the script with its pre and post scripts; for yarn and pnpm also a program that no script is named like."""
    folder: str | None = call.script.folder
    words = list(call.arguments)
    name = ""
    while words and not name:
        word = words.pop(0).value
        option, sign, value = word.partition("=")
        if option in _OTHER_PLACES:
            return ()
        if option in _FOLDER_OPTIONS:
            folder = join_folder(folder or "", value if sign else (words.pop(0).value if words else ""))
        elif word in ("run", "run-script") or word.startswith("-"):
            continue
        else:
            name = _SHORT.get(word, word)
    if folder is None or not name:
        return ()
    scripts = _scripts(tree, folder)
    rest = " ".join(word.raw for word in words if word.value != "--")
    if name in scripts:
        texts = [scripts.get(f"pre{name}", ""), f"{scripts[name]} {rest}".strip(), scripts.get(f"post{name}", "")]
        return tuple(_script(text, folder, tree) for text in texts if text)
    if call.program in ("yarn", "pnpm", "bun") and name not in _NOT_SCRIPTS:
        return (_script(f"{name} {rest}", folder, tree),)
    return ()


def opened_by_name(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the scripts that npm-run-all and its short forms name, stars and all."""
    scripts = _scripts(tree, call.script.folder)
    wanted = [value for value in call.values if not value.startswith("-")]
    names = [name for pattern in wanted for name in scripts if fnmatchcase(name, pattern)]
    return tuple(_script(scripts[name], call.script.folder, tree) for name in dict.fromkeys(names))


def _scripts(tree: TreeView, folder: str) -> dict[str, str]:
    try:
        content = json.loads(text_of(tree, folder, "package.json") or "{}")
    except (ValueError, RecursionError):
        return {}
    scripts = content.get("scripts") if isinstance(content, dict) else None
    return {k: v for k, v in scripts.items() if isinstance(v, str)} if isinstance(scripts, dict) else {}


def _script(text: str, folder: str, tree: TreeView) -> Script:
    if tree.read(".pnp.cjs") is not None:
        return Script(text, folder, ("yarn", "run"))
    above = [folder]
    while above[-1]:
        above.append(above[-1].rpartition("/")[0])
    return Script(text, folder, (), tuple(f"{one}/node_modules/.bin".lstrip("/") for one in above))
