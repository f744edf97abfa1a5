"""A package index in memory, and a command that passes or fails by the versions that are installed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.version import Version

from builders import a_diagnosis, a_failure, a_passing_run, a_run
from selfheal.contract.diagnosis import Category
from selfheal.contract.history import Past
from selfheal.contract.packages import (
    Announcement,
    Locked,
    LockedFile,
    NotBuilt,
    Pin,
    Question,
    Resolved,
    Solved,
    Tool,
    Unsolved,
    canonical,
)
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.edits import EditedTree
from selfheal.fix.dependencies.locks import locked_pins
from selfheal.fix.dependencies.manifests.npm_ranges import as_specifier
from selfheal.fix.dependencies.manifests.package_json import PackageJson
from selfheal.fix.dependencies.world import Probe


@dataclass(frozen=True)
class Release:
    version: str
    day: str = "2020-01-01"
    needs: tuple[str, ...] = ()


Passes = Callable[[dict[str, str], TreeView], bool]


@dataclass
class FakeWorld:
    """Implements `World`. `passes` is asked with the installed versions and the edited tree."""

    index: dict[str, tuple[Release, ...]]
    tree: TreeView
    passes: Passes
    output: str = "Traceback (most recent call last):\nImportError: boom"
    message: str = "ImportError: boom"
    newest: str | None = "2026-01-01"
    green_day: str | None = "2021-01-01"
    settled_day: str | None = None
    may_hold_back: bool = True
    has_time: bool = True
    pasts: tuple[Past, ...] = ()
    """What history tells of the files that are asked for."""
    answers: dict[str, str] = field(default_factory=dict)
    """What a program in an environment prints, by a word that it holds."""
    vulnerable: frozenset[str] = frozenset()
    logs: dict[str, str] = field(default_factory=dict)
    unbuildable: frozenset[str] = frozenset()
    probed: list[dict[str, str]] = field(default_factory=list)

    async def resolve(self, question: Question) -> Solved | Unsolved:
        limits = [Requirement(line) for line in (*question.lines, *question.constraints)]
        chosen: dict[str, str] = {}
        wanted_by: dict[str, set[str]] = {}
        waiting = [(Requirement(line), "") for line in question.lines]
        while waiting:
            wish, by = waiting.pop(0)
            name = canonical(wish.name)
            wanted_by.setdefault(name, set()).update({by} - {""})
            if name not in self.index:
                return Unsolved(
                    message=f"Because {name} was not found in the package registry and you require {name}, …"
                )
            limits.append(wish)
            mine = [limit for limit in limits if canonical(limit.name) == name]
            fitting = [
                one
                for one in self.index[name]
                if all(limit.specifier.contains(one.version, prereleases=True) for limit in mine)
                and (question.newest is None or one.day < question.newest)
            ]
            if not fitting:
                return Unsolved(message=f"Because there is no version of {wish} and you require {wish}, …")
            best = max(fitting, key=lambda one: Version(one.version))
            if chosen.get(name) not in (None, best.version):
                return Unsolved(message=f"Because {by} depends on {wish} and you require {name}=={chosen[name]}, …")
            if name not in chosen:
                chosen[name] = best.version
                waiting += [(Requirement(need), name) for need in best.needs]
        packages = tuple(
            Resolved(pin=Pin(name=name, version=chosen[name]), wanted_by=tuple(sorted(wanted_by[name])))
            for name in sorted(chosen)
        )
        return Solved(packages=packages)

    async def probe(
        self, pins: tuple[Pin, ...], *, with_project: bool, edits: tuple[FileEdit, ...] = ()
    ) -> Probe | NotBuilt:
        installed = {pin.name: pin.version for pin in pins}
        self.probed.append(installed)
        for pin in pins:
            if str(pin) in self.unbuildable:
                return NotBuilt(message=f"Failed to build `{pin}`")
        is_green = self.passes(installed, EditedTree(self.tree, edits))
        run = a_passing_run() if is_green else a_run(output=self.output)
        diagnosis = a_diagnosis(a_failure(message=self.message), category=Category.DEPENDENCY)
        return Probe(pins=pins, environment=f"env-{len(self.probed)}", run=run, diagnosis=diagnosis)

    async def history(self, paths: tuple[str, ...]) -> tuple[Past, ...]:
        return tuple(
            past.model_copy(update={"edits": tuple(edit for edit in past.edits if edit.path in paths)})
            for past in self.pasts
        )

    async def relock(
        self, tool: Tool, folder: str, edits: tuple[FileEdit, ...], *, newest: str | None = None, lock: str = ""
    ) -> Locked | Unsolved:
        tree = EditedTree(self.tree, edits)
        text = (tree.read("package.json") or b"{}").decode()
        held = {name: as_specifier(spec) or "" for name, spec in json.loads(text).get("overrides", {}).items()}
        lines = tuple(wish.line for wish in PackageJson().read("package.json", text).wishes)
        limits = tuple(f"{name}{spec}" for name, spec in held.items())
        if newest is not None:
            return Unsolved(message="no days are known")
        answer = await self.resolve(Question(lines=lines, constraints=limits))
        if isinstance(answer, Unsolved):
            name = lines[0] if "no version of" not in answer.message else answer.message.split("no version of ")[1]
            return Unsolved(
                message=f"npm error notarget No matching version found for {name.split('=')[0].split('>')[0]}@x"
            )
        packages = {f"node_modules/{pin.name}": {"version": pin.version} for pin in answer.pins}
        return Locked(files=(LockedFile(path="package-lock.json", text=json.dumps({"packages": packages})),))

    async def probe_installed(
        self, tool: Tool, folder: str, *, installed: tuple[FileEdit, ...], edits: tuple[FileEdit, ...]
    ) -> Probe | NotBuilt:
        lock = (EditedTree(self.tree, installed).read("package-lock.json") or b"").decode()
        return await self.probe(locked_pins("package-lock.json", lock), with_project=False, edits=edits)

    async def ask(self, environment: str, program: str) -> str:
        found = next((answer for word, answer in self.answers.items() if word in program), None)
        return json.dumps(None) if found is None else found

    async def releases(self, name: str) -> tuple[str, ...]:
        known = self.index.get(canonical(name), ())
        return tuple(one.version for one in sorted(known, key=lambda one: Version(one.version), reverse=True))

    async def announcements(self, pin: Pin) -> tuple[Announcement, ...]:
        text = self.logs.get(pin.name)
        return (Announcement(file="CHANGES.rst", text=text),) if text else ()

    def is_vulnerable(self, pin: Pin) -> str | None:
        return "PYSEC-1" if str(pin) in self.vulnerable else None


def releases(*versions: str, **needs: tuple[str, ...]) -> tuple[Release, ...]:
    """A line of releases, one a month from January 2020; the first twelve are of that year."""
    return tuple(
        Release(version, f"{2020 + number // 12}-{number % 12 + 1:02}-01", needs.get("needs", ()))
        for number, version in enumerate(versions)
    )
