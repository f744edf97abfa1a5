"""All plants, kind by kind."""

from planting.kinds import configuration, documentation, fixable, formatting, lint, several, syntax, typing_errors
from planting.kinds.plant import Plant

PLANTS: tuple[Plant, ...] = (
    *formatting.plants(),
    *fixable.plants(),
    *lint.plants(),
    *typing_errors.plants(),
    *syntax.plants(),
    *configuration.plants(),
    *documentation.plants(),
    *several.plants(),
)
KINDS = tuple(dict.fromkeys(plant.kind for plant in PLANTS))
