"""Ask the checker for the types of expressions: `reveal_type` around them, in a copy."""

import ast
import re
from collections.abc import Iterable

from selfheal.fix.interface import RepairCase
from selfheal.fix.types.checker import check_command, run_checker
from selfheal.fix.types.finding import Question
from selfheal.fix.types.mend import Splice, spliced
from selfheal.fix.types.source import Source

_WRAP, _END = "[reveal_type(", ")][0]"
"""As the element of a list, so that what is expected there does not colour the type."""
_MYPY = re.compile(r'Revealed type is ["\'](.*)["\']$')
_PYRIGHT = re.compile(r'Type of ".*?" is "(.*)"$')
_MAX = 60


async def reveal(case: RepairCase, tool: str, questions: Iterable[Question]) -> dict[tuple[str, int], str]:
    """Give the checker's answers by file and offset of the expression. One run; what it doesn't tell is left out.

    Of expressions that hold each other the outer one is asked.
    """
    asked: list[Question] = []
    for source, node in sorted(questions, key=lambda one: (one[0].path, _from_outside(*one))):
        start, end = source.span(node)
        taken = [one.span(other) for one, other in asked if one.path == source.path]
        if isinstance(node, ast.GeneratorExp | ast.Starred):
            continue
        if len(asked) < _MAX and all(end <= first or last <= start for first, last in taken):
            asked.append((source, node))
    if not asked:
        return {}
    files = {source.path: source for source, _ in asked}
    texts = {path: _wrapped(source, [n for s, n in asked if s.path == path]) for path, source in files.items()}
    contents = {path: files[path].encode(text) for path, text in texts.items()}
    line = check_command(tool, case.command, contents, is_revealing=True, paths=tuple(sorted(files)))
    if line is None:
        return {}
    answers: dict[tuple[str, int], str] = {}
    said = await run_checker(case.transformer, line)
    for source, node in asked:
        places = _expected(node, [n for s, n in asked if s.path == source.path])
        for one in said:
            found = _MYPY.search(one.text) or _PYRIGHT.search(one.text)
            is_there = one.file == source.path or one.file.endswith(f"/{source.path}")
            if found and is_there and one.line == node.lineno and one.column in places:
                answers[source.path, source.span(node)[0]] = found.group(1)
    return answers


def _from_outside(source: Source, node: ast.expr) -> tuple[int, int]:
    start, end = source.span(node)
    return start, -end


def _wrapped(source: Source, nodes: list[ast.expr]) -> str:
    splices = []
    for node in nodes:
        start, end = source.span(node)
        splices += [Splice(source.path, start, start, _WRAP), Splice(source.path, end, end, _END)]
    return spliced(source.text, splices)


def _expected(node: ast.expr, others: list[ast.expr]) -> tuple[int, ...]:
    """Tell in which columns the answer may be told: that of the call (mypy) or of its argument (pyright)."""
    shift = 0
    for other in others:
        if other is not node and other.end_lineno == node.lineno and (other.end_col_offset or 0) <= node.col_offset:
            shift += len(_END) + (len(_WRAP) if other.lineno == node.lineno else 0)
    first = node.col_offset + shift + 1
    return first + 1, first + len(_WRAP)
