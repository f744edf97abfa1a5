"""Find which programs a command really calls, and how: through make, npm scripts, tox and the like too. Pure."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.words import Simple, Word, simple_commands

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*(?:\.exe)?$|py$")
_WRAPPERS = frozenset({"env", "exec", "command", "nice", "nohup", "xvfb-run", "dotenv", "xargs"})
_RUNNERS: dict[str, tuple[str, ...]] = {
    "uv": ("run",),
    "poetry": ("run",),
    "pdm": ("run",),
    "pipenv": ("run",),
    "rye": ("run",),
    "pixi": ("run",),
    "conda": ("run",),
    "pipx": ("run",),
    "npm": ("exec", "x"),
    "pnpm": ("exec", "dlx"),
    "yarn": ("exec", "dlx"),
    "bun": ("x",),
    "npx": (),
    "pnpx": (),
    "bunx": (),
    "uvx": (),
}
"""Programs that run another, and after which word they do."""
_TAKES_VALUE = frozenset(
    {
        *("--with", "--from", "--package", "-p", "--group", "--extra", "--only-group", "--no-group", "--python"),
        *("--project", "--directory", "-C", "--env-file", "-n", "--name", "-e", "--with-requirements", "--spec"),
        *("-P", "-I", "-L", "-d", "-a", "-s", "--max-args", "--max-procs", "--replace", "-u", "--chdir"),
    }
)
"""Options of those programs whose next word is no program."""
_MOST_COMMANDS = 300


@dataclass(frozen=True, slots=True)
class Script:
    """Shell text that a task runner would run. `launcher` stands before each call, `bin_folders` lead its PATH."""

    text: str
    folder: str = ""
    launcher: tuple[str, ...] = ()
    bin_folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a program. `lead` holds the words up to and with the program, as written."""

    program: str
    lead: tuple[str, ...]
    arguments: tuple[Word, ...]
    script: Script

    @property
    def values(self) -> tuple[str, ...]:
        """The arguments without their quotes."""
        return tuple(word.value for word in self.arguments)

    @property
    def takes_names(self) -> bool:
        """True where the files' names come from elsewhere: from xargs, or from a loop's variable."""
        return self._is_fed or any(_is_variable(word) for word in self.arguments)

    @property
    def own_lead(self) -> tuple[str, ...]:
        """The words that start the program, without xargs and its options."""
        return self.lead[-1:] if self._is_fed else self.lead

    @property
    def plain(self) -> tuple[Word, ...]:
        """The arguments that mean the same outside of a loop."""
        return tuple(word for word in self.arguments if not _is_variable(word))

    @property
    def _is_fed(self) -> bool:
        return any(PurePosixPath(word).name == "xargs" for word in self.lead[:-1])


def _is_variable(word: Word) -> bool:
    return "$" in word.value and "$(" not in word.value and not word.raw.startswith("'")


def find_calls(command: str, tree: TreeView) -> tuple[Call, ...]:
    """List all calls of a command in their order, each task runner followed by what it runs."""
    # The openers build on this module's types.
    from selfheal.fix.tools.openers import opened

    found: list[Call] = []
    seen: set[Script] = set()

    def visit(script: Script) -> None:
        if script in seen or len(found) >= _MOST_COMMANDS:
            return
        seen.add(script)
        for simple in simple_commands(script.text, script.folder):
            call = _call(simple, script)
            if call is None or len(found) >= _MOST_COMMANDS:
                continue
            found.append(call)
            for inner in opened(call, tree):
                visit(inner)

    visit(Script(command))
    return tuple(found)


def launcher_of(call: Call) -> tuple[str, ...]:
    """The words that must stand before what a task runner runs, where it was itself started by `uv run` or so."""
    own = tuple(word for word in call.lead[:-1] if not _ASSIGNMENT.match(word))
    is_module = len(own) > 1 and own[-1] == "-m"
    return (*call.script.launcher, *(own[:-2] if is_module else own))


def _call(simple: Simple, script: Script) -> Call | None:
    values = tuple(word.value for word in simple.words)
    at = _program_at(values)
    if at is None:
        return None
    name = PurePosixPath(values[at]).name.removesuffix(".exe").removesuffix(".cmd")
    if at and values[at - 1] == "-m":
        name = name.replace("_", "-")
    elif at:
        name = name.partition("@")[0]
    lead = tuple(word.raw for word in simple.words[: at + 1])
    return Call(name, lead, simple.words[at + 1 :], replace(script, folder=simple.folder))


def _program_at(values: tuple[str, ...]) -> int | None:
    """Find the word that names the program, past assignments, wrappers, runners and `python -m`."""
    at = 0
    while at < len(values):
        name = PurePosixPath(values[at]).name
        rest = values[at + 1 :]
        if _ASSIGNMENT.match(values[at]):
            at += 1
        elif name in _WRAPPERS:
            at += 1 + _options(rest)
        elif name == "uv" and rest[:2] == ("tool", "run"):
            at += 3 + _options(rest[2:])
        elif name in _RUNNERS and (not _RUNNERS[name] or (rest[:1] and rest[0] in _RUNNERS[name])):
            subcommand = 1 if _RUNNERS[name] else 0
            after = rest[subcommand:]
            skipped = _options(after)
            if skipped >= len(after):
                return at
            at += 1 + subcommand + skipped
        elif _PYTHON.match(name) and "-m" in rest[:4] and rest.index("-m") + 1 < len(rest):
            at += rest.index("-m") + 2
            return at
        else:
            return at
    return None


def _options(values: tuple[str, ...]) -> int:
    """Count the leading options with their values."""
    at = 0
    while at < len(values) and (values[at].startswith("-") or _ASSIGNMENT.match(values[at])):
        at += 2 if values[at] in _TAKES_VALUE else 1
        if values[at - 1] == "--":
            break
    return min(at, len(values))
