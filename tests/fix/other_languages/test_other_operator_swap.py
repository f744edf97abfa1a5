"""Operators, constants and sisters are swapped by the grammar, a command decides."""

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.other_languages import OtherOperatorSwap

GO = """package p

func F(a []int) int {
	s := 0
	for i := 1; i < len(a); i++ {
		s += a[i]
	}
	return s
}
"""
JAVA = """class A {
  static int f(int a, int b) {
    return a > b && a != 3 ? Math.max(a, b) : 0;
  }
}
"""
RUST = """pub fn f(mut n: u64) -> u64 {
    let mut s = 0;
    while n > 0 {
        s += n / 10;
        n /= 10;
    }
    s
}
"""


async def every_text(path: str, text: str, symbol: str, line: int, last: int) -> list[str]:
    """What each sample makes of the file."""
    suspect = a_suspect(file=path, symbol=symbol, first_line=line, last_line=last)
    case = a_case(
        {path: text}, suspects=(suspect,), diagnosis=a_diagnosis(a_failure(tool="go test", file=path, line=line))
    )
    strategy = OtherOperatorSwap()
    (target,) = strategy.targets(case)
    found = []
    for sample in range(target.samples):
        candidate = await strategy.propose(case, target, sample=sample, tried=())
        if isinstance(candidate, CandidatePatch):
            found.append(candidate.edits[0].content.decode())
    return found


@pytest.mark.parametrize(
    ("path", "text", "symbol", "lines", "before", "after"),
    [
        ("a.go", GO, "F", (3, 9), "i := 1", "i := 0"),
        ("a.go", GO, "F", (3, 9), "i < len", "i <= len"),
        ("A.java", JAVA, "A.f", (2, 4), "a > b", "a >= b"),
        ("A.java", JAVA, "A.f", (2, 4), "&&", "||"),
        ("A.java", JAVA, "A.f", (2, 4), "Math.max", "Math.min"),
        ("a.rs", RUST, "f", (1, 8), "n / 10", "n % 10"),
    ],
)
async def test_the_near_relatives_are_tried(path, text, symbol, lines, before, after):
    """And nothing else of the file changes."""
    assert text.replace(before, after, 1) in await every_text(path, text, symbol, *lines)


async def test_each_sample_is_another_program():
    """None comes twice, and none is what was there."""
    texts = await every_text("A.java", JAVA, "A.f", 2, 4)
    assert len(set(texts)) == len(texts)
    assert JAVA not in texts


def test_what_was_not_built_is_not_searched():
    """A compiler's error is mended by no other operator."""
    suspect = a_suspect(file="a.go", symbol="F", first_line=3, last_line=9)
    diagnosis = a_diagnosis(a_failure(file="a.go", line=5), category=Category.BUILD)
    assert OtherOperatorSwap().targets(a_case({"a.go": GO}, suspects=(suspect,), diagnosis=diagnosis)) == ()
