"""Which expression a finding about None is about."""

import ast
import re
from collections.abc import Iterator

from selfheal.fix.types.arguments import arguments
from selfheal.fix.types.finding import Finding

_ATTRIBUTE = (
    r'Item "None" of "[^"]*" has no attribute "(?P<name>\w+)"',
    r'"(?P<name>\w+)" is not a known attribute of "None"',
)
_ITERATED = (r'has no attribute "__(?:iter|enter|exit|aiter)__"', r'Object of type "None" cannot be used as iterable')
_INDEX = (r'Value of type "[^"]*None[^"]*" is not indexable', r'Object of type "None" is not subscriptable')
_LEFT = (
    r"Left operand is of type",
    r'Unsupported left operand type for \S+ \("[^"]*None',
    r'Operator "\S+" not supported for "None"',
)
_RIGHT = (
    r"Right operand is of type",
    r'Unsupported operand types for \S+ \("[^"]*" and "[^"]*None',
    r'supported for types "[^"]*" and "[^"]*None',
)
_CALL = (r'"None" not callable', r'Object of type "None" cannot be called')
_ARGUMENT = (
    r'Argument (?P<name>"\w+"|\d+)(?: to .*)? has incompatible type "(?P<got>[^"]*)"; expected "(?P<want>[^"]*)"',
    r'Argument of type "(?P<got>[^"]*)" cannot be assigned to parameter',
)
_VALUE = (
    r'Incompatible return value type \(got "(?P<got>[^"]*)", expected "(?P<want>[^"]*)"\)',
    r'Incompatible types in assignment \(expression has type "(?P<got>[^"]*)", \w+ has type "(?P<want>[^"]*)"\)',
    r'Type "(?P<got>[^"]*)" is not assignable to (?:return|declared) type "(?P<want>[^"]*)"',
)


def values_that_may_be_none(finding: Finding) -> Iterator[ast.expr]:
    """Give the expressions that may be None, the likeliest first."""
    if found := finding.search(*_ATTRIBUTE):
        yield from (node.value for node in finding.nodes(ast.Attribute) if node.attr == found["name"])
    if finding.search(*_ITERATED):
        for loop in finding.statements():
            if isinstance(loop, ast.For | ast.AsyncFor):
                yield loop.iter
            elif isinstance(loop, ast.With | ast.AsyncWith):
                yield from (item.context_expr for item in loop.items)
    if finding.search(*_INDEX):
        yield from (node.value for node in finding.nodes(ast.Subscript))
    if finding.search(*_CALL):
        yield from (node.func for node in finding.nodes(ast.Call))
    for operation in finding.nodes(ast.BinOp) if finding.search(*_LEFT, *_RIGHT) else ():
        yield operation.left if finding.search(*_LEFT) else operation.right
    for comparison in finding.nodes(ast.Compare) if finding.search(*_LEFT, *_RIGHT) else ():
        yield comparison.left if finding.search(*_LEFT) else comparison.comparators[0]
    if (found := finding.search(*_ARGUMENT)) and _lacks_none(found):
        yield from arguments(finding, found.groupdict().get("name"))
    if (found := finding.search(*_VALUE)) and _lacks_none(found):
        yield from (
            one.value
            for one in finding.statements()
            if isinstance(one, ast.Return | ast.Assign | ast.AnnAssign) and one.value
        )


def _lacks_none(found: re.Match[str]) -> bool:
    """Tell whether None is what is too much: among the types given, not among those expected."""
    wanted = found.groupdict().get("want") or ""
    return ("| None" in found["got"] and "None" not in wanted) or "Optional[" in found["got"]
