"""Which argument of which call a finding is about."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding


def arguments(finding: Finding, name: str | None) -> Iterator[ast.expr]:
    """Give the argument that mypy counts or names; without a name the one at the finding's column."""
    if name is None:
        column = (finding.failure.column or 0) - 1
        for call in ast.walk(finding.source.tree):
            if isinstance(call, ast.Call):
                for node in (*call.args, *(one.value for one in call.keywords)):
                    if (node.lineno, node.col_offset) == (finding.line, column):
                        yield node
        return
    for call in finding.nodes(ast.Call):
        if name.isdigit() and 0 < int(name) <= len(call.args):
            yield call.args[int(name) - 1]
        yield from (one.value for one in call.keywords if one.arg == name.strip('"'))
