"""Fill the `${{ … }}` of a workflow as far as plain paths go. Whatever needs more than a look-up is not guessed."""

import re
from collections.abc import Mapping
from typing import Any

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\['[^']*'\])*)\s*")
_PART = re.compile(r"\.?([A-Za-z_][\w-]*)|\['([^']*)'\]")
_LONGEST = 100_000


class NotKnown(Exception):
    """An expression whose value can't be told here: a secret, a function, another step's output."""


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """Replace each expression by its value. Raises NotKnown.

    `contexts` are those of the runner by their names (`matrix`, `env`, `github`, `runner`, `inputs`).
    """
    if len(text) > _LONGEST:
        raise NotKnown("the text is too long")
    return _EXPRESSION.sub(lambda found: _value(found[1], contexts), text)


def _value(expression: str, contexts: Mapping[str, Any]) -> str:
    path = _PATH.fullmatch(expression)
    if path is None:
        raise NotKnown(expression.strip())
    value: Any = contexts
    for part in _PART.finditer(path[1]):
        name = part[1] if part[1] is not None else part[2]
        value = _member(value, name)
        if value is None:
            raise NotKnown(expression.strip())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise NotKnown(expression.strip())


def _member(value: Any, name: str) -> Any:
    """A member by its name; GitHub's names don't tell upper case from lower."""
    if not isinstance(value, Mapping):
        return None
    if name in value:
        return value[name]
    return next((found for key, found in value.items() if isinstance(key, str) and key.lower() == name.lower()), None)
