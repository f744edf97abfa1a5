"""What an investigation came to."""

from dataclasses import dataclass

from selfheal.contract.patch import CandidatePatch
from selfheal.fix.dependencies.scene import Scene, story


@dataclass(frozen=True, slots=True)
class Findings:
    """The candidates, the best first, or the reason why there is none. `hint` is for whoever rewrites the code."""

    candidates: tuple[CandidatePatch, ...]
    reason: str
    environments: int
    hint: str = ""


def findings(scene: Scene, otherwise: str) -> Findings:
    """Gather them; `otherwise` is the reason where the scene tells none."""
    reason = "; ".join(scene.reasons[:4]) or otherwise
    return Findings(tuple(scene.candidates), "" if scene.candidates else reason, scene.bench.builds, _hint(scene))


def _hint(scene: Scene) -> str:
    """The release that broke the code in a sentence, and the lines that announced it."""
    if not scene.guilty:
        return ""
    quoted = "".join(f"\n{quote.text}" for quote in scene.notes)
    told = f"\nIts change log says:{quoted}" if quoted else ""
    return f"{story(scene)}. The code has to be adapted to the new release.{told}"
