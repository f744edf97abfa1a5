"""Wrong statements: too many, missing, in the wrong order or at the wrong depth."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from selfheal.fix.search.site import Change, Site, everything_in, is_bare_value

_RESULTS = ("[]", "0", "''", "None", "False", "True", "{}", "1")
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Break, ast.Continue)
"""What may go by itself. A `raise` may not: whoever silences the one that failed has mended nothing."""
_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_STEP = "    "
_LONGEST = 80
"""Characters of a statement that is repeated."""
_PLAINER = 0.6
"""What it is worth without one of its calls; chosen."""


def deletions(site: Site, node: ast.AST) -> Iterator[Change]:
    """A statement that must go; of an `if` without `else` the question alone, too."""
    if not isinstance(node, ast.stmt) or node is site.function or is_bare_value(node):
        return
    if isinstance(node, (*_SIMPLE, ast.Return)) or (isinstance(node, ast.If) and not node.orelse):
        first, last = site.line_span(node.lineno, node.end_lineno or node.lineno)
        indent = site.indent_of(node.lineno)
        text = "" if _has_company(site, node) else f"{indent}pass\n"
        weight = 0.7 if not isinstance(node, ast.Return) else 0.3
        yield Change(first, last, text, node.lineno, weight)
    if isinstance(node, ast.If) and not node.orelse and site.is_own_line(node):
        first, last = site.line_span(node.lineno, node.end_lineno or node.lineno)
        yield Change(first, last, _moved(site, node.body, -1), node.lineno, 0.4)


def jumps(site: Site, node: ast.AST) -> Iterator[Change]:
    """`break`, `continue`, `return`, `pass` in each other's place; `if` for `elif`; `while` for `if`."""
    if not isinstance(node, ast.stmt):
        return
    first, last = site.span(node)
    if isinstance(node, ast.Break | ast.Continue | ast.Pass):
        for word in ("break", "continue", "pass"):
            if word != site.text[first:last]:
                yield Change(first, last, word, node.lineno)
    if isinstance(node, ast.Return) and node.value is not None:
        yield Change(first, last, f"yield {site.source(node.value)}", node.lineno, 0.1)
    if isinstance(node, ast.If):
        word = "elif" if site.text.startswith("elif", first) else "if"
        other = "if" if word == "elif" else "while"
        yield Change(first, first + len(word), other, node.lineno, 0.5)
        if word == "if" and _follows_if(site, node):
            yield Change(first, first + len(word), "elif", node.lineno, 0.6)
    if isinstance(node, ast.While):
        yield Change(first, first + 5, "if", node.lineno, 0.2)


def dropped_values(site: Site, node: ast.AST) -> Iterator[Change]:
    """A call whose value nobody takes is what should be returned, above all where the function ends."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        first, _ = site.span(node)
        yield Change(first, first, "return ", node.lineno, 1.0 if node is site.function.body[-1] else 0.4)


def returns(site: Site, node: ast.AST) -> Iterator[Change]:
    """A missing return of a variable or a plain value, or one of another variable."""
    if node is site.function:
        body = site.function.body
        last = body[-1]
        if not isinstance(last, ast.Return | ast.Raise):
            end = site.line_span(last.lineno, last.end_lineno or last.lineno)[1]
            indent = site.indent_of(body[0].lineno)
            for name in (*reversed(site.names), "self", *_RESULTS):
                yield Change(end, end, f"{indent}return {name}\n", last.end_lineno or last.lineno, 0.6)
    if isinstance(node, ast.Return) and node.value is None:
        _, end = site.span(node)
        for name in (*site.names, *_RESULTS):
            yield Change(end, end, f" {name}", node.lineno, 0.4)


def guards(site: Site, node: ast.AST) -> Iterator[Change]:
    """A missing guard or base case in front of everything, and a missing one in a loop."""
    if node is site.function:
        body = site.function.body
        start = body[1] if is_bare_value(body[0]) and len(body) > 1 else body[0]
        at, indent = site.line_span(start.lineno, start.lineno)[0], site.indent_of(start.lineno)
        for name in site.parameters[:4]:
            for question, weight in (
                (f"not {name}", 0.9),
                (f"{name} is None", 0.6),
                (f"{name} <= 0", 0.4),
                (f"{name} <= 1", 0.4),
                (f"len({name}) < 2", 0.2),
            ):
                for result in dict.fromkeys((name, *_RESULTS)):
                    text = f"{indent}if {question}:\n{indent}{_STEP}return {result}\n"
                    yield Change(at, at, text, start.lineno, weight * 0.6)
            for value in ("[]", "{}", "''", "0"):
                text = f"{indent}if {name} is None:\n{indent}{_STEP}{name} = {value}\n"
                yield Change(at, at, text, start.lineno, 0.3)
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.body[0].lineno > node.lineno:
        at, indent = site.line_span(node.body[0].lineno, node.body[0].lineno)[0], site.indent_of(node.body[0].lineno)
        for question in (f"not {node.target.id}", f"{node.target.id} is None", f"{node.target.id} == ''"):
            yield Change(at, at, f"{indent}if {question}:\n{indent}{_STEP}continue\n", node.body[0].lineno, 0.4)


def depths(site: Site, node: ast.AST) -> Iterator[Change]:
    """The last statement of a block moved out of it, and the statement behind a block moved into it."""
    for block in _blocks(node):
        if node is site.function or not block or not site.is_own_line(block[0]):
            continue
        last = block[-1]
        if len(block) > 1 and _is_end_of(node, last):
            yield _moved_change(site, last, -1)
        following = _next(site, node)
        if following is not None and block is _blocks(node)[-1] and not isinstance(following, ast.FunctionDef):
            yield _moved_change(site, following, 1)


def orders(site: Site, node: ast.AST) -> Iterator[Change]:
    """Two neighbours in the other order."""
    for block in _blocks(node):
        for one, other in pairwise(block):
            if is_bare_value(one) or one.end_lineno is None or other.lineno <= one.end_lineno:
                continue
            if isinstance(other, _LEAVING):
                # Behind it nothing runs: that is taking the first away.
                continue
            first, _ = site.line_span(one.lineno, one.end_lineno)
            second, last = site.line_span(other.lineno, other.end_lineno or other.lineno)
            if site.text[first:second].count("\n") - 1 > one.end_lineno - one.lineno:
                continue
            text = site.text[second:last]
            yield Change(
                first, last, (text if text.endswith("\n") else text + "\n") + site.text[first:second], one.lineno
            )


def repetitions(site: Site, node: ast.AST) -> Iterator[Change]:
    """A simple statement of the function that is missing in front of, or behind, another of its statements."""
    if not isinstance(node, ast.stmt) or node is site.function or not site.is_own_line(node):
        return
    at, end = site.line_span(node.lineno, node.end_lineno or node.lineno)
    indent = site.indent_of(node.lineno)
    # Behind a block of its own the next statement has its place, if there is one.
    is_block = isinstance(node, ast.If | ast.For | ast.While)
    is_open_behind = not isinstance(node, _LEAVING) and not (is_block and _next(site, node) is not None)
    for other, text, weight in _repeatable(site):
        if other is node:
            continue
        yield Change(at, at, f"{indent}{text}\n", node.lineno, 0.3 * weight)
        if is_open_behind:
            yield Change(end, end, f"{indent}{text}\n", node.lineno, 0.4 * weight)


@lru_cache(maxsize=32)
def _repeatable(site: Site) -> tuple[tuple[ast.stmt, str, float], ...]:
    """The simple statements of the function that stand on one line, with their text and what it is worth.

    The same without one of its calls, too: what is done in a special case is mostly what is always done, and more.
    """
    kinds = (ast.AugAssign, ast.Expr, ast.Assign)
    simple = [one for one in everything_in(site.function) if isinstance(one, kinds) and not is_bare_value(one)]
    texts = [(one, site.source(one), 1.0) for one in simple]
    texts += [(one, text, _PLAINER) for one in simple for text in _plainer(site, one)]
    return tuple((one, text, weight) for one, text, weight in texts if "\n" not in text and len(text) <= _LONGEST)


def _plainer(site: Site, statement: ast.stmt) -> Iterator[str]:
    """The statement with what a function of one value is given in the place of what it gives."""
    start, end = site.span(statement)
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(), args=[ast.Name() | ast.Attribute() as given], keywords=[]):
                first, last = site.span(node)
                if (first, last) != (start, end):
                    yield f"{site.text[start:first]}{site.source(given)}{site.text[last:end]}"


def updates(site: Site, node: ast.AST) -> Iterator[Change]:
    """A forgotten update: a field put back to what it starts with, or a variable that follows another in a loop."""
    if not isinstance(node, ast.stmt) or node is site.function or not site.is_own_line(node) or is_bare_value(node):
        return
    at, end = site.line_span(node.lineno, node.end_lineno or node.lineno)
    indent = site.indent_of(node.lineno)
    for name, value in site.first_values.items():
        for text in (f"self.{name} = {value}", f"self.{name}.clear()"):
            yield Change(at, at, f"{indent}{text}\n", node.lineno, 0.6)
            if not isinstance(node, ast.Return | ast.Raise):
                yield Change(end, end, f"{indent}{text}\n", node.lineno, 0.6)
        if value.startswith("OrderedDict("):
            for key in site.parameters[:2]:
                yield Change(at, at, f"{indent}self.{name}.move_to_end({key})\n", node.lineno, 0.6)
    parent = site.parent(node)
    if isinstance(parent, ast.For | ast.While) and parent.body[-1] is node:
        names = site.names[:7]
        for one in names:
            for other in (*(name for name in names if name != one), f"{one} + 1", f"{one} - 1"):
                yield Change(end, end, f"{indent}{one} = {other}\n", node.lineno, 0.4)


def overwriting(site: Site, node: ast.AST) -> Iterator[Change]:
    """An entry that is written over where it should be added to, or kept."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Subscript):
        return
    target = node.targets[0]
    if isinstance(target.slice, ast.Slice):
        return
    first, last = site.span(node)
    held, key, value = site.source(target.value), site.source(target.slice), site.source(node.value)
    if isinstance(node.value, ast.List) and len(node.value.elts) == 1:
        one = site.source(node.value.elts[0])
        yield Change(first, last, f"{held}.setdefault({key}, []).append({one})", node.lineno, 1.0)
    yield Change(first, last, f"{held}.setdefault({key}, []).append({value})", node.lineno, 0.4)
    yield Change(first, last, f"{held}.setdefault({key}, {value})", node.lineno, 0.5)
    yield Change(first, last, f"{held}[{key}] = {held}.get({key}, 0) + {value}", node.lineno, 0.4)


def shared_defaults(site: Site, node: ast.AST) -> Iterator[Change]:
    """A default that all calls share: made anew in each of them."""
    if node is not site.function:
        return
    arguments = site.function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    body = site.function.body
    start = body[1] if is_bare_value(body[0]) and len(body) > 1 else body[0]
    at, indent = site.line_span(start.lineno, start.lineno)[0], site.indent_of(start.lineno)
    for argument, default in zip(
        positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True
    ):
        if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
            first, last = site.span(default)
            guard = f"{indent}if {argument.arg} is None:\n{indent}{_STEP}{argument.arg} = {site.source(default)}\n"
            yield Change(first, at, f"None{site.text[last:at]}{guard}", start.lineno, 1.0)


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    found = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    return [block for block in found if isinstance(block, list) and block and isinstance(block[0], ast.stmt)]


def _block_around(site: Site, node: ast.stmt) -> list[ast.stmt]:
    parent = site.parent(node)
    return next((block for block in _blocks(parent) if node in block), []) if parent is not None else []


def _has_company(site: Site, node: ast.stmt) -> bool:
    return len(_block_around(site, node)) > 1


def _next(site: Site, node: ast.AST) -> ast.stmt | None:
    if not isinstance(node, ast.stmt):
        return None
    block = _block_around(site, node)
    at = block.index(node) + 1 if node in block else len(block)
    return block[at] if at < len(block) else None


def _follows_if(site: Site, node: ast.If) -> bool:
    block = _block_around(site, node)
    at = block.index(node) if node in block else 0
    return at > 0 and isinstance(block[at - 1], ast.If)


def _is_end_of(node: ast.AST, last: ast.stmt) -> bool:
    """True where nothing of the block's owner comes behind the statement."""
    return isinstance(node, ast.stmt) and node.end_lineno == last.end_lineno


def _moved(site: Site, block: list[ast.stmt], steps: int) -> str:
    first, last = block[0].lineno, block[-1].end_lineno or block[-1].lineno
    lines = [site.line_text(number) for number in range(first, last + 1)]
    if steps > 0:
        return "".join(_STEP + line if line.strip() else line for line in lines)
    return "".join(line.removeprefix(_STEP) if line.startswith(_STEP) else line for line in lines)


def _moved_change(site: Site, node: ast.stmt, steps: int) -> Change:
    first, last = site.line_span(node.lineno, node.end_lineno or node.lineno)
    return Change(first, last, _moved(site, [node], steps), node.lineno)
