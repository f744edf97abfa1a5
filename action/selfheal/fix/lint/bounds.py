"""What a model's rewrite of a statement may change: what the finding is about, and not much more."""

import ast
import re
import textwrap
from collections import Counter

from selfheal.fix.lint.meanings import Extent, Meaning
from selfheal.fix.lint.source import FunctionNode

_SILENCER = re.compile(
    r"#.*\b(?:noqa|nosec|type:\s*ignore|pylint:|pyright:|mypy:|ruff:|flake8:|fmt:|pragma:)", re.IGNORECASE
)
_MAX_LOST = 2


def unacceptable(old: str, new: str, meaning: Meaning) -> str:
    """Why a rewrite is not taken, said so that it could be asked again; empty where it is fine."""
    if len(_SILENCER.findall(new)) > len(_SILENCER.findall(old)):
        return "the answer silences the linter"
    before, after = _parse(old), _parse(new)
    if after is None or before is None:
        return "the answer is not valid Python"
    if not after.body or ast.dump(before) == ast.dump(after):
        same_text = "".join(old.split()) == "".join(new.split())
        return "the answer is the same code as before" if same_text or not after.body else ""
    grown = _statements(after) - _statements(before)
    if grown > meaning.may_grow or grown < -max(4, _statements(before) // 2):
        return "the answer changes more than the finding is about"
    lost = sorted((_calls(before) - _calls(after)).elements())
    if len(lost) > _MAX_LOST:
        return f"the answer no longer calls {', '.join(lost[:4])}"
    return _other_function(before, after) if meaning.extent is Extent.FUNCTION else ""


def _parse(text: str) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(tree))


def _calls(tree: ast.Module) -> Counter[str]:
    called: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            called[name] += 1
    return called


def _other_function(before: ast.Module, after: ast.Module) -> str:
    """The function itself must still be there under its name, with its arguments' names and decorators."""
    old = next((n for n in before.body if isinstance(n, FunctionNode)), None)
    if old is None:
        return ""
    new = next((n for n in after.body if isinstance(n, FunctionNode) and n.name == old.name), None)
    if new is None:
        return f"the answer holds no function {old.name}"
    names = [[arg.arg for arg in ast.walk(n.args) if isinstance(arg, ast.arg)] for n in (old, new)]
    if names[0] != names[1] or len(old.decorator_list) != len(new.decorator_list):
        return f"the answer changes how {old.name} is called"
    return ""
