"""What is there for nothing, or was meant to be called: casts, dead code, functions as conditions."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend, Splice, replacing
from selfheal.fix.types.project import called_name

_FUNCTION = r'Function "(?:[\w.]+\.)?(?P<name>\w+)" could always be true'


def drop_cast(finding: Finding) -> Iterator[Mend]:
    """Leave the value of a cast that changes nothing."""
    for call in finding.nodes(ast.Call):
        if called_name(call) == "cast" and len(call.args) == 2:
            text = finding.source.segment(call.args[1])
            is_open = isinstance(
                call.args[1], ast.BinOp | ast.BoolOp | ast.IfExp | ast.Compare | ast.Lambda | ast.Await
            )
            yield Mend(
                (replacing(finding.source, call, f"({text})" if is_open else text),),
                "the value has the type that it is cast to",
            )


def call_condition(finding: Finding) -> Iterator[Mend]:
    """Call the function that stands as a condition."""
    found = finding.search(_FUNCTION)
    source = finding.source
    nodes: tuple[ast.Name | ast.Attribute, ...] = (*finding.nodes(ast.Name), *finding.nodes(ast.Attribute))
    for node in nodes:
        name = node.id if isinstance(node, ast.Name) else node.attr
        is_called = isinstance(parent := source.parent(node), ast.Call) and parent.func is node
        is_inner = isinstance(parent, ast.Attribute)
        is_named = found["name"] == name if found else any(finding.project.functions(name))
        if is_named and not is_called and not is_inner and isinstance(node.ctx, ast.Load):
            end = source.span(node)[1]
            splice = Splice(source.path, end, end, "()")
            yield Mend((splice,), f"{name} is always true, its result was meant", caution="the function is called now")


def drop_result(finding: Finding) -> Iterator[Mend]:
    """Don't take the result of what gives none: `rows = rows.sort()` loses the rows."""
    source = finding.source
    for statement in finding.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                start, end = source.span(statement)[0], source.span(call)[0]
                splice = Splice(source.path, start, end, "")
                is_same = isinstance(call.func, ast.Attribute) and source.segment(call.func.value) == name
                caution = f"{name} keeps its value, it was None before" if is_same else f"{name} is no longer assigned"
                if finding.message.startswith('"') or _works_in_place(call):
                    yield Mend((splice,), f"{called_name(call)}() gives nothing back", caution=caution)
            case ast.Return(value=ast.Call() as call) if source.line(statement.lineno).strip().startswith("return"):
                function = source.function(statement)
                if function is not None and function.body[-1] is statement:
                    start = source.span(statement)[0]
                    splice = Splice(source.path, start, source.span(call)[0], "")
                    yield Mend((splice,), f"{called_name(call)}() gives nothing back, nor does the function")
            case _:
                continue


def exit_returns_nothing(finding: Finding) -> Iterator[Mend]:
    """Say that `__exit__` never swallows an exception."""
    source = finding.source
    function = source.innermost_function(finding.line)
    if function is not None and function.returns is not None:
        values = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
        imports = (Import(source.path, "typing", "Literal"),) if values else ()
        text = "Literal[False]" if values else "None"
        splice = replacing(source, function.returns, text)
        yield Mend((splice,), "it never swallows an exception: its type says so", imports=imports)


def drop_unreachable(finding: Finding) -> Iterator[Mend]:
    """Remove what stands behind a return, a raise, a break or a continue in the same block."""
    source = finding.source
    for statement in finding.statements():
        parent = source.parent(statement)
        for block in (getattr(parent, field, None) for field in ("body", "orelse", "finalbody")):
            if not isinstance(block, list) or statement not in block:
                continue
            index = block.index(statement)
            if index and isinstance(block[index - 1], ast.Return | ast.Raise | ast.Break | ast.Continue):
                last = block[-1]
                end = source.start_of((last.end_lineno or last.lineno) + 1)
                splice = Splice(source.path, source.start_of(statement.lineno), end, "")
                yield Mend((splice,), f"nothing behind line {block[index - 1].lineno} is ever run")


def _works_in_place(call: ast.Call) -> bool:
    """Tell whether it is one of the built-in containers' methods that change them and give None."""
    return called_name(call) in ("sort", "append", "extend", "update", "reverse", "clear", "insert", "remove", "add")
