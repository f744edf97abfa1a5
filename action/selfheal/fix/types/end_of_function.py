"""What a function that comes to its end without a value may have been meant to return: guesses, the likeliest first."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.existing import scope_names
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.source import Function, Scope, Source, own_nodes

_OPPOSITE = {True: "False", False: "True"}
_MOST_RIVALS = 6


def likely_values(finding: Finding, function: Function) -> Iterator[tuple[str, str]]:
    """Give each value as it would be written, with why."""
    source = finding.source
    if function.returns is None:
        return
    wanted = source.segment(function.returns).strip("\"'")
    values = [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]
    truths = {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, bool)}
    if len(truths) == 1 and len(truths) == len({source.segment(one) for one in values}) and "bool" in wanted:
        yield _OPPOSITE[truths.pop()], "the other answer is given before"
    yield from _own_object(finding, function, wanted)
    for name in _assigned_last(function):
        yield name, f"{function.name}() makes {name}"
    yield from _as_elsewhere(finding, function)
    for value in values:
        if (shorter := _with_less(finding, value)) is not None:
            yield shorter, f"as it returns before, without what {shorter.partition('(')[0]}() can do without"
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if argument.annotation is not None and source.segment(argument.annotation).strip("\"'") == wanted:
            yield argument.arg, f"{argument.arg} is of the type that {function.name}() returns"
    if wanted == "bool" and not values:
        yield "False", "nothing was found"
        yield "True", "nothing speaks against it"


def _own_object(finding: Finding, function: Function, wanted: str) -> Iterator[tuple[str, str]]:
    holder = finding.source.parent(function)
    if not isinstance(holder, ast.ClassDef) or not function.args.args or function.args.args[0].arg != "self":
        return
    if wanted.rpartition(".")[2] in (holder.name, "Self"):
        yield "self", f"{function.name}() returns its object"


def _assigned_last(function: Function) -> list[str]:
    """Name what is assigned in the function, the last first: what its top level makes before what is in blocks."""
    names: list[str] = []
    top = set(function.body)
    nodes = [node for node in own_nodes(function) if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)]
    for node in sorted(nodes, key=lambda one: (one in top, one.lineno), reverse=True):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names += [one.id for one in targets if isinstance(one, ast.Name)]
    return list(dict.fromkeys(names))[:2]


def _as_elsewhere(finding: Finding, function: Function) -> Iterator[tuple[str, str]]:
    """Give what functions of the same name return at their end, where all that it names is known here too."""
    source = finding.source
    known = _known(source, function)
    rivals = [(where, one) for where, one in finding.project.functions(function.name) if where is source]
    for where, rival in rivals[:_MOST_RIVALS]:
        last = rival.body[-1]
        if rival is function or not isinstance(last, ast.Return) or last.value is None:
            continue
        text = where.segment(last.value)
        if "\n" not in text and {one.id for one in ast.walk(last.value) if isinstance(one, ast.Name)} <= known:
            yield text, f"as another {function.name}() does"


def _known(source: Source, function: Function) -> frozenset[str]:
    scope: Scope = function
    names = set(scope_names(scope)) | set(scope_names(source.tree))
    return frozenset(names | {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)})


def _with_less(finding: Finding, value: ast.expr) -> str | None:
    """Write a call that is returned before without its last argument, where the function called has a default."""
    match value:
        case ast.Call(func=ast.Name(id=name), args=[*kept, _], keywords=[]) if kept:
            heads = [one for _, one in finding.project.functions(name)]
            if len(heads) == 1 and len(heads[0].args.args) - len(heads[0].args.defaults) <= len(kept):
                return f"{name}({', '.join(map(finding.source.segment, kept))})"
        case _:
            return None
    return None
