"""Hold the guilty release back: a range below the first version that breaks; what was a pin is put back as one."""

from selfheal.contract.explanation import Direction
from selfheal.contract.patch import FileEdit
from selfheal.fix.dependencies.bisect import Guilty
from selfheal.fix.dependencies.edits import EditedTree, ManifestEditor
from selfheal.fix.dependencies.manifests.interface import Wish
from selfheal.fix.dependencies.scene import Scene, guilty_steps, story
from selfheal.fix.dependencies.versions import allows, is_pin, upper_bound, with_bound


async def constrain(scene: Scene) -> bool:
    """Bound all guilty distributions at once; each where the manifest names it, else beside what pulls it in."""
    if not scene.world.may_hold_back:
        scene.reasons.append(f"{story(scene)}; the configuration asks for the code to be adapted")
        return False
    edits: dict[str, FileEdit] = {}
    words = []
    for one in scene.guilty:
        if one.first_bad is None:
            continue
        bound = upper_bound(one.first_bad, one.last_good)
        tree = EditedTree(scene.tree, tuple(edits.values()))
        editor = ManifestEditor(tree, scene.plan, scene.plan.wanted(tree))
        wishes = editor.wanted.named(one.name)
        if wishes:
            bound = _narrowed(scene, wishes[0], one, bound)
            made = editor.with_specifier(one.name, bound)
        else:
            made = editor.with_held(one.name, bound, like=one.chain[0])
        edits.update({edit.path: edit for edit in made})
        words.append(f"{one.name}{bound}")
    if not words:
        return False
    held = ", ".join(words)
    kept = await scene.attempt(
        tuple(edits.values()),
        way=f"constrain {held}",
        direction=Direction.BACK,
        sentence=f"{story(scene)}. Held back: {held}",
        guilty=guilty_steps(scene),
        chain=scene.guilty[0].chain,
    )
    return kept is True


def _narrowed(scene: Scene, wish: Wish, one: Guilty, bound: str) -> str:
    """What the manifest asks for, so that the last good release serves: bounded, or as the earlier manifest had it."""
    if is_pin(wish.specifier):
        return f"=={one.last_good}"
    bounded = with_bound(wish.specifier, bound)
    if allows(bounded, one.last_good):
        return bounded
    past = scene.green.past if scene.green is not None else None
    before = scene.plan.wanted(EditedTree(scene.tree, past.edits)).named(one.name) if past is not None else ()
    return with_bound(before[0].specifier, bound) if before else bound
