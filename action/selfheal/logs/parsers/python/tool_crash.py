"""A traceback of a tool that stumbles over its own configuration."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.logs.exceptions import Raised, final

_FRAMES = re.compile(
    r"(?:^|/)(?:(flake8)/(?:options|main|plugins)/|(isort)/(?:settings|main)\.py$|(black)/(?:__init__|files)\.py$"
    r"|(pylint)/config/|(coverage)/(?:config|tomlconfig)\.py$|(hatchling)/(?:metadata|builders|version|build|cli)"
    r"|(setuptools)/(?:config/|_vendor/tomli|dist\.py$|build_meta\.py$)|(flit_core)/|(poetry)/core/|(pdm)/backend/)"
)
_BACKENDS = frozenset({"hatchling", "setuptools", "flit_core", "poetry", "pdm"})
"""Build backends; what they refuse is what pyproject.toml says."""
_TOML = re.compile(r"\(at line (\d{1,9}), column (\d{1,9})\)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which tool, and where in pyproject.toml when that is no valid TOML."""

    tool: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


def refusal(chain: Sequence[Raised]) -> Refusal | None:
    """What the traceback says where it went through the part of a known tool that reads its options."""
    top = final(chain)
    if top is None:
        return None
    names = (frame.file.replace("\\", "/") for raised in chain for frame in raised.frames)
    found = next((match for name in names if (match := _FRAMES.search(name)) is not None), None)
    if found is None:
        return None
    tool = next(group for group in found.groups() if group)
    place = _TOML.search(top.message)
    if place is not None and "TOML" in top.type_name:
        return Refusal(tool, "pyproject.toml", int(place.group(1)), int(place.group(2)))
    return Refusal(tool, "pyproject.toml" if tool in _BACKENDS and "setup.cfg" not in top.message else None)
