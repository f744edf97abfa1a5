"""A parser that names the missing token is taken at its word, in any language."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.syntax.told_token import ToldToken

CASES = [
    ("a.ts", "const x = {a: 1 b: 2};\n", 1, 17, "',' expected.", "const x = {a: 1, b: 2};\n"),
    ("a.ts", "f(1;\n", 1, 4, "')' expected.", "f(1);\n"),
    ("a.c", "int f(void) {\n  int x = 1\n  return x;\n}\n", 2, 12, "expected ';' before 'return'", None),
    ("a.rs", "fn f() {\n    let x = 1\n    g(x);\n}\n", 2, 14, "expected `;`, found `g`", None),
    ("a.go", "var x = []int{\n\t1,\n\t2\n}\n", 3, 3,
     "unexpected newline in composite literal; possibly missing comma or }",
     "var x = []int{\n\t1,\n\t2,\n}\n"),
    ("a.js", "f(1\n", 1, None, "SyntaxError: missing ) after argument list", "f(1)\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "line", "column", "message", "right"), CASES, ids=[c[4][:40] for c in CASES])
def test_the_named_token_is_put_where_it_is_missed(
    path: str, text: str, line: int, column: int | None, message: str, right: str | None
) -> None:
    """The right text is among the samples."""
    failure = a_failure(tool="parser", file=path, line=line, column=column, message=message)
    case = a_case({path: text}, diagnosis=a_diagnosis(failure, category=Category.BUILD))
    strategy = ToldToken()
    (target,) = strategy.targets(case)
    found = []
    for sample in range(target.samples):
        patch = asyncio.run(strategy.propose(case, target, sample=sample, tried=()))
        if isinstance(patch, CandidatePatch):
            found.append((patch.edits[0].content or b"").decode())

    assert (right or text.replace("= 1\n", "= 1;\n")) in found


def test_other_messages_are_not_for_it() -> None:
    """Without a named token there is nothing exact to do."""
    failure = a_failure(file="a.ts", line=1, message="Cannot find name 'x'.")

    assert ToldToken().targets(a_case({"a.ts": "x\n"}, diagnosis=a_diagnosis(failure))) == ()
