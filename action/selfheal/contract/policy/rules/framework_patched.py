"""Reaching into the test framework, the interpreter's start or what equality means."""

import ast
import hashlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Occurrence, added, changed
from selfheal.contract.policy.reading.paths import is_test_path

_START_UP = frozenset({"sitecustomize.py", "usercustomize.py", "conftest.py", "pytest_plugins.py"})
_TOOLS = frozenset({
    "pytest", "_pytest", "pluggy", "hypothesis", "coverage", "pytest_cov", "xdist", "nose", "nose2", "tox", "nox",
    "mypy", "ruff", "flake8", "pylint", "pyflakes", "black", "isort", "bandit", "pyright", "numpy", "pandas", "site",
})  # fmt: skip
_FRAMEWORKS = ("pytest", "_pytest", "unittest", "hypothesis", "doctest", "pluggy", "builtins", "__builtins__")
_OVERRIDDEN = frozenset(
    {"sys.exit", "os._exit", "sys.meta_path", "sys.path_hooks", "sys.settrace", "atexit._run_exitfuncs"}
)
_REACHING = frozenset({"sys.settrace", "sys.setprofile", "sys.addaudithook", "gc.get_referrers", "gc.get_objects"})
_MUTATORS = frozenset({"update", "setdefault", "pop", "__setitem__", "clear"})
_COMPARISONS: Mapping[str, bool] = {
    "__eq__": True,
    "__ne__": False,
    "__contains__": True,
    "__lt__": True,
    "__le__": True,
    "__gt__": True,
    "__ge__": True,
    "__instancecheck__": True,
    "__subclasscheck__": True,
}  # fmt: skip — a pair a line would hide that it is one table
_HOOKS = (
    "pytest_collection", "pytest_ignore_collect", "pytest_collect_file", "pytest_pycollect", "pytest_itemcollected",
    "pytest_deselected", "pytest_make_collect_report", "pytest_runtest", "pytest_pyfunc_call", "pytest_assert",
    "pytest_sessionfinish", "pytest_sessionstart", "pytest_configure", "pytest_cmdline",
    "pytest_load_initial_conftests", "pytest_exception_interact", "pytest_report", "pytest_generate_tests",
    "pytest_fixture_setup", "pytest_warning_recorded", "pytest_terminal_summary",
)  # fmt: skip


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    del settings
    for change in changed(change_set):
        if change.before is None and (what := _new_file(change.path)):
            yield Violation(
                rule=RULE.id,
                path=change.path,
                line=None,
                message=f"{change.path} is new and {what}: fix the code itself",
            )
    for addition in added(change_set, _find):
        message = (
            f"{addition.path}:{addition.line} changes what judges the code ({addition.key}):"
            " fix the code so that the test passes as it is"
        )
        yield Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)


def _new_file(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.name in _START_UP or pure.suffix == ".pth":
        return "runs before any test does"
    top = pure.parts[1:] if pure.parts[:1] in {("src",), ("lib",), ("python",)} else pure.parts
    if len(top) == 1 and pure.suffix in {".py", ".so", ".pyd", ".pyc"}:
        module = pure.name.partition(".")[0]
    elif len(top) == 2 and top[1] == "__init__.py":
        module = top[0]
    else:
        return ""
    shadows = module in _TOOLS or module in sys.stdlib_module_names
    return f"takes the place of the module {module!r} for everyone who imports it" if shadows else ""


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if not python.is_python(path):
        return
    tree = python.parse(content)
    if tree is None:
        return
    names = python.aliases(tree)
    in_test = is_test_path(path)
    for node in ast.walk(tree):
        for key in _keys(node, names, in_test=in_test):
            yield Occurrence(key, getattr(node, "lineno", 1))


def _keys(node: ast.AST, names: Mapping[str, str], *, in_test: bool) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _target(target, names, node.value)
        case ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _target(target, names, value)
        case ast.Delete(targets=targets):
            for target in targets:
                yield from _target(target, names, None)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if _always_agrees(node):
                yield f"{node.name} always gives the same answer"
            if node.name.startswith(_HOOKS):
                yield f"hook {node.name}" + (f" {_hash_of(node)}" if in_test else "")
        case ast.Call():
            yield from _call(node, names, in_test=in_test)
        case _:
            return


def _hash_of(node: ast.AST) -> str:
    """A short name for the body of a hook, so that a changed body counts as a new hook."""
    return hashlib.sha256(python.fingerprint(node).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _target(target: ast.expr, names: Mapping[str, str], value: ast.expr | None) -> Iterator[str]:
    match target:
        case ast.Subscript(value=container):
            holder = python.dotted(container, names)
            if holder in {"sys.modules", "__builtins__", "builtins.__dict__"}:
                yield f"{holder}[…]"
        case ast.Attribute():
            name = python.dotted(target, names)
            if name.partition(".")[0] in _FRAMEWORKS or name in _OVERRIDDEN:
                yield f"{name} replaced"
            if target.attr in _COMPARISONS:
                yield f"{target.attr} replaced"
        case ast.Name(id=name) if name in _COMPARISONS and _is_constant_function(value, answer=_COMPARISONS[name]):
            yield f"{name} always gives the same answer"
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _target(element, names, None)
        case _:
            return


def _call(call: ast.Call, names: Mapping[str, str], *, in_test: bool) -> Iterator[str]:
    called = python.dotted(call.func, names)
    holder, _, method = called.rpartition(".")
    if holder == "sys.modules" and method in _MUTATORS:
        yield f"sys.modules.{method}"
    elif called in {"setattr", "delattr", "builtins.setattr", "builtins.delattr"} and call.args:
        target = python.dotted(call.args[0], names)
        if target.partition(".")[0] in _FRAMEWORKS:
            yield f"{target} replaced"
    elif called in _REACHING or (in_test and called == "atexit.register"):
        yield called


def _always_agrees(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if function.name not in _COMPARISONS:
        return False
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    answer = _COMPARISONS[function.name]
    return bool(returns) and all(_is_constant(node.value, answer=answer) for node in returns)


def _is_constant_function(value: ast.expr | None, *, answer: bool) -> bool:
    return isinstance(value, ast.Lambda) and _is_constant(value.body, answer=answer)


def _is_constant(value: ast.expr | None, *, answer: bool) -> bool:
    return isinstance(value, ast.Constant) and value.value is not None and bool(value.value) is answer


RULE = Rule(id="framework-patched", reason="the judge must not be changed by the judged", check=_check)
