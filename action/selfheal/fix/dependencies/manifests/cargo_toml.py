"""Cargo.toml: tables of crates, as strings or as tables with a version."""

import re
import tomllib
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from selfheal.fix.dependencies.manifests.interface import Reading, Wish
from selfheal.fix.dependencies.manifests.npm_ranges import as_cargo, as_specifier
from selfheal.fix.dependencies.manifests.package_json import parted

_TABLES = ("dependencies", "dev-dependencies", "build-dependencies")


class CargoToml:
    """The format of Cargo."""

    def read(self, path: str, text: str) -> Reading:
        """List what is asked of the registry."""
        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError):
            return Reading(())
        wishes = []
        for table in _TABLES:
            entries = document.get(table)
            for name, value in entries.items() if isinstance(entries, dict) else ():
                version = value.get("version") if isinstance(value, dict) else value
                specifier = as_specifier(_caret(version)) if isinstance(version, str) else None
                if specifier is not None:
                    wishes.append(Wish(path=path, name=name, specifier=specifier, line=f"{name}{specifier}"))
        return Reading(tuple(wishes))

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the version where it stands."""
        entry = re.compile(
            rf"(?m)^(?P<head>{re.escape(name)}\s*=\s*(?:\{{[^}}\n]*?version\s*=\s*)?)(?P<q>[\"'])[^\"'\n]*(?P=q)"
        )
        edited, count = entry.subn(lambda m: f"{m['head']}{m['q']}{as_cargo(specifier)}{m['q']}", text)
        return edited if count else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add to `[dependencies]`."""
        name, specifier = parted(requirement)
        document = _parsed(text)
        if document is None:
            return None
        table = document.setdefault("dependencies", tomlkit.table())
        table[name] = as_cargo(specifier)
        return tomlkit.dumps(document)

    def with_feature(self, text: str, name: str, feature: str) -> str | None:
        """Ask for a feature of a crate that is asked for already."""
        document = _parsed(text)
        for table in _TABLES if document is not None else ():
            entries = document.get(table) or {}
            if name not in entries:
                continue
            value = entries[name]
            if isinstance(value, str):
                entry = tomlkit.inline_table()
                entry["version"] = str(value)
                entry["features"] = [feature]
                entries[name] = entry
            elif feature in value.get("features", []):
                return None
            elif "features" in value:
                value["features"].append(feature)
            else:
                value["features"] = [feature]
            return tomlkit.dumps(document)
        return None


def _caret(version: str) -> str:
    """A bare version is a caret range for Cargo."""
    return ",".join(f"^{part.strip()}" if part.strip()[:1].isdigit() else part for part in version.split(","))


def _parsed(text: str) -> Any:
    try:
        return tomlkit.parse(text)
    except TOMLKitError:
        return None
