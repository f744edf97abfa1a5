"""Small programs that are run in a probed environment, in the sandbox, to ask what is installed there."""

import json

_TOP_LEVEL = """
import importlib.metadata as m, json
found = m.packages_distributions()
print(json.dumps({k: v for k, v in found.items()}))
"""
_ORIGIN = """
import importlib, json, sys
module, name = MODULE, NAME
top = importlib.import_module(module)
value = getattr(top, name)
is_plain = type(value) in (int, bool, str)
same = sorted(n for n in dir(top) if n != name and getattr(top, n, None) is value and not is_plain)
print(json.dumps({
    "module": getattr(value, "__module__", None), "name": getattr(value, "__qualname__", None), "same": same,
    "is_module": type(value) is type(sys),
}))
"""
_HAS = """
import importlib, json
found = []
for module, name in PAIRS:
    try:
        target = importlib.import_module(module)
        found.append(hasattr(target, name))
    except Exception:
        found.append(False)
print(json.dumps(found))
"""
_SEARCH = """
import ast, importlib.util, json, pathlib
spec = importlib.util.find_spec(TOP)
found = []
for place in (spec.submodule_search_locations or []) if spec else []:
    root = pathlib.Path(place)
    for path in sorted(root.rglob("*.py")):
        parts = (TOP, *path.relative_to(root).with_suffix("").parts)
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if any(p.startswith("_") or p in ("tests", "testing", "compat") for p in parts[1:]):
            continue
        if path.stat().st_size > 1000000:
            continue
        text = path.read_text("utf-8", "replace")
        if NAME not in text:
            continue
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == NAME:
                found.append([".".join(parts), "defined"])
            elif isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == NAME for a in node.names):
                found.append([".".join(parts), "imported"])
print(json.dumps(found[:40]))
"""
_REQUIRES = """
import importlib.metadata as m, json
print(json.dumps([[d.metadata["Name"], d.requires or []] for d in m.distributions() if d.metadata["Name"]]))
"""


def top_level() -> str:
    """Which distributions provide which top module, as a JSON object of lists."""
    return _TOP_LEVEL


def requirements() -> str:
    """What each installed distribution asks for, extras included, as a JSON list of pairs."""
    return _REQUIRES


def origin(module: str, name: str) -> str:
    """Where the object behind a name was really defined, and under which other names its module has it."""
    return _filled(_ORIGIN, MODULE=module, NAME=name)


def has(pairs: list[tuple[str, str]]) -> str:
    """Which of these modules have these names, as a JSON list of booleans."""
    return _filled(_HAS, PAIRS=pairs)


def search(top: str, name: str) -> str:
    """In which public modules of a package a name is defined or imported; the files are read and not run."""
    return _filled(_SEARCH, TOP=top, NAME=name)


def read_answer(text: str) -> object:
    """What a program printed last, as JSON; None where it printed nothing that can be read."""
    lines = text.strip().splitlines()
    try:
        answer: object = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return answer


def _filled(program: str, **values: object) -> str:
    for name, value in values.items():
        program = program.replace(name, repr(json.loads(json.dumps(value))))
    return program
