"""The dependency agent's work where npm, pnpm, yarn, Go or Cargo installs: settle, add, step back, mend, explain."""

import re

from selfheal.contract.explanation import QuotedLine
from selfheal.contract.packages import NotBuilt, Pin, Registry, Tool, Unsolved
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.bench import ToolBench
from selfheal.fix.dependencies.bisect import find_green, find_guilty
from selfheal.fix.dependencies.change_log import quotes
from selfheal.fix.dependencies.evidence import Evidence
from selfheal.fix.dependencies.findings import Findings, findings
from selfheal.fix.dependencies.mending.conflict import mend_conflict
from selfheal.fix.dependencies.mending.constraining import constrain
from selfheal.fix.dependencies.mending.raising import raise_holders
from selfheal.fix.dependencies.mending.regenerating import regenerate
from selfheal.fix.dependencies.names import Names
from selfheal.fix.dependencies.plan import Plan
from selfheal.fix.dependencies.scene import Scene
from selfheal.fix.dependencies.tools.adding import add_missing_package
from selfheal.fix.dependencies.tools.evidence import read_tool_evidence
from selfheal.fix.dependencies.tools.stepping import step_back
from selfheal.fix.dependencies.tools.uses import packages_called
from selfheal.fix.dependencies.world import World

REGISTRIES: dict[Tool, Registry] = {"npm": "npm", "pnpm": "npm", "yarn": "npm", "go": "go", "cargo": "crates"}
"""Where each tool's packages come from."""


async def investigate_tool(world: World, tree: TreeView, plan: Plan, *, is_certain: bool = True) -> Findings:
    """Find out why the command fails beside what the tool installs, and mend it."""
    assert plan.tool is not None
    nothing = Evidence((), (), (), frozenset(), "")
    names = Names(REGISTRIES[plan.tool])
    bench = ToolBench(world, plan, tree)
    scene = Scene(world, tree, plan, plan.wanted(tree), nothing, bench, names=names)
    now = await bench.settle()
    if isinstance(now, Unsolved):
        await mend_conflict(scene, now)
        return findings(scene, now.message)
    probe = await bench.run(now)
    if isinstance(probe, NotBuilt):
        return findings(scene, probe.message)
    if probe.passed:
        return await regenerate(scene)
    scene.now, scene.failing = now, probe
    told = read_tool_evidence(plan.tool, probe.run.output)
    packages = tuple(dict.fromkeys((*packages_called(tree, probe.run.output), *told.packages)))
    scene.evidence = Evidence((), (), packages, frozenset(re.findall(r"[A-Za-z_]\w{2,}", told.message)), told.message)
    if await add_missing_package(scene, told):
        return findings(scene, "")
    if packages and names.registry == "npm":
        scene.green = await find_green(bench, now, is_certain=False)
        if scene.green is not None:
            scene.guilty = await find_guilty(bench, scene.green, now, scene.evidence)
        else:
            scene.guilty = await step_back(scene, is_certain=is_certain)
        scene.notes = await _announced(scene)
        if scene.guilty:
            await raise_holders(scene)
            await constrain(scene)
    return findings(scene, f"{plan.tool} resolves and installs, and the command fails all the same")


async def _announced(scene: Scene) -> tuple[QuotedLine, ...]:
    for one in scene.guilty[:2]:
        if one.first_bad is None:
            continue
        files = await scene.world.announcements(Pin(name=one.name, version=one.first_bad))
        words = frozenset({*scene.evidence.words, "ESM", "ES", "CommonJS", "require", "module"})
        told = quotes(files, package=one.name, version=one.first_bad, after=one.last_good, words=words)
        if told:
            return told
    return ()
