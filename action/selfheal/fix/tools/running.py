"""Run tools in the tree, each call once a tree: what changed nothing there changes nothing the second time."""

import re

from selfheal.contract.command import Transformation
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import RepairCase

_TOOL_TIMEOUT_S = 180.0
_FIXED = re.compile(r"^\s{1,8}\d{1,9} × ([A-Z]{1,10}\d{1,5})\b", re.MULTILINE)


class ToolRuns:
    """The runs on the newest tree. A tree that is another object is another tree."""

    def __init__(self) -> None:
        self._tree: TreeView | None = None
        self._done: dict[str, Transformation] = {}

    async def of(self, case: RepairCase, text: str) -> Transformation:
        """Run shell text in the case's tree, or give what it did there before."""
        if self._tree is not case.tree:
            self._tree, self._done = case.tree, {}
        done = self._done
        if text not in done:
            done[text] = await case.transformer.transform(text, timeout_s=_TOOL_TIMEOUT_S)
        return done[text]


def fixed_codes(output: str) -> frozenset[str]:
    """The codes that `ruff --show-fixes` says it fixed; empty where it says nothing of them."""
    return frozenset(_FIXED.findall(output))
