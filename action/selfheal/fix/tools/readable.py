"""Tell whether a tool can read its own configuration: one that can't formats by its defaults. Pure."""

import configparser
import tomllib
from collections.abc import Iterable

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.openers.files import text_of


def unreadable_config(tree: TreeView, folders: Iterable[str], names: tuple[str, ...], tool: str) -> str | None:
    """Name the first of a tool's configuration files that is broken; None where all can be read.

    A file of many tools counts where it speaks of this one.
    """
    for folder in dict.fromkeys(above for one in folders for above in _with_parents(one)):
        for name in names:
            text = text_of(tree, folder, name)
            if (tool in name or tool in text) and not _is_readable(name, text):
                return f"{folder}/{name}" if folder else name
    return None


def _with_parents(folder: str) -> Iterable[str]:
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _is_readable(name: str, text: str) -> bool:
    try:
        if name.endswith(".toml"):
            tomllib.loads(text)
        else:
            configparser.ConfigParser(strict=False, interpolation=None).read_string(text)
    except (tomllib.TOMLDecodeError, configparser.Error, RecursionError):
        return False
    return True
