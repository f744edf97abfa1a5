"""A function without annotations: the checker tells what it returns and what it is called with."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from selfheal.fix.types.existing import class_members
from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Import, Mend, Splice
from selfheal.fix.types.optional_default import defaults
from selfheal.fix.types.project import Project
from selfheal.fix.types.rendering import annotation, quoted_ahead, union, without_any
from selfheal.fix.types.return_type import returned
from selfheal.fix.types.source import Function, Source, own_nodes
from selfheal.fix.types.usage import named_alike, passed_on

_RETURN = (
    r"missing a return type annotation",
    r"missing a type annotation$",
    r"[Rr]eturn type annotation is missing",
    r"Return type is unknown",
)
_PARAMETERS = (
    r"missing a type annotation",
    r"Type annotation is missing for parameter",
    r"Type of parameter .* is unknown",
)
_MAX_CALLS = 12
_OWN_CLASS = frozenset({"self.__class__", "type(self)", "cls"})
"""How a class calls itself."""
_DUNDER = {
    "__init__": "None", "__post_init__": "None", "__repr__": "str", "__str__": "str", "__len__": "int",
    "__bool__": "bool", "__contains__": "bool", "__eq__": "bool", "__ne__": "bool", "__lt__": "bool",
    "__le__": "bool", "__gt__": "bool", "__ge__": "bool", "__hash__": "int", "__int__": "int", "__float__": "float",
    "__bytes__": "bytes", "__format__": "str", "__delitem__": "None", "__setitem__": "None", "__setattr__": "None",
}  # fmt: skip
_DUNDER_PARAMETERS = {
    ("__eq__", 0): "object",
    ("__ne__", 0): "object",
    ("__contains__", 0): "object",
    ("__format__", 0): "str",
}


def questions_of_function(finding: Finding) -> Iterator[Question]:
    """Ask for what it returns, and for what the repository calls it with."""
    function = finding.source.function_at(finding.line) or finding.source.innermost_function(finding.line)
    if function is None:
        return
    yield from ((finding.source, value) for value in returned(function))
    yield from ((finding.source, value) for value in _yielded(function))
    names = {argument.arg for argument in _bare(finding.source, function)}
    if names:
        for source, call in list(_calls(finding.project, finding.source, function))[:_MAX_CALLS]:
            yield from ((source, value) for _, value in _bound(finding.source, function, call))


def annotate_function(finding: Finding) -> Iterator[Mend]:
    """Write the annotations that are missing. What is returned is often known only after the parameters are.

    Where the checker knows a part of a type only, that part is taken, or else that it is an object.
    """
    known = list(_annotated(finding))
    yield from known
    if not known:
        loose = {key: without_any(text) for key, text in finding.revealed.items()}
        yield from _annotated(replace(finding, revealed=loose))


def _annotated(finding: Finding) -> Iterator[Mend]:
    source = finding.source
    function = source.function_at(finding.line) or source.innermost_function(finding.line)
    if function is None:
        return
    splices: list[Splice] = []
    imports: list[Import] = []
    if finding.search(*_PARAMETERS):
        for argument in _bare(source, function):
            found = _of_parameter(finding, function, argument)
            if found is None:
                return
            end = source.span(argument)[1]
            spaced = _equals_sign(source, function, argument)
            note = quoted_ahead(found[0], source, function.lineno)
            splices.append(Splice(source.path, end, spaced[0], f": {note}{spaced[1]}"))
            imports += found[1]
    if finding.search(*_RETURN) and function.returns is None:
        found = _of_return(finding, function)
        at = _colon(source, function)
        if found is not None and at is not None:
            splices.append(Splice(source.path, at, at, f" -> {quoted_ahead(found[0], source, function.lineno)}"))
            imports += found[1]
    if splices:
        yield Mend(tuple(splices), f"annotate {function.name}() by what it gets and gives", imports=tuple(imports))


def _of_return(finding: Finding, function: Function) -> tuple[str, tuple[Import, ...]] | None:
    source, project = finding.source, finding.project
    if function.name in _DUNDER:
        return _DUNDER[function.name], ()
    if (inherited := _inherited(finding, function)) is not None and inherited.returns is not None:
        return ast.unparse(inherited.returns), ()
    values = list(returned(function))
    given = list(_yielded(function))
    if any(isinstance(node, ast.YieldFrom) for node in own_nodes(function)) or (given and values):
        return None
    if not values and not given:
        has_bare_yield = any(isinstance(node, ast.Yield) for node in own_nodes(function))
        return None if has_bare_yield else ("None", ())
    joined = _joined(finding, [finding.type_of(value) for value in given or values])
    if joined is None:
        return None
    if given:
        name = "AsyncIterator" if isinstance(function, ast.AsyncFunctionDef) else "Iterator"
        return f"{name}[{joined[0]}]", (*joined[1], Import(source.path, "collections.abc", name))
    has_end = _falls_off(function) and joined[0] != "None"
    if not has_end:
        return joined
    both, more = union([joined[0], "None"], source, project)
    return both, (*joined[1], *more)


def _of_parameter(finding: Finding, function: Function, argument: ast.arg) -> tuple[str, tuple[Import, ...]] | None:
    own = [one for one in function.args.args if one.arg not in ("self", "cls")]
    index = own.index(argument) if argument in own else -1
    if (function.name, index) in _DUNDER_PARAMETERS:
        return _DUNDER_PARAMETERS[function.name, index], ()
    inherited = _inherited(finding, function)
    for one in (*inherited.args.args, *inherited.args.kwonlyargs) if inherited is not None else ():
        if one.arg == argument.arg and one.annotation is not None:
            return ast.unparse(one.annotation), ()
    types: list[str | None] = []
    for source, call in list(_calls(finding.project, finding.source, function))[:_MAX_CALLS]:
        types += [
            finding.type_of(value, source)
            for name, value in _bound(finding.source, function, call)
            if name == argument.arg
        ]
    default = next((value for one, value in defaults(function) if one is argument), None)
    known = [one for one in types if one and "Any" not in one]
    if isinstance(default, ast.Constant):
        known.append(type(default.value).__name__ if default.value is not None else "None")
    if known in ([], ["None"]):
        note = passed_on(finding.source, finding.project, function, argument.arg)
        note = note or named_alike(finding.source, argument.arg, may_be_quoted=not known)
        if note is None:
            return None
        return union([note, *known], finding.source, finding.project)
    return _joined(finding, list(known))


def _joined(finding: Finding, types: list[str | None]) -> tuple[str, tuple[Import, ...]] | None:
    if not types or not all(types):
        return None
    written = [annotation(one, finding.source, finding.project) for one in dict.fromkeys(types) if one]
    kept = [one for one in written if one is not None]
    if len(kept) != len(written):
        return None
    text, imports = union([part for one in kept for part in one[0].split(" | ")], finding.source, finding.project)
    return text, (*imports, *(each for one in kept for each in one[1]))


def _bare(source: Source, function: Function) -> list[ast.arg]:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    if isinstance(source.parent(function), ast.ClassDef) and arguments:
        static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)
        arguments = arguments if static else arguments[1:]
    stars = [one for one in (function.args.vararg, function.args.kwarg) if one is not None]
    return [one for one in (*arguments, *stars) if one.annotation is None]


def _calls(project: Project, source: Source, function: Function) -> Iterator[tuple[Source, ast.Call]]:
    name = function.name
    if name == "__init__" and (holder := source.enclosing_class(function)) is not None:
        name = holder.name
        own = [node for node in ast.walk(holder) if isinstance(node, ast.Call)]
        yield from ((source, call) for call in own if source.segment(call.func) in _OWN_CLASS)
    yield from project.calls(name)


def _bound(source: Source, function: Function, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Give the arguments of a call with the parameters that take them."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)
    if isinstance(source.parent(function), ast.ClassDef) and not static:
        arguments = arguments[1:]
    if any(isinstance(one, ast.Starred) for one in call.args):
        return
    for argument, value in zip(arguments, call.args, strict=False):
        yield argument.arg, value
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None)


def _inherited(finding: Finding, function: Function) -> Function | None:
    """Give the method of a base class that this one overrides, where both files are one."""
    holder = finding.source.parent(function)
    if not isinstance(holder, ast.ClassDef):
        return None
    for base in holder.bases:
        name = ast.unparse(base).rpartition(".")[2]
        if name.isidentifier() and function.name in class_members(finding.project, name):
            for where, node in finding.project.classes(name):
                for one in node.body if where.path == finding.source.path else ():
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == function.name:
                        return one
    return None


def _yielded(function: Function) -> Iterator[ast.expr]:
    for node in own_nodes(function):
        if isinstance(node, ast.Yield) and node.value is not None:
            yield node.value


def _falls_off(function: Function) -> bool:
    """Tell whether the function can come to its end without a return."""
    return not _ends(function.body)


def _ends(body: list[ast.stmt]) -> bool:
    match body[-1] if body else None:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=other):
            return bool(other) and _ends(then) and _ends(other)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            return _ends(inner)
        case ast.While(test=ast.Constant(value=True)):
            return True
        case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
            return _ends(final) or (_ends(other or inner) and all(_ends(one.body) for one in handlers))
        case ast.Match(cases=cases):
            return all(_ends(one.body) for one in cases)
        case _:
            return False


def _colon(source: Source, function: Function) -> int | None:
    """Find where a return annotation goes: behind the closing parenthesis of the parameters."""
    start = source.span(function)[0]
    end = source.span(function.body[0])[0]
    depth = 0
    for token in _tokens(source.text[start:end]):
        if token[1] in "([{":
            depth += 1
        elif token[1] in ")]}":
            depth -= 1
            if depth == 0 and token[1] == ")":
                return start + token[0] + 1
    return None


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Give the brackets of a function's head, those in strings and comments left out."""
    import io
    import tokenize

    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.OP and token.string in "()[]{}":
                yield starts[token.start[0] - 1] + token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _equals_sign(source: Source, function: Function, argument: ast.arg) -> tuple[int, str]:
    """Say how the default goes on behind a new annotation: `x=1` becomes `x: int = 1`."""
    end = source.span(argument)[1]
    default = next((value for one, value in defaults(function) if one is argument), None)
    if default is None:
        return end, ""
    between = source.text[end : source.span(default)[0]]
    return (end + len(between), " = ") if between.strip() == "=" and "\n" not in between else (end, "")
