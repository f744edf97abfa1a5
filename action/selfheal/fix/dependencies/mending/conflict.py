"""Wishes that can't be had together, or not at all: relax one of them, the way forward first."""

import re

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.contract.packages import Unsolved
from selfheal.contract.patch import FileEdit
from selfheal.fix.dependencies.complaints import is_unreachable, read_complaint
from selfheal.fix.dependencies.manifests.interface import Wish
from selfheal.fix.dependencies.scene import Scene
from selfheal.fix.dependencies.versions import allows, is_newer, parsed, raised, same_line

_MOST_WISHES = 4
_MOST_VERSIONS = 4


async def mend_conflict(scene: Scene, unsolved: Unsolved) -> None:
    """Keep every single change of one wish that makes the command pass; forward before back, near before far."""
    message = " ".join(unsolved.message.split())
    if is_unreachable(message):
        scene.reasons.append(f"the index can't be reached: {message[:300]}")
        return
    told = read_complaint(message)
    for name in told.unknown:
        await _rename(scene, name)
    limited = [
        wish for wish in (*scene.wanted.wishes, *scene.wanted.constraints) if wish.specifier and wish.key in told.named
    ]
    absent = [wish for wish in limited if wish.key in told.absent and not await _exists(scene, wish)]
    for wish in list({wish.key: wish for wish in absent or limited}.values())[:_MOST_WISHES]:
        await _relax(scene, wish, message, is_absent=bool(absent))
    scene.candidates.sort(key=lambda one: one.explanation is None or one.explanation.direction is not Direction.FORWARD)
    if not scene.candidates:
        scene.reasons.insert(0, message[:600])


async def _exists(scene: Scene, wish: Wish) -> bool:
    return any(allows(wish.specifier, version) for version in await scene.world.releases(wish.name))


async def _relax(scene: Scene, wish: Wish, message: str, *, is_absent: bool) -> bool:
    freed = scene.editor.with_specifier(wish.name, "")
    bench = scene.bench.with_edits(freed)
    free = await bench.solve(newest=scene.world.settled_day) if freed else None
    if free is None or isinstance(free, Unsolved):
        return False
    asked = re.sub(r"^[^\d]*", "", wish.specifier.split(",")[0])
    for version in await _near(scene, wish, asked, free.version(wish.name)):
        specifier = raised(wish.specifier, version)
        direction = Direction.FORWARD if parsed(asked) is None or is_newer(version, asked) else Direction.BACK
        if is_absent:
            sentence = f"{wish.name}{wish.specifier} does not exist; the nearest that does and passes is {version}"
        else:
            sentence = f"{_conflict(message)} {wish.name}{specifier} fits the rest"
        kept = await scene.attempt(
            scene.editor.with_specifier(wish.name, specifier),
            way=f"relax {wish.name}{specifier}",
            direction=direction,
            sentence=sentence,
            guilty=(VersionStep(name=wish.name, before=asked or None, after=version),),
        )
        if kept is True:
            return True
    return False


async def _near(scene: Scene, wish: Wish, asked: str, newest: str | None) -> list[str]:
    """Versions to try: of the same line as the one that was asked for, then of the same major, then what fits best."""
    releases = await scene.world.releases(wish.name)
    known = frozenset(releases)
    found: list[str | None] = [same_line(asked, releases, length=length) for length in (2, 1)]
    found.append(newest)
    if newest is not None and (top := parsed(newest)) is not None and (old := parsed(asked)) is not None:
        majors = range(top.major - 1, old.major, -1) if top.major > old.major else ()
        found += [same_line(str(major), releases, length=1) for major in majors]
    return [v for v in dict.fromkeys(found) if v is not None and v in known and not allows(wish.specifier, v)][
        :_MOST_VERSIONS
    ]


async def _rename(scene: Scene, name: str) -> bool:
    """A name that the index does not know and that is one letter away from a well-known one."""
    right = scene.names.looks_like(name)
    if right is None:
        scene.reasons.append(f"the index knows no {name}")
        return False
    edits = []
    for wish in scene.wanted.named(name):
        raw = scene.tree.read(wish.path)
        if raw is not None:
            text = re.sub(
                rf"(?i)(?<![\w.-]){re.escape(wish.name)}(?![\w.-])", right, raw.decode("utf-8", "surrogateescape")
            )
            edits.append(FileEdit(path=wish.path, content=text.encode("utf-8", "surrogateescape")))
    kept = await scene.attempt(
        tuple(edits),
        way=f"rename {name} to {right}",
        direction=Direction.FORWARD,
        sentence=f"the index knows no {name}; {right} is meant",
        guilty=(VersionStep(name=name, before=None, after=None),),
    )
    return kept is True


def _conflict(message: str) -> str:
    """The resolver's own sentences, without its conclusions."""
    told = re.search(r"[Bb]ecause (.*?)(?:, we can conclude|$)", message)
    return f"{(told[1] if told else message)[:300]}:"
