"""package.json and its locks as npm, pnpm and yarn get them outside of the sandbox: only what names the registry.

No script, no configuration file, no git repository, no address and no folder outside of the project comes through, so
that what the tools do is fetching and unpacking what the registry has.
"""

import json
import re
from pathlib import PurePosixPath
from typing import Any

from selfheal.contract.packages import Tool
from selfheal.contract.tree import TreeView

LOCKS: dict[Tool, str] = {"npm": "package-lock.json", "pnpm": "pnpm-lock.yaml", "yarn": "yarn.lock"}
_WISHES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_PLAIN_KEYS = ("name", "version", "private", "type", "workspaces", "peerDependenciesMeta", "engines")
_NAME = re.compile(r"(?:@[a-z0-9~][\w.~-]*/)?[A-Za-z0-9~_][\w.~-]*")
_RANGE = re.compile(r"(?:npm:(?:@[\w.-]+/)?[\w.-]+@)?[\w.^~<>=|*+ -]*|workspace:[\w.^~*-]*")
_MANAGER = re.compile(r"(?:npm|pnpm|yarn)@\d+\.\d+\.\d+")
_ELSEWHERE = re.compile(
    r"\"resolved\": \"(?!https://)[^\"]*:|^  resolved \"(?!https://)|tarball: (?!https://)|type: git|git\+|codeload",
    re.MULTILINE,
)
"""A lock that takes something from elsewhere than a registry."""


class NotPlain(ValueError):
    """A manifest asks for something that is not the registry's; the message names it."""


def plain_files(tree: TreeView, tool: Tool, folder: str) -> dict[str, str]:
    """The manifests and the lock below `folder`, by their path in it. Raises NotPlain."""
    prefix = f"{folder}/" if folder else ""
    top = tree.read(f"{prefix}package.json")
    if top is None:
        raise NotPlain(f"there is no {prefix}package.json")
    plain = _plain(f"{prefix}package.json", top)
    files = {"package.json": json.dumps(plain, indent=2)}
    if "workspaces" in plain or tool == "pnpm":
        for path in tree.paths():
            inside = path.removeprefix(prefix)
            if not path.startswith(prefix) or PurePosixPath(path).name != "package.json" or "node_modules" in path:
                continue
            if inside != "package.json" and (raw := tree.read(path)) is not None:
                files[inside] = json.dumps(_plain(path, raw), indent=2)
    names = [LOCKS[tool], *(("pnpm-workspace.yaml",) if tool == "pnpm" else ())]
    names += ["npm-shrinkwrap.json"] if tool == "npm" else []
    for name in names:
        raw = tree.read(f"{prefix}{name}")
        if raw is None:
            continue
        text = raw.decode("utf-8", "replace")
        if (odd := _ELSEWHERE.search(text)) is not None:
            raise NotPlain(f"{prefix}{name} takes something from elsewhere than the registry: {odd[0].strip()[:80]}")
        files[name] = text
    return files


def _plain(path: str, raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except ValueError:
        raise NotPlain(f"{path} is no JSON") from None
    if not isinstance(document, dict):
        raise NotPlain(f"{path} is no JSON object")
    plain = {key: document[key] for key in _PLAIN_KEYS if key in document}
    if _MANAGER.match(str(document.get("packageManager", ""))):
        plain["packageManager"] = str(document["packageManager"])
    for key in _WISHES:
        if isinstance(document.get(key), dict):
            plain[key] = {name: _checked(path, name, spec) for name, spec in document[key].items()}
    for key in ("overrides", "resolutions"):
        if isinstance(document.get(key), dict):
            plain[key] = _checked_overrides(path, document[key])
    pnpm = document.get("pnpm")
    if isinstance(pnpm, dict) and isinstance(pnpm.get("overrides"), dict):
        plain["pnpm"] = {"overrides": _checked_overrides(path, pnpm["overrides"])}
    return plain


def _checked(path: str, name: str, spec: object) -> str:
    if not isinstance(spec, str) or not _NAME.fullmatch(name) or not _RANGE.fullmatch(spec):
        raise NotPlain(f"{path}: {name}@{spec} is no plain requirement of the registry"[:200])
    return spec


def _checked_overrides(path: str, table: dict[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            checked[key] = _checked_overrides(path, value)
        elif isinstance(value, str) and (_RANGE.fullmatch(value) or re.fullmatch(r"\$[@\w./-]+", value)):
            checked[key] = value
        else:
            raise NotPlain(f"{path}: the override of {key} is no plain requirement of the registry"[:200])
    return checked
