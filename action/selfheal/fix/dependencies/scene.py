"""What an investigation knows so far, and the one way in which a repair becomes a candidate."""

from dataclasses import dataclass, field

from selfheal.contract.explanation import Direction, Explanation, QuotedLine, VersionStep
from selfheal.contract.packages import NotBuilt, Solved, Unsolved
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.bench import Bench
from selfheal.fix.dependencies.bisect import Green, Guilty, moved
from selfheal.fix.dependencies.edits import ManifestEditor
from selfheal.fix.dependencies.evidence import Evidence
from selfheal.fix.dependencies.names import Names
from selfheal.fix.dependencies.plan import Plan, Wanted
from selfheal.fix.dependencies.world import Probe, World

STRATEGY = "dependencies"


@dataclass(slots=True)
class Scene:
    """All that the ways of mending look at, and the candidates that passed so far."""

    world: World
    tree: TreeView
    plan: Plan
    wanted: Wanted
    evidence: Evidence
    bench: Bench
    names: Names = field(default_factory=lambda: Names("pypi"))
    now: Solved | None = None
    failing: Probe | None = None
    green: Green | None = None
    guilty: tuple[Guilty, ...] = ()
    notes: tuple[QuotedLine, ...] = ()
    candidates: list[CandidatePatch] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def editor(self) -> ManifestEditor:
        """Edits the manifests of this scene."""
        return ManifestEditor(self.tree, self.plan, self.wanted)

    async def attempt(
        self,
        edits: tuple[FileEdit, ...],
        *,
        way: str,
        direction: Direction,
        sentence: str,
        guilty: tuple[VersionStep, ...] = (),
        chain: tuple[str, ...] = (),
    ) -> "Probe | bool":
        """Resolve the edited manifests as a new machine would, run the command, and keep what passes as a candidate.

        True where it passed, else the failing probe, or False where it did not come to one.
        """
        if not edits:
            return False
        bench = self.bench.with_edits(edits)
        solved = await bench.settle()
        if isinstance(solved, Unsolved):
            self.reasons.append(f"{way}: {solved.message.splitlines()[0] if solved.message else 'no versions fit'}")
            return False
        for pin in solved.pins:
            is_new = self.now is None or pin not in self.now.pins
            if is_new and (advisory := self.world.is_vulnerable(pin)) is not None:
                self.reasons.append(f"{way}: {pin} is vulnerable ({advisory})")
                return False
        probe = await bench.run(solved)
        self.bench.builds += bench.builds
        if isinstance(probe, NotBuilt):
            self.reasons.append(f"{way}: {probe.message.splitlines()[-1] if probe.message else 'it can not be built'}")
            return False
        if not probe.passed:
            self.reasons.append(f"{way}: {probe.diagnosis.summary}")
            return probe
        before = self.now.pins if self.now is not None else ()
        changed = tuple(
            VersionStep(name=step.name, before=step.old, after=step.new)
            for step in moved(Solved(packages=self.now.packages if self.now else ()), solved)
        )
        explanation = Explanation(
            sentence=sentence,
            guilty=guilty,
            chain=chain,
            direction=direction,
            changed=changed if before else (),
            quotes=self.notes,
            environments=self.bench.builds,
        )
        self.candidates.append(
            CandidatePatch(
                strategy=f"{STRATEGY}:{way}",
                edits=tuple({edit.path: edit for edit in (*edits, *bench.lock_edits)}.values()),
                rationale=sentence,
                disposition=Disposition.NEEDS_HUMAN,
                explanation=explanation,
            )
        )
        return True


def guilty_steps(scene: Scene) -> tuple[VersionStep, ...]:
    """The guilty ones, for an explanation."""
    return tuple(VersionStep(name=one.name, before=one.last_good, after=one.first_bad) for one in scene.guilty)


def story(scene: Scene) -> str:
    """The conflict in one sentence."""
    parts = []
    for one in scene.guilty:
        if one.first_bad is None:
            parts.append(
                f"{one.name}, which came with something else until it was {one.last_good}, is no longer installed"
            )
            continue
        through = f", which {' → '.join(one.chain[:-1])} pulls in," if len(one.chain) > 1 else ""
        parts.append(f"{one.name}{through} works up to {one.last_good} and breaks with {one.first_bad}")
    told = " and ".join(parts) + (f": {scene.evidence.message}" if scene.evidence.message else "")
    if parts and scene.green is not None and scene.green.past is not None:
        past, plan = scene.green.past, scene.plan
        where = plan.lock.path if plan.lock is not None else plan.files[0]
        told += f" (with {where} as in commit {past.commit[:10]} of {past.day} it passes)"
    return told
