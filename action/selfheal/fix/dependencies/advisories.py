"""Known-vulnerable versions from a folder of advisories in OSV's format (https://ossf.github.io/osv-schema/)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfheal.contract.packages import Pin, Registry, canonical
from selfheal.fix.dependencies.versions import parsed

_MAX_BYTES = 1 << 20
_ECOSYSTEMS: dict[Registry, str] = {"pypi": "PyPI", "npm": "npm", "go": "Go", "crates": "crates.io"}
_RANGES = ("ECOSYSTEM", "SEMVER")


@dataclass(frozen=True, slots=True)
class _Affected:
    advisory: str
    versions: frozenset[str]
    ranges: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Advisories:
    """What speaks against which versions of which distributions."""

    by_name: dict[str, tuple[_Affected, ...]]

    @classmethod
    def load(cls, folder: Path, registry: Registry = "pypi") -> "Advisories":
        """Read every JSON file below the folder; what is no advisory of this registry's is left out."""
        found: dict[str, list[_Affected]] = {}
        for path in sorted(folder.rglob("*.json")):
            try:
                document = json.loads(path.read_bytes()) if path.stat().st_size <= _MAX_BYTES else None
            except (OSError, ValueError):
                continue
            for name, affected in _read(document, _ECOSYSTEMS[registry]):
                found.setdefault(canonical(name), []).append(affected)
        return cls({name: tuple(all_of) for name, all_of in found.items()})

    def against(self, pin: Pin) -> str | None:
        """The advisory that names a version; None where none does."""
        version = parsed(pin.version)
        for one in self.by_name.get(canonical(pin.name), ()):
            if pin.version in one.versions:
                return one.advisory
            for first, fixed in one.ranges:
                low, high = parsed(first), parsed(fixed) if fixed is not None else None
                if version is not None and low is not None and low <= version and (high is None or version < high):
                    return one.advisory
        return None


def _read(document: Any, ecosystem: str) -> list[tuple[str, _Affected]]:
    if not isinstance(document, dict) or document.get("withdrawn"):
        return []
    found = []
    for entry in _list(document.get("affected")):
        package = entry.get("package") if isinstance(entry, dict) else None
        if not isinstance(package, dict) or package.get("ecosystem") != ecosystem:
            continue
        ranges: list[tuple[str, str | None]] = []
        for one in _list(entry.get("ranges")):
            events = _list(one.get("events")) if isinstance(one, dict) and one.get("type") in _RANGES else []
            first: str | None = None
            for event in (event for event in events if isinstance(event, dict)):
                if "introduced" in event:
                    first = str(event["introduced"])
                elif "fixed" in event and first is not None:
                    ranges.append((first, str(event["fixed"])))
                    first = None
            if first is not None:
                ranges.append((first, None))
        versions = frozenset(map(str, _list(entry.get("versions"))))
        advisory = str(document.get("id", "an advisory"))
        found.append((str(package.get("name", "")), _Affected(advisory, versions, tuple(ranges))))
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
