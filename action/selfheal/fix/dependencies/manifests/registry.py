"""Which file is of which format."""

import re
from pathlib import PurePosixPath

from selfheal.fix.dependencies.manifests.cargo_toml import CargoToml
from selfheal.fix.dependencies.manifests.go_mod import GoMod
from selfheal.fix.dependencies.manifests.interface import Format
from selfheal.fix.dependencies.manifests.package_json import PackageJson
from selfheal.fix.dependencies.manifests.pipfile import Pipfile
from selfheal.fix.dependencies.manifests.pyproject import PyProject
from selfheal.fix.dependencies.manifests.requirement_lists import RequirementList
from selfheal.fix.dependencies.manifests.setup_files import SetupCfg, SetupPy
from selfheal.fix.dependencies.manifests.tox_ini import ToxIni

_LIST = re.compile(r"(?i)(?:.*(?:requirements?|constraints?).*\.(?:txt|in)|requires?\.txt)")
_BY_NAME: dict[str, Format] = {
    "pyproject.toml": PyProject(),
    "setup.cfg": SetupCfg(),
    "setup.py": SetupPy(),
    "Pipfile": Pipfile(),
    "tox.ini": ToxIni(),
    "package.json": PackageJson(),
    "go.mod": GoMod(),
    "Cargo.toml": CargoToml(),
}


def format_of(path: str) -> Format | None:
    """The format of a file by its name; a list of requirements may also lie in a folder called so."""
    place = PurePosixPath(path)
    if place.name in _BY_NAME:
        return _BY_NAME[place.name]
    is_list = _LIST.fullmatch(place.name) or (place.parent.name == "requirements" and place.suffix in (".txt", ".in"))
    return RequirementList() if is_list else None
