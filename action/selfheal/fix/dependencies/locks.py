"""Which tool keeps a manifest's lock, and what versions a lock names. Pure."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from selfheal.contract.packages import Pin, Tool

_OF_MANIFEST: dict[str, tuple[tuple[str, Tool], ...]] = {
    "pyproject.toml": (("uv.lock", "uv"), ("poetry.lock", "poetry"), ("pdm.lock", "pdm")),
    "package.json": (
        ("pnpm-lock.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
        ("package-lock.json", "npm"),
        ("npm-shrinkwrap.json", "npm"),
    ),
    "go.mod": (("go.sum", "go"),),
    "Cargo.toml": (("Cargo.lock", "cargo"),),
}
_NAMES = frozenset(name for locks in _OF_MANIFEST.values() for name, _ in locks)
_YARN = re.compile(r'^"?((?:@[^@\s/]+/)?[^@\s"]+)@[^\n]*:\n\s+version:? "?([^"\s]+)"?', re.MULTILINE)
_PNPM = re.compile(r"^  '?/?((?:@[^@/\s']+/)?[^@/\s'(]+)[@/](\d[^:('\s]*)[^\n]*:\s*$", re.MULTILINE)
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?==([^\s;\\#]+)", re.MULTILINE)
_GO = re.compile(r"^(\S+) v(\S+?)(?:/go\.mod)? h1:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file and the tool that writes it. `folder` is the manifest's."""

    path: str
    tool: Tool

    @property
    def folder(self) -> str:
        """Where it lies, relative to the top."""
        parent = str(PurePosixPath(self.path).parent)
        return "" if parent == "." else parent


def lock_of(manifest: str, paths: frozenset[str]) -> Lock | None:
    """The lock beside a manifest; None where there is none."""
    place = PurePosixPath(manifest)
    for name, tool in _OF_MANIFEST.get(place.name, ()):
        path = str(place.parent / name)
        if path in paths:
            return Lock(path, tool)
    return None


def is_lock(path: str) -> bool:
    """True for a lock file by its name."""
    return PurePosixPath(path).name in _NAMES


def locked_pins(path: str, text: str) -> tuple[Pin, ...]:
    """The versions that a lock names; what is installed at the top comes first. Empty where it can't be read."""
    name = PurePosixPath(path).name
    match name:
        case "uv.lock" | "poetry.lock" | "pdm.lock" | "Cargo.lock":
            found = _toml(text)
        case "package-lock.json" | "npm-shrinkwrap.json":
            found = _npm(text)
        case "yarn.lock":
            found = _YARN.findall(text)
        case "pnpm-lock.yaml":
            found = _PNPM.findall(text)
        case "go.sum":
            found = _GO.findall(text)
        case _:
            # A list that was compiled from a manifest is its lock too.
            found = _PINNED.findall(text) if PurePosixPath(path).suffix == ".txt" else []
    pins: dict[tuple[str, str], Pin] = {}
    for one, version in found:
        try:
            pins.setdefault((one, version), Pin(name=one, version=version))
        except ValidationError:
            continue
    return tuple(pins.values())


def _toml(text: str) -> list[tuple[str, str]]:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        # A number of ten thousand digits is no TOMLDecodeError, but a ValueError it is.
        return []
    packages = document.get("package")
    found = []
    for one in packages if isinstance(packages, list) else ():
        if not isinstance(one, dict):
            continue
        source = one.get("source")
        is_own = isinstance(source, dict) and bool({"editable", "virtual", "directory"} & source.keys())
        if isinstance(one.get("name"), str) and isinstance(one.get("version"), str) and not is_own:
            found.append((one["name"], one["version"]))
    return found


def _npm(text: str) -> list[tuple[str, str]]:
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        return []
    packages = document.get("packages") if isinstance(document, dict) else None
    if not isinstance(packages, dict):
        old = document.get("dependencies") if isinstance(document, dict) else None
        entries = old.items() if isinstance(old, dict) else ()
        return [(name, str(one.get("version"))) for name, one in entries if isinstance(one, dict)]
    found = []
    for place in sorted(packages, key=lambda one: one.count("node_modules/")):
        one = packages[place]
        name = place.rpartition("node_modules/")[2]
        if place.startswith("node_modules/") and isinstance(one, dict) and isinstance(one.get("version"), str):
            found.append((str(one.get("name") or name), one["version"]))
    return found
