"""Try sets of versions for one manifest: resolve, build, run the command."""

from collections.abc import Iterable
from dataclasses import dataclass

from selfheal.contract.packages import NotBuilt, Question, Solved, Unsolved
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.plan import Wanted
from selfheal.fix.dependencies.world import Probe, World

_MOST_PROBES = 40


@dataclass(slots=True)
class Bench:
    """Tries sets of versions for one manifest, and remembers what it tried."""

    world: World
    wanted: Wanted
    tree: TreeView
    edits: tuple[FileEdit, ...] = ()
    builds: int = 0

    async def solve(
        self, *, also: Iterable[str] = (), within: Iterable[str] = (), newest: str | None = None
    ) -> Solved | Unsolved:
        """Resolve the manifest with more wishes and constraints, by default as of now."""
        question = Question(
            lines=(*self.wanted.lines, *also),
            constraints=(*self.wanted.constraint_lines, *within),
            newest=newest or self.world.newest,
        )
        return await self.world.resolve(question)

    async def run(self, solved: Solved) -> Probe | NotBuilt:
        """Run the command in an environment of these versions."""
        self.builds += 1
        return await self.world.probe(solved.pins, with_project=self.wanted.with_project, edits=self.edits)

    async def passes(self, *, also: Iterable[str] = (), within: Iterable[str] = ()) -> bool | None:
        """Resolve and run; None where there are no such versions or they can't be built."""
        probe = await self.probe(also=also, within=within)
        return None if probe is None else probe.passed

    async def probe(self, *, also: Iterable[str] = (), within: Iterable[str] = ()) -> Probe | None:
        """As `passes`, with what the command said."""
        solved = await self.solve(also=also, within=within)
        if isinstance(solved, Unsolved) or self.builds >= _MOST_PROBES or not self.world.has_time:
            return None
        probe = await self.run(solved)
        return None if isinstance(probe, NotBuilt) else probe
