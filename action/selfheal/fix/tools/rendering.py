"""Write calls as shell text: in their folder, with their environment's programs on the PATH. Pure."""

import re
import shlex

from selfheal.fix.tools.calls import Call

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_ENVIRONMENTS = (".venv/bin", "venv/bin", "env/bin", "node_modules/.bin")
_FIND = 'PATH="$PATH' + "".join(f":$PWD/{folder}" for folder in _ENVIRONMENTS) + '"; export PATH\n'


def rendered(call: Call, arguments: tuple[str, ...]) -> str:
    """Write the same call with other arguments, given as the shell shall read them."""
    script = call.script
    lead = list(call.own_lead)
    assignments = []
    while lead and _ASSIGNMENT.match(lead[0]):
        assignments.append(lead.pop(0))
    if script.bin_folders:
        folders = ":".join(f"$PWD/{folder}" for folder in script.bin_folders)
        assignments.append(f'PATH="{folders}:$PATH"')
    words = (*(map(shlex.quote, script.launcher)), *lead, *arguments)
    if not script.folder:
        return " ".join((*assignments, *words))
    # The PATH is written from the top, so it is set before the folder is entered.
    exports = "".join(f"export {one}; " for one in assignments)
    return f"({exports}cd {shlex.quote(script.folder)} && {' '.join(words)})"


def with_environments(text: str) -> str:
    """Let a program that is not on the PATH be found in the project's own environments."""
    return _FIND + text
