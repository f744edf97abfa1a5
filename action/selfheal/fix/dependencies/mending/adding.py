"""Ask for what is missing: the distribution that provides a module, by metadata and known pairs, never by a guess."""

import re

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.contract.packages import Unsolved, canonical
from selfheal.fix.dependencies.distributions import is_popular, known_distribution, looks_like, spelt
from selfheal.fix.dependencies.evidence import MissingModule
from selfheal.fix.dependencies.probes import read_answer, requirements, top_level
from selfheal.fix.dependencies.scene import Scene
from selfheal.fix.dependencies.versions import between, upper_bound

_ADVICE = re.compile(
    r"(?:pip install|[Ii]nstall)\s+[`'\"]?([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?[`'\"]?(?:\s+or\s+([A-Za-z][\w.-]*))?"
)
_MOST_NAMES = 4


async def add_missing(scene: Scene) -> bool:
    """Try to add what provides the first missing module; True where that mends the command."""
    assert scene.failing is not None
    modules = [*scene.evidence.missing_modules[:2]]
    advised = [name for match in _ADVICE.findall(scene.failing.run.output) for name in match if name]
    if not modules and not advised:
        return False
    asked = await _asked_for_by_others(scene)
    known = {canonical(pin.name) for pin in (scene.now.pins if scene.now else ())}
    tried: set[str] = set()
    for module in [*modules, None]:
        names = await _providers(scene, module) if module is not None else []
        names += [name for name in reversed(advised) if is_popular(name) or canonical(name) in asked]
        for name in list(dict.fromkeys(map(canonical, names)))[:_MOST_NAMES]:
            if name in known or name in tried or any(f"adding {name}" in reason for reason in scene.reasons):
                continue
            tried.add(name)
            if (like := looks_like(name)) is not None and name not in asked:
                scene.reasons.append(f"{name} looks like {like} and is not added")
                continue
            if await _add(scene, name, module):
                return True
    return False


async def _providers(scene: Scene, module: MissingModule) -> list[str]:
    """From what was installed when it passed, then from the table, then a well-known name that equals the module's."""
    found: list[str] = []
    if scene.green is not None:
        told = read_answer(await scene.world.ask(scene.green.probe.environment, top_level()))
        found += told.get(module.top, []) if isinstance(told, dict) else []
    if (name := known_distribution(module.module)) is not None:
        found.append(name)
    asked = await _asked_for_by_others(scene)
    same = canonical(module.top)
    if is_popular(same) or same in asked:
        found.append(same)
    elif not found:
        scene.reasons.append(f"no known distribution provides {module.top}: add the right one by hand")
    return found


async def _asked_for_by_others(scene: Scene) -> frozenset[str]:
    """Names that the installed distributions themselves ask for, extras included."""
    assert scene.failing is not None
    told = read_answer(await scene.world.ask(scene.failing.environment, requirements()))
    lines = (
        [line for pair in told if isinstance(pair, list) and len(pair) == 2 for line in pair[1]]
        if isinstance(told, list)
        else []
    )
    return frozenset(canonical(m[0]) for line in lines if (m := re.match(r"[A-Za-z0-9][\w.-]*", str(line))))


async def _add(scene: Scene, name: str, module: MissingModule | None) -> bool:
    if not await scene.world.releases(name):
        scene.reasons.append(f"the index knows no {name}")
        return False
    if scene.world.settled_day and isinstance(
        await scene.bench.solve(also=(name,), newest=scene.world.settled_day), Unsolved
    ):
        scene.reasons.append(f"{name} is too young to be chosen")
        return False
    wanted = f"nothing installed provides {module.module}" if module is not None else scene.evidence.message
    sentence = f"{wanted}; {name} does and is not asked for"
    step = VersionStep(name=name, before=None, after=None)
    edits = scene.editor.with_added(spelt(name))
    if (
        await scene.attempt(edits, way=f"adding {name}", direction=Direction.ADDED, sentence=sentence, guilty=(step,))
        is True
    ):
        return True
    bound = await _bound(scene, name)
    if bound is None:
        return False
    limited, good, bad = bound
    step = VersionStep(name=name, before=good, after=bad)
    sentence = f"{wanted}; {name} did up to {good} and no longer does from {bad} on"
    edits = scene.editor.with_added(f"{spelt(name)}{limited}")
    kept = await scene.attempt(
        edits, way=f"adding {name}{limited}", direction=Direction.ADDED, sentence=sentence, guilty=(step,)
    )
    return kept is True


async def _bound(scene: Scene, name: str) -> tuple[str, str, str] | None:
    """The newest release with which it passes, where an older one does: the module left the distribution since."""
    day = scene.world.green_day
    solved = await scene.bench.solve(also=(name,), newest=day) if day else None
    newest = await scene.bench.solve(also=(name,))
    if solved is None or isinstance(solved, Unsolved) or isinstance(newest, Unsolved):
        return None
    old, new = solved.version(name), newest.version(name)
    if old is None or new is None or old == new or await scene.bench.passes(also=(f"{name}=={old}",)) is not True:
        return None
    line = between(await scene.world.releases(name), old, new)
    low, high = 0, len(line) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if await scene.bench.passes(also=(f"{name}=={line[middle]}",)) is True:
            low = middle
        else:
            high = middle
    return upper_bound(line[high], line[low]), line[low], line[high]
