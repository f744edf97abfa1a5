"""Questions to npm's, Go's and Cargo's registries, through their own clients, outside of the sandbox."""

import asyncio
import json
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.version import InvalidVersion, Version

from selfheal.contract.packages import Announcement, Pin, Registry
from selfheal.executor.environments import Environments
from selfheal.executor.installer import Called, call
from selfheal.executor.node_programs import trusted
from selfheal.executor.within import node_caches

_NOTES = re.compile(
    r"(?i)(change(s|log)?|history|news|releases?|migrat\w*|upgrading)([-_.]?v?\d[\w.-]*)?(\.(md|txt|markdown))?"
)
_MOST_FILES = 20
_MAX_BYTES = 2 << 20


@dataclass(frozen=True, slots=True)
class Registries:
    """Answers with what a client prints; a client that is missing knows nothing."""

    environments: Environments
    environment: Mapping[str, str]
    original: Path

    async def releases(self, name: str, registry: Registry, *, timeout_s: float) -> tuple[str, ...]:
        """All versions, the newest first."""
        match registry:
            case "npm":
                told = await self._call("npm", ("view", name, "versions", "--json"), timeout_s)
                found = _strings(told.output)
            case "go":
                told = await self._call("go", ("list", "-m", "-versions", name), timeout_s)
                found = tuple(version.removeprefix("v") for version in told.output.split()[1:])
            case "crates":
                told = await self._call("cargo", ("info", "--quiet", name), timeout_s)
                # `cargo info` tells the newest alone; Cargo's own messages name the others.
                found = tuple(re.findall(r"^version: (\S+)", told.output, re.MULTILINE))
            case _:
                return ()
        return tuple(sorted(found, key=_rank, reverse=True)) if not told.exit_code else ()

    async def announcements(self, pin: Pin, registry: Registry, *, timeout_s: float) -> tuple[Announcement, ...]:
        """The change logs in a package's archive, which is fetched and read, and never installed."""
        if registry != "npm":
            return ()
        folder = self.environments.folder()
        words = ("pack", f"{pin.name}@{pin.version}", "--ignore-scripts", "--json", "--pack-destination", str(folder))
        told = await self._call("npm", words, timeout_s)
        names = re.findall(r'"filename": "([^"/]+\.tgz)"', told.output) if not told.exit_code else []
        return await asyncio.to_thread(_read, folder / names[0]) if names else ()

    async def _call(self, program: str, words: tuple[str, ...], timeout_s: float) -> Called:
        found = trusted(program, self.environment, apart_from=self.original)
        if found is None:
            return Called(127, "", f"{program} is not installed here")
        wanted = {**self.environment, **node_caches(self.environments.root), "NO_COLOR": "1"}
        folder = self.environments.folder()
        return await call((found, *words), environment=wanted, folder=folder, timeout_s=timeout_s)


def _read(archive: Path) -> tuple[Announcement, ...]:
    found = []
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                path = PurePosixPath(member.name)
                is_notes = len(path.parts) <= 3 and _NOTES.fullmatch(path.name)
                if not member.isfile() or not is_notes or member.size > _MAX_BYTES:
                    continue
                stream = tar.extractfile(member)
                text = stream.read().decode("utf-8", "replace") if stream is not None else ""
                found.append(Announcement(file="/".join(path.parts[1:]), text=text))
    except (OSError, tarfile.TarError, EOFError):
        return ()
    return tuple(found[:_MOST_FILES])


def _strings(text: str) -> tuple[str, ...]:
    try:
        document = json.loads(text)
    except ValueError:
        return ()
    values = document if isinstance(document, list) else [document]
    return tuple(value for value in values if isinstance(value, str))


def _rank(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")
