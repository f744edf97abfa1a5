"""Functions that are too complex: statements that stand on their own become a function of their own."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.source import FunctionNode, Source, Splice

_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
_LEAVES = (
    *(ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Global, ast.Nonlocal),
    *(ast.Delete, ast.NamedExpr, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)
"""What can't move to another function, or says something else there."""
_SEES_ITS_FRAME = frozenset({"super", "locals", "vars", "eval", "exec", "dir", "__class__"})
_OVER = re.compile(r"\((\d+) ?[>/] ?(\d+)\)")
_MOST_PARAMETERS = 5
_MAX_LINE = 88


@dataclass(frozen=True, slots=True)
class _Run:
    """Statements that follow each other, what they read of the function, and how much they weigh."""

    statements: tuple[ast.stmt, ...]
    reads: tuple[str, ...]
    weight: int

    @property
    def is_guard(self) -> bool:
        """True where all that they do is to refuse."""
        return all(
            isinstance(one, ast.If) and not one.orelse and all(isinstance(inner, ast.Raise) for inner in one.body)
            for one in self.statements
        )


def _extracted(spot: Spot) -> tuple[Rewrite, ...]:
    """The statements with the fewest ties to the rest, at least as many as are too much, as a helper before it."""
    source = spot.source
    function = next((one for one in source.functions() if one.lineno == spot.finding.line), None)
    over = _OVER.search(spot.finding.message)
    if function is None or any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(function)):
        return ()
    needed, most = (int(over[1]) - int(over[2]), int(over[2]) - 1) if over else (1, 1 << 20)
    counts_statements = spot.finding.code in ("R0915", "PLR0915")
    runs = [run for run in _runs(source, function, counts_statements) if needed <= run.weight <= most]
    runs.sort(key=lambda run: _order(run, is_limit_known=over is not None))
    return tuple(_moved(source, function, run) for run in runs[:1])


def _order(run: _Run, *, is_limit_known: bool) -> tuple[bool, int, int]:
    """Guards first, and all that stand together; of the rest what has the fewest ties and is just enough."""
    if run.is_guard:
        return (False, -run.weight, len(run.reads))
    # Without a word on how much is too much, the weightiest is the likeliest to be enough.
    return (True, len(run.reads), run.weight if is_limit_known else -run.weight)


def _runs(source: Source, function: FunctionNode, counts_statements: bool) -> Iterator[_Run]:
    own = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound = set(own)
    first = 1 if ast.get_docstring(function) is not None else 0
    for start in range(first, len(function.body)):
        for end in range(start + 1, len(function.body) + 1):
            block = tuple(function.body[start:end])
            if not _may_move(source, block):
                break
            reads = _names(block, ast.Load) & (own | stored)
            outside = _names([one for one in function.body if one not in block], ast.Load)
            assigned = _names(block, ast.Store)
            if assigned & outside or not reads - assigned <= bound or len(reads - assigned) > _MOST_PARAMETERS:
                continue
            if reads & assigned & bound:
                continue
            yield _Run(block, _ordered(reads - assigned, block), _weight(block, counts_statements))
        bound |= _surely_bound(function.body[start])


def _may_move(source: Source, block: tuple[ast.stmt, ...]) -> bool:
    nodes = [node for statement in block for node in ast.walk(statement)]
    if any(isinstance(node, _LEAVES) for node in nodes):
        return False
    if any(isinstance(node, ast.Name) and node.id in _SEES_ITS_FRAME for node in nodes):
        return False
    # A name with two underscores in front is another one outside of its class.
    private = [getattr(node, "attr", getattr(node, "id", "")) for node in nodes]
    if any(name.startswith("__") and not name.endswith("__") for name in private):
        return False
    texts = [node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr)]
    if any(node.lineno != node.end_lineno for node in texts):
        return False
    last = block[-1]
    tail = source.line(last.end_lineno or last.lineno).encode()[last.end_col_offset or 0 :]
    return not tail.strip() or tail.strip().startswith(b"#")


def _names(nodes: "tuple[ast.stmt, ...] | list[ast.stmt]", context: type[ast.expr_context]) -> set[str]:
    """The names that statements read or bind; a handler's name counts as bound."""
    found = {
        node.id
        for one in nodes
        for node in ast.walk(one)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }
    if context is ast.Store:
        found |= {h.name for one in nodes for h in ast.walk(one) if isinstance(h, ast.ExceptHandler) and h.name}
    return found


def _surely_bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds whatever happens."""
    match statement:
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            return _names([statement], ast.Store)
        case _:
            return set()


def _weight(block: tuple[ast.stmt, ...], counts_statements: bool) -> int:
    kinds = (ast.stmt,) if counts_statements else _BRANCHES
    return sum(isinstance(node, kinds) for statement in block for node in ast.walk(statement))


def _ordered(names: set[str], block: tuple[ast.stmt, ...]) -> tuple[str, ...]:
    """The names in the order in which the statements first read them."""
    read = sorted(
        (node.lineno, node.col_offset, node.id)
        for one in block
        for node in ast.walk(one)
        if isinstance(node, ast.Name) and node.id in names
    )
    return tuple(dict.fromkeys(name for _, _, name in read))


def _moved(source: Source, function: FunctionNode, run: _Run) -> Rewrite:
    name = _fresh(source, function, run)
    first, last = run.statements[0], run.statements[-1]
    start, end = source.line_start(first.lineno), source.line_start((last.end_lineno or last.lineno) + 1)
    indent = source.indent(first.lineno)
    lines = source.between(start, end).splitlines(keepends=True)
    body = "".join("    " + line[len(indent) :] if line.strip() else line for line in lines)
    notes = {arg.arg: arg.annotation for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
    written = [_parameter(source, one, notes.get(one)) for one in run.reads]
    arrow = " -> None" if function.returns is not None or any(notes.values()) else ""
    newline = source.newline
    helper = f"{_head(name, written, arrow, newline)}{body.rstrip()}{newline}{newline}{newline}"
    call = f"{indent}{name}({', '.join(run.reads)}){newline}"
    outer = [one for one in (function, *source.above(function)) if isinstance(one, ast.stmt)][-1]
    top = min([outer.lineno, *(one.lineno for one in getattr(outer, "decorator_list", ()))])
    splices = (source.insert(source.line_start(top), helper), Splice(start, end, call.encode()))
    why = f"{function.name} was too complex: {len(run.statements)} of its statements are a function of their own"
    return Rewrite(splices, why, is_sure=False)


def _head(name: str, written: list[str], arrow: str, newline: str) -> str:
    line = f"def {name}({', '.join(written)}){arrow}:"
    if len(line) <= _MAX_LINE:
        return f"{line}{newline}"
    return f"def {name}({newline}" + "".join(f"    {one},{newline}" for one in written) + f"){arrow}:{newline}"


def _parameter(source: Source, name: str, note: ast.expr | None) -> str:
    return name if note is None or isinstance(note, ast.Constant) else f"{name}: {source.text(note)}"


def _fresh(source: Source, function: FunctionNode, run: _Run) -> str:
    base = f"_check_{function.name.strip('_')}" if run.is_guard else f"_{function.name.strip('_')}_part"
    words = taken(source.tree)
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, 1000))) if name not in words)


RULES: tuple[Rule, ...] = (rule("C901 R0912 PLR0912 R0915 PLR0915", _extracted),)
