"""Tell the repository's own files from everyone else's."""

import posixpath
import re

_FOREIGN = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|\.venv|venv|\.tox|\.nox|__pypackages__)/"
    r"|(?:^|/)lib(?:64)?/python\d[^/]*/"
    r"|(?:^|/)\.cargo/(?:registry|git)/|^/rustc/|/go/pkg/mod/|^/usr/(?:local/)?(?:go/src|include|lib|share)/"
    r"|(?:^|/)\.(?:m2|gradle|nuget|npm|yarn|pnpm-store)/|^node:"
)
# Where hosted runners check a repository out: GitHub, GitLab, Azure, Jenkins.
_CHECKOUT = re.compile(
    r"^(?:/home/[^/]+/work/[^/]+/[^/]+|/__w/[^/]+/[^/]+|/github/workspace|/builds/[^/]+/[^/]+"
    r"|[A-Za-z]:/a/[^/]+/[^/]+|/Users/runner/work/[^/]+/[^/]+)/(?=.)"
)


class Repository:
    """Names of files as tools print them, turned into paths relative to the repository.

    `root` is the absolute path that the command ran under. `known_files` are the relative paths of
    all files; where it is empty, every path that does not look like a library's counts as inside.
    `folder` is the one that relative paths start from, itself relative to the root.
    """

    def __init__(self, root: str = "", known_files: frozenset[str] = frozenset(), folder: str = "") -> None:
        self.root = root.replace("\\", "/").rstrip("/")
        self.known_files = known_files
        self._folder = folder.strip("/")
        self._by_name: dict[str, list[str]] | None = None
        self._seen: dict[str, str | None] = {}

    def relative(self, path: str) -> str | None:
        """The path inside the repository, or None for a file that lies outside it."""
        if path not in self._seen:
            if len(self._seen) > 10_000:
                self._seen.clear()
            self._seen[path] = self._find(path)
        return self._seen[path]

    def name(self, path: str) -> str:
        """The path inside the repository, or the path as it was printed."""
        return self.relative(path) or path

    def has_module(self, name: str) -> bool:
        """True where the top-level package or module `name` is the repository's own."""
        if not name:
            return False
        package, module = f"{name}/", f"{name}.py"
        for file in self.known_files:
            if not file.endswith((".py", ".pyi")):
                continue
            if file.startswith(package) or file == module:
                return True
            at = file.find(f"/{package}")
            if at < 0 and file.endswith(f"/{module}"):
                at = len(file) - len(module) - 1
            # What lies in a package is not reached by its bare name.
            if at >= 0 and f"{file[:at]}/__init__.py" not in self.known_files:
                return True
        return False

    def has_dotted(self, name: str) -> bool:
        """True where the dotted module `name` has a file of its own in the repository."""
        stem = name.replace(".", "/")
        ends = (f"{stem}.py", f"{stem}/__init__.py", f"{stem}.pyi")
        return any(file in ends or file.endswith(tuple(f"/{end}" for end in ends)) for file in self.known_files)

    def _find(self, printed: str) -> str | None:
        if not printed or printed.startswith("<"):
            return None
        path = printed.replace("\\", "/")
        if self.root and path.startswith(f"{self.root}/"):
            path = path[len(self.root) + 1 :]
        path = posixpath.normpath(path)
        if self._folder and not path.startswith(("/", f"{self._folder}/")) and path[1:2] != ":":
            joined = posixpath.normpath(f"{self._folder}/{path}")
            path = joined if not self.known_files or joined in self.known_files else path
        if _FOREIGN.search(path):
            return None
        if path in self.known_files:
            return path
        checkout = _CHECKOUT.match(path)
        if checkout is not None:
            path = path[checkout.end() :]
        if self.known_files:
            return self._by_suffix(path)
        is_absolute = path.startswith("/") or path[1:2] == ":"
        if is_absolute and self.root:
            return None
        return path.lstrip("./") if path.startswith("..") else path

    def _by_suffix(self, path: str) -> str | None:
        """The one known file whose name ends like `path` does, or that `path` ends in."""
        if path in self.known_files:
            return path
        if self._by_name is None:
            self._by_name = {}
            for file in sorted(self.known_files):
                self._by_name.setdefault(posixpath.basename(file), []).append(file)
        while path.startswith("../"):
            path = path[3:]
        candidates = self._by_name.get(posixpath.basename(path), [])
        if path.startswith("/") or path[1:2] == ":":
            inside = [file for file in candidates if path.endswith(f"/{file}")]
            return max(inside, key=len) if inside else None
        longer = [file for file in candidates if file == path or file.endswith(f"/{path}")]
        return longer[0] if len(longer) == 1 else None
