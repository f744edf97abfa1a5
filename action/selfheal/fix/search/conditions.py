"""Wrong conditions: negated, asking for truth instead of None, too wide, too narrow, or choosing the wrong branch."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site

_MOST_TERMS = 12
_ANSWER = 0.4
"""What it is worth to turn round what is returned, which seldom is a condition; chosen."""


def negations(site: Site, node: ast.AST) -> Iterator[Change]:
    """The condition, a part of one, or an answer turned round."""
    test = _test_of(node)
    if test is not None and _can_be_turned(test):
        yield site.swap(test, f"not {site.held(test)}")
    if isinstance(node, ast.BoolOp):
        for one in node.values:
            if _can_be_turned(one) and not isinstance(one, ast.Constant):
                yield site.swap(one, f"not {site.held(one)}")
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Name | ast.Attribute | ast.Call | ast.BoolOp):
        yield site.swap(node.value, f"not {site.held(node.value)}", weight=_ANSWER)


def _can_be_turned(test: ast.expr) -> bool:
    """False for what other operators turn round: a comparison, and what is so already."""
    is_comparison = isinstance(test, ast.Compare) and len(test.ops) == 1
    return not is_comparison and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))


def nothings(site: Site, node: ast.AST) -> Iterator[Change]:
    """A question for truth where one for None is meant, and the other way round."""
    match node:
        case ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            yield site.swap(node, f"not {site.held(left)}", weight=0.7)
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            yield site.swap(node, site.held(left), weight=0.7)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield site.swap(node, f"{site.held(operand)} is None", weight=0.8)
        case ast.BoolOp(op=ast.Or(), values=[left, right]) if isinstance(left, ast.Name | ast.Attribute):
            text = site.source(left)
            yield site.swap(node, f"({text} if {text} is not None else {site.source(right)})", weight=0.6)
    test = _test_of(node)
    if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        yield site.swap(test, f"{site.source(test)} is not None", weight=0.8)


def terms(site: Site, node: ast.AST) -> Iterator[Change]:
    """One more term: of the conditions and variables that the function has already, and about a variable that nothing
    asks any more."""
    test = _test_of(node)
    if test is None:
        return
    own = site.source(test)
    atoms = [*_conditions(site), *(name for name in site.names), *(f"not {name}" for name in site.names)]
    atoms += [f"{name} is not None" for name in site.parameters]
    narrower, wider = operand_of(site, test, ast.And), operand_of(site, test, ast.Or)
    for atom in [one for one in dict.fromkeys(atoms) if one not in own][:_MOST_TERMS]:
        yield site.swap(test, f"{narrower} and {atom}", weight=0.5)
        yield site.swap(test, f"{wider} or {atom}", weight=0.5)
    asked = [one.id for one in ast.walk(test) if isinstance(one, ast.Name) and one.id in site.names]
    for unread in sorted(site.unread_names)[:2]:
        for name in dict.fromkeys(asked[:4]):
            for sign, weight in (("!=", 0.5), ("<", 0.4), ("<=", 0.3), (">", 0.3), (">=", 0.3)):
                yield site.swap(test, f"{narrower} and {name} {sign} {unread}", weight=weight)
            yield site.swap(test, f"{wider} or {name} == {unread}", weight=0.4)
    for name in [one for one in site.names if one in own][:4]:
        yield site.swap(test, f"{narrower} and not isinstance({name}, str)", weight=0.4)
        yield site.swap(test, f"{narrower} and isinstance({name}, str)", weight=0.2)


def branches(site: Site, node: ast.AST) -> Iterator[Change]:
    """The other branch of a conditional expression, or only one of them."""
    if isinstance(node, ast.IfExp):
        body, test, other = site.source(node.body), site.source(node.test), site.source(node.orelse)
        yield site.swap(node, f"{other} if {test} else {body}")
        yield site.swap(node, body, weight=0.4)
        yield site.swap(node, other, weight=0.4)


def fixed_conditions(site: Site, node: ast.AST) -> Iterator[Change]:
    """A branch that must always or never be taken, and a filter of a comprehension that must go."""
    if isinstance(node, ast.If | ast.While):
        yield site.swap(node.test, "False", weight=0.4)
        yield site.swap(node.test, "True", weight=0.3)
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield site.swap(test, "True", weight=0.6)


def _test_of(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return node.test
    if isinstance(node, ast.comprehension) and node.ifs:
        return node.ifs[0]
    return None


def operand_of(site: Site, test: ast.expr, op: type[ast.boolop]) -> str:
    """A condition as one more operand of `and` or `or`: in parentheses where it would be read otherwise, or hard."""
    text = site.source(test)
    is_other = isinstance(test, ast.BoolOp) and not isinstance(test.op, op)
    return f"({text})" if is_other or isinstance(test, ast.IfExp | ast.Lambda | ast.NamedExpr) else text


def _conditions(site: Site) -> list[str]:
    return [
        site.source(node)
        for node in site.nodes
        if isinstance(node, ast.Compare | ast.Call) and _is_condition(site, node) and len(site.source(node)) < 80
    ]


def _is_condition(site: Site, node: ast.expr) -> bool:
    parent = site.parent(node)
    return isinstance(parent, ast.BoolOp) or (parent is not None and _test_of(parent) is node)


def unasked_values(site: Site, node: ast.AST) -> Iterator[Change]:
    """A value that is given under a condition which does not ask whether there is one."""
    if not isinstance(node, ast.IfExp) or not isinstance(node.body, ast.Name | ast.Attribute):
        return
    own = site.source(node.body)
    asked = {site.source(one) for one in ast.walk(node.test) if isinstance(one, ast.expr)}
    if own not in asked:
        yield site.swap(node.test, f"{site.held(node.test)} and {own}")
        yield site.swap(node.test, f"{site.held(node.test)} and {own} is not None", weight=0.5)
