"""Two or three kinds of failure in one package, seen by one job that stops at the first."""

import ast
from collections.abc import Iterator

from planting.kinds import fixable, formatting, lint, typing_errors
from planting.kinds.plant import Plant
from planting.source import Source, Splice


def turned_comparison(source: Source) -> Iterator[Splice]:
    """A comparison that is off by one."""
    signs = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
    for node in source.nodes:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in signs:
            left, right = source.of(node.left), source.of(node.comparators[0])
            yield source.swap(node, f"{left} {signs[type(node.ops[0])]} {right}")


BUG = Plant("tests", "turned-comparison", "ruff", turned_comparison, "{tests}", "[1-9] failed", is_one=False)
LINT, LAYOUT = "ruff check {source}", "ruff format --check {source}"
BLACK, ISORT, FLAKE8 = "black --check {source}", "isort --check-only {source}", "flake8 {source}"
JOBS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("unused-import+optional", ("unused-import", "mypy-implicit-optional"), (LINT, "mypy")),
    ("imports+attribute", ("shuffled-imports", "mypy-misspelt-attribute"), (LINT, "mypy")),
    ("left-print+return-type", ("ruff-left-print", "mypy-lost-return-type"), (LINT, "mypy")),
    ("none-compared+bug", ("ruff-none-compared", BUG.name), (LINT, "{tests}")),
    ("unused-result+bug", ("ruff-unused-result", BUG.name), (LINT, "{tests}")),
    ("misspelt-name+bug", ("ruff-misspelt-name", BUG.name), (LINT, "{tests}")),
    ("layout+unused-import", ("ruff-tight-operators", "unused-import"), (LAYOUT, LINT)),
    ("layout+literal", ("ruff-joined-call", "mypy-wrong-literal"), (LAYOUT, "mypy")),
    ("layout+bug", ("ruff-single-quotes", BUG.name), (LAYOUT, "{tests}")),
    ("black+isort", ("black-tight-operators", "isort-shuffled-imports"), (BLACK, ISORT)),
    ("black+flake8", ("black-lost-blank-lines", "flake8-none-compared"), (BLACK, FLAKE8)),
    ("lint+types+bug", ("old-format", "mypy-wrong-return-type", BUG.name), (LINT, "mypy", "{tests}")),
    ("layout+lint+bug", ("ruff-spread-arguments", "ruff-unused-result", BUG.name), (LAYOUT, LINT, "{tests}")),
    ("types+bug", ("mypy-unused-ignore", BUG.name), ("mypy", "{tests}")),
)
"""Name, the plants by their names, the job's steps."""
OWN = "ruff check --fix {source}; ruff format {source}"
OWN_CLASSIC = "isort {source}; black {source}"


def plants() -> tuple[Plant, ...]:
    """Each job's plants are proved one by one, and the job as a whole."""
    every = (*formatting.plants(), *fixable.plants(), *lint.plants(), *typing_errors.plants(), BUG)
    known = {plant.name: plant for plant in every}
    found = []
    for name, names, steps in JOBS:
        parts = tuple(known[one] for one in names)
        flavour = parts[0].flavour
        command = " && ".join(steps)
        own = OWN if flavour == "ruff" else OWN_CLASSIC
        found.append(Plant("several", name, flavour, parts[0].slip, command, "", own=own, is_one=False, parts=parts))
    return tuple(found)
