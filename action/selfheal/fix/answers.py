"""Read what a model wrote around the code that it was asked for."""

import re

_FENCE = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)^[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)
_OPEN_FENCE = re.compile(r"^[ \t]*```[^\n`]*\n", re.MULTILINE)


def code_of(answer: str, *, holding: str = "") -> str:
    """Give the first fenced code block that holds a text, the first of all where none does, else the whole answer.

    An unclosed fence reaches to the end: a model that ran out of tokens closes none.
    """
    blocks = [block.group(1) for block in _FENCE.finditer(answer)]
    if blocks:
        return next((block for block in blocks if holding in block), blocks[0])
    if (fence := _OPEN_FENCE.search(answer)) is not None:
        return answer[fence.end() :]
    return answer
