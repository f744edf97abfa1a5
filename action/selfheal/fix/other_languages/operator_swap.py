"""Swap one operator, constant or method of the suspect for its nearest relatives, in any language with a grammar.

No model: the command decides. The kinds are ranked by how often real fixes look like that. Each candidate is a cold run
of the command, so that none is left for rivals: a person should look at what passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.other_languages.suspect_source import SuspectSource, runs, source_of, suspect_sources
from selfheal.grammar import parsed
from selfheal.grammar.parsed_source import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_SWAPS = 30
_MOST_SUSPECTS = 3
_COMPARISONS = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
    "===": ("!==",),
    "!==": ("===",),
}
_ARITHMETIC = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/", "+"),
    "/": ("*", "%"),
    "%": ("/",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "+=": ("-=", "="),
    "-=": ("+=", "="),
    "*=": ("=", "/="),
    "++": ("--",),
    "--": ("++",),
}
_CONNECTIVES = {"&&": ("||",), "||": ("&&", "??"), "??": ("||",)}
_WORDS = {"true": ("false",), "false": ("true",), "break": ("continue",), "continue": ("break",)}
_SISTERS = {
    "min": "max",
    "max": "min",
    "Min": "Max",
    "Max": "Min",
    "push": "unshift",
    "unshift": "push",
    "pop": "shift",
    "shift": "pop",
    "floor": "ceil",
    "ceil": "floor",
    "Floor": "Ceil",
    "Ceil": "Floor",
    "indexOf": "lastIndexOf",
    "lastIndexOf": "indexOf",
    "startsWith": "endsWith",
    "endsWith": "startsWith",
    "starts_with": "ends_with",
    "ends_with": "starts_with",
    "HasPrefix": "HasSuffix",
    "HasSuffix": "HasPrefix",
    "some": "every",
    "every": "some",
    "any": "all",
    "all": "any",
    "anyMatch": "allMatch",
    "allMatch": "anyMatch",
    "toLowerCase": "toUpperCase",
    "toUpperCase": "toLowerCase",
    "push_back": "push_front",
    "push_front": "push_back",
    "back": "front",
    "front": "back",
    "first": "last",
    "last": "first",
    "trim_start": "trim_end",
    "trim_end": "trim_start",
}


@dataclass(frozen=True, slots=True, order=True)
class Swap:
    """One change. `rank` orders the kinds; `start` and `end` count bytes of the file."""

    rank: int
    start: int
    end: int
    old: str
    new: str


class OtherOperatorSwap:
    """The strategy, a swap a sample."""

    name = "other_operator_swap"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the first suspects, with as many samples as they have swaps; nothing where the code was not built."""
        if not runs(case):
            return ()
        found = []
        for index, source in islice(suspect_sources(case), _MOST_SUSPECTS):
            if swaps := swaps_of(source):
                place = f"{source.suspect.file}:{source.function.name}"
                found.append(Target(strategy=self.name, place=place, suspect=index, samples=len(swaps)))
        return tuple(found)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Make swap number `sample`; one that the grammar turns down is none."""
        suspect = case.suspects[target.suspect or 0]
        source = source_of(case, suspect)
        swaps = swaps_of(source) if source is not None else ()
        if source is None or sample >= len(swaps):
            return NoCandidate("the suspect has no swap left", is_spent=True)
        swap = swaps[sample]
        content = source.parsed.content
        changed = content[: swap.start] + swap.new.encode() + content[swap.end :]
        read = parsed(suspect.file, changed)
        if read is None or read.errors > source.parsed.errors:
            return NoCandidate(f"{swap.old} can't become {swap.new} there", is_spent=False)
        line = content[: swap.start].count(b"\n") + 1
        return CandidatePatch(
            strategy=self.name,
            edits=(FileEdit(path=suspect.file, content=changed),),
            rationale=f"line {line}: {swap.old} becomes {swap.new or 'nothing'}; another edit may pass the tests too",
            disposition=Disposition.NEEDS_HUMAN,
        )


def swaps_of(source: SuspectSource) -> tuple[Swap, ...]:
    """List the swaps of a function, the likeliest kinds first, then in the order of the text."""
    node = source.parsed.node(source.function)
    if node is None:
        return ()
    found: list[Swap] = []
    for inner in walk(node):
        found += _swaps_at(inner, source)
    return tuple(sorted(dict.fromkeys(found))[:_MOST_SWAPS])


def _swaps_at(node: "Node", source: SuspectSource) -> Iterator[Swap]:
    parent = node.parent.type if node.parent is not None else ""
    text = source.parsed.text(node) if not node.children else ""
    is_operation = any(word in parent for word in ("binary", "assignment", "update", "inc_statement", "dec_statement"))
    if is_operation and node.is_named is False:
        for rank, table in ((0, _COMPARISONS), (1, _CONNECTIVES), (2, _ARITHMETIC)):
            for place, new in enumerate(table.get(text, ())):
                yield Swap(rank + 3 * place, node.start_byte, node.end_byte, text, new)
    elif node.type in source.parsed.language.numbers and text.isdecimal():
        for number in (int(text) + 1, int(text) - 1):
            if number >= 0:
                yield Swap(1, node.start_byte, node.end_byte, text, str(number))
    elif text in _WORDS:
        for new in _WORDS[text]:
            yield Swap(4, node.start_byte, node.end_byte, text, new)
    elif text in _SISTERS and node.type.endswith("identifier"):
        yield Swap(3, node.start_byte, node.end_byte, text, _SISTERS[text])
    elif node.type in ("argument_list", "arguments") and len(node.named_children) == 2:
        one, other = node.named_children
        first, second = source.parsed.text(one), source.parsed.text(other)
        if first != second:
            between = source.parsed.content[one.end_byte : other.start_byte].decode(errors="replace")
            yield Swap(5, one.start_byte, other.end_byte, f"{first}, {second}", f"{second}{between}{first}")
    if text == "!" and node.parent is not None and "unary" in parent:
        yield Swap(4, node.start_byte, node.end_byte, text, "")
    elif text == "" and parent == "if_statement" and node.type == "parenthesized_expression":
        inside = source.parsed.text(node)
        yield Swap(6, node.start_byte, node.end_byte, inside, f"(!{inside})")
