"""Ending the process with success before anything can fail."""

import ast
import re
from collections.abc import Iterator, Mapping

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added
from selfheal.contract.policy.reading.lines import Family, code_only, decode, family, matches

_EXITS = frozenset({"sys.exit", "exit", "quit", "builtins.exit", "builtins.quit", "SystemExit", "builtins.SystemExit"})
_ALWAYS = frozenset(
    {"os._exit", "os.abort", "pytest.exit", "_pytest.outcomes.exit", "os.kill", "os.execv", "os.execvp", "os.execve"}
)
_OTHER = (
    (
        "process.exit(0)",
        re.compile(r"\bprocess\.(?:exit\(\s{0,20}0?\s{0,20}\)|exitCode\s{0,20}=\s{0,20}0\b|reallyExit\b)"),
    ),
    ("os.Exit(0)", re.compile(r"\bos\.Exit\(\s{0,20}0\s{0,20}\)|\bsyscall\.Exit\(\s{0,20}0\s{0,20}\)")),
    (
        "exit(0)",
        re.compile(
            r"\b(?:process::exit|System\.exit|std::exit|_Exit|_exit|quick_exit|(?<![\w.:])exit|Environment\.Exit|exitProcess)\s{0,4}\(\s{0,20}(?:0|EXIT_SUCCESS)\s{0,20}\)"
        ),
    ),
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for addition in added(change_set, _find):
        message = (
            f"{addition.path}:{addition.line} adds `{addition.key}`, which ends the process as if all were well:"
            " return from the function instead"
        )
        yield Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if not python.is_python(path):
        text = decode(content)
        if family(path, text) is Family.SLASHES:
            for name, line in matches(code_only(text, Family.SLASHES), _OTHER):
                yield Occurrence(name, line)
        return
    tree = python.parse(content)
    if tree is None:
        return
    names = python.aliases(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                called = python.dotted(node.func, names)
                is_exit = called in _ALWAYS or (called in _EXITS and _is_success(node))
                if is_exit or _is_hidden_lookup(node, called, names):
                    yield Occurrence(called, node.lineno)
            case ast.Raise(exc=ast.Name() as exception) if python.dotted(exception, names).endswith("SystemExit"):
                yield Occurrence("SystemExit", node.lineno)


def _is_hidden_lookup(call: ast.Call, called: str, names: Mapping[str, str]) -> bool:
    """True for `getattr(os, …)` with a name that is put together: there is no honest reason to hide it."""
    if called not in ("getattr", "builtins.getattr") or len(call.args) < 2:
        return False
    is_system = python.dotted(call.args[0], names) in ("os", "sys", "builtins", "signal")
    return is_system and not isinstance(call.args[1], ast.Constant)


def _is_success(call: ast.Call) -> bool:
    """True where the status is known to be 0: `exit()`, `exit(0)`, `exit(None)`, `exit(False)`."""
    match call.args:
        case []:
            return not call.keywords
        case [ast.Constant(value=value), *_]:
            return not value and not isinstance(value, str)
        case _:
            return False


RULE = Rule(id="exit-forced", reason="a process that ends early with success was not checked", check=_check)
