"""Swap one operator or constant of the suspect for its nearest relatives. No model: the command decides.

Most small faults are one wrong comparison, an off-by-one, a wrong sign or a wrong connective, and a small model
that reads right over them is no help. The table is ordered by how often real fixes look like that.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.python_source import FunctionNode, function_at

_MOST_SWAPS = 24
_MOST_SUSPECTS = 4

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">=")),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<=")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/",)),
    ast.Div: ("/", ("//", "*")),
    ast.FloorDiv: ("//", ("/", "%")),
    ast.Mod: ("%", ("//",)),
}
_CONNECTIVES: dict[type[ast.boolop], tuple[str, str]] = {ast.And: ("and", "or"), ast.Or: ("or", "and")}


@dataclass(frozen=True, slots=True, order=True)
class Swap:
    """One change. `rank` orders the kinds; columns count UTF-8 bytes from 0 on `line`, which counts from 1."""

    rank: int
    line: int
    first_column: int
    last_column: int
    old: str
    new: str


class OperatorSwap:
    """The strategy for Python functions, a swap a sample."""

    name = "operator_swap"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the first suspects that are functions, with as many samples as they have swaps."""
        found = []
        for index, suspect in islice(misbehaving(case), _MOST_SUSPECTS):
            if swaps := _swaps_in(case, suspect):
                place = f"{suspect.file}:{suspect.symbol}"
                found.append(Target(strategy=self.name, place=place, suspect=index, samples=len(swaps)))
        return tuple(found)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Make swap number `sample`."""
        suspect = case.suspects[target.suspect or 0]
        swaps, raw = _swaps_in(case, suspect), case.tree.read(suspect.file)
        if raw is None or sample >= len(swaps):
            return NoCandidate("the suspect has no swap left", is_spent=True)
        swap = swaps[sample]
        edit = FileEdit(path=suspect.file, content=swapped(raw, swap))
        rationale = f"line {swap.line}: {swap.old} becomes {swap.new}"
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=rationale)


def swaps_of(function: FunctionNode, source: bytes) -> tuple[Swap, ...]:
    """List the swaps of a function, the likeliest kinds first, then in the order of the source."""
    lines = source.splitlines(keepends=True)
    found: list[Swap] = []
    for node in ast.walk(function):
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                old, others = _COMPARISONS[type(operator)]
                found += [s for n, new in enumerate(others) for s in _between(lines, left, right, old, new, rank=3 * n)]
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                old, others = _ARITHMETIC[type(operator)]
                found += [s for new in others for s in _between(lines, left, right, old, new, rank=2)]
            case ast.BoolOp(op=connective, values=[left, right]):
                old, other = _CONNECTIVES[type(connective)]
                found += _between(lines, left, right, old, other, rank=4)
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and node.lineno == node.end_lineno:
                news = [str(value + 1), str(value - 1), *([f"-{value}"] if value > 0 else [])]
                end = node.end_col_offset or node.col_offset
                found += [Swap(1, node.lineno, node.col_offset, end, str(value), new) for new in news]
    return tuple(sorted(found)[:_MOST_SWAPS])


def swapped(source: bytes, swap: Swap) -> bytes:
    """Make the swap in the file's bytes."""
    lines = source.splitlines(keepends=True)
    line = lines[swap.line - 1]
    lines[swap.line - 1] = line[: swap.first_column] + swap.new.encode() + line[swap.last_column :]
    return b"".join(lines)


def _between(lines: list[bytes], left: ast.expr, right: ast.expr, old: str, new: str, *, rank: int) -> Iterator[Swap]:
    """Find the operator between two operands on one line."""
    if left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    gap = lines[right.lineno - 1][left.end_col_offset : right.col_offset]
    # Parentheses and blanks may stand around it, a second operator can't.
    at = gap.find(old.encode())
    if at >= 0:
        first = left.end_col_offset + at
        yield Swap(rank, right.lineno, first, first + len(old.encode()), old, new)


def _swaps_in(case: RepairCase, suspect: Suspect) -> tuple[Swap, ...]:
    raw = case.tree.read(suspect.file)
    if raw is None or suspect.symbol is None or not suspect.file.endswith(".py"):
        return ()
    node = function_at(raw, name=suspect.symbol.rpartition(".")[2], first_line=suspect.first_line)
    return swaps_of(node, raw) if node is not None else ()
