"""Step back through the major releases of what the failure points at, where no day is known on which it passed."""

from selfheal.contract.packages import Solved
from selfheal.fix.dependencies.bisect import Green, Guilty, Moved, dated
from selfheal.fix.dependencies.scene import Scene
from selfheal.fix.dependencies.versions import is_newer, parsed

_MOST_PACKAGES = 3


async def step_back(scene: Scene, *, is_certain: bool) -> tuple[Guilty, ...]:
    """The first package whose earlier line of releases lets the command pass, dated to the very release."""
    assert scene.now is not None
    said = [wish.name for wish in scene.wanted.wishes if wish.name in scene.evidence.message]
    suspects = [name for name in dict.fromkeys((*said, *scene.evidence.packages)) if scene.now.version(name)]
    for name in suspects[: _MOST_PACKAGES if is_certain else 1]:
        current = scene.now.version(name)
        assert current is not None
        for older in _strides(_lines_below(await scene.world.releases(name), current)):
            probe = await scene.bench.probe(within=(f"{name}=={older}",))
            if probe is None or not probe.passed:
                continue
            step = Moved(name, older, current)
            guilty = await dated(scene.bench, step, (), scene.now, scene.now)
            scene.green = Green("", Solved(packages=()), probe)
            return (guilty,)
    return ()


def _lines_below(releases: tuple[str, ...], current: str) -> list[str]:
    """The newest release of each major version below this one, the nearest first."""
    found: dict[int, str] = {}
    for text in releases:
        version = parsed(text)
        top = parsed(current)
        if version is None or top is None or version.is_prerelease or version.major >= top.major:
            continue
        if version.major not in found or is_newer(text, found[version.major]):
            found[version.major] = text
    return [found[major] for major in sorted(found, reverse=True)]


def _strides(lines: list[str]) -> list[str]:
    """The nearest, then further away by twice as much each time, and the oldest."""
    places = [place for n in range(8) if (place := 2**n - 1) < len(lines)]
    return [lines[place] for place in dict.fromkeys((*places, len(lines) - 1))] if lines else []
