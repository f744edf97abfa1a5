"""Find the file of a module: src layouts, packages, relative imports."""

import posixpath
from collections import defaultdict

from selfheal.contract.tree import TreeView


class ModuleMap:
    """Maps dotted names to files by how paths end, so that any source root works."""

    def __init__(self, tree: TreeView) -> None:
        self._paths = frozenset(path for path in tree.paths() if path.endswith((".py", ".pyi")))
        self._by_end: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            self._by_end[_module_name(path)].append(path)

    @property
    def paths(self) -> frozenset[str]:
        """All Python files."""
        return self._paths

    def find(self, module: str, *, importer: str, level: int = 0) -> str | None:
        """The file that `module`, imported in the file `importer`, lies in."""
        if level:
            folder = posixpath.dirname(importer)
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._at(posixpath.join(folder, *module.split(".")) if module else folder)
        if not module:
            return None
        stem = module.replace(".", "/")
        near = posixpath.join(posixpath.dirname(importer), stem)
        for root in ("", "src/", "lib/", "python/"):
            found = self._at(f"{root}{stem}")
            if found is not None:
                return found
        candidates = [
            path
            for path in self._by_end.get(module.rpartition(".")[2], ())
            if _stem(path) == stem or _stem(path).endswith(f"/{stem}")
        ]
        # Of several, the one that shares most of its path with the importer, then the shortest.
        candidates.sort(key=lambda path: (path != self._at(near), -_shared(path, importer), len(path), path))
        return candidates[0] if candidates else None

    def _at(self, stem: str) -> str | None:
        stem = stem.strip("/")
        for path in (f"{stem}.py", f"{stem}/__init__.py", f"{stem}.pyi") if stem else ("__init__.py",):
            if path in self._paths:
                return path
        return None


def _stem(path: str) -> str:
    bare = path.rpartition(".")[0]
    return bare.removesuffix("/__init__")


def _module_name(path: str) -> str:
    return posixpath.basename(_stem(path))


def _shared(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
