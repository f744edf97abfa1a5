"""Read the small text files that task runners keep. Pure."""

import tomllib
from collections.abc import Mapping

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.words import join_folder

_LARGEST = 300_000


def text_of(tree: TreeView, folder: str, *names: str) -> str:
    """Give the text of the first of these files that is there; empty where none is, or it is no small text."""
    for name in names:
        path = join_folder(folder, name)
        content = tree.read(path) if path else None
        if content is not None and len(content) <= _LARGEST:
            return content.decode(errors="replace").replace("\r\n", "\n")
    return ""


def toml_of(tree: TreeView, folder: str, name: str) -> Mapping[str, object]:
    """Give a TOML file's content; empty where it is not there or broken."""
    try:
        return tomllib.loads(text_of(tree, folder, name))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def table_of(content: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    """Follow the keys into nested tables; empty where one is not there or no table."""
    here: object = content
    for key in keys:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else {}
