"""The dependency agent's work from a failing run to candidates: control, bisect, mend, explain."""

from selfheal.contract.explanation import QuotedLine
from selfheal.contract.packages import NotBuilt, Pin, Solved, Unsolved
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.bench import PythonBench
from selfheal.fix.dependencies.bisect import find_green, find_guilty
from selfheal.fix.dependencies.change_log import quotes
from selfheal.fix.dependencies.evidence import Evidence, read_evidence
from selfheal.fix.dependencies.findings import Findings, findings
from selfheal.fix.dependencies.mending.adapting import adapt_code, mend_import_names
from selfheal.fix.dependencies.mending.adding import add_missing
from selfheal.fix.dependencies.mending.conflict import mend_conflict
from selfheal.fix.dependencies.mending.constraining import constrain
from selfheal.fix.dependencies.mending.raising import mend_unbuildable, raise_holders
from selfheal.fix.dependencies.mending.regenerating import regenerate
from selfheal.fix.dependencies.plan import Plan
from selfheal.fix.dependencies.scene import Scene, guilty_steps, story
from selfheal.fix.dependencies.world import World


async def investigate(
    world: World, tree: TreeView, plan: Plan, evidence: Evidence, *, is_certain: bool = True
) -> Findings:
    """Find out why the command fails in an environment made of its manifests, and mend it.

    `is_certain` is False where the failure only looks as if packages could have to do with it.
    """
    wanted = plan.wanted(tree)
    scene = Scene(world, tree, plan, wanted, evidence, PythonBench(world, plan, tree))
    now = await scene.bench.settle()
    if isinstance(now, Unsolved):
        await mend_conflict(scene, now)
        return findings(scene, now.message)
    scene.now = now
    probe = await scene.bench.run(now)
    if isinstance(probe, NotBuilt):
        await mend_unbuildable(scene, probe)
        return findings(scene, probe.message)
    if probe.passed and plan.lock is not None and scene.bench.lock_edits:
        return await regenerate(scene)
    if probe.passed:
        return findings(
            scene,
            "the command passes in a fresh environment made of its manifests: the environment that it failed in is out "
            "of date; install the manifests again",
        )
    scene.failing = probe
    # What fails in the fresh environment is what is to be mended; the caller's own may have failed for another reason.
    scene.evidence = read_evidence(probe.diagnosis, probe.run.output, tree)
    if await add_missing(scene):
        if not scene.evidence.missing_modules:
            await _attribute(scene, now)
        return findings(scene, "")
    if await mend_import_names(scene):
        return findings(scene, "")
    scene.green = await find_green(scene.bench, now, is_certain=is_certain)
    if scene.green is not None:
        scene.guilty = await find_guilty(scene.bench, scene.green, now, scene.evidence)
        scene.notes = await _announced(scene)
        if await add_missing(scene):
            return findings(scene, "")
        if scene.guilty:
            await adapt_code(scene)
            if not scene.candidates:
                await raise_holders(scene)
            await constrain(scene)
    else:
        await adapt_code(scene)
    return findings(scene, "no earlier day was found on which the command passes")


async def _attribute(scene: Scene, now: Solved) -> None:
    """A package itself says what is to be installed beside it: find the release since which it does."""
    scene.green = await find_green(scene.bench, now, is_certain=False)
    if scene.green is None:
        return
    scene.guilty = await find_guilty(scene.bench, scene.green, now, scene.evidence)
    scene.notes = await _announced(scene)
    for index, one in enumerate(scene.candidates):
        told = one.explanation
        if told is not None and scene.guilty:
            fuller = told.model_copy(
                update={
                    "sentence": f"{story(scene)}. {told.sentence}",
                    "guilty": (*guilty_steps(scene), *told.guilty),
                    "chain": scene.guilty[0].chain,
                    "quotes": scene.notes,
                    "environments": scene.bench.builds,
                }
            )
            scene.candidates[index] = one.model_copy(update={"explanation": fuller, "rationale": fuller.sentence})


async def _announced(scene: Scene) -> tuple[QuotedLine, ...]:
    """The lines of the guilty releases' own change logs; today's release may tell more than the first bad one."""
    found: list[QuotedLine] = []
    for one in scene.guilty[:2]:
        if one.first_bad is None or scene.now is None:
            continue
        names = scene.evidence.quoted_names
        words = scene.evidence.words | {name.name for name in scene.evidence.missing_names}
        for version in dict.fromkeys((one.first_bad, scene.now.version(one.name) or one.first_bad)):
            files = await scene.world.announcements(Pin(name=one.name, version=version))
            told = quotes(files, package=one.name, version=version, after=one.last_good, words=words, names=names)
            if told:
                found += told
                break
    return tuple(found)
