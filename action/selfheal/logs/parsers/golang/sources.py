"""Find the file that a Go tool means: it prints bare names, and packages instead of folders."""

import json
import posixpath
import re
from dataclasses import dataclass

from selfheal.logs.repository import Repository

# Where a module's path is the host, the owner and the repository.
_FORGES = ("github.com/", "gitlab.com/", "bitbucket.org/", "codeberg.org/")
_MAJOR = re.compile(r"v\d{1,3}$")


class GoSources:
    """Go file names, turned into paths of the repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._by_name: dict[str, list[str]] | None = None

    def path(self, printed: str, package: str = "") -> str:
        """The file's path inside the repository as well as it can be known; `package` is its import path."""
        name = printed.replace("\\", "/").removeprefix("./")
        if "/" in name or not package:
            found = self._repository.relative(name)
            # -trimpath prints the import path instead of the folder.
            return found or self._in_package(posixpath.basename(name), posixpath.dirname(name)) or name
        return self._in_package(name, package) or name

    def is_own(self, printed: str, function: str = "") -> bool:
        """True where a stack frame lies in the repository, not in Go's own library or a module's cache."""
        name = printed.replace("\\", "/")
        if name.endswith("_testmain.go") or "/pkg/mod/" in name or "/src/runtime/" in name:
            return False
        package = package_of(function)
        head = package.partition("/")[0]
        is_library = "." not in head and head != "main" and package != ""
        if is_library and (f"/src/{package}/" in name or name.startswith(f"{package}/")):
            return name in self._repository.known_files
        if self._repository.relative(name) is not None:
            return True
        return (
            not name.startswith("/") and self._in_package(posixpath.basename(name), posixpath.dirname(name)) is not None
        )

    def only_test(self, package: str, *, prefix: str = "") -> str | None:
        """The one test file of a package, where it has but one whose name begins with `prefix`."""
        folders: dict[str, list[str]] = {}
        for file in sorted(self._repository.known_files):
            name = posixpath.basename(file)
            if name.endswith("_test.go") and name.startswith(prefix):
                folders.setdefault(posixpath.dirname(file), []).append(file)
        best = max(folders, key=lambda folder: _likeness(folder, package), default=None)
        if best is None or not _likeness(best, package)[0]:
            return None
        return folders[best][0] if len(folders[best]) == 1 else None

    def _in_package(self, name: str, package: str) -> str | None:
        if not self._repository.known_files:
            return _guessed(name, package)
        if self._by_name is None:
            self._by_name = {}
            for file in sorted(self._repository.known_files):
                if file.endswith(".go"):
                    self._by_name.setdefault(posixpath.basename(file), []).append(file)
        candidates = self._by_name.get(name, [])
        return max(candidates, key=lambda file: _likeness(posixpath.dirname(file), package), default=None)


def _likeness(folder: str, package: str) -> tuple[bool, int, int]:
    """How well a folder fits an import path: whether it ends it, how far both agree, how short it is."""
    parts = folder.split("/") if folder else []
    wanted = package.split("/")
    same = 0
    for part, want in zip(reversed(parts), reversed(wanted), strict=False):
        if part != want:
            break
        same += 1
    return same == len(parts), same, -len(parts)


def _guessed(name: str, package: str) -> str | None:
    if package.startswith(_FORGES):
        parts = package.split("/")[3:]
        folder = "/".join(parts[1:] if parts and _MAJOR.match(parts[0]) else parts)
        return posixpath.join(folder, name)
    # gotestsum prints packages relative to the module.
    is_relative = bool(package) and "." not in package.partition("/")[0]
    return posixpath.join(package, name) if is_relative else None


def package_of(function: str) -> str:
    """The import path of a function as stacks print it: `example.com/shop/cart.(*Cart).Add`."""
    folder, slash, rest = function.rpartition("/")
    return folder + slash + rest.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of `-json` output. `output` keeps what the tool printed, without its line end."""

    action: str
    package: str
    test: str
    output: str


def read_event(line: str) -> Event | None:
    """The event that a line of test2json or of `go build -json` holds; None for any other line."""
    if not line.startswith("{") or '"Action"' not in line:
        return None
    try:
        entry = json.loads(line)
        package = str(entry.get("Package") or entry.get("ImportPath") or "")
        return Event(
            str(entry["Action"]), package, str(entry.get("Test", "")), str(entry.get("Output", "")).rstrip("\r\n")
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
