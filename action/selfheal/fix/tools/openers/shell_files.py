"""Shell scripts of the repository, and text that is given to a shell. Pure."""

import re
from dataclasses import replace

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script
from selfheal.fix.tools.openers.files import text_of

_SHEBANG = re.compile(r"#!\s{0,4}\S{0,40}/(?:env +)?(?:-S +)?(?:ba|da|z|k)?sh\b")


def opened(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the text of `bash -c`, or of the file that the shell is told to run."""
    values = list(call.values)
    while values and values[0].startswith(("-", "+")):
        option = values.pop(0)
        is_short = not option.startswith("--")
        if is_short and option.endswith("o") and values:
            values.pop(0)
        elif is_short and option.startswith("-") and "c" in option:
            return (replace(call.script, text=values[0]),) if values else ()
    return _of_file(call, values[0], tree) if values else ()


def opened_file(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the text of a script that is called by its path."""
    path = call.lead[-1]
    if "/" not in path and not path.endswith(".sh"):
        return ()
    found = _of_file(call, path, tree)
    return found if path.endswith(".sh") or (found and _SHEBANG.match(found[0].text)) else ()


def _of_file(call: Call, path: str, tree: TreeView) -> tuple[Script, ...]:
    text = text_of(tree, call.script.folder, path)
    return (replace(call.script, text=text),) if text else ()
