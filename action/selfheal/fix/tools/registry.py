"""All tools that mend. Adding one is a row in its ecosystem's table."""

from selfheal.fix.tools.borrowed import Borrowed
from selfheal.fix.tools.hooks import Hooks
from selfheal.fix.tools.interface import Mender
from selfheal.fix.tools.other_tools import GO_TOOLS, JAVASCRIPT_TOOLS, OTHER_TOOLS, RUST_TOOLS
from selfheal.fix.tools.own_tool import OwnTool
from selfheal.fix.tools.python_tools import PYTHON_TOOLS

OWN_TOOLS: tuple[OwnTool, ...] = (*PYTHON_TOOLS, *JAVASCRIPT_TOOLS, *GO_TOOLS, *RUST_TOOLS, *OTHER_TOOLS)
"""Tools that the project calls by themselves."""

MENDERS: tuple[Mender, ...] = (
    Hooks(OWN_TOOLS),
    *OWN_TOOLS,
    Borrowed("borrowed", is_unsafe=False, only_by_rule=False),
    Borrowed("borrowed-unsafe", is_unsafe=True, only_by_rule=True),
)
"""All of them, the most fitting first."""
