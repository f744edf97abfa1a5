"""A command that always succeeds, in shell, make, package scripts and configuration."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added, changed
from selfheal.contract.policy.reading.lines import Family, decode, matches, without_comments

_SHELL = (
    (
        "|| true",
        re.compile(
            r"\|\|\s{0,20}(?:/(?:usr/)?bin/)?(?:true\b|:(?=[\s;\"')]|\Z)|exit\s{1,20}0\b|echo\b|printf\b|return\s{1,20}0\b)"
        ),
    ),
    (
        "; true",
        re.compile(
            r";[ \t]{0,20}(?:/(?:usr/)?bin/)?(?:true\b|:(?=[\s\"')]|\Z)|exit\s{1,20}0\b)|&[ \t]{0,20}(?:true|exit 0)\b"
        ),
    ),
    ("exit 0", re.compile(r"(?:^|[;&|\"'@\t])[ \t]{0,20}exit[ \t]{0,20}(?:0\b|$)", re.MULTILINE)),
    ("set +e", re.compile(r"\bset[ \t]{1,20}\+(?:[a-z]{0,8}e|o[ \t]{1,20}(?:errexit|pipefail))")),
    ("trap exit", re.compile(r"\btrap\b[^\n]{0,200}\bexit[ \t]{1,20}0\b")),
    (
        "command replaced",
        re.compile(
            r"\balias[ \t]{1,20}\w+=|(?:^|[;\s])(?:function[ \t]{1,20})?"
            r"(?:pytest|python3?|mypy|ruff|npm|jest|cargo|go|make)[ \t]{0,20}\(\)",
            re.MULTILINE,
        ),
    ),
    (
        "! command",
        re.compile(r"(?:^|[;&|])[ \t]{0,20}![ \t]{1,20}(?:pytest|python|npm|npx|mypy|ruff|cargo|go)\b", re.MULTILINE),
    ),
    (
        "continue-on-error",
        re.compile(
            r"continue[-_]on[-_]error\s{0,20}[:=]\s{0,20}[\"']?true|allow_failure\s{0,20}:\s{0,20}true|ignore_(?:errors|outcome)\s{0,20}[:=]\s{0,20}true",
            re.IGNORECASE,
        ),
    ),
    (
        "--exit-zero",
        re.compile(
            r"--exit-zero\b|--passWithNoTests\b|--no-error-on-unmatched-pattern\b|--suppress-no-test-exit-code\b|--no-bail\b|--if-present\b|--no-verify\b|--quiet-errors\b"
        ),
    ),
    (
        "narrowed test run",
        re.compile(
            r"(?<=\s)(?:--deselect|--ignore(?:-glob)?|--testPathIgnorePatterns|--exclude-tests|--skip)(?=[\s=])"
            r"|\b(?:pytest|unittest|tox|nox)\b[^\n|;&]{0,200}\s-[km][ =]?['\"]?\w"
        ),
    ),
    (
        "make -i",
        re.compile(
            r"\$[({]MAKE[)}][^\n;&|]{0,100}\s-[a-z]{0,4}[ik]\b|\bmake\b[^\n;&|]{0,100}\s(?:-i|-k|--ignore-errors|--keep-going)\b|^\.IGNORE\b|^MAKEFLAGS\s{0,8}[+:?]?=[^\n]{0,100}-[a-z]{0,4}i",
            re.MULTILINE,
        ),
    ),
)
_MAKE_DASH = ("- recipe", re.compile(r"^\t[@+]{0,2}-[@+]{0,2}[ \t]{0,8}\w", re.MULTILINE))
_STRICT = re.compile(
    r"\bset[ \t]{1,20}-(?:[a-z]{0,8}e[a-z]{0,8}|o[ \t]{1,20}(?:errexit|pipefail))|^#![^\n]{0,100}[ \t]-[a-z]{0,8}e",
    re.MULTILINE,
)
_NAMES = re.compile(
    r"(?:GNU)?[Mm]akefile|\.?[Jj]ustfile|Dockerfile.*|Containerfile|package\.json|tox\.(?:ini|toml)|setup\.cfg|pyproject\.toml|Rakefile"
    r"|.*\.(?:mk|sh|bash|zsh|ksh|fish|bat|cmd|ps1|yml|yaml)|Procfile|lefthook\.\w+|tasks\.py|noxfile\.py|gradlew|mvnw|configure|dodo\.py"
)
_SHELL_NAMES = re.compile(r".*\.(?:sh|bash|zsh|ksh)|gradlew|mvnw")


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for addition in added(change_set, _find):
        message = (
            f"{addition.path}:{addition.line} adds `{addition.key}`, which hides a failure or narrows what runs:"
            " let the command fail and fix why it does"
        )
        yield Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)
    for change in changed(change_set):
        if change.before is not None and _is_script(change.path, change.before):
            before, after = (_STRICT.findall(decode(content or b"")) for content in (change.before, change.after))
            if change.after is not None and len(after) < len(before):
                message = f"{change.path} no longer stops at the first failing command: keep `set -e` and its like"
                yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if not _is_command_file(path, content):
        return
    text = _commands(path, content)
    patterns = (*_SHELL, _MAKE_DASH) if PurePosixPath(path).suffix in {"", ".mk"} else _SHELL
    for name, line in matches(text, patterns):
        yield Occurrence(name, line)


def _commands(path: str, content: bytes) -> str:
    text = decode(content)
    return text if path.endswith(".json") else without_comments(text, Family.HASHES)


def _is_command_file(path: str, content: bytes) -> bool:
    return _NAMES.fullmatch(PurePosixPath(path).name) is not None or _is_script(path, content)


def _is_script(path: str, content: bytes) -> bool:
    first = content[:80].partition(b"\n")[0]
    is_shell = first.startswith(b"#!") and b"sh" in first and not python.is_python(path)
    return is_shell or _SHELL_NAMES.fullmatch(PurePosixPath(path).name) is not None


RULE = Rule(id="command-neutered", reason="a command that can't fail proves nothing", check=_check)
