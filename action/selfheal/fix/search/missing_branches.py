"""Find a missing branch in two steps: what has to happen, whatever the condition; then when.

A branch that is not there can't be swapped. But where an unconditional `return x` at some place makes the failing tests
pass, only its condition is left to be found, and that the passing tests tell. Source of the idea: Long and Rinard,
"Staged Program Repair with Condition Synthesis" (2015).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeGuard

from selfheal.fix.search.conditions import operand_of
from selfheal.fix.search.site import Site, everything_in, is_bare_value

RERAISE = "raise"
_STEP = "    "
_RESULTS = ("[]", "0", "None", "True", "False", "''", "{}", "1", "()", "-1")
_CYCLES = ("2", "7", "10", "12", "24", "60", "100", "1000")
"""What is often counted round."""
_MOST_NAMES = 7
_MOST_OUTER = 3
_MOST_ACTIONS = 60
_MOST_VALUES = 10
_MOST_FIELDS = 6
_MOST_ASKED = 4
_MOST_COLLECTIONS = 4
_FIELD = re.compile(r"\bself\.(\w+)")


class Kind(Enum):
    """What a branch is to the code that is there."""

    ACTION = "something more happens"
    SKIP = "a statement happens under a condition only"
    TRUE = "a condition is another one"
    FALSE = "a condition is the opposite of another one"
    OR = "a condition holds in another case, too"
    AND = "a condition holds in one case less"
    VALUE = "a value is another one under a condition"


@dataclass(frozen=True, slots=True)
class Branch:
    """An action in front of a statement, the statement itself under a condition, or a condition in another's place.

    `first` and `last` are characters, `indent` the blanks in front, `action` what happens or happened.
    """

    first: int
    last: int
    indent: str
    line: int
    action: str
    kind: Kind = Kind.ACTION
    old: str = ""
    """The value that stays where the condition does not hold, or the condition beside which it stands."""

    @property
    def unconditional(self) -> str:
        """The text for the first step."""
        match self.kind:
            case Kind.ACTION:
                return self.under("True")
            case Kind.SKIP:
                return f"{self.indent}pass\n"
            case Kind.TRUE | Kind.OR:
                return "True"
            case Kind.FALSE | Kind.AND:
                return "False"
            case Kind.VALUE:
                return self.action

    def under(self, condition: str) -> str:
        """The text to put in."""
        match self.kind:
            case Kind.ACTION | Kind.SKIP:
                return f"{self.indent}if {condition}:\n{self.indent}{_STEP}{self.action}\n"
            case Kind.TRUE:
                return condition
            case Kind.FALSE:
                return f"not {condition}" if condition.isidentifier() else f"not ({condition})"
            case Kind.OR:
                return f"{self.old} or {condition}"
            case Kind.AND:
                return f"{self.old} and {condition}"
            case Kind.VALUE:
                return f"{self.action} if {condition} else {self.old}"


@dataclass(frozen=True, slots=True)
class _Block:
    """Statements that stand below each other, and what they are in."""

    statements: list[ast.stmt]
    is_loop: bool
    is_handler: bool


def branches_of(site: Site) -> Iterator[Branch]:
    """Every condition that may be another one, and every action in front of every statement that starts a line."""
    yield from _other_conditions(site)
    yield from _other_values(site)
    for block in _blocks(site):
        for statement in block.statements:
            start = site.line_span(statement.lineno, statement.lineno)[0]
            if site.text[start : site.position(statement.lineno, statement.col_offset)].strip():
                continue
            if is_bare_value(statement):
                continue
            indent = site.indent_of(statement.lineno)
            for action in _actions(site, block):
                yield Branch(start, start, indent, statement.lineno, action)
            if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.Return) and _is_line(statement):
                _, end = site.line_span(statement.lineno, statement.lineno)
                yield Branch(start, end, indent, statement.lineno, site.source(statement), Kind.SKIP)


def _other_values(site: Site) -> Iterator[Branch]:
    for node in site.nodes:
        if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
            first, last = site.span(node.value)
            own = site.source(node.value)
            for other in [*site.names, *_RESULTS][:_MOST_VALUES]:
                if other != own and "\n" not in own:
                    yield Branch(first, last, "", node.lineno, other, Kind.VALUE, own)


def _other_conditions(site: Site) -> Iterator[Branch]:
    for node in site.nodes:
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            tests = [node.test]
        elif isinstance(node, ast.comprehension):
            tests = list(node.ifs)
        else:
            continue
        for test in tests:
            parts = [test, *(test.values if isinstance(test, ast.BoolOp) else ())]
            for part in parts:
                first, last = site.span(part)
                for kind in (Kind.TRUE, Kind.FALSE):
                    yield Branch(first, last, "", part.lineno, site.source(part), kind)
            first, last = site.span(test)
            for kind, word in ((Kind.OR, ast.Or), (Kind.AND, ast.And)):
                yield Branch(first, last, "", test.lineno, site.source(test), kind, operand_of(site, test, word))


def conditions_of(site: Site) -> tuple[str, ...]:
    """Conditions over what is in scope, the likeliest first."""
    names = [*site.names[:_MOST_NAMES], *site.outer_names[:_MOST_OUTER]]
    fields = [f"self.{name}" for name in _fields(site)][:4]
    found: list[str] = []
    for form in ("not {}", "{} is None", "{} < 0", "{} == 0", "{} <= 0", "{} == ''", "{} == 1", "len({}) == 1", "{}"):
        found += [form.format(name) for name in (*names, *fields)]
    held = _collections(site)
    # What holds a word of which the failure speaks comes first of all.
    found = [*_memberships(site, [one for one, speaks in held if speaks]), *found]
    found += _memberships(site, [one for one, speaks in held if not speaks][:_MOST_COLLECTIONS])
    pairs = [(a, b) for a in (*names, *fields) for b in (*names, *fields) if a != b]
    for form in ("{} in {}", "{} == {}", "{} > {}", "{} >= {}", "{} not in {}", "len({}) < {}", "len({}) <= {}"):
        found += [form.format(a, b) for a, b in pairs]
    for form in (
        "isinstance({}, str)",
        "isinstance({}, int)",
        "isinstance({}, (int, slice))",
        "isinstance({}, list)",
        "isinstance({}, (list, tuple))",
        "isinstance({}, dict)",
    ):
        found += [form.format(name) for name in names]
    numbers = list(dict.fromkeys(_numbers(site)))[:6]
    for form in ("{} == {}", "{} % {} == 0", "{} > {}", "{} < {}"):
        found += [form.format(name, number) for name in names for number in numbers]
    found += [f"{name} % {number} == 0" for name in site.parameters[:4] for number in _CYCLES]
    # The test's own numbers come last: what asks for them mends the test's case and no other.
    for form in ("{} > {}", "{} < {}", "{} == {}"):
        found += [form.format(name, number) for name in names for number in site.hints.numbers[:4]]
    return tuple(dict.fromkeys(found))


def _actions(site: Site, block: _Block) -> list[str]:
    """What a missing branch may do, the likeliest first. Where the test waits for an exception it is that."""
    if site.hints.exceptions:
        return [*[RERAISE] * block.is_handler, *(f"raise {name}" for name in site.hints.exceptions)]
    returned = [
        site.source(node.value) for node in ast.walk(site.function) if isinstance(node, ast.Return) and node.value
    ]
    returned += [text for one in returned for text in _of_other_fields(site, one)]
    found = [
        f"return {text}" for text in (*site.parameters, *_RESULTS, *returned) if "\n" not in text and len(text) < 60
    ]
    found += [f"return [{name}]" for name in site.parameters[:2]]
    values = dict.fromkeys(("[]", "{}", "0", "1", "''", *_numbers(site)))
    found += [f"{name} = {value}" for name in site.names[:_MOST_NAMES] for value in (f"-{name}", *list(values)[:8])]
    if block.is_loop:
        found = ["continue", "break", *found]
    if block.is_handler:
        found = [RERAISE, *found]
    return list(dict.fromkeys(found))[: _MOST_ACTIONS + 10 * block.is_loop]


def _of_other_fields(site: Site, text: str) -> list[str]:
    """The same of another of the object's fields: `self.fixed[key]` for `self.named[key]`."""
    held = [one for one in _FIELD.findall(text) if one in site.attributes]
    stored = {one.attr for one in everything_in(site.owner) if _is_stored(one)} if held and site.owner else ()
    others = [one for one in site.attributes if one in stored and one not in held][:_MOST_FIELDS]
    return [re.sub(rf"\bself\.{mine}\b", f"self.{other}", text) for mine in held[:1] for other in others]


def _is_stored(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


def _blocks(site: Site) -> Iterator[_Block]:
    pending: list[tuple[ast.AST, bool, bool]] = [(site.function, False, False)]
    while pending:
        node, is_loop, is_handler = pending.pop(0)
        is_loop = is_loop or isinstance(node, ast.For | ast.While)
        is_handler = is_handler or isinstance(node, ast.ExceptHandler)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield _Block(block, is_loop, is_handler)
                inner = [one for one in block if not isinstance(one, ast.FunctionDef | ast.ClassDef)]
                pending += [(one, is_loop, is_handler) for one in inner]
        pending += [(one, is_loop, is_handler) for one in getattr(node, "handlers", ())]


def _numbers(site: Site) -> list[str]:
    return [
        repr(node.value)
        for node in site.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]


def _is_line(statement: ast.stmt) -> bool:
    return statement.lineno == statement.end_lineno


def _memberships(site: Site, collections: list[str]) -> list[str]:
    asked = [(name, held) for name in site.parameters[:_MOST_ASKED] for held in collections]
    return [form.format(*one) for form in ("{} in {}", "{}.lower() in {}") for one in asked]


def _collections(site: Site) -> list[tuple[str, bool]]:
    """Names of what the module holds in a display of many, and whether the failure speaks of a word that it shows.

    A list of exceptions is asked about by conditions.
    """
    found: dict[str, bool] = {}
    for node in site.module.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
        if isinstance(value, ast.List | ast.Set | ast.Tuple | ast.Dict):
            words = {one.value for one in ast.walk(value) if isinstance(one, ast.Constant)}
            names = (one.id for one in targets if isinstance(one, ast.Name) and one.id != "__all__")
            found |= dict.fromkeys(names, not words.isdisjoint(site.hints.names))
    return list(found.items())


def _fields(site: Site) -> list[str]:
    return [
        node.attr
        for node in ast.walk(site.function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    ]
