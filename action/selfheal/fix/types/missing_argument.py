"""A call that lacks an argument: a variable of that name, or what the other calls of the function pass there."""

import ast
import re
from collections.abc import Iterator

from selfheal.fix.types.asked_kind import QUESTIONS, kinds_that_fit
from selfheal.fix.types.existing import class_members, visible_names
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.project import called_name
from selfheal.fix.types.source import Function, Source, own_nodes
from selfheal.fix.types.usage import idle_names

_MISSING = (
    r'Missing (?:positional|named) arguments? (?P<names>"\w+"(?:, "\w+")*) in call to "(?P<called>\w+)"',
    r'Missing named argument (?P<names>"\w+") for "(?P<called>\w+)"',
    r"Arguments? missing for parameters? (?P<names>\"\w+\"(?:, \"\w+\")*)",
    r'Too few arguments(?: for "(?P<called>\w+)")?',
    r"Expected \d+ more positional argument",
    r'No overload variant of "(?P<called>\w+)"(?: of "\w+")? matches argument types?',
    r'No overloads for "(?P<called>\w+)" match the provided arguments',
)
_CAUTION = "the call failed before; whether this value was meant is a guess"
_ALWAYS = 0.6
"""The share of the other calls in which two arguments are the same, from which that is taken for a habit."""
_MOST = 4


def pass_missing(finding: Finding) -> Iterator[Mend]:
    """Pass the variable that is called like the missing parameter, else what other calls pass."""
    found = finding.search(*_MISSING)
    if found is None:
        return
    groups = found.groupdict()
    names = re.findall(r"\w+", groups.get("names") or "")
    if len(names) > 1:
        return
    for call in _calls(finding, groups.get("called")):
        name, index = _parameter(finding, call, names[0] if names else None)
        if index is not None and index < len(call.args):
            continue
        for text, why in dict.fromkeys(_values(finding, call, name, index)):
            yield _mend(finding, call, text, name if index != len(call.args) or call.keywords else None, why)


def _calls(finding: Finding, called: str | None) -> Iterator[ast.Call]:
    """Give the calls on the line that the finding may be about; a function may have been imported as another name."""
    calls = finding.nodes_there(ast.Call) or finding.nodes(ast.Call)
    if called is None:
        yield from calls[:1]
        return
    own = {called} | {
        alias.asname
        for node in ast.walk(finding.source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name.rpartition(".")[2] == called
    }
    yield from (call for call in calls if called_name(call) in own)


def _parameter(finding: Finding, call: ast.Call, name: str | None) -> tuple[str | None, int | None]:
    """Tell the missing parameter's name and place, as far as the finding and the function's head do."""
    lists = [_positional(source, function) for source, function in _functions(finding, called_name(call))]
    if name is None:
        index = len(call.args)
        known = {names[index] for names in lists if index < len(names)}
        return (known.pop() if len(known) == 1 else None), index
    places = {names.index(name) for names in lists if name in names}
    return name, places.pop() if len(places) == 1 else None


def _functions(finding: Finding, called: str | None) -> Iterator[tuple[Source, Function]]:
    real = _real_name(finding, called) if called is not None else None
    if real is None:
        return
    yield from finding.project.functions(real)
    for where, holder in finding.project.classes(real):
        yield from ((where, one) for one in holder.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")


def _real_name(finding: Finding, called: str) -> str:
    for node in ast.walk(finding.source.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.asname == called:
                    return alias.name
    return called


def _positional(source: Source, function: Function) -> list[str]:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    is_static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)
    return names[1:] if isinstance(source.parent(function), ast.ClassDef) and not is_static else names


def _values(finding: Finding, call: ast.Call, name: str | None, index: int | None) -> Iterator[tuple[str, str]]:
    source, called = finding.source, called_name(call)
    visible = visible_names(source, call)
    own = [source.segment(one) for one in call.args]
    calls = finding.project.calls(called) if called is not None else ()
    others = [(where, other) for where, other in calls if (where, other) != (source, call)]
    if called in QUESTIONS:
        yield from kinds_that_fit(finding, call)
    given = [(where, other, value) for where, other in others if (value := _given(other, name, index)) is not None]
    for place, text in enumerate(own):
        same = [
            one
            for where, one, value in given
            if place < len(one.args) and where.segment(one.args[place]) == where.segment(value)
        ]
        if len(given) > 1 and len(same) >= _ALWAYS * len(given) and place != index:
            yield text, f"{called}() gets the same value twice, as in the other calls"
    if name is not None and name in visible:
        yield name, f"{called}() needs {name}, which is known here"
    holder = source.enclosing_class(call)
    if name is not None and holder is not None and name in class_members(finding.project, holder.name):
        yield f"self.{name}", f"{called}() needs {name}, which the object has"
    for text in idle_names(finding, call):
        yield text, f"{text} is there and used nowhere"
    for text in _targets(source, call):
        yield text, f"{called}() makes a new {text} of the old one"
    seen: dict[str, tuple[int, bool, int]] = {}
    for where, other, value in given:
        text = where.segment(value)
        used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        if "\n" not in text and used <= visible and (where is source or not used):
            alike = sum(mine == where.segment(one) for mine, one in zip(own, other.args, strict=False))
            is_near = where is source and source.function(other) is source.function(call)
            before = seen.get(text, (0, False, 0))
            seen[text] = (max(before[0], alike), before[1] or is_near, before[2] + 1)
    for text in sorted(seen, key=seen.__getitem__, reverse=True)[:_MOST]:
        yield text, f"{called}() gets {text[:60]}, as in other calls"


def _targets(source: Source, call: ast.Call) -> Iterator[str]:
    """Give the names that the call's statement assigns, where they have had a value before."""
    statement = source.statement(call)
    for target in statement.targets if isinstance(statement, ast.Assign) else ():
        if isinstance(target, ast.Name) and any(
            isinstance(one, ast.Name) and one.id == target.id and one.lineno < target.lineno
            for one in own_nodes(source.scope(call))
        ):
            yield target.id


def _given(call: ast.Call, name: str | None, index: int | None) -> ast.expr | None:
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    if index is not None and index < len(call.args):
        return call.args[index]
    return next((one.value for one in call.keywords if name is not None and one.arg == name), None)


def _mend(finding: Finding, call: ast.Call, text: str, name: str | None, why: str) -> Mend:
    source = finding.source
    end = source.span(call)[1] - 1
    before = source.text[source.span(call.func)[1] + 1 : end].rstrip()
    comma = "" if not before else " " if before.endswith(",") else ", "
    value = f"{name}={text}" if name is not None else text
    return Mend((Splice(source.path, end, end, f"{comma}{value}"),), why, caution=_CAUTION)
