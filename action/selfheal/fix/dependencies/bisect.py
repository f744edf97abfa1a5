"""Bisect the world: the packages as they were when it passed, as they are now, and the smallest step that breaks."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.history import Past
from selfheal.contract.packages import Solved, Unsolved, canonical
from selfheal.fix.dependencies.bench import Bench
from selfheal.fix.dependencies.evidence import Evidence, read_evidence
from selfheal.fix.dependencies.versions import between, day_after, is_newer
from selfheal.fix.dependencies.world import Probe

_STEPS_YEARS = (0.5, 1, 2, 3, 4, 5)
_MOST_PASTS = 4
_MOST_SINGLES = 8
_MOST_TOGETHER = 5
_MOST_POINTED_AT = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """A distribution whose version differs between the two worlds. None: not there."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Green:
    """The world in which the command passes, and the day that it is of.

    `past` is the commit whose manifests and lock tell that world; None where the index was asked what it had that day.
    """

    day: str
    solved: Solved
    probe: Probe
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Guilty:
    """One of the distributions whose step breaks the command. `first_bad` is None where it is the absence that does."""

    name: str
    last_good: str
    first_bad: str | None
    chain: tuple[str, ...]
    """Who pulled it in, the manifest's own wish first and the distribution itself last."""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time to go back to: what a commit's own files tell of it, or else what the index had before a day."""

    day: str
    past: Past | None = None

    async def world(self, bench: Bench) -> Solved | Unsolved:
        """What was installed then."""
        return await (bench.solve(newest=self.day) if self.past is None else bench.recall(self.past))


async def find_green(bench: Bench, now: Solved, *, is_certain: bool) -> Green | None:
    """Go back in time until the command passes: earlier locks, the day that is known, half a year, one, two and more.

    Where it is not certain that packages have to do with it, the last lock that was another and the known day alone
    are tried.
    """
    seen = {now.pins}
    pasts = await bench.world.history(bench.recorded)
    for time in _times(bench, pasts, is_certain=is_certain):
        if not bench.world.has_time:
            break
        solved = await time.world(bench)
        if isinstance(solved, Unsolved) or solved.pins in seen:
            continue
        seen.add(solved.pins)
        probe = await bench.run(solved)
        if isinstance(probe, Probe) and probe.passed:
            return Green(time.day, solved, probe, time.past)
    return None


def _times(bench: Bench, pasts: tuple[Past, ...], *, is_certain: bool) -> Iterator[_Time]:
    """What is known best comes first: what was named exactly, then days on which it passed, then guesses at a day."""
    world = bench.world
    today = world.newest or datetime.datetime.now(datetime.UTC).date().isoformat()
    others = [_Time(past.day, past) for past in pasts if past.edits][: _MOST_PASTS if is_certain else 1]
    if bench.is_exact:
        yield from others
    if world.green_day and world.green_day < today:
        # The day itself counts too.
        yield _Time(day_after(world.green_day))
    if not is_certain:
        return
    if not bench.is_exact:
        # Whoever wrote the manifest last saw it pass, as far as anybody knows.
        yield from (_Time(day_after(past.day)) for past in pasts if not past.edits and past.day < today)
        yield from others
    for years in _STEPS_YEARS:
        yield _Time((datetime.date.fromisoformat(today) - datetime.timedelta(days=round(365.25 * years))).isoformat())


def moved(old: Solved, new: Solved) -> tuple[Moved, ...]:
    """List what differs, in the order of the names."""
    before = {canonical(pin.name): pin.version for pin in reversed(old.pins)}
    after = {canonical(pin.name): pin.version for pin in reversed(new.pins)}
    # npm's names are only compared so, and asked for as they are spelt.
    spelt = {canonical(pin.name): pin.name for pin in (*old.pins, *new.pins)}
    names = sorted(before.keys() | after.keys())
    return tuple(Moved(spelt[n], before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n))


async def find_guilty(bench: Bench, green: Green, now: Solved, evidence: Evidence) -> tuple[Guilty, ...]:
    """Reduce what moved to the smallest part that has to go back for the command to pass, and date each part's step."""
    steps = [step for step in moved(green.solved, now) if step.old is not None]
    ordered = _suspicious_first(steps, evidence)
    guilty = await _by_evidence(bench, steps, evidence)
    if guilty is None:
        guilty = await _single(bench, ordered[:_MOST_SINGLES])
    if guilty is None:
        guilty = await _minimised(bench, ordered)
    if len(guilty) == 1:
        guilty = (await _dragged_along(bench, guilty[0], now),)
    found = []
    for step in guilty:
        others = tuple(_held(other) for other in guilty if other is not step)
        found.append(await dated(bench, step, others, now, green.solved))
    return tuple(found)


async def _dragged_along(bench: Bench, step: Moved, now: Solved) -> Moved:
    """Holding one back may drag another back with it, which is the guilty one where it is enough by itself."""
    solved = await bench.solve(within=(_held(step),)) if step.new is not None else None
    if solved is None or isinstance(solved, Unsolved):
        return step
    others = [one for one in moved(solved, now) if one.old and one.new and one.name != canonical(step.name)]
    for other in [one for one in others if is_newer(one.new or "", one.old or "")][:_MOST_POINTED_AT]:
        alone = await bench.solve(within=(_held(other),))
        keeps = not isinstance(alone, Unsolved) and alone.version(step.name) == step.new
        if keeps and await _passes_with(bench, (other,)):
            return other
    return step


async def _by_evidence(bench: Bench, steps: list[Moved], evidence: Evidence) -> tuple[Moved, ...] | None:
    """Take back what the error points at; where another error shows then, what that one points at too."""
    held: tuple[Moved, ...] = ()
    for _ in range(_MOST_TOGETHER):
        for step in _suspicious_first([one for one in steps if one not in held], evidence)[:_MOST_POINTED_AT]:
            probe = await _probed(bench, (*held, step))
            if probe is None:
                continue
            if probe.passed:
                return await _needed(bench, (*held, step))
            told = read_evidence(probe.diagnosis, probe.run.output, bench.tree)
            if told.message != evidence.message:
                held, evidence = (*held, step), told
                break
        else:
            return None
    return None


async def _needed(bench: Bench, steps: tuple[Moved, ...]) -> tuple[Moved, ...]:
    """Leave out what it passes without."""
    for step in steps:
        rest = tuple(one for one in steps if one is not step)
        if rest and await _passes_with(bench, rest):
            steps = rest
    return steps


async def _single(bench: Bench, steps: list[Moved]) -> tuple[Moved, ...] | None:
    for step in steps:
        if await _passes_with(bench, (step,)):
            return (step,)
    return None


async def _minimised(bench: Bench, steps: list[Moved]) -> tuple[Moved, ...]:
    """Delta debugging (Zeller and Hildebrandt, 2002) over the steps to take back; empty where all are not enough."""
    kept = tuple(steps)
    if not await _passes_with(bench, kept):
        return ()
    parts = 2
    while len(kept) > 1:
        size = -(-len(kept) // parts)
        pieces = [kept[i : i + size] for i in range(0, len(kept), size)]
        for index, piece in enumerate(pieces):
            rest = tuple(step for other in (*pieces[:index], *pieces[index + 1 :]) for step in other)
            if len(pieces) > 2 and await _passes_with(bench, piece):
                kept, parts = piece, 2
                break
            if rest and await _passes_with(bench, rest):
                kept, parts = rest, max(parts - 1, 2)
                break
        else:
            if parts >= len(kept):
                break
            parts = min(len(kept), parts * 2)
    return kept


async def _passes_with(bench: Bench, steps: tuple[Moved, ...]) -> bool:
    """Does it pass where these are as they were and everything else is as it is now?"""
    probe = await _probed(bench, steps)
    return probe is not None and probe.passed


async def _probed(bench: Bench, steps: tuple[Moved, ...]) -> Probe | None:
    """Run with these as they were; None where they do not fit together."""
    gone = tuple(f"{step.name}=={step.old}" for step in steps if step.new is None)
    held = tuple(_held(step) for step in steps if step.new is not None)
    return await bench.probe(also=gone, within=held)


def _held(step: Moved) -> str:
    return f"{step.name}=={step.old}"


async def dated(bench: Bench, step: Moved, others: tuple[str, ...], now: Solved, old: Solved) -> Guilty:
    """Find the first release that breaks, by bisection; versions that do not fit are stepped over."""
    assert step.old is not None
    if step.new is None or not is_newer(step.new, step.old):
        return Guilty(step.name, step.old, step.new, chain_to(old if step.new is None else now, step.name))
    line = between(await bench.world.releases(step.name), step.old, step.new)
    low, high = 0, len(line) - 1
    while high - low > 1:
        middle = (low + high) // 2
        verdict = await bench.passes(within=(*others, f"{step.name}=={line[middle]}"))
        if verdict is None:
            del line[middle]
            high -= 1
        elif verdict:
            low = middle
        else:
            high = middle
    return Guilty(step.name, line[low], line[high], chain_to(now, step.name))


def chain_to(solved: Solved, name: str) -> tuple[str, ...]:
    """The shortest way from a wish of the manifest to a distribution, both included."""
    wanted = {canonical(one.pin.name): tuple(map(canonical, one.wanted_by)) for one in solved.packages}
    paths: list[tuple[str, ...]] = [(canonical(name),)]
    seen = {canonical(name)}
    while paths:
        path = paths.pop(0)
        above = [one for one in wanted.get(path[0], ()) if one in wanted]
        if not above:
            return path
        fresh = [one for one in above if one not in seen]
        seen.update(fresh)
        paths += [(one, *path) for one in fresh]
    return (canonical(name),)


def _suspicious_first(steps: list[Moved], evidence: Evidence) -> list[Moved]:
    """What the message names, then what the traceback passed through, the nearest to the error first."""
    named = [one.module.partition(".")[0] for one in evidence.missing_names]
    named += [one.top for one in evidence.missing_modules]
    order = [*named, *evidence.packages]
    ranks = {canonical(module): rank for rank, module in reversed(list(enumerate(order)))}

    def rank(step: Moved) -> tuple[int, int]:
        best = min((r for module, r in ranks.items() if _is_like(step.name, module)), default=len(order))
        said = step.name.replace("-", "_") in evidence.message.lower() or step.name in evidence.message.lower()
        return (best if best < len(order) or not said else 0, 0 if said else 1)

    return sorted(steps, key=rank)


def _is_like(name: str, module: str) -> bool:
    """Distributions are mostly called like their module, with or without `py` or `python` around it."""
    bare = name.removeprefix("python-").removeprefix("py").removeprefix("-").removesuffix("-python")
    return canonical(module).lstrip("-") in (name, bare, name.replace("-", ""), name.partition("-")[0])
