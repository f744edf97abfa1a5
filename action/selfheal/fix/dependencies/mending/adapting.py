"""Adapt the code to a name that has moved: the new place is what the old release itself says and the new one has."""

from selfheal.contract.explanation import Direction, VersionStep
from selfheal.contract.packages import canonical
from selfheal.contract.patch import FileEdit
from selfheal.fix.dependencies.edits import EditedTree, ManifestEditor
from selfheal.fix.dependencies.evidence import MissingName, read_evidence
from selfheal.fix.dependencies.moved_names import Move, imported_from, rewritten
from selfheal.fix.dependencies.probes import has, origin, read_answer, search, top_level
from selfheal.fix.dependencies.scene import Scene, guilty_steps, story
from selfheal.fix.dependencies.world import Probe

_MOST_ROUNDS = 6
_OTHER_DISTRIBUTION = {
    ("pydantic", "BaseSettings"): ("pydantic_settings", "BaseSettings", "pydantic-settings"),
}
"""Names that left for a distribution of their own, which has to be asked for too."""


async def mend_import_names(scene: Scene) -> bool:
    """Import by the module's name what was imported by its distribution's: metadata tells both."""
    assert scene.failing is not None
    told = read_answer(await scene.world.ask(scene.failing.environment, top_level()))
    if not scene.evidence.missing_modules or not isinstance(told, dict):
        return False
    edits: dict[str, FileEdit] = {}
    moves: list[Move] = []
    for module in scene.evidence.missing_modules:
        tops = [top for top, names in told.items() if canonical(module.top) in map(canonical, names)]
        names = imported_from(scene.tree, module.module) if len(tops) == 1 else ()
        moves += [Move(module.module, name, tops[0] + module.module[len(module.top) :], name) for name in names]
    for move in moves:
        edits.update({edit.path: edit for edit in rewritten(EditedTree(scene.tree, tuple(edits.values())), move)})
    step = VersionStep(name=canonical(scene.evidence.missing_modules[0].top), before=None, after=None)
    kept = await scene.attempt(
        tuple(edits.values()),
        way="import by the right name",
        direction=Direction.FORWARD,
        sentence="; ".join(
            dict.fromkeys(f"the distribution {m.module} provides the module {m.new_module}" for m in moves)
        ),
        guilty=(step,),
    )
    return kept is True


async def adapt_code(scene: Scene) -> bool:
    """Rewrite every use of the names that are gone, as one candidate; what comes to light after one is done too."""
    assert scene.failing is not None
    edits: dict[str, FileEdit] = {}
    done: list[Move] = []
    missing = _missing(scene)
    for _ in range(_MOST_ROUNDS):
        fresh = [one for one in missing if not any((m.module, m.name) == (one.module, one.name) for m in done)]
        before = dict(edits)
        for name in fresh:
            move = await _move(scene, name, edits)
            if move is not None:
                done.append(move)
                tree = EditedTree(scene.tree, tuple(edits.values()))
                edits.update({edit.path: edit for edit in rewritten(tree, move)})
        if edits == before:
            return False
        moved = "; ".join(dict.fromkeys(move.words for move in done))
        kept = await scene.attempt(
            tuple(edits.values()),
            way="adapt the code",
            direction=Direction.FORWARD,
            sentence=f"{story(scene) or scene.evidence.message}. {moved}",
            guilty=guilty_steps(scene),
            chain=scene.guilty[0].chain if scene.guilty else (),
        )
        if isinstance(kept, bool):
            return kept
        missing = _names_in(scene, kept)
    return False


def _missing(scene: Scene) -> tuple[MissingName, ...]:
    words = scene.evidence.message
    known = [MissingName(module, name) for module, name in _OTHER_DISTRIBUTION if name in words and module in words]
    gone = [
        MissingName(module.module, name)
        for module in scene.evidence.missing_modules
        if "." in module.module
        for name in imported_from(scene.tree, module.module)
    ]
    return (*scene.evidence.missing_names, *known, *gone)


def _names_in(scene: Scene, probe: Probe) -> tuple[MissingName, ...]:
    return read_evidence(probe.diagnosis, probe.run.output, scene.tree).missing_names


async def _move(scene: Scene, missing: MissingName, edits: dict[str, FileEdit]) -> Move | None:
    if (other := _OTHER_DISTRIBUTION.get((missing.module, missing.name))) is not None:
        module, name, distribution = other
        tree = EditedTree(scene.tree, tuple(edits.values()))
        editor = ManifestEditor(tree, scene.plan, scene.plan.wanted(tree))
        added = editor.with_added(distribution, like=missing.module)
        edits.update({edit.path: edit for edit in added})
        return Move(missing.module, missing.name, module, name) if added else None
    assert scene.failing is not None
    places = await _told_by_old(scene, missing)
    if not places:
        places = await _found_in_new(scene, missing)
    there = _as_list(await scene.world.ask(scene.failing.environment, has(places))) if places else []
    for (module, name), is_there in zip(places, there, strict=False):
        if is_there is True and (module, name) != (missing.module, missing.name):
            return Move(missing.module, missing.name, module, name)
    return None


async def _told_by_old(scene: Scene, missing: MissingName) -> list[tuple[str, str]]:
    """Ask the environment that passed what the name stood for."""
    if scene.green is None:
        return []
    text = await scene.world.ask(scene.green.probe.environment, origin(missing.module, missing.name))
    told = read_answer(text)
    if not isinstance(told, dict):
        return []
    places = [(missing.module, name) for name in told.get("same", []) if not name.startswith("_")]
    module, name = told.get("module"), told.get("name")
    if isinstance(module, str) and isinstance(name, str) and "." not in name and "<" not in name:
        is_private = any(part.startswith("_") for part in module.split("."))
        ways = [] if is_private else [(module, name)]
        top = module.partition(".")[0]
        # A package's own front door is better than the file behind it.
        ways = [*([(top, name)] if top != missing.module.partition(".")[0] else []), *ways]
        places = [*ways, *places] if module == "builtins" or not places else [*places, *ways]
    return places


async def _found_in_new(scene: Scene, missing: MissingName) -> list[tuple[str, str]]:
    """Look for the one public module of the same package that defines the name."""
    assert scene.failing is not None
    top = missing.module.partition(".")[0]
    told = _as_list(await scene.world.ask(scene.failing.environment, search(top, missing.name)))
    pairs = [one for one in told if isinstance(one, list) and len(one) == 2]
    defined = [str(module) for module, how in pairs if how == "defined"]
    return [(defined[0], missing.name)] if len(set(defined)) == 1 else []


def _as_list(text: str) -> list[object]:
    told = read_answer(text)
    return told if isinstance(told, list) else []
