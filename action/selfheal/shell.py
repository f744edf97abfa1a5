"""Read shell command lines: which tools they call, and how. Pure; what can't be read for sure is not read."""

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


def may_stop_early(command: str) -> bool:
    """Tell whether a failure may hide what would have come after it."""
    if len(_simple_commands(command)) != 1:
        return True
    words = _simple_commands(command)[0]
    return any(word.partition("=")[0] in _FAIL_FAST for word in words)


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
