"""The path through the states as a drawing: each state once, each way with how often it was gone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_PLACES = {
    "reproduce": (0, 1),
    "analyse": (1, 1),
    "route": (2, 1),
    "locate": (3, 0),
    "propose": (3, 1),
    "resolve": (3, 2),
    "verify": (4, 1),
}
_AGENTS = {
    "reproduce": "verifier",
    "analyse": "log analyst",
    "route": "supervisor",
    "locate": "architect",
    "propose": "fixer",
    "resolve": "dependency agent",
    "verify": "verifier",
}
_COLUMN, _ROW, _WIDTH, _HEIGHT = 172, 132, 124, 68
_MOST_OTHERS = 4
WIDTH, DRAWN_HEIGHT = 6 * _COLUMN, 2 * _ROW + _HEIGHT + 60


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its left upper corner and its words."""

    name: str
    label: str
    agent: str
    x: int
    y: int
    visits: int
    seconds: float
    kind: str
    """seen, unseen or end."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A way: an SVG path, and how often it was gone, written at a place."""

    source: str
    target: str
    times: int
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything to draw; `words` says it for whoever does not see it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    words: str
    width: int = WIDTH
    height: int = DRAWN_HEIGHT
    box: tuple[int, int] = (_WIDTH, _HEIGHT)
    """How wide and how high each box is."""


def graph(path: Sequence[str], seconds: dict[str, float]) -> Graph:
    """Lay out the states of a path; what is no state of ours, the end among it, stands in the last column."""
    visits = Counter(path)
    others = [name for name in dict.fromkeys(path) if name not in _PLACES][:_MOST_OTHERS]
    places = _PLACES | {name: (5, 1 + row) for row, name in enumerate(others)}
    nodes = tuple(
        Node(
            name=name,
            label=name.replace("_", " ")[:20],
            agent=_AGENTS.get(name, ""),
            x=column * _COLUMN + 12,
            y=row * _ROW + 24,
            visits=visits[name],
            seconds=seconds.get(name, 0.0),
            kind="end" if name in others else "seen" if visits[name] else "unseen",
        )
        for name, (column, row) in places.items()
    )
    at = {node.name: node for node in nodes}
    ways = Counter(pair for pair in pairwise(path) if pair[0] in at and pair[1] in at)
    return Graph(nodes, tuple(_edge(at[a], at[b], times) for (a, b), times in ways.items()), words(path))


def words(path: Sequence[str]) -> str:
    """The path as a sentence, what repeats told once."""
    ways = Counter(pairwise(path))
    told = [f"{a} to {b}{f', {times} times' if times > 1 else ''}" for (a, b), times in list(ways.items())[:40]]
    return f"{len(path)} steps: {'; '.join(told)}." if told else "No step is known."


def _edge(source: Node, target: Node, times: int) -> Edge:
    middle = _HEIGHT // 2
    if target.x > source.x:
        x1, y1, x2, y2 = source.x + _WIDTH, source.y + middle, target.x, target.y + middle
        bend = (x2 - x1) // 2
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        return Edge(source.name, target.name, times, path, (x1 + x2) // 2, (y1 + y2) // 2 - 5)
    # Back again: below the boxes, deeper the further it goes.
    x1, y1, x2, y2 = source.x + _WIDTH // 2, source.y + _HEIGHT, target.x + _WIDTH // 2 + 14, target.y + _HEIGHT
    depth = max(y1, y2) + 26 + (x1 - x2) // 8
    path = f"M{x1} {y1}C{x1} {depth} {x2} {depth} {x2} {y2}"
    return Edge(source.name, target.name, times, path, (x1 + x2) // 2, (y1 + y2 + 6 * depth) // 8 + 4)
