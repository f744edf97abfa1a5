"""Ask for the package, crate or feature that a failing run misses; its name is in the code, and must be well known."""

import re

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.contract.packages import Solved
from selfheal.contract.patch import FileEdit
from selfheal.fix.dependencies.manifests.cargo_toml import CargoToml
from selfheal.fix.dependencies.manifests.package_json import PackageJson, parted
from selfheal.fix.dependencies.manifests.registry import format_of
from selfheal.fix.dependencies.scene import Scene
from selfheal.fix.dependencies.tools.evidence import ToolEvidence
from selfheal.fix.dependencies.versions import parsed

_MOST_ROUNDS = 3
_TESTS = re.compile(r"(^|/)(tests?|__tests__|spec|e2e)/|\.(test|spec)\.[cm]?[jt]sx?$|\.config\.")


async def add_missing_package(scene: Scene, told: ToolEvidence) -> bool:
    """Try to add what is missing; True where that mends the command."""
    for owner, feature in told.features:
        if await _add_feature(scene, owner, feature):
            return True
    added: list[str] = []
    edits: dict[str, FileEdit] = {}
    for name in told.missing[:_MOST_ROUNDS]:
        found = await _known(scene, name)
        if found is None:
            continue
        made = _with_package(scene, edits, found, told.importer)
        edits.update({edit.path: edit for edit in made})
        added += [parted(found)[0]] if made else []
    if not added:
        return False
    words = ", ".join(added)
    kept = await scene.attempt(
        tuple(edits.values()),
        way=f"adding {words}",
        direction=Direction.ADDED,
        sentence=f"{scene.evidence.message or 'a package is missing'}; {words} is not asked for",
        guilty=tuple(VersionStep(name=name, before=None, after=None) for name in added),
    )
    return kept is True


async def _known(scene: Scene, name: str) -> str | None:
    """The package's name with a version to begin with; None where nothing vouches for the name."""
    wished = {wish.name for wish in scene.wanted.wishes}
    spellings = [name, name.replace("_", "-")] if scene.names.registry == "crates" else [name]
    installed = {pin.name for pin in (scene.now or Solved(packages=())).pins}
    for spelt in dict.fromkeys(spellings):
        if spelt in wished:
            continue
        if spelt not in installed and not scene.names.is_popular(spelt):
            like = scene.names.looks_like(spelt)
            scene.reasons.append(
                f"{spelt} looks like {like} and is not added"
                if like
                else f"nothing vouches for {spelt}: add it by hand"
            )
            continue
        releases = [one for one in await scene.world.releases(spelt) if (v := parsed(one)) and not v.is_prerelease]
        current = scene.now.version(spelt) if scene.now is not None else None
        if not releases:
            scene.reasons.append(f"the registry knows no {spelt}")
            continue
        version = current or releases[0]
        return f"{spelt}>={version},<{_next(version)}"
    return None


def _next(version: str) -> str:
    numbers = parsed(version)
    assert numbers is not None
    parts = [*numbers.release, 0, 0][:3]
    first = next((index for index, value in enumerate(parts) if value), 2)
    return ".".join(map(str, (*parts[:first], parts[first] + 1)))


def _with_package(scene: Scene, edits: dict[str, FileEdit], requirement: str, importer: str) -> tuple[FileEdit, ...]:
    path = scene.plan.files[0]
    kind = format_of(path)
    raw = edits[path].content if path in edits else scene.tree.read(path)
    if kind is None or raw is None:
        return ()
    text = raw.decode("utf-8", "replace")
    if isinstance(kind, PackageJson) and (requirement.startswith("@types/") or _TESTS.search(importer)):
        edited = kind.with_added_to(text, requirement, section="devDependencies")
    else:
        edited = kind.with_added(text, requirement)
    return (FileEdit(path=path, content=edited.encode()),) if edited is not None else ()


async def _add_feature(scene: Scene, owner: str, feature: str) -> bool:
    path = scene.plan.files[0]
    raw = scene.tree.read(path)
    names = [wish.name for wish in scene.wanted.wishes if wish.name.replace("-", "_") == owner.replace("-", "_")]
    edited = CargoToml().with_feature(raw.decode("utf-8", "replace"), names[0], feature) if raw and names else None
    if edited is None:
        return False
    kept = await scene.attempt(
        (FileEdit(path=path, content=edited.encode()),),
        way=f"adding {names[0]}/{feature}",
        direction=Direction.ADDED,
        sentence=f"{scene.evidence.message}: it is behind the feature {feature} of {names[0]}, which is not asked for",
        guilty=(VersionStep(name=names[0], before=None, after=None),),
    )
    return kept is True
