"""An error that is caught and dropped is not a fixed error."""

import ast
import re
from collections.abc import Iterator, Mapping

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added
from selfheal.contract.policy.reading.lines import Family, code_only, decode, family, matches

_BROAD = frozenset({"Exception", "BaseException", "AssertionError", "builtins.Exception", "builtins.BaseException"})
_OTHER = (
    ("empty catch", re.compile(r"\bcatch\s{0,20}(?:\([^()\n]{0,200}\))?\s{0,20}\{\s{0,200}\}")),
    (
        "empty .catch()",
        re.compile(
            r"\.catch\(\s{0,20}(?:\(\s{0,20}\w{0,40}\s{0,20}\)|\w{1,40})?\s{0,20}=>\s{0,20}\{\s{0,200}\}\s{0,20}\)"
        ),
    ),
    ("recover()", re.compile(r"\b_\s{0,8}=\s{0,8}recover\(\)|defer\s{1,20}func\(\)\s{0,8}\{\s{0,40}recover\(\)")),
)


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for addition in added(change_set, _find):
        message = (
            f"{addition.path}:{addition.line} adds `{addition.key}`, which drops every error unseen:"
            " catch the one error that is expected, or let it through"
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
            case ast.ExceptHandler() if _swallows(node, names):
                if node.type is None:
                    yield Occurrence("except:", node.lineno)
                # Told of a bare one that does nothing, too: to name `Exception` there drops no error more.
                if all(_does_nothing(statement) for statement in node.body):
                    yield Occurrence("except Exception: pass", node.lineno)
            case ast.Call(func=function, args=arguments) if python.dotted(function, names) == "contextlib.suppress":
                if any(python.dotted(argument, names) in _BROAD for argument in arguments):
                    yield Occurrence("suppress(Exception)", node.lineno)
            case _:
                continue


def _swallows(handler: ast.ExceptHandler, names: Mapping[str, str]) -> bool:
    if any(isinstance(node, ast.Raise) for statement in handler.body for node in ast.walk(statement)):
        return False
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    is_broad = any(python.dotted(kind, names) in _BROAD for kind in types)
    return is_broad and all(_does_nothing(statement) for statement in handler.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break() | ast.Return(value=None):
            return True
        case ast.Expr(value=ast.Constant()) | ast.Return(value=ast.Constant() | ast.Name()):
            return True
        case ast.Return(value=ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[])):
            return True
        case ast.Assign(value=ast.Constant()):
            return True
        case _:
            return False


RULE = Rule(id="error-swallowed", reason="an error that nobody sees is still an error", check=_check)
