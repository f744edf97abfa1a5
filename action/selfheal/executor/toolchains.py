"""Lock files and environments by the tools that own them.

npm, pnpm and yarn work outside of the sandbox, on manifests of which only the registry's names are left, with scripts
switched off and a cache that lasts; what a package builds when it is installed is built in the sandbox. uv, poetry,
pdm, Go and Cargo read more of a project, and work in the sandbox on its copy.
"""

import asyncio
import contextlib
import json
import shlex
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.packages import Built, Locked, LockedFile, NotBuilt, Tool, Unsolved
from selfheal.contract.tree import TreeView, Version
from selfheal.executor.environments import Activation, Environments
from selfheal.executor.installer import Called, HeldRun, RewritingRun, call, uv_environment, uv_program
from selfheal.executor.node_manifests import LOCKS, NotPlain, plain_files
from selfheal.executor.node_programs import node_program
from selfheal.executor.python_locks import NO_INDEX, PIP_TOOLS, python_lock_line
from selfheal.executor.within import node_caches, own_folders
from selfheal.fix.dependencies.compiled import read_compiled

_RELOCK: dict[str, str] = {
    "npm": "install --package-lock-only --ignore-scripts --no-audit --no-fund",
    "pnpm": "install --lockfile-only --ignore-scripts --no-frozen-lockfile",
    "yarn": "install --ignore-scripts --non-interactive --no-progress",
}
_INSTALL: dict[str, str] = {
    "npm": "ci --ignore-scripts --no-audit --no-fund",
    "pnpm": "install --frozen-lockfile --ignore-scripts",
    "yarn": "install --frozen-lockfile --ignore-scripts --non-interactive --no-progress",
}
_FILES: dict[Tool, tuple[str, ...]] = {
    "uv": ("uv.lock",),
    "poetry": ("poetry.lock",),
    "pdm": ("pdm.lock",),
    "go": ("go.mod", "go.sum"),
    "cargo": ("Cargo.lock",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchains:
    """Locks and installs, each tool in its own way."""

    environments: Environments
    environment: Mapping[str, str]
    original: Path
    held: HeldRun
    rewriting: RewritingRun
    view: Callable[[Version], TreeView]
    python_tool: Callable[[tuple[str, ...], float], Awaitable[Path]]

    async def relock(
        self, tool: Tool, folder: str, *, at: Version, newest: str | None, timeout_s: float, lock: str = ""
    ) -> Locked | Unsolved:
        """Write the lock of a version's manifests. Raises InstallerMissing."""
        if tool in LOCKS:
            return await self._relock_node(tool, folder, at=at, newest=newest, timeout_s=timeout_s)
        if tool in ("pip-compile", "uv pip compile"):
            return await self._compile(lock, at, timeout_s)
        line = await self._lock_line(tool, folder, at, timeout_s)
        done = await self.rewriting(f"{_entered(folder)}{line}", self.environments.folder(), at, timeout_s)
        if done.run.exit_code:
            return Unsolved(message=_last(done.run.output))
        prefix = f"{folder}/" if folder else ""
        changed = {edit.path: edit.content for edit in done.edits}
        files = []
        for path in (f"{prefix}{name}" for name in _FILES[tool]):
            content = changed[path] if path in changed else self.view(at).read(path)
            if content is not None:
                files.append(LockedFile(path=path, text=content.decode("utf-8", "replace")))
        return Locked(files=tuple(files))

    async def _compile(self, path: str, at: Version, timeout_s: float) -> Locked | Unsolved:
        """Write a compiled list anew, as its own head says that it is made."""
        view = self.view(at)
        raw = view.read(path)
        compiled = read_compiled(path, raw.decode("utf-8", "replace"), frozenset(view.paths())) if raw else None
        if compiled is None:
            return Unsolved(message=f"{path} does not say how it was compiled")
        scratch = self.environments.folder()
        if compiled.tool == "pip-compile":
            place = await self.python_tool(PIP_TOOLS, timeout_s)
            program: tuple[str, ...] = (str(place / "bin/pip-compile"), "--quiet", *NO_INDEX)
            own = {**own_folders(scratch), "CUSTOM_COMPILE_COMMAND": compiled.words}
        else:
            program = (uv_program(), "pip", "compile", "--quiet")
            # The index that pip is told of serves uv too, and unlike `uv lock` this does not write it down.
            wanted = uv_environment(self.environment, scratch / "uv").items()
            added = {name: value for name, value in wanted if self.environment.get(name) != value}
            own = {**added, "UV_CUSTOM_COMPILE_COMMAND": compiled.words}
        words = (*program, *compiled.options, "--output-file", compiled.output, *compiled.sources)
        line = f"{_entered(compiled.folder)}env {_assigned(own)} {shlex.join(words)}"
        done = await self.rewriting(line, scratch, at, timeout_s)
        if done.run.exit_code:
            return Unsolved(message=_last(done.run.output))
        content = next((edit.content for edit in done.edits if edit.path == path), raw)
        return Locked(files=(LockedFile(path=path, text=(content or b"").decode("utf-8", "replace")),))

    async def install(self, tool: Tool, folder: str, *, at: Version, timeout_s: float) -> Built | NotBuilt:
        """Make an environment of what a version's lock says. Raises InstallerMissing."""
        began = time.monotonic()
        name, place = self.environments.new_place()
        if tool in LOCKS:
            answer = await self._install_node(tool, folder, place, at=at, timeout_s=timeout_s)
        else:
            answer = await self._fetch(tool, folder, place, at=at, timeout_s=timeout_s)
        if isinstance(answer, str):
            return NotBuilt(message=answer)
        self.environments.remember(name, answer)
        return Built(name=name, path=str(place), wall_s=time.monotonic() - began)

    async def _relock_node(
        self, tool: Tool, folder: str, *, at: Version, newest: str | None, timeout_s: float
    ) -> Locked | Unsolved:
        _, place = self.environments.new_place()
        try:
            files = await asyncio.to_thread(plain_files, self.view(at), tool, folder)
        except NotPlain as odd:
            return Unsolved(message=str(odd))
        before = ("--before", newest) if newest and tool == "npm" else ()
        told = await self._node(tool, files, place, (*_RELOCK[tool].split(), *before), timeout_s)
        if told.exit_code:
            return Unsolved(message=told.message)
        name = LOCKS[tool]
        lock = place / name
        if not lock.is_file():
            return Unsolved(message=f"{tool} wrote no {name}")
        prefix = f"{folder}/" if folder else ""
        return Locked(files=(LockedFile(path=f"{prefix}{name}", text=lock.read_text("utf-8")),))

    async def _install_node(
        self, tool: Tool, folder: str, place: Path, *, at: Version, timeout_s: float
    ) -> Activation | str:
        try:
            files = await asyncio.to_thread(plain_files, self.view(at), tool, folder)
        except NotPlain as odd:
            return str(odd)
        if LOCKS[tool] not in files and "npm-shrinkwrap.json" not in files:
            return f"there is no {LOCKS[tool]} to install by"
        told = await self._node(tool, files, place, tuple(_INSTALL[tool].split()), timeout_s)
        if told.exit_code:
            return told.message
        if _wants_scripts(files):
            # What has to be compiled is; a package that does without stays as it is.
            line = f"cd {shlex.quote(str(place))} && npm rebuild"
            await self.held(f"env {_assigned(node_caches(place))} sh -c {shlex.quote(line)}", place, at, timeout_s)
        prefix = f"{folder}/" if folder else ""
        tops = [
            path for path in place.glob("**/node_modules") if "node_modules" not in path.relative_to(place).parts[:-1]
        ]
        shown = tuple((path, f"{prefix}{path.relative_to(place)}") for path in sorted(tops))
        return Activation(variables={}, shown=shown)

    async def _node(
        self, tool: Tool, files: Mapping[str, str], place: Path, words: tuple[str, ...], timeout_s: float
    ) -> Called:
        program = node_program(tool, files, self.environment, apart_from=self.original)
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        wanted = {**self.environment, **node_caches(self.environments.root), "CI": "true", "NO_COLOR": "1"}
        told = await call((*program, *words), environment=wanted, folder=place, timeout_s=timeout_s)
        return Called(told.exit_code, told.output.replace(f"{place}/", ""), told.errors.replace(f"{place}/", ""))

    async def _lock_line(self, tool: Tool, folder: str, at: Version, timeout_s: float) -> str:
        scratch = self.environments.folder()
        if tool in ("go", "cargo"):
            (scratch / "go-build").mkdir(exist_ok=True)
            line = "go mod tidy" if tool == "go" else "cargo metadata --format-version 1 --quiet > /dev/null"
            return f"env {_assigned(self._caches(scratch))} GOCACHE={shlex.quote(str(scratch / 'go-build'))} {line}"
        if tool == "uv":
            return f"env {_assigned(uv_environment({}, scratch / 'uv'))} {shlex.quote(uv_program())} lock"
        path = f"{folder}/{_FILES[tool][0]}" if folder else _FILES[tool][0]
        wanted, arguments = python_lock_line(tool, (self.view(at).read(path) or b"").decode("utf-8", "replace"))
        place = await self.python_tool(wanted, timeout_s)
        own = {**own_folders(scratch), "PDM_CHECK_UPDATE": "0"}
        return f"env {_assigned(own)} {shlex.quote(str(place / 'bin' / tool))} {arguments}"

    async def _fetch(self, tool: Tool, folder: str, place: Path, *, at: Version, timeout_s: float) -> Activation | str:
        """Fetch what go.sum or Cargo.lock names into a cache of our own, in which a run needs no network."""
        if tool not in ("go", "cargo"):
            return f"{tool} installs through its pins"
        scratch = self.environments.folder()
        caches = self._caches(scratch)
        line = "go mod download" if tool == "go" else "cargo fetch --quiet"
        run = await self.held(f"{_entered(folder)}env {_assigned(caches)} {line}", scratch, at, timeout_s)
        if run.exit_code:
            return _last(run.output)
        place.mkdir()
        offline = {"GOPROXY": "off"} if tool == "go" else {"CARGO_NET_OFFLINE": "true"}
        return Activation(variables={**caches, **offline}, shared=(scratch / f"{tool}-modules",))

    def _caches(self, scratch: Path) -> dict[str, str]:
        """Go's and Cargo's downloads of this executor. Cargo's own settings name the index that its owner wants."""
        cargo = scratch / "cargo-modules"
        (scratch / "go-modules").mkdir(exist_ok=True)
        cargo.mkdir(exist_ok=True)
        home = Path(self.environment.get("CARGO_HOME") or f"{self.environment.get('HOME', '')}/.cargo")
        for name in ("config.toml", "config"):
            with contextlib.suppress(OSError):
                if not (cargo / name).exists():
                    (cargo / name).write_bytes((home / name).read_bytes())
        return {
            "GOMODCACHE": str(scratch / "go-modules"),
            "GOFLAGS": f"{self.environment.get('GOFLAGS', '')} -modcacherw".strip(),
            "CARGO_HOME": str(cargo),
        }


def _wants_scripts(files: Mapping[str, str]) -> bool:
    lock = files.get("package-lock.json") or files.get("npm-shrinkwrap.json")
    if lock is not None:
        with contextlib.suppress(ValueError):
            packages = json.loads(lock).get("packages", {})
            return any(isinstance(one, dict) and one.get("hasInstallScript") for one in packages.values())
    return "requiresBuild: true" in files.get("pnpm-lock.yaml", "")


def _entered(folder: str) -> str:
    """Go down from the top of the copy, where it is shown in the sandbox, whatever the command's own folder is."""
    return f'cd "$SELFHEAL_TOP"/{shlex.quote(folder)} && ' if folder else 'cd "$SELFHEAL_TOP" && '


def _assigned(variables: Mapping[str, str]) -> str:
    return " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def _last(output: str) -> str:
    return output.strip()[-4000:]
