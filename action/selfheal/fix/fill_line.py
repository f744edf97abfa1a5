"""Take one statement at a time out of the suspect and ask the model what belongs there.

A small model that is shown a whole function mostly writes it again as it stands. Shown the same function with one
statement missing it can't copy, and what it writes there is a candidate wherever it differs. An answer is one line,
so this is cheap.
"""

import ast
import re
import textwrap
from dataclasses import dataclass

from selfheal.contract.engine import ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import Suspect
from selfheal.contract.target import Target
from selfheal.fix.answers import code_of
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.invented import inventions
from selfheal.fix.prompts import failure_text
from selfheal.fix.python_source import Unusable, function_at, replace_function

SYSTEM = (
    "One statement of a Python function was lost; its place is marked. You get what must work and write "
    "that one line, nothing else."
)

_MOST_STATEMENTS = 24
_CONTEXT_CHARS = 900
_MAX_TOKENS = 400
_QUOTED = re.compile(r"`([^`\n]{3,200})`")


@dataclass(frozen=True, slots=True)
class Hole:
    """The lines of a statement, or of a compound statement's head, in the file; from 1, both ends included."""

    first_line: int
    last_line: int
    is_head: bool


class FillLine:
    """The strategy for Python functions, a statement a sample."""

    name = "fill_line"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name every suspect that is a function, with as many samples as it has statements."""
        found = []
        for index, suspect in misbehaving(case):
            holes = _holes_in(case, suspect)
            if holes:
                place = f"{suspect.file}:{suspect.symbol}"
                found.append(
                    Target(strategy=self.name, place=place, suspect=index, samples=len(holes), uses_model=True)
                )
        return tuple(found)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask for the statement number `sample` of the suspect."""
        if target.suspect is None:
            return NoCandidate("the target names no suspect", is_spent=True)
        suspect = case.suspects[target.suspect]
        holes = _holes_in(case, suspect)
        raw = case.tree.read(suspect.file)
        if raw is None or sample >= len(holes):
            return NoCandidate("the suspect has no statement left", is_spent=True)
        hole = holes[sample]
        lines = raw.decode().splitlines(keepends=True)
        answer = await case.ask(_request(case, suspect, lines, hole))
        if isinstance(answer, ModelFailure):
            return NoCandidate(answer.message, is_spent=answer.is_final)
        name = suspect.symbol.rpartition(".")[2] if suspect.symbol else ""
        if f"def {name}(" in answer.text:
            return self._whole(raw.decode(), suspect, name, answer.text)
        old = "".join(lines[hole.first_line - 1 : hole.last_line])
        new = statement_of(answer.text, old, is_head=hole.is_head)
        if new is None:
            return NoCandidate(f"line {hole.first_line}: the same as before, or nothing", is_spent=False)
        text = "".join([*lines[: hole.first_line - 1], new, *lines[hole.last_line :]])
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return NoCandidate(f"line {hole.first_line}: {new.strip()[:80]!r} does not fit there", is_spent=False)
        if invented := inventions(raw.decode(), text):
            return NoCandidate(f"line {hole.first_line} was not run: {'; '.join(invented)}", is_spent=False)
        return CandidatePatch(
            strategy=self.name,
            edits=(FileEdit(path=suspect.file, content=text.encode()),),
            rationale=f"the model wrote line {hole.first_line} of {suspect.symbol} without seeing what stood there",
        )

    def _whole(self, text: str, suspect: Suspect, name: str, answer: str) -> CandidatePatch | NoCandidate:
        """Take the whole function that the model wrote although one line was asked for; it is often right."""
        rewritten = replace_function(
            text,
            name=name,
            first_line=suspect.first_line,
            last_line=suspect.last_line,
            answer=code_of(answer, holding=f"def {name}"),
        )
        if isinstance(rewritten, Unusable):
            return NoCandidate(rewritten.reason, is_spent=False)
        edit = FileEdit(path=suspect.file, content=rewritten.text.encode())
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"the model filled in {suspect.symbol}")


def statement_of(answer: str, old: str, *, is_head: bool) -> str | None:
    """Take the first line of code from an answer, indented like the old one; None where it says the same.

    Of words that are no code, what they quote.
    """
    lines = [line for line in code_of(answer).splitlines() if line.strip() and not line.strip().startswith(("#", "`"))]
    if not lines:
        return None
    said = (lines[0], *_QUOTED.findall(answer))
    new = next((one for one in said if _does_something(one, is_head=is_head)), lines[0]).strip()
    if is_head and not new.endswith(":"):
        new += ":"
    try:
        is_same = _dump(new, is_head=is_head) == _dump(" ".join(old.split()), is_head=is_head)
    except (SyntaxError, ValueError):
        is_same = new == old.strip()
    indent = old[: len(old) - len(old.lstrip())]
    return None if is_same else f"{indent}{new}\n"


def holes_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[Hole, ...]:
    """List the statements of a function in the order of its source, its docstring left out."""
    holes = []
    has_docstring = ast.get_docstring(function, clean=False) is not None
    for node in ast.walk(function):
        if not isinstance(node, ast.stmt) or node is function or (has_docstring and node is function.body[0]):
            continue
        body = getattr(node, "body", None)
        if isinstance(node, ast.Try | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(body, list) and body:
            if body[0].lineno > node.lineno:
                holes.append(Hole(node.lineno, body[0].lineno - 1, is_head=True))
        else:
            holes.append(Hole(node.lineno, node.end_lineno or node.lineno, is_head=False))
    return tuple(sorted(holes, key=lambda hole: hole.first_line)[:_MOST_STATEMENTS])


def _holes_in(case: RepairCase, suspect: Suspect) -> tuple[Hole, ...]:
    raw = case.tree.read(suspect.file)
    if raw is None or suspect.symbol is None or not suspect.file.endswith(".py"):
        return ()
    node = function_at(raw, name=suspect.symbol.rpartition(".")[2], first_line=suspect.first_line)
    return holes_of(node) if node is not None else ()


def _does_something(text: str, *, is_head: bool) -> bool:
    """Tell whether it is a statement, and no bare name: a model that explains its line quotes names, too."""
    head = text.strip().removesuffix(":")
    if is_head and head.startswith("el"):
        return True
    try:
        body = _body(f"{head}:" if is_head else head, is_head=is_head)
    except (SyntaxError, ValueError):
        return False
    return bool(body) and not (isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Name | ast.Constant))


def _dump(statement: str, *, is_head: bool) -> str:
    return ast.dump(ast.Module(_body(statement, is_head=is_head), []))


def _body(statement: str, *, is_head: bool) -> list[ast.stmt]:
    """The statement as a tree; a head is given a body. Raises SyntaxError for an `elif`, which can't stand alone."""
    return ast.parse(f"{statement}\n    pass" if is_head and not statement.startswith("el") else statement).body


def _request(case: RepairCase, suspect: Suspect, lines: list[str], hole: Hole) -> ModelRequest:
    indent = lines[hole.first_line - 1][: len(lines[hole.first_line - 1]) - len(lines[hole.first_line - 1].lstrip())]
    holed = [
        *lines[suspect.first_line - 1 : hole.first_line - 1],
        f"{indent}# ??? the lost line\n",
        *lines[hole.last_line : suspect.last_line],
    ]
    context = case.context(suspect, _CONTEXT_CHARS)
    parts = [f"What it works with:\n```python\n{context.rstrip()}\n```"] if context else []
    failure = failure_text(case.diagnosis, file=suspect.file, hint=case.hint)
    parts.append(f"What fails without the right line:\n```\n{failure}\n```")
    # The function comes last: it alone changes from statement to statement, the rest is in the engine's cache.
    parts.append(f"```python\n{textwrap.dedent(''.join(holed)).rstrip()}\n```\n\nThe lost line:")
    return ModelRequest(
        system=SYSTEM, user="\n\n".join(parts), max_tokens=_MAX_TOKENS, seed=case.seed, purpose="fill_line"
    )
