"""The failing test's source, cut to what the failure is about."""

import ast

from selfheal.locate.source import Symbol
from selfheal.locate.symbols import SymbolIndex

_CUT = "    # ..."


def excerpt_of(index: SymbolIndex, test: Symbol, line: int | None, *, test_id: str | None, max_chars: int) -> str:
    """The test function up to the line that failed, of its parametrize rows only the failing one."""
    node = index.node(test)
    source = index.file(test.file)
    if source is None:
        return ""
    head = f"# the failing test, {test.file}"
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _fitted(head, source.lines[test.first_line - 1 : test.last_line], max_chars, 1)
    last = test.last_line
    if line is not None:
        # What comes after the failed statement never ran.
        ends = [one.end_lineno or one.lineno for one in node.body if one.lineno <= line]
        last = ends[-1] if ends else last
    decorators: list[str] = []
    for decorator in node.decorator_list:
        decorators += _decorator(decorator, source.lines, test_id)
    body = source.lines[node.lineno - 1 : last]
    margin = min((len(one) - len(one.lstrip()) for one in body if one.strip()), default=0)
    lines = [*decorators, *(one[margin:] for one in body)]
    marked = len(decorators) + (line - node.lineno) if line is not None else len(lines) - 1
    return _fitted(head, lines, max_chars, marked)


def _decorator(node: ast.expr, lines: list[str], test_id: str | None) -> list[str]:
    """A decorator as it is; of a long parametrize only the row whose id the test's id shows."""
    whole = "@" + "\n".join(lines[node.lineno - 1 : node.end_lineno]).strip().lstrip("@")
    is_parametrize = (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "parametrize"
    )
    if not is_parametrize or not isinstance(node, ast.Call) or len(node.args) < 2:
        return whole.split("\n")
    rows = node.args[1]
    if not isinstance(rows, (ast.List, ast.Tuple)) or test_id is None or "[" not in test_id:
        return whole.split("\n")
    wanted = test_id.partition("[")[2].removesuffix("]")
    fitting = [row for row in rows.elts if _id(row) == wanted or wanted in _ids(row)]
    if len(fitting) != 1:
        return whole.split("\n") if len(whole) < 400 else []
    return [f"@pytest.mark.parametrize({ast.unparse(node.args[0])}, [{ast.unparse(fitting[0])}])"]


def _id(row: ast.expr) -> str:
    """The id that pytest makes of a row of simple values."""
    values = row.elts if isinstance(row, (ast.Tuple, ast.List)) else [row]
    parts = []
    for value in values:
        try:
            parts.append(str(ast.literal_eval(value)))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return ""
    return "-".join(parts)


def _ids(row: ast.expr) -> list[str]:
    """`pytest.param(..., id="x")`."""
    if not isinstance(row, ast.Call):
        return []
    return [str(one.value.value) for one in row.keywords if one.arg == "id" and isinstance(one.value, ast.Constant)]


def _fitted(head: str, lines: list[str], max_chars: int, marked: int) -> str:
    """All lines where they fit; else the first, and as many before the marked one as fit."""
    text = "\n".join((head, *lines))
    if len(text) <= max_chars:
        return text
    kept: list[str] = []
    signature = next((one for one in lines if one.lstrip().startswith(("def ", "async def "))), "")
    room = max_chars - len(head) - len(signature) - len(_CUT) - 3
    for one in reversed(lines[: marked + 1]):
        if one == signature or len(one) + 1 > room:
            break
        kept.append(one)
        room -= len(one) + 1
    return "\n".join((head, signature, _CUT, *reversed(kept))) if kept else ""
