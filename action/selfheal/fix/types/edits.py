"""Write the files that mends make, and the candidate that they are."""

import ast
from collections.abc import Iterable

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.types.importing import import_splices
from selfheal.fix.types.mend import Mend, spliced
from selfheal.fix.types.project import Project

_MAX_RATIONALE = 300


def edits_of(tree: TreeView, mends: Iterable[Mend]) -> tuple[FileEdit, ...]:
    """Write the files as the mends make them; one that would no longer parse is left as it is."""
    project = Project(tree)
    mends = tuple(mends)
    splices = [one for mend in mends for one in mend.splices]
    imports = [one for mend in mends for one in mend.imports]
    edits = []
    for path in dict.fromkeys([*(one.path for one in splices), *(one.path for one in imports)]):
        source = project.source(path)
        if source is None:
            continue
        own = [one for one in splices if one.path == path]
        added = import_splices(source, [one for one in imports if one.path == path])
        text = spliced(source.text, [*own, *added])
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if text != source.text:
            edits.append(FileEdit(path=path, content=source.encode(text)))
    return tuple(edits)


def candidate_of(strategy: str, mends: tuple[Mend, ...], edits: tuple[FileEdit, ...]) -> CandidatePatch:
    """Say what the mends do; whatever may change more than types is for a person to look at."""
    cautions = list(dict.fromkeys(mend.caution for mend in mends if mend.caution))
    rationale = "; ".join(dict.fromkeys(mend.rationale for mend in mends))
    if len(rationale) > _MAX_RATIONALE:
        rationale = f"{len(mends)} findings of the type checker are mended"
    return CandidatePatch(
        strategy=strategy,
        edits=edits,
        rationale=f"{rationale} ({'; '.join(cautions)[:_MAX_RATIONALE]})" if cautions else rationale,
        disposition=Disposition.NEEDS_HUMAN if cautions else Disposition.AUTO,
    )
