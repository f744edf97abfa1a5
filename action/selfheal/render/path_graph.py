"""The way of a repair through its states as a Mermaid graph, which GitHub draws."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[a-z_]{1,40}")


def path_graph(path: Sequence[str]) -> str:
    """Draw each state once, and on each way how often it was gone; empty for a path of fewer than two states."""
    known = [state for state in path if _WORD.fullmatch(state)]
    if len(known) < 2 or len(known) != len(path):
        return ""
    lines = ["flowchart LR"]
    lines += [f"  {state}([{state.replace('_', ' ')}])" for state in dict.fromkeys((known[0], known[-1]))]
    for (here, there), times in Counter(pairwise(known)).items():
        label = f"|{times} times|" if times > 1 else ""
        lines.append(f"  {here} -->{label} {there}")
    return "\n".join(lines)
