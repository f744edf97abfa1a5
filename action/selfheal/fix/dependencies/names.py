"""Names that are known well enough to be added without a person's word, one set a registry. Pure."""

import importlib.resources
from dataclasses import dataclass
from functools import lru_cache

from selfheal.contract.packages import Registry, canonical
from selfheal.fix.dependencies.distributions import is_one_edit, is_popular, looks_like

_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Names:
    """Asks the list of one registry."""

    registry: Registry

    def is_popular(self, name: str) -> bool:
        """True for a package that nobody needs to be warned of."""
        if self.registry == "pypi":
            return is_popular(name)
        return name in _listed(self.registry) or (self.registry == "npm" and name.startswith("@types/"))

    def looks_like(self, name: str) -> str | None:
        """The popular package that a less known name could be taken for."""
        if self.registry == "pypi":
            return looks_like(name)
        if self.is_popular(name) or len(name) < _SHORTEST:
            return None
        bare = canonical(name).replace("-", "")
        alike = (one for one in sorted(_listed(self.registry)) if len(one) >= _SHORTEST)
        return next((one for one in alike if bare == canonical(one).replace("-", "") or is_one_edit(name, one)), None)


@lru_cache(4)
def _listed(registry: Registry) -> frozenset[str]:
    file = importlib.resources.files(__package__).joinpath(f"popular_{registry}.txt")
    return frozenset(file.read_text("utf-8").split()) if file.is_file() else frozenset()
