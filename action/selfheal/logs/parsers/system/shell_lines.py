"""What shells say of a line that they can't run, and what it means."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category
from selfheal.logs.repository import Repository


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended. `is_weak` marks what is no failure unless the log ends soon after it."""

    code: str
    message: str
    category: Category
    reason: str
    advice: str = ""
    file: str | None = None
    line: int | None = None
    is_weak: bool = False


# bash: `FILE: line 3: `, dash: `FILE: 3: `, zsh: `FILE:3: `; the shell's own name stands for FILE where it runs
# a string.
_PREFIX = (
    r"(?:(\S{1,300}?): (?:exec: )?line (\d{1,9}): |(\S{1,300}?): (\d{1,9}): |(\S{1,300}?):(\d{1,9}): "
    r"|(\S{1,300}?): (?:-c: line \d{1,9}: )?)"
)
_SHELLS = re.compile(r"(?:/\S{0,200}/)?-?(?:ba|da|z|k|a|fi)?sh$|/bin/busybox$|/home/runner/work/_temp/")
_NOT_FOUND = (
    re.compile(rf"{_PREFIX}(\S{{1,200}}): (?:command )?not found$"),
    re.compile(r"(?:(\S{1,300}?):(\d{1,9}): |zsh: |fish: )(?:command not found|Unknown command): (\S{1,200})$"),
    re.compile(
        r"(?:make(?:\[\d+\])?|g?make|xargs|sudo): (\S{1,200}): (?:No such file or directory|[Cc]ommand not found)$"
    ),
    re.compile(
        r"(?:/usr/bin/)?(?:env|nohup|timeout|nice|time): (?:failed to run command |cannot run )?"
        r"[‘'\"]?([^’'\"\s:]{1,200})[’'\"]?: No such file or directory$"
    ),
    re.compile(r"error: Failed to spawn: `([^`]{1,200})`$"),
    re.compile(r"'?([^\s'\"]{1,200})'?\"? is not recognized as an internal or external command"),
    re.compile(r"(?:.{0,200}: )?The term '([^']{1,200})' is not recognized as "),
)
_NO_FILE = re.compile(
    rf"{_PREFIX}(?:0: )?(cd: )?(?:cannot open |[Cc]an't open )?"
    r"['\"]?([^\s:'\"]{1,300})['\"]?(?:: No such file(?: or directory)?)?$"
)
_NO_PYTHON_FILE = re.compile(r"\S{0,300}python[\d.]{0,5}(?:\.exe)?: can't open file '([^']{1,300})': \[Errno 2\]")
_DENIED = re.compile(rf"{_PREFIX}(\S{{1,300}}): [Pp]ermission denied$")
_MAKE_DENIED = re.compile(r"make(?:\[\d+\])?: (\S{1,300}): Permission denied$")
_INTERPRETER = re.compile(
    rf"{_PREFIX}(?:(\S{{1,300}}): (\S{{1,300}}): bad interpreter: "
    r"|(\S{1,300}): bad interpreter: (\S{1,300}): [nN]o such)"
    rf"|{_PREFIX}(\S{{1,300}}): cannot execute: required file not found$"
)
_RETURN_SIGN = re.compile(
    rf"{_PREFIX}\$'(?:[^']{{0,60}})\\r': command not found$"
    r"|(?:/usr/bin/)?env: [‘'\"]([\w.]{1,60})\\r[’'\"]: No such file"
)
_SYNTAX = re.compile(
    rf"{_PREFIX}((?:[Ss]yntax error|parse error near|unexpected EOF while looking for|unexpected end of file"
    r"|conditional binary operator expected|unterminated (?:quoted string|here-document)).{0,300})$"
)
_UNSET = re.compile(
    rf"{_PREFIX}([A-Za-z_]\w{{0,80}}): "
    r"((?:unbound variable|parameter (?:null or )?not set|is (?:not set|required|missing|empty)).{0,100})$"
)
_SIGNS_OWN = re.compile(
    r"\S{1,200}: line \d{1,9}: [A-Za-z_]\w{0,80}: (?:unbound variable|parameter (?:null or )?not set)"
)


def read_line(line: str, repository: Repository) -> Ending | None:
    """Read a line that a shell wrote, or None."""
    return next((ending for reader in _READERS if (ending := reader(line, repository)) is not None), None)


def missing(name: str) -> Ending:
    """A program that is not there."""
    return Ending(
        "127",
        f"{name} is not installed here or not on PATH",
        Category.ENVIRONMENT,
        "the shell found no such command (exit status 127)",
        f"Install {name} in the job before this step, or put it on PATH.",
    )


def _place(found: re.Match[str], repository: Repository, first: int = 1) -> tuple[str | None, int | None]:
    """The script and line of a prefix; None where the shell ran a string, as a CI's own step."""
    for number in range(first, first + 7, 2):
        name = found.group(number)
        if name is None:
            continue
        line = found.group(number + 1) if number < first + 6 else None
        if _SHELLS.match(name) is not None:
            return None, None
        inside = repository.relative(name)
        return (inside, int(line) if line else None) if inside is not None else (None, None)
    return None, None


def _syntax(line: str, repository: Repository) -> Ending | None:
    if "rror" not in line and "unexpected" not in line and "unterminated" not in line and "conditional" not in line:
        return None
    found = _SYNTAX.match(line)
    if found is None:
        return None
    file, number = _place(found, repository)
    is_shells = found.group(1) or found.group(3) or found.group(5) or _SHELLS.match(found.group(7) or "")
    if not is_shells:
        return None
    return Ending("syntax", found.group(8), Category.SYNTAX, "the shell can't parse the script", file=file, line=number)


def _return_signs(line: str, repository: Repository) -> Ending | None:
    if "\\r" not in line:
        return None
    found = _RETURN_SIGN.match(line)
    if found is None:
        return None
    file, number = _place(found, repository)
    return _line_ends(file, number)


def _line_ends(file: str | None, line: int | None = None) -> Ending:
    return Ending(
        "line-ends",
        "the script has Windows line ends, which the shell takes for a part of its commands",
        Category.FORMAT,
        "the script has Windows line ends",
        "Save the script with Unix line ends, and keep them so with .gitattributes (`*.sh text eol=lf`).",
        file=file,
        line=line,
    )


def _interpreter(line: str, repository: Repository) -> Ending | None:
    if "bad interpreter" not in line and "required file not found" not in line:
        return None
    found = _INTERPRETER.match(line)
    if found is None:
        return None
    script = found.group(8) or found.group(10) or found.group(19)
    program = found.group(9) or found.group(11) or ""
    file = repository.relative(script) if script is not None else None
    if program.endswith("^M"):
        return _line_ends(file)
    what = f"the interpreter {program} that {script} names" if program else f"the interpreter that {script} names"
    return Ending(
        "127",
        f"{what} is not installed",
        Category.ENVIRONMENT,
        "the script's interpreter is missing",
        f"Install it, correct the first line of {script}, or look whether the script has Windows line ends.",
        file=file,
    )


def _not_found(line: str, _repository: Repository) -> Ending | None:
    for pattern in (
        _NOT_FOUND
        if ("ot found" in line or "No such" in line or "ot recogni" in line or "spawn" in line or "nknown" in line)
        else ()
    ):
        found = pattern.match(line)
        if found is not None:
            name = found.group(found.lastindex or 1)
            return missing(name) if not name.startswith("-") and name != "0" else None
    return None


def _no_file(line: str, repository: Repository) -> Ending | None:
    if "No such file" not in line and "an't open" not in line and "cannot open" not in line:
        return None
    if (script := _NO_PYTHON_FILE.match(line)) is not None:
        return _lacking(script.group(1), repository, "2")
    found = _NO_FILE.match(line)
    if found is None:
        return None
    starter = found.group(1) or found.group(3) or found.group(5) or found.group(7) or ""
    is_placed = found.group(2) or found.group(4) or found.group(6)
    if not is_placed and _SHELLS.match(starter) is None:
        return None
    return _lacking(found.group(9), repository, "1" if found.group(8) else "127")


def _lacking(name: str, repository: Repository, code: str) -> Ending:
    inside = repository.relative(name)
    is_system = name.startswith(("/", "~")) and (inside is None or inside == name)
    return Ending(
        code,
        f"there is no {name}",
        Category.ENVIRONMENT if is_system else Category.CONFIG,
        "the command names a file or folder that does not exist",
        f"Make {name} before this step." if is_system else "Correct the path, or the folder that the step runs in.",
        file=None if is_system else (inside or name).removeprefix("./"),
        is_weak=code != "2",
    )


def _denied(line: str, _repository: Repository) -> Ending | None:
    if "ermission denied" not in line:
        return None
    found = _MAKE_DENIED.match(line) or _DENIED.match(line)
    if found is None:
        return None
    name = found.group(found.lastindex or 1)
    return Ending(
        "126",
        f"no permission to run {name}",
        Category.ENVIRONMENT,
        "the shell was not allowed to run a file",
        f"Make {name} executable (`git update-index --chmod=+x`) or call it through its interpreter.",
    )


def _unset(line: str, repository: Repository) -> Ending | None:
    if ": " not in line or (" set" not in line and "unbound" not in line and " is " not in line):
        return None
    found = _UNSET.match(line)
    if found is None or not (found.group(2) or found.group(4) or found.group(6)):
        return None
    name = found.group(8)
    file, number = _place(found, repository)
    if not name.isupper():
        # The environment's variables are written in capitals: this one is the script's own.
        message = f"{name}: {found.group(9)}"
        reason = "the script uses a variable of its own that it never set"
        return Ending("unbound-variable", message, Category.BUILD, reason, file=file, line=number)
    if _SIGNS_OWN.match(line) is not None:
        return None
    return Ending(
        "env-unset",
        f"an environment variable is not set: {name}",
        Category.ENVIRONMENT,
        "a script needs a variable that the job does not set",
        f"Set {name} in the job (as a secret, if it is one).",
        file=file,
        line=number,
    )


_READERS: tuple[Callable[[str, Repository], Ending | None], ...] = (
    _return_signs,
    _syntax,
    _interpreter,
    _unset,
    _not_found,
    _no_file,
    _denied,
)
