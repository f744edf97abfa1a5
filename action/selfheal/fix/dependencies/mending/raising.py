"""Go forward: raise the wish that holds the project at a version which can't live with what is new."""

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.contract.packages import NotBuilt, Unsolved, canonical
from selfheal.fix.dependencies.bench import Bench
from selfheal.fix.dependencies.manifests.interface import Wish
from selfheal.fix.dependencies.scene import Scene, guilty_steps, story
from selfheal.fix.dependencies.versions import between, is_newer, parsed, raised, same_line

_MOST_WISHES = 3


async def raise_holders(scene: Scene) -> bool:
    """Raise a limited wish above the guilty one, to the first line of releases with which the command passes."""
    if scene.now is None or not scene.guilty:
        return False
    guilty = canonical(scene.guilty[0].name)
    above = _above(scene, scene.guilty[0].name)
    # What only calls the guilty one, without asking for it, is in the traceback.
    above |= {canonical(name) for name in scene.evidence.packages}
    limited = [wish for wish in scene.wanted.wishes if wish.key in above - {guilty} and wish.specifier]
    for wish in limited[:_MOST_WISHES]:
        if await _raise(scene, wish):
            return True
    return False


async def _raise(scene: Scene, wish: Wish) -> bool:
    assert scene.now is not None
    current = scene.now.version(wish.name)
    freed = scene.editor.with_specifier(wish.name, "")
    if current is None or not freed:
        return False
    bench = scene.bench.with_edits(freed)
    newest = await bench.solve(newest=scene.world.settled_day)
    top = None if isinstance(newest, Unsolved) else newest.version(wish.name)
    if top is None or not is_newer(top, current):
        return False
    releases = await scene.world.releases(wish.name)
    line = between(releases, current, top)
    lowest = await _lowest(bench, wish.name, line)
    scene.bench.builds += bench.builds
    if lowest is None:
        return False
    within = tuple(v for v in line if not is_newer(v, top))
    for version in dict.fromkeys((same_line(lowest, within, length=2) or lowest, lowest)):
        specifier = raised(wish.specifier, version)
        kept = await scene.attempt(
            scene.editor.with_specifier(wish.name, specifier),
            way=f"raise {wish.name}{specifier}",
            direction=Direction.FORWARD,
            sentence=f"{story(scene)}. {wish.name} {version} has learnt to live with it",
            guilty=guilty_steps(scene),
            chain=scene.guilty[0].chain,
        )
        if kept is True:
            return True
    return False


async def _lowest(bench: Bench, name: str, line: list[str]) -> str | None:
    """The lowest version that passes: by bisection from the newest, and within the nearest line where that fails."""
    if len(line) < 2:
        return None
    tops = _tops(line)
    for good in tops:
        if await bench.passes(within=(f"{name}=={good}",)) is True:
            break
    else:
        return None
    low, high = 0, line.index(good)
    while high - low > 1:
        middle = (low + high) // 2
        if await bench.passes(within=(f"{name}=={line[middle]}",)) is True:
            high = middle
        else:
            low = middle
    return line[high]


def _tops(line: list[str]) -> list[str]:
    """The newest version of all, and of each line of releases below it, the newest line first."""
    majors: dict[int, str] = {}
    for text in line[1:]:
        if (version := parsed(text)) is not None:
            majors[version.major] = text
    return [majors[major] for major in sorted(majors, reverse=True)][:3]


def _above(scene: Scene, name: str) -> frozenset[str]:
    """All that pulls a distribution in, however far away."""
    assert scene.now is not None
    wanted = {canonical(one.pin.name): frozenset(map(canonical, one.wanted_by)) for one in scene.now.packages}
    found: set[str] = set()
    waiting = [canonical(name)]
    while waiting:
        fresh = wanted.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found)


async def mend_unbuildable(scene: Scene, fault: NotBuilt) -> bool:
    """Raise what has no wheel for this Python and does not build, to the nearest line that has one."""
    message = fault.message.lower()
    for pin in scene.now.pins if scene.now is not None else ():
        wishes = scene.wanted.named(pin.name)
        if canonical(pin.name) not in message.replace("_", "-") or not wishes or not wishes[0].specifier:
            continue
        releases = [v for v in await scene.world.releases(pin.name) if is_newer(v, pin.version)]
        for length in (2, 1, 0):
            version = same_line(pin.version, tuple(releases), length=length)
            if version is None:
                continue
            specifier = raised(wishes[0].specifier, version)
            kept = await scene.attempt(
                scene.editor.with_specifier(pin.name, specifier),
                way=f"raise {pin.name}{specifier}",
                direction=Direction.FORWARD,
                sentence=f"{pin} has no wheel for this Python and does not build; {version} has one",
                guilty=(VersionStep(name=pin.name, before=pin.version, after=version),),
            )
            if kept is True:
                return True
    return False
