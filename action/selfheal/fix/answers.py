"""Read what a model wrote around the code that it was asked for."""

import re

_FENCE = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)^[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)
_OPEN_FENCE = re.compile(r"^[ \t]*```[^\n`]*\n", re.MULTILINE)


def code_of(answer: str) -> str:
    """Give the first fenced code block, the rest after an unclosed fence, or the whole text where there is none."""
    if (block := _FENCE.search(answer)) is not None:
        return block.group(1)
    if (fence := _OPEN_FENCE.search(answer)) is not None:
        return answer[fence.end() :]
    return answer
