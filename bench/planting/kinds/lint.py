"""Lint findings that no safe fixer mends, for ruff, flake8 and pylint."""

import ast
import re
from collections.abc import Iterator

from planting.kinds.fixable import unused_import
from planting.kinds.plant import Plant, Slip
from planting.source import Function, Source, Splice, misspelt

LONG = 100


def unused_argument(source: Source) -> Iterator[Splice]:
    """A parameter that nothing reads any more, at the end of a private function's."""
    for function in source.functions:
        arguments = function.args
        is_plain = arguments.args and not (arguments.kwonlyargs or arguments.vararg or arguments.kwarg)
        if function.name.startswith("_") and not function.name.startswith("__") and is_plain:
            last = source.span((arguments.defaults or arguments.args)[-1])[1]
            if arguments.defaults or source.of(arguments.args[-1]):
                last = max(last, source.span(arguments.args[-1])[1])
            hint = ": bool = False" if arguments.args[-1].annotation else "=False"
            yield Splice(last, last, f", strict{hint}")


def mutable_default(source: Source) -> Iterator[Splice]:
    """A list where None stood as a default."""
    for function in source.functions:
        for default in (*function.args.defaults, *(one for one in function.args.kw_defaults if one)):
            if source.of(default) in ("None", "()"):
                yield source.swap(default, "[]")


def bare_except(source: Source) -> Iterator[Splice]:
    """A handler without its exception's name."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and node.type and node.name is None:
            start = source.at(node.lineno, node.col_offset)
            yield Splice(start, source.span(node.type)[1], "except")


def blind_except(source: Source) -> Iterator[Splice]:
    """A handler for every exception."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id != "Exception":
            yield source.swap(node.type, "Exception")


def none_compared(source: Source) -> Iterator[Splice]:
    """`== None`."""
    for node in source.nodes:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
            right = node.comparators[0]
            if isinstance(right, ast.Constant) and right.value is None:
                sign = "==" if isinstance(node.ops[0], ast.Is) else "!="
                yield source.swap(node, f"{source.of(node.left)} {sign} None")


def true_compared(source: Source) -> Iterator[Splice]:
    """`== True` behind a plain condition."""
    for node in source.nodes:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Call):
            called = source.of(node.test.func)
            if called == "isinstance" or called.endswith(("startswith", "endswith")):
                yield source.swap(node.test, f"{source.of(node.test)} == True")


def misspelt_name(source: Source) -> Iterator[Splice]:
    """A local name with a slip of the fingers in one use."""
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) > 3:
                yield source.swap(node, misspelt(node.id))


def joined_comment(source: Source) -> Iterator[Splice]:
    """Two lines of a comment on one."""
    for number in range(1, len(source.lines)):
        first, second = source.lines[number - 1], source.lines[number]
        pad = re.match(r"\s*# ", first)
        is_long = pad and second.startswith(pad[0]) and len(first) + len(second) - len(pad[0]) > LONG + 1
        if is_long and not re.search(r"https?://|noqa|type:|>>>", first + second):
            yield Splice(source.at(number), source.at(number + 2), first.rstrip() + " " + second[len(pad[0]) :])


def joined_docstring(source: Source) -> Iterator[Splice]:
    """Two lines of a docstring's paragraph on one."""
    for node in source.nodes:
        if isinstance(node, Function | ast.ClassDef) and ast.get_docstring(node):
            text = node.body[0]
            for number in range(text.lineno + 1, (text.end_lineno or 0) - 1):
                first, second = source.lines[number - 1], source.lines[number]
                pads = [line[: len(line) - len(line.lstrip())] for line in (first, second)]
                is_text = re.fullmatch(r"\s*[A-Za-z][\w ,'()]+\n", first) and re.match(r"\s*[a-z]\w+ \w", second)
                if is_text and pads[0] == pads[1] and len(first) + len(second.strip()) > LONG and '"""' not in second:
                    yield Splice(source.at(number), source.at(number + 2), f"{first.rstrip()} {second.lstrip()}")


def long_message(source: Source) -> Iterator[Splice]:
    """An exception's message that has grown over the line's end."""
    more = " (this is most likely a mistake in the calling code, please check the arguments that were given)"
    for node in source.nodes:
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and len(node.exc.args) == 1:
            text = node.exc.args[0]
            is_text = isinstance(text, ast.Constant | ast.JoinedStr) and source.is_one_line(node)
            if is_text and source.of(text).endswith('"') and '"""' not in source.of(text):
                end = source.span(text)[1] - 1
                yield Splice(end, end, more)


def lost_cause(source: Source) -> Iterator[Splice]:
    """`raise` in a handler without its `from`."""
    for node in source.nodes:
        if isinstance(node, ast.Raise) and node.cause and node.exc:
            yield Splice(source.span(node.exc)[1], source.span(node.cause)[1], "")


def unused_result(source: Source) -> Iterator[Splice]:
    """A call's result under a name that nothing reads."""
    for _, node in source.bodies():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield Splice(source.span(node)[0], source.span(node)[0], "result = ")


def ambiguous_name(source: Source) -> Iterator[Splice]:
    """A comprehension over `l`."""
    for node in source.nodes:
        if isinstance(node, ast.ListComp | ast.GeneratorExp) and len(node.generators) == 1:
            target = node.generators[0].target
            is_plain = source.is_one_line(node) and not re.search(r"""\bl\b|["']""", source.of(node))
            if isinstance(target, ast.Name) and is_plain:
                yield source.swap(node, re.sub(rf"(?<![.\w]){target.id}\b", "l", source.of(node)))


def named_lambda(source: Source) -> Iterator[Splice]:
    """A lambda under a name where a small function stood."""
    for function in source.functions:
        is_plain = not function.decorator_list and not function.returns and len(function.body) == 1
        if function.col_offset and is_plain and isinstance(function.body[0], ast.Return) and function.body[0].value:
            parameters = ast.unparse(function.args)
            value = source.of(function.body[0].value)
            if "\n" not in value and source.indent(function) and "self" not in parameters:
                yield source.swap(function, f"{function.name} = lambda {parameters}: {value}")


def shadowed_builtin(source: Source) -> Iterator[Splice]:
    """A local name that hides a builtin's."""
    for function in source.functions:
        text = source.of(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                is_local = name not in {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
                is_quoted = re.search(rf"""["'][^"'\n]*\b{name}\b""", text)
                is_other = re.search(rf"\.{name}\b|\b(?:input|nonlocal|global)\b|\b{name}=", text)
                if is_local and not is_quoted and not is_other and len(name) > 2:
                    yield source.swap(function, re.sub(rf"\b{name}\b", "input", text))


def lost_docstring(source: Source) -> Iterator[Splice]:
    """A public function whose docstring is gone."""
    for node in source.tree.body:
        is_public = isinstance(node, Function) and not node.name.startswith("_")
        if is_public and ast.get_docstring(node) and len(node.body) > 1:
            yield Splice(source.at(node.body[0].lineno), source.at(node.body[1].lineno), "")


def left_print(source: Source) -> Iterator[Splice]:
    """A print from a search for a bug."""
    for function, node in source.bodies():
        if isinstance(node, ast.Return) and function.args.args:
            pad = source.indent(node)
            yield source.insert(node.lineno, f'{pad}print("{function.name}", {function.args.args[-1].arg})\n')


def dead_code(source: Source) -> Iterator[Splice]:
    """The former line, left as a comment."""
    for _, node in source.bodies():
        if isinstance(node, ast.Assign) and source.is_one_line(node) and "#" not in source.of(node):
            yield source.insert(node.lineno, f"{source.indent(node)}# {source.of(node)}\n")


def percent_format(source: Source) -> Iterator[Splice]:
    """Percent signs where an f-string stood; ruff calls its fix unsafe."""
    for node in source.nodes:
        if isinstance(node, ast.JoinedStr) and source.is_one_line(node):
            fields = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            text = source.of(node)
            is_plain = all(isinstance(part.value, ast.Name) and part.format_spec is None for part in fields)
            if fields and is_plain and re.match(r'f"[^"%]*"$', text) and "!" not in text and "{{" not in text:
                names = [part.value.id for part in fields if isinstance(part.value, ast.Name)]
                values = f"({', '.join(names)}{',' * (len(names) == 1)})"
                yield source.swap(node, f"{re.sub(r'{[^}]*}', '%s', text[1:])} % {values}")


def unused_loop_variable(source: Source) -> Iterator[Splice]:
    """`enumerate` whose number nothing reads."""
    for node in source.nodes:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and not node.orelse:
            start, end = source.span(node.target)[0], source.span(node.iter)[1]
            yield Splice(start, end, f"index, {node.target.id} in enumerate({source.of(node.iter)})")


def nested_if(source: Source) -> Iterator[Splice]:
    """Two conditions as two ifs."""
    for _, node in source.bodies():
        is_both = isinstance(node, ast.If) and isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And)
        if is_both and not node.orelse and len(node.test.values) == 2 and source.of(node).startswith("if "):
            pad = source.indent(node)
            first, second = (source.of(one) for one in node.test.values)
            body = source.text[source.at(node.body[0].lineno) : source.span(node)[1]]
            deeper = re.sub(r"(?m)^(?=.)", "    ", body)
            if "\n" not in first + second and '"""' not in body:
                yield source.swap(node, f"if {first}:\n{pad}    if {second}:\n{deeper}")


def doubled_definition(source: Source) -> Iterator[Splice]:
    """A function that stands twice, as after a merge."""
    for node in source.tree.body:
        if isinstance(node, Function) and not node.decorator_list and (node.end_lineno or 0) - node.lineno < 12:
            yield source.insert(node.lineno, f"{source.of(node)}\n\n\n")


def lost_import(source: Source) -> Iterator[Splice]:
    """A name whose import is gone."""
    for node in source.tree.body:
        if isinstance(node, ast.Import) and len(node.names) == 1 and not node.names[0].asname:
            yield source.drop_lines(node)


def one_more_branch(source: Source) -> Iterator[Splice]:
    """Checks of the arguments in front of a function that is as complex as may be."""
    for function in source.functions:
        names = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
        kinds = ast.If | ast.For | ast.While | ast.ExceptHandler
        branches = sum(isinstance(node, kinds) for node in ast.walk(function))
        if names and branches > 12:
            pad = source.indent(function.body[-1])
            checks = "".join(
                f'{pad}if {name} is NotImplemented:\n{pad}    raise TypeError("{name} is not implemented")\n'
                for name in (names * 12)[: max(1, 25 - branches)]
            )
            first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
            yield source.insert(first.lineno, checks)


def no_encoding(source: Source) -> Iterator[Splice]:
    """`open` without its encoding."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and source.of(node.func) == "open" and source.is_one_line(node):
            found = re.search(r", encoding=[^,)]+", source.of(node))
            if found:
                yield source.swap(node, source.of(node).replace(found[0], ""))


RUFF: tuple[tuple[str, Slip, str, int], ...] = (
    ("unused-argument", unused_argument, "ARG00[12]", 2),
    ("mutable-default", mutable_default, "B006", 2),
    ("bare-except", bare_except, "E722", 2),
    ("blind-except", blind_except, "BLE001", 1),
    ("none-compared", none_compared, "E711", 2),
    ("true-compared", true_compared, "E712", 1),
    ("misspelt-name", misspelt_name, "F821", 3),
    ("joined-comment", joined_comment, "E501", 1),
    ("joined-docstring", joined_docstring, "E501", 1),
    ("long-message", long_message, "E501", 2),
    ("lost-cause", lost_cause, "B904", 1),
    ("unused-result", unused_result, "F841", 2),
    ("ambiguous-name", ambiguous_name, "E741", 1),
    ("named-lambda", named_lambda, "E731", 1),
    ("shadowed-builtin", shadowed_builtin, "A001", 1),
    ("lost-docstring", lost_docstring, "D103", 1),
    ("left-print", left_print, "T201", 1),
    ("dead-code", dead_code, "ERA001", 1),
    ("percent-format", percent_format, "UP031", 1),
    ("unused-loop-variable", unused_loop_variable, "B007", 1),
    ("nested-if", nested_if, "SIM102", 1),
    ("lost-import", lost_import, "F821", 1),
    ("one-more-branch", one_more_branch, "C901", 1),
)
FLAKE8: tuple[tuple[str, Slip, str, int], ...] = (
    ("unused-import", unused_import, "F401", 1),
    ("unused-result", unused_result, "F841", 1),
    ("none-compared", none_compared, "E711", 1),
    ("bare-except", bare_except, "E722", 1),
    ("misspelt-name", misspelt_name, "F821", 1),
    ("doubled-definition", doubled_definition, "F811", 1),
    ("long-message", long_message, "E501", 1),
    ("ambiguous-name", ambiguous_name, "E741", 1),
)
PYLINT: tuple[tuple[str, Slip, str, int], ...] = (
    ("unused-argument", unused_argument, "W0613", 1),
    ("mutable-default", mutable_default, "W0102", 1),
    ("bare-except", bare_except, "W0702", 1),
    ("misspelt-name", misspelt_name, "E0602", 1),
    ("lost-cause", lost_cause, "W0707", 1),
    ("unused-import", unused_import, "W0611", 1),
    ("unused-result", unused_result, "W0612", 1),
    ("joined-comment", joined_comment, "C0301", 1),
)


def plants() -> tuple[Plant, ...]:
    """What a person has to mend; ruff's own safe fixes are tried beside it."""
    ruff = [
        Plant("other lint", f"ruff-{name}", "ruff", slip, "ruff check {source}", code, code=code,
              own="ruff check --fix {source}", cases=cases)
        for name, slip, code, cases in RUFF
    ]  # fmt: skip
    others = [
        Plant("other lint", f"{tool}-{name}", "classic", slip, f"{tool} {{source}}", code, code=code, cases=cases)
        for tool, rows in (("flake8", FLAKE8), ("pylint", PYLINT))
        for name, slip, code, cases in rows
    ]
    return (*ruff, *others)
