"""Find a missing branch in two steps: what has to happen, whatever the condition; then when.

A branch that is not there can't be swapped. But where an unconditional `return x` at some place makes the failing tests
pass, only its condition is left to be found, and that the passing tests tell. Source of the idea: Long and Rinard,
"Staged Program Repair with Condition Synthesis" (2015).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.fix.search.site import Site

_STEP = "    "
_RESULTS = ("[]", "0", "None", "True", "False", "''", "{}", "1", "()", "-1")
_RAISED = re.compile(r"DID NOT RAISE.{0,20}?(?:<class ')?(?:[\w.]*\.)?(\w{3,60})")
_MOST_NAMES = 7
_MOST_ACTIONS = 60


@dataclass(frozen=True, slots=True)
class Branch:
    """An action in front of a statement, or the statement itself under a condition: characters, blanks, line."""

    first: int
    last: int
    indent: str
    line: int
    action: str
    is_skip: bool = False
    """True where the statement must go, and comes back where the condition holds."""

    @property
    def unconditional(self) -> str:
        """The text for the first step."""
        return f"{self.indent}pass\n" if self.is_skip else self.under("True")

    def under(self, condition: str) -> str:
        """The text to put in."""
        return f"{self.indent}if {condition}:\n{self.indent}{_STEP}{self.action}\n"


def branches_of(site: Site, message: str) -> Iterator[Branch]:
    """Every action in front of every statement that starts a line."""
    raised = _RAISED.search(message)
    for block, is_loop in _blocks(site):
        for statement in block:
            start = site.line_span(statement.lineno, statement.lineno)[0]
            if site.text[start : site.position(statement.lineno, statement.col_offset)].strip():
                continue
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            indent = site.indent_of(statement.lineno)
            for action in _actions(site, is_loop=is_loop, raised=raised.group(1) if raised else ""):
                yield Branch(start, start, indent, statement.lineno, action)
            if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.Return) and _is_line(statement):
                _, end = site.line_span(statement.lineno, statement.lineno)
                yield Branch(start, end, indent, statement.lineno, site.source(statement), is_skip=True)


def conditions_of(site: Site) -> tuple[str, ...]:
    """Conditions over what is in scope, the likeliest first."""
    names = [*site.names][:_MOST_NAMES]
    fields = [f"self.{name}" for name in _fields(site)][:4]
    found: list[str] = []
    for form in ("not {}", "{} is None", "{} < 0", "{} == 0", "{} <= 0", "{} == ''", "{} == 1", "len({}) == 1", "{}"):
        found += [form.format(name) for name in (*names, *fields)]
    pairs = [(a, b) for a in (*names, *fields) for b in (*names, *fields) if a != b]
    for form in ("{} in {}", "{} == {}", "{} > {}", "{} >= {}", "{} not in {}", "len({}) < {}", "len({}) <= {}"):
        found += [form.format(a, b) for a, b in pairs]
    for form in (
        "isinstance({}, str)",
        "isinstance({}, list)",
        "isinstance({}, (list, tuple))",
        "isinstance({}, dict)",
    ):
        found += [form.format(name) for name in names]
    numbers = dict.fromkeys((*_numbers(site), *site.hints.numbers[:4]))
    for form in ("{} == {}", "{} % {} == 0", "{} > {}", "{} < {}"):
        found += [form.format(name, number) for name in names for number in list(numbers)[:6]]
    return tuple(dict.fromkeys(found))


def _actions(site: Site, *, is_loop: bool, raised: str) -> list[str]:
    """What a missing branch may do, the likeliest first."""
    if raised:
        return [f"raise {raised}"]
    returned = [
        site.source(node.value) for node in ast.walk(site.function) if isinstance(node, ast.Return) and node.value
    ]
    found = [
        f"return {text}" for text in (*site.parameters, *_RESULTS, *returned) if "\n" not in text and len(text) < 60
    ]
    found += [f"return [{name}]" for name in site.parameters[:2]]
    values = dict.fromkeys(("[]", "{}", "0", "1", "''", *_numbers(site)))
    found += [f"{name} = {value}" for name in site.names[:_MOST_NAMES] for value in (f"-{name}", *list(values)[:8])]
    if is_loop:
        found = ["continue", "break", *found]
    return list(dict.fromkeys(found))[: _MOST_ACTIONS + 10 * is_loop]


def _blocks(site: Site) -> Iterator[tuple[list[ast.stmt], bool]]:
    pending: list[tuple[ast.AST, bool]] = [(site.function, False)]
    while pending:
        node, is_loop = pending.pop(0)
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                inside = is_loop or isinstance(node, ast.For | ast.While)
                yield block, inside
                pending += [(one, inside) for one in block if not isinstance(one, ast.FunctionDef | ast.ClassDef)]


def _numbers(site: Site) -> list[str]:
    return [
        repr(node.value)
        for node in site.nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]


def _is_line(statement: ast.stmt) -> bool:
    return statement.lineno == statement.end_lineno


def _fields(site: Site) -> list[str]:
    return [
        node.attr
        for node in ast.walk(site.function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    ]
