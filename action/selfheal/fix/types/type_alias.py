"""A type that has a name of its own, and that the checker takes for a variable."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend, Splice

_VARIABLE = r'Variable "(?P<module>[\w.]*?)\.?(?P<name>\w+)" is not valid as a type'


def declare_alias(finding: Finding) -> Iterator[Mend]:
    """Say at its assignment that it is a type's name."""
    found = finding.search(_VARIABLE)
    if found is None:
        return
    modules = finding.project.modules()
    source = finding.project.source(modules.get(found["module"], finding.source.path)) or finding.source
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and [source.segment(one) for one in node.targets] == [found["name"]]:
            end = source.span(node.targets[0])[1]
            lowest = finding.project.lowest_python()
            home = "typing_extensions" if lowest is not None and lowest < (3, 10) else "typing"
            yield Mend(
                (Splice(source.path, end, end, ": TypeAlias"),),
                f"{found['name']} is the name of a type",
                imports=(Import(source.path, home, "TypeAlias"),),
            )
