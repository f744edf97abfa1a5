"""Let the tool bring its own files up to date, where that is all that was wrong: the lock; Go adds what is missing."""

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.fix.dependencies.edits import EditedTree
from selfheal.fix.dependencies.findings import Findings, findings
from selfheal.fix.dependencies.scene import Scene


async def regenerate(scene: Scene) -> Findings:
    """The command passes beside what the manifest asks for: then the lock was out of date, or what is installed."""
    plan, edits = scene.plan, scene.bench.lock_edits
    if not edits or plan.lock is None:
        return findings(
            scene,
            f"the command passes beside what {plan.tool} installs from scratch: what is installed is out of date; "
            "install it again",
        )
    tool = plan.lock.tool
    added = _added(scene)
    for name in added:
        if (like := scene.names.looks_like(name)) is not None:
            scene.reasons.append(f"{name} looks like {like} and is not added")
            return findings(scene, "")
    words = ", ".join(added)
    await scene.attempt(
        edits,
        way=f"adding {words}" if added else f"regenerate {plan.lock.path}",
        direction=Direction.ADDED if added else Direction.FORWARD,
        sentence=f"the code imports {words}, which {plan.files[0]} does not ask for; {tool} added it"
        if added
        else f"{plan.lock.path} did not fit {plan.files[0]}; {tool} wrote it anew, changing as little as it could",
        guilty=tuple(VersionStep(name=name, before=None, after=None) for name in added or (plan.lock.path,)),
    )
    return findings(scene, "")


def _added(scene: Scene) -> tuple[str, ...]:
    """What the tool itself wrote into the manifest."""
    before = {wish.key for wish in scene.wanted.wishes}
    after = scene.plan.wanted(EditedTree(scene.tree, scene.bench.lock_edits)).wishes
    return tuple(wish.name for wish in after if wish.key not in before)
