"""Read shell command lines: which tools they call, and how. Pure; what can't be read for sure is not read."""

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

_OPERATORS = frozenset({"&&", "||", ";", "|", "&", "(", ")", ";;", "|&", ">", ">>", "<"})
_RUNNERS = frozenset({"uv", "poetry", "pdm", "hatch", "pipenv", "rye", "npx", "bunx", "pnpm", "yarn"})


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a tool: `prefix` ends with the tool itself, `arguments` is what follows."""

    prefix: tuple[str, ...]
    arguments: tuple[str, ...]

    def with_arguments(self, *arguments: str) -> str:
        """Render a call of the same tool with other arguments, quoted for a shell."""
        return " ".join(_quoted(word) for word in (*self.prefix, *arguments))


_FAIL_FAST = frozenset({"-x", "--exitfirst", "--maxfail", "--bail", "-failfast", "--fail-fast", "--sw", "--stepwise"})


def is_single(command: str) -> bool:
    """Tell whether the line is one simple command: no operators, no expansions, no second line."""
    return len(_simple_commands(command)) == 1 and not set("$`<>*?{}\n|&;()#~") & set(command.strip())


_RUN_OTHERS = ("make", "just", "task", "tox", "nox", "npm", "pnpm", "yarn", "bash", "sh", "invoke", "doit", "ninja")
"""Tools that run other commands one after the other: what those are can't be seen in the line."""


def may_stop_early(command: str) -> bool:
    """Tell whether a failure may hide what would have come after it."""
    if len(_simple_commands(command)) != 1:
        return True
    words = _simple_commands(command)[0]
    if words[0].endswith(".sh") or any(_invocation(words, tool) for tool in _RUN_OTHERS):
        return True
    if any(word.partition("=")[0] in _FAIL_FAST for word in words):
        return True
    call = _invocation(words, "pytest")
    return call is not None and any("x" in flags_of(word) for word in call.arguments)


_PYTEST_FLAGS = frozenset("xvqslhV")


def flags_of(argument: str) -> str:
    """The flags in a word of pytest's short ones, `xvs` for `-xvs`; empty where it is anything else."""
    flags = argument[1:]
    return flags if argument[:1] == "-" and flags and set(flags) <= _PYTEST_FLAGS else ""


def _quoted(word: str) -> str:
    """Quote a word for a shell; an assignment in front of the tool must stay one."""
    name, sign, value = word.partition("=")
    return f"{name}={shlex.quote(value)}" if sign and name.isidentifier() else shlex.quote(word)


def find_invocations(command: str, tool: str) -> tuple[Invocation, ...]:
    """List the calls of `tool` in a shell command line; empty where it can't be read."""
    return tuple(call for words in _simple_commands(command) if (call := _invocation(words, tool)) is not None)


def _simple_commands(command: str) -> list[list[str]]:
    lexer = shlex.shlex(command.replace("\n", " ; "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word in _OPERATORS:
                commands.append([])
            else:
                commands[-1].append(word)
    except ValueError:
        return []
    return [words for words in commands if words]


def _invocation(words: list[str], tool: str) -> Invocation | None:
    start = 0
    while start < len(words) and _is_assignment(words[start]):
        start += 1
    for index in range(start, len(words)):
        if PurePosixPath(words[index]).name != tool:
            continue
        before = words[start:index]
        is_direct = not before
        is_module = len(before) >= 2 and before[-1] == "-m" and "python" in PurePosixPath(before[-2]).name
        is_wrapped = bool(before) and PurePosixPath(before[0]).name in _RUNNERS
        if is_direct or is_module or is_wrapped:
            return Invocation(prefix=tuple(words[: index + 1]), arguments=tuple(words[index + 1 :]))
        return None
    return None


def _is_assignment(word: str) -> bool:
    name, sign, _ = word.partition("=")
    return bool(sign) and name.isidentifier()


def quoted_program(program: str) -> str:
    """A program as one word of a shell line."""
    return shlex.quote(program)


_PYTHON_INSTALL = re.compile(
    r"\s*(?:(?:\S*python[\d.]*\s+-m\s+)?(?:uv\s+)?(?:\S*/)?pip3?\s+install\b"
    r"|(?:\S*/)?(?:uv\s+(?:sync|pip\s+sync|venv)|(?:poetry|pdm|pipenv)\s+(?:install|sync))\b)"
)
_NODE_INSTALL = re.compile(
    r"\s*(?:npm\s+(?:ci|install|i|clean-install)\b|pnpm\s+(?:install|i)\b|yarn(?:\s+install)?(?:\s+--?[\w=-]+)*\s*$)"
)
_MODULE_INSTALL = re.compile(r"\s*(?:go\s+mod\s+(?:download|verify)|cargo\s+fetch)\b")
_OWN_ENVIRONMENT = re.compile(r"\s*(?:\S*python[\d.]*\s+-m\s+)?(?:\S*/)?(?:tox|nox)\b")


def installs_packages(command: str) -> bool:
    """Tell whether a step of the command installs packages into its environment."""
    return any(_is_install(step) or _OWN_ENVIRONMENT.match(step) for step in _steps(command))


def calls_python(command: str) -> bool:
    """Tell whether a command that installs wants an environment of Python for it."""
    steps = _steps(command)
    return any(_PYTHON_INSTALL.match(step) or _OWN_ENVIRONMENT.match(step) for step in steps) or not any(
        _NODE_INSTALL.match(step) for step in steps
    )


def without_installs(command: str) -> str:
    """The command without the steps that install packages; empty where nothing else is left."""
    steps = _steps(command)
    return " && ".join(step.strip() for step in steps if step.strip() and not _is_install(step))


def _is_install(step: str) -> bool:
    return any(kind.match(step) for kind in (_PYTHON_INSTALL, _NODE_INSTALL, _MODULE_INSTALL))


def _steps(command: str) -> list[str]:
    """Cut at `&&`, `;` and line ends outside of quotes; a command with other structure is one step."""
    if "(" in re.sub(r"'[^']*'|\"[^\"]*\"", "", command):
        return [command]
    steps = [""]
    for word in re.findall(r"'[^']*'|\"(?:\\.|[^\"])*\"|\\.|&&|.", command, re.DOTALL):
        if word in ("&&", ";", "\n"):
            steps.append("")
        else:
            steps[-1] += word
    return steps
