"""A call that lacks an argument for which a variable of that name is at hand."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.existing import visible_names
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.project import called_name


def pass_missing(finding: Finding) -> Iterator[Mend]:
    """Pass the variable that is called like the missing parameter."""
    source = finding.source
    missing = finding.search(
        r'Missing (?:positional|named) arguments? "(?P<name>\w+)" in call',
        r'Argument missing for parameter "(?P<name>\w+)"',
    )
    for call in finding.nodes(ast.Call) if missing else ():
        name = missing["name"] if missing else ""
        called = called_name(call)
        if called is None or (f'"{called}"' not in finding.message and "Argument missing" not in finding.message):
            continue
        if name in visible_names(source, call):
            end = source.span(call)[1] - 1
            before = source.text[source.span(call.func)[1] + 1 : end].rstrip()
            comma = "" if not before else " " if before.endswith(",") else ", "
            yield Mend(
                (Splice(source.path, end, end, f"{comma}{name}={name}"),),
                f"{called}() needs {name}, which is known here",
                caution="the call failed before; whether this value was meant is a guess",
            )
