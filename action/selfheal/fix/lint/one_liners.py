"""Several things on one line, asserts, lambdas with a name, brackets and escapes too many."""

import ast
import re

from selfheal.fix.lint.comparisons import negated
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import block_of

_ESCAPES = "\n\\'\"abfnrtvx01234567NuU\r"


def _split(spot: Spot) -> tuple[Rewrite, ...]:
    """`if a: b` and `a; b` over two lines."""
    source, number = spot.source, spot.finding.line
    splices = []
    for node in source.nodes(ast.stmt):
        if node.lineno != number:
            continue
        start = source.span(node)[0]
        head = source.between(source.line_start(number), start)
        if not head.strip():
            continue
        if head.rstrip().endswith(";"):
            indent = source.indent(number) if ":" not in _before_first(source, number, start) else None
            if indent is None:
                return _split_block(source, number)
            begin = source.line_start(number) + len(head.rstrip()[:-1].rstrip().encode())
            splices.append(Splice(begin, start, f"{source.newline}{indent}".encode()))
        elif head.rstrip().endswith(":"):
            return _split_block(source, number)
    text = source.line(number)
    if not splices and text.rstrip().endswith(";"):
        return _no_semicolon(source, number)
    return (Rewrite(tuple(splices), "each statement has a line of its own"),) if splices else ()


def _before_first(source: Source, number: int, start: int) -> str:
    """What stands on a line before a statement, if it opens a block there."""
    first = next((n for n in source.nodes(ast.stmt, line=number)), None)
    opens = first is not None and isinstance(getattr(first, "body", None), list)
    return source.between(source.line_start(number), start) if opens else ""


def _split_block(source: Source, number: int) -> tuple[Rewrite, ...]:
    """The block of a line that opens one goes onto lines of its own."""
    inner = [
        n
        for n in source.nodes(ast.stmt, line=number)
        if source.between(source.line_start(number), source.span(n)[0]).rstrip().endswith((":", ";"))
    ]
    if not inner or any(isinstance(getattr(n, "body", None), list) for n in inner):
        return ()
    deep = source.indent(number) + ("\t" if source.indent(number).startswith("\t") else "    ")
    splices = []
    for node in inner:
        start = source.span(node)[0]
        head = source.between(source.line_start(number), start)
        kept = head.rstrip()[:-1].rstrip() if head.rstrip().endswith(";") else head.rstrip()
        begin = source.line_start(number) + len(kept.encode())
        splices.append(Splice(begin, start, f"{source.newline}{deep}".encode()))
    return (Rewrite(tuple(splices), "a block starts on a line of its own"),)


def _no_semicolon(source: Source, number: int) -> tuple[Rewrite, ...]:
    text = source.line(number)
    start = source.line_start(number) + len(text.rstrip().rstrip(";").rstrip().encode())
    return (Rewrite((Splice(start, source.line_start(number) + len(text.encode()), b""),), "the line's end is enough"),)


def _semicolon(spot: Spot) -> tuple[Rewrite, ...]:
    is_last = spot.source.line(spot.finding.line).rstrip().endswith(";")
    return _no_semicolon(spot.source, spot.finding.line) if is_last else _split(spot)


def _named_lambda(spot: Spot) -> tuple[Rewrite, ...]:
    """`f = lambda x: x` as a `def`."""
    source = spot.source
    found: list[ast.Assign | ast.AnnAssign] = [*source.nodes(ast.Assign), *source.nodes(ast.AnnAssign)]
    for node in found:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.lineno != spot.finding.line or len(targets) != 1 or not isinstance(targets[0], ast.Name):
            continue
        if not isinstance(node.value, ast.Lambda) or isinstance(source.scope(node), ast.ClassDef):
            continue
        body = node.value.body
        arguments = source.between(source.span(node.value)[0] + len("lambda"), source.span(body)[0])
        arguments = arguments.rstrip(" (").rstrip().removesuffix(":").strip()
        indent = source.indent(node.lineno)
        if "\n" in arguments or source.between(source.line_start(node.lineno), source.span(node)[0]).strip():
            continue
        text = source.text(body)
        text = f"({text})" if "\n" in text and text[:1] not in "([{" else text
        new = f"def {targets[0].id}({arguments}):{source.newline}{indent}    return {text}"
        splices = (*_apart(source, node), source.replace(node, new))
        return (Rewrite(splices, f"{targets[0].id} is a function with a name"),)
    return ()


def _apart(source: Source, node: ast.stmt) -> list[Splice]:
    """The blank lines that a definition needs above and below."""
    block, wanted = block_of(source, node), 2 if node in source.tree.body else 1
    last = node.end_lineno or node.lineno
    splices = []
    for number, is_needed in ((node.lineno, block[0] is not node), (last + 1, block[-1] is not node)):
        side = range(number - wanted, number) if number == node.lineno else range(number, number + wanted)
        blank = sum(not source.line(n).strip() for n in side if 0 < n <= len(source.lines))
        if is_needed and blank < wanted:
            splices.append(source.insert(source.line_start(number), source.newline * (wanted - blank)))
    return splices


def _assert(spot: Spot) -> tuple[Rewrite, ...]:
    """`assert False` as the error that it raises; another assert as an `if`, so that `-O` can't take it away."""
    source = spot.source
    node = next(iter(source.nodes(ast.Assert, line=spot.finding.line)), None)
    if node is None or source.text(node).count("\n") > 3:
        return ()
    said = f"AssertionError({source.text(node.msg)})" if node.msg is not None else "AssertionError"
    if isinstance(node.test, ast.Constant) and not node.test.value:
        return (Rewrite((source.replace(node, f"raise {said}"),), "the error is raised under `python -O` too"),)
    indent = source.indent(node.lineno)
    test = source.text(node.test)
    opposite = negated(source, node.test) or f"not ({test})"
    new = f"if {opposite}:{source.newline}{indent}    raise {said}"
    why = "what is asserted is checked under `python -O` too; another kind of error may say it better"
    return (Rewrite((source.replace(node, new),), why, is_sure=False),)


def _assert_pair(spot: Spot) -> tuple[Rewrite, ...]:
    """`assert (a, "text")` is always true: the text was meant to be the message."""
    source = spot.source
    node = next(iter(source.nodes(ast.Assert, line=spot.finding.line)), None)
    if node is None or not isinstance(node.test, ast.Tuple) or len(node.test.elts) != 2 or node.msg is not None:
        return ()
    first, second = (source.text(part) for part in node.test.elts)
    why = "a pair is always true, so nothing was checked: now the first part is, and may fail"
    return (Rewrite((source.replace(node, f"assert {first}, {second}"),), why, is_sure=False),)


def _brackets(spot: Spot) -> tuple[Rewrite, ...]:
    """`if (a):`, `return(a)`, `not(a)` without their brackets."""
    source = spot.source
    line, start = source.line(spot.finding.line), source.line_start(spot.finding.line)
    match = re.search(r"\b(if|elif|while|return|not|assert|in|for|del|yield|with|raise)\b[ ]*\(", line)
    if match is None:
        return ()
    opening = match.end() - 1
    depth, closing = 0, -1
    for index in range(opening, len(line)):
        depth += (line[index] == "(") - (line[index] == ")")
        if depth == 0:
            closing = index
            break
    if closing < 0 or any(sign in line[opening:closing] for sign in "'\"#"):
        return ()
    inside = line[opening + 1 : closing]
    follows = line[closing + 1 :].lstrip()
    if re.search(r"\bfor\b|:=", inside) or (follows and follows[0] not in ":#;"):
        return ()
    head = "" if line[opening - 1] == " " else " "
    end_at = start + len(line[: closing + 1].encode())
    begin = start + len(line[:opening].encode())
    splice = Splice(begin, end_at, f"{head}{inside}".encode())
    if not _is_same_program(source, splice):
        return ()
    return (Rewrite((splice,), "the brackets do nothing"),)


def _is_same_program(source: Source, splice: Splice) -> bool:
    """Tell whether an edit leaves what Python reads as it was: `not (a or b)` is not `not a or b`."""
    try:
        after = ast.parse(source.raw[: splice.start] + splice.new + source.raw[splice.end :])
    except SyntaxError:
        return False
    return ast.dump(after) == ast.dump(source.tree)


def _escape(spot: Spot) -> tuple[Rewrite, ...]:
    """An escape that Python does not know: the backslash is doubled, so the text stays the same."""
    source = spot.source
    at = source.place(spot.finding.line, spot.finding.column)
    for position in (at, at - 1, at + 1):
        if source.raw[position : position + 1] == b"\\" and source.raw[position + 1 : position + 2].decode(
            errors="replace"
        ) not in tuple(_ESCAPES):
            return (Rewrite((source.insert(position, "\\"),), "the backslash stands for itself, and says so"),)
    words = re.search(r"\\(.)", spot.finding.message)
    if words is not None:
        line = source.line(spot.finding.line)
        found = [m.start() for m in re.finditer(r"(?<!\\)\\" + re.escape(words.group(1)), line)]
        if found and words.group(1) not in _ESCAPES:
            begin = source.line_start(spot.finding.line)
            splices = tuple(source.insert(begin + len(line[:index].encode()), "\\") for index in found)
            return (Rewrite(splices, "the backslash stands for itself, and says so"),)
    return ()


def _object_base(spot: Spot) -> tuple[Rewrite, ...]:
    """`class A(object)` as `class A`."""
    source = spot.source
    node = next((n for n in source.nodes(ast.ClassDef) if n.lineno <= spot.finding.line <= n.body[0].lineno), None)
    if node is None or len(node.bases) != 1 or node.keywords or source.text(node.bases[0]) != "object":
        return ()
    start, end = source.span(node.bases[0])
    opening = source.raw.rfind(b"(", 0, start)
    closing = source.raw.find(b")", end)
    return (Rewrite((Splice(opening, closing + 1, b""),), "every class is based on object"),)


RULES: tuple[Rule, ...] = (
    rule("E701 E702 E704 C0321", _split),
    rule("E703 W0301", _semicolon),
    rule("E731 C3001", _named_lambda),
    rule("B011 PT015 S101", _assert),
    rule("F631 W0199", _assert_pair),
    rule("C0325 UP034", _brackets),
    rule("W605 W1401", _escape),
    rule("R0205 UP004", _object_base),
)
