"""Which package a name in a message stands for, by the imports of the repository's own JavaScript. Pure."""

import re

from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.tools.evidence import package_of

_CALLED = re.compile(
    r"(?:TypeError|ReferenceError): (?:\(0 , )?(\w+?)(?:_1)?(?:\.[\w$]+)*\)? is not (?:a function|a constructor)"
)
_SOURCE = re.compile(r"\.[cm]?[jt]sx?$")
_MOST_FILES = 400


def packages_called(tree: TreeView, output: str) -> tuple[str, ...]:
    """The packages from which a file takes a name that was called and is no function."""
    names = set(_CALLED.findall(output))
    found: dict[str, None] = {}
    if not names:
        return ()
    paths = [path for path in tree.paths() if _SOURCE.search(path) and "node_modules/" not in path]
    for path in paths[:_MOST_FILES]:
        raw = tree.read(path)
        text = raw.decode("utf-8", "replace") if raw is not None else ""
        for name in sorted(names):
            for module in _imports(name).findall(text):
                if not module.startswith((".", "/", "node:")):
                    found[package_of(module)] = None
    return tuple(found)


def _imports(name: str) -> re.Pattern[str]:
    """The ways in which a file takes a name from a module; the module is the only group."""
    word = rf"\b{re.escape(name)}\b"
    bound = rf"(?:{word}|\{{[^}}]*{word}[^}}]*\}}|\*\s+as\s+{word}|[\w$]+\s*,\s*\{{[^}}]*{word}[^}}]*\}})"
    return re.compile(
        rf"(?:import\s+{bound}\s+from\s*|(?:const|let|var)\s+{bound}\s*=\s*(?:await\s+import|require)\s*\(\s*)['\"]([^'\"\n]+)['\"]"
    )
