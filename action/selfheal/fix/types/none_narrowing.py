"""A value that may be None where None can't be used: mend the annotation that says so, or make it sure before.

At such a place None raises AttributeError or TypeError today. Only an annotation that is taken back leaves the
program as it is; every guard is for a person to look at.
"""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend, before_statement, replacing, stands_alone
from selfheal.fix.types.none_annotation import bare_annotation, without_none
from selfheal.fix.types.none_values import values_that_may_be_none
from selfheal.fix.types.optional_default import defaults
from selfheal.fix.types.plain_decorator import half_filled
from selfheal.fix.types.project import called_name
from selfheal.fix.types.source import Function

_UNPACKED = (
    r"Argument after \*\*? must be .* not \".*None",
    r"Argument expression after \*\*? must be",
    r"List or tuple expected as variadic arguments",
)
_CAUTION_ELSEWHERE = "None is met here as elsewhere in the file, where it went on before"
_EMPTY = {"list": "[]", "sequence": "[]", "iterable": "[]", "dict": "{}", "mapping": "{}", "set": "set()"}
_CAUTION_EMPTY = "where the value is None the call failed before"
_CAUTION = "where the value is None another error is raised than before"


def make_sure(finding: Finding) -> Iterator[Mend]:
    """Take None out of the annotation, index instead of asking, or guard before the statement."""
    for value in dict.fromkeys(values_that_may_be_none(finding)):
        yield from _made_sure(finding, value)


def give_empty(finding: Finding) -> Iterator[Mend]:
    """Pass nothing on where what is unpacked into a call may be None: `**(options or {})`."""
    source = finding.source
    if finding.search(*_UNPACKED) is None:
        return
    for call in finding.nodes(ast.Call):
        mappings = [(one.value, "{}") for one in call.keywords if one.arg is None]
        rows = [(one.value, "()") for one in call.args if isinstance(one, ast.Starred)]
        for value, empty in mappings if "**" in finding.message else rows:
            if isinstance(value, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
                text = f"({source.segment(value)} or {empty})"
                rationale = f"{source.segment(value)} may be None: nothing is passed on then"
                yield Mend((replacing(source, value, text),), rationale, caution=_CAUTION_EMPTY)


def _made_sure(finding: Finding, value: ast.expr) -> Iterator[Mend]:
    source = finding.source
    text = source.segment(value)
    function = source.function(value)
    if isinstance(value, ast.Name) and function is not None:
        yield from without_none(finding, function, value)
    match value:
        case ast.Call(func=ast.Attribute(value=holder, attr="get"), args=[key], keywords=[]):
            new = f"{source.segment(holder)}[{source.segment(key)}]"
            yield Mend((replacing(source, value, new),), f"the key must be there: {new}", caution=_CAUTION)
        case ast.Name() | ast.Attribute() if _is_path(value):
            yield from _guards(finding, value, text, function)
        case ast.Call() | ast.Subscript():
            yield from _extracted(finding, value, text, function)
        case _:
            return


def _guards(finding: Finding, value: ast.expr, text: str, function: Function | None) -> Iterator[Mend]:
    statement = _guarded_statement(finding, value)
    if statement is None:
        return
    if function is not None and isinstance(value, ast.Name):
        yield from _half_filled(finding, value, function, statement)
    ways = (
        *_as_elsewhere(finding, text, function),
        *_empty(finding, value, function),
        *_ways(text, text, function),
        *_none_out(finding, value),
    )
    for lines, caution in ways:
        splice = before_statement(finding.source, statement, _indented(lines, finding))
        yield Mend((splice,), f"{text} may be None here: {lines[0]}", caution=caution)


def _half_filled(finding: Finding, value: ast.Name, function: Function, statement: ast.stmt) -> Iterator[Mend]:
    """Answer with the decorator itself where it was called without a function."""
    source = finding.source
    for lines, caution in half_filled(function, value.id, indent=len(source.indent(statement))):
        is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        splice = before_statement(source, statement, (*_indented(lines, finding), *[""] * is_definition))
        rationale = f"{function.name} may stand with parentheses or without: {value.id} is None then"
        yield Mend((splice,), rationale, imports=(Import(source.path, "functools", "partial"),), caution=caution)


def _as_elsewhere(finding: Finding, text: str, function: Function | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """Guard as another function of the file does: the same question, with what it does about None."""
    source = finding.source
    notes = source.segment(function.returns) if function is not None and function.returns is not None else ""
    for node in ast.walk(source.tree):
        match node:
            case ast.If(
                test=ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]), orelse=[]
            ) if source.segment(left) == text and len(node.body) == 1:
                action = node.body[0]
                other = source.function(node)
                back = source.segment(other.returns) if other is not None and other.returns is not None else ""
                is_fit = isinstance(action, ast.Raise) or (isinstance(action, ast.Return) and back == notes)
                is_own = isinstance(action, ast.Assign) and source.segment(action.targets[0]) == text
                if other is not function and (is_fit or is_own) and action.lineno == action.end_lineno:
                    yield (f"if {text} is None:", f"    {source.segment(action)}"), _CAUTION_ELSEWHERE
                    return
            case _:
                continue


def _empty(finding: Finding, value: ast.expr, function: Function | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """Begin with an empty container where None is a parameter's default: so it is mostly meant."""
    for argument, default in defaults(function) if function is not None else ():
        is_none = isinstance(default, ast.Constant) and default.value is None
        if is_none and isinstance(value, ast.Name) and argument.arg == value.id and argument.annotation is not None:
            bare = bare_annotation(finding, argument.annotation) or ""
            empty = _EMPTY.get(bare.partition("[")[0].rpartition(".")[2].lower())
            if empty is not None:
                yield (f"if {value.id} is None:", f"    {value.id} = {empty}"), _CAUTION_EMPTY


def _none_out(finding: Finding, value: ast.expr) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return None in the place of what would be made of None, where that is one of several values returned."""
    statement = finding.source.statement(value)
    rows = statement.value if isinstance(statement, ast.Return) else None
    if isinstance(rows, ast.Tuple):
        texts = ["None" if value in set(ast.walk(one)) else finding.source.segment(one) for one in rows.elts]
        if not any("\n" in text for text in texts):
            guard = (f"if {finding.source.segment(value)} is None:", f"    return {', '.join(texts)}")
            yield guard, "where the value is None the function now returns early"


def _extracted(finding: Finding, value: ast.expr, text: str, function: Function | None) -> Iterator[Mend]:
    """Give the value a name first, so that it can be looked at."""
    source = finding.source
    statement = _guarded_statement(finding, value)
    if statement is None or "\n" in text:
        return
    taken = {node.id for node in ast.walk(function or source.tree) if isinstance(node, ast.Name)}
    name = next((one for one in ("found", "value", "result", "found_value") if one not in taken), None)
    if name is None:
        return
    for lines, caution in _ways(name, _label(value), function):
        first = before_statement(source, statement, [f"{name} = {text}", *_indented(lines, finding)])
        yield Mend(
            (first, replacing(source, value, name)), f"{text} may be None: look before using it", caution=caution
        )


def _ways(name: str, label: str, function: Function | None) -> Iterator[tuple[tuple[str, ...], str]]:
    if function is not None and _may_return_none(function):
        back = "return None" if _returns_value(function) else "return"
        yield (f"if {name} is None:", f"    {back}"), "where the value is None the function now returns early"
    yield (f"if {name} is None:", f'    raise ValueError("{label} is None")'), _CAUTION
    if function is not None and isinstance(function.returns, ast.Name) and function.returns.id == "bool":
        yield (f"if {name} is None:", "    return False"), "where the value is None the answer is no"
    yield (f"assert {name} is not None",), _CAUTION


def _label(value: ast.expr) -> str:
    """Say what a value is, short enough for an error's text."""
    if isinstance(value, ast.Call) and (name := called_name(value)) is not None:
        return f"the result of {name}()"
    return "the value"


def _indented(lines: tuple[str, ...], finding: Finding) -> tuple[str, ...]:
    is_tabs = "\n\t" in finding.source.text
    return tuple(line.replace("    ", "\t") if is_tabs else line for line in lines)


def _may_return_none(function: Function) -> bool:
    note = function.returns
    if note is None or any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
        return False
    return any(isinstance(node, ast.Constant) and node.value is None for node in ast.walk(note)) or any(
        isinstance(node, ast.Name) and node.id == "Optional" for node in ast.walk(note)
    )


def _returns_value(function: Function) -> bool:
    return not (isinstance(function.returns, ast.Constant) and function.returns.value is None)


def _guarded_statement(finding: Finding, value: ast.expr) -> ast.stmt | None:
    """Give the statement before which a guard can stand; None where the value is bound only inside of it."""
    source = finding.source
    for one in source.ancestors(value):
        if isinstance(
            one, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.BoolOp | ast.IfExp
        ):
            return None
        if isinstance(one, ast.While):
            return None
        if isinstance(one, ast.stmt):
            return one if stands_alone(source, one) else None
    return None


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
