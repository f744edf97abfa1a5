"""What Go's compiler refuses is mended by rules, with the real compiler."""

import shutil
from pathlib import Path

import pytest

from builders import a_case, a_diagnosis, a_failure
from fix.types.checked import Checked
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.tree import MemoryTree
from selfheal.fix.golang.go_repair import GoRepair
from selfheal.fix.interface import NoCandidate

WITH_GO = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")
MODULE = "module example.org/shop\n\ngo 1.22\n"
STORE = 'package store\n\nimport "errors"\n\nvar ErrGone = errors.New("gone")\n'
OTHER = """\
package shop

import "crypto/rand"

type Item struct {
	Name  string
	price int
}

func (i Item) Total() int { return i.price }

func Fill(b []byte) (int, error) { return rand.Read(b) }

func check(n int) error { return nil }
"""
HEAD = "package shop\n\n"
CASES = {
    "an import alone": (
        HEAD + 'import "os"\n\nfunc F() int {\n\treturn 1\n}\n',
        HEAD + "func F() int {\n\treturn 1\n}\n",
        False,
    ),
    "an import of several": (
        HEAD + 'import (\n\t"fmt"\n\tstr "strings"\n)\n\nfunc F() { fmt.Println() }\n',
        HEAD + 'import (\n\t"fmt"\n)\n\nfunc F() { fmt.Println() }\n',
        False,
    ),
    "a package that is not imported": (
        HEAD + 'import (\n\t"fmt"\n\t"time"\n)\n\nfunc F() { fmt.Println(os.Args, time.Now()) }\n',
        HEAD + 'import (\n\t"fmt"\n\t"os"\n\t"time"\n)\n\nfunc F() { fmt.Println(os.Args, time.Now()) }\n',
        False,
    ),
    "the first import": (
        HEAD + "func F(a string) string { return strings.ToUpper(a) }\n",
        HEAD + 'import "strings"\n\nfunc F(a string) string { return strings.ToUpper(a) }\n',
        False,
    ),
    "a package of the module": (
        HEAD + 'import "fmt"\n\nfunc F() { fmt.Println(store.ErrGone) }\n',
        HEAD + 'import "fmt"\nimport "example.org/shop/store"\n\nfunc F() { fmt.Println(store.ErrGone) }\n',
        False,
    ),
    "a name of two packages, as the repository has it": (
        HEAD + "func F(b []byte) { _, _ = rand.Read(b) }\n",
        HEAD + 'import "crypto/rand"\n\nfunc F(b []byte) { _, _ = rand.Read(b) }\n',
        True,
    ),
    "a plain variable": (
        HEAD + "func F() int {\n\tn := 3\n\tm := 4 // four\n\treturn n\n}\n",
        HEAD + "func F() int {\n\tn := 3\n\treturn n\n}\n",
        False,
    ),
    "a variable without a value": (
        HEAD + "func F() int {\n\tvar last int\n\treturn 1\n}\n",
        HEAD + "func F() int {\n\treturn 1\n}\n",
        False,
    ),
    "one of a pair": (
        HEAD + "func F() int {\n\ttotal, extra := 0, 1\n\treturn total\n}\n",
        HEAD + "func F() int {\n\ttotal := 0\n\treturn total\n}\n",
        False,
    ),
    "one of several results": (
        HEAD + "func F(b []byte) int {\n\tn, err := Fill(b)\n\treturn n\n}\n",
        HEAD + "func F(b []byte) int {\n\tn, _ := Fill(b)\n\treturn n\n}\n",
        False,
    ),
    "a value of a range": (
        HEAD + "func F(a []int) (n int) {\n\tfor i, one := range a {\n\t\tn += i\n\t}\n\treturn n\n}\n",
        HEAD + "func F(a []int) (n int) {\n\tfor i := range a {\n\t\tn += i\n\t}\n\treturn n\n}\n",
        False,
    ),
    "a key of a range": (
        HEAD + "func F(a []int) (n int) {\n\tfor i, one := range a {\n\t\tn += one\n\t}\n\treturn n\n}\n",
        HEAD + "func F(a []int) (n int) {\n\tfor _, one := range a {\n\t\tn += one\n\t}\n\treturn n\n}\n",
        False,
    ),
    "an error that nobody looks at": (
        HEAD + "func F() (int, error) {\n\terr := check(1)\n\treturn 1, nil\n}\n",
        HEAD
        + "func F() (int, error) {\n\tif err := check(1); err != nil {\n\t\treturn 0, err\n\t}\n\treturn 1, nil\n}\n",
        True,
    ),
    "a variable that shadows": (
        HEAD + "func F(ok bool) int {\n\tn := 1\n\tif ok {\n\t\tn := 2\n\t}\n\treturn n\n}\n",
        HEAD + "func F(ok bool) int {\n\tn := 1\n\tif ok {\n\t\tn = 2\n\t}\n\treturn n\n}\n",
        True,
    ),
    "a variable that is spelt otherwise": (
        HEAD + "func F(a []int) int {\n\ttotal := len(a)\n\treturn totl\n}\n",
        HEAD + "func F(a []int) int {\n\ttotal := len(a)\n\treturn total\n}\n",
        False,
    ),
    "nothing new": (
        HEAD + "func F() int {\n\tn := 1\n\tn := 2\n\treturn n\n}\n",
        HEAD + "func F() int {\n\tn := 1\n\tn = 2\n\treturn n\n}\n",
        True,
    ),
    "a field that the compiler names": (
        HEAD + "func F(i Item) string { return i.name }\n",
        HEAD + "func F(i Item) string { return i.Name }\n",
        False,
    ),
    "a method that is spelt otherwise": (
        HEAD + "func F(i Item) int { return i.Totl() }\n",
        HEAD + "func F(i Item) int { return i.Total() }\n",
        False,
    ),
    "a function of a package": (
        HEAD + 'import "strings"\n\nfunc F(a string) bool { return strings.Contians(a, "é") }\n',
        HEAD + 'import "strings"\n\nfunc F(a string) bool { return strings.Contains(a, "é") }\n',
        True,
    ),
    "several at once": (
        HEAD + 'import "os"\n\nfunc F(é string) string {\n\tn := 1\n\treturn strings.ToUpper("é" + é)\n}\n',
        HEAD + 'import "strings"\n\nfunc F(é string) string {\n\treturn strings.ToUpper("é" + é)\n}\n',
        False,
    ),
}


@WITH_GO
@pytest.mark.parametrize("name", CASES)
async def test_what_the_compiler_refuses_is_mended(name: str, tmp_path: Path):
    """Only the lines in question change; a person is asked where something else may have been meant."""
    before, after, needs_human = CASES[name]
    files = {"go.mod": MODULE, "a.go": before, "other.go": OTHER, "store/store.go": STORE}
    project = Checked(tmp_path, files, "go build ./...")
    assert await project.heal(GoRepair()), project.reasons
    assert project.text("a.go") == after
    assert any(one.disposition is Disposition.NEEDS_HUMAN for one in project.candidates) == needs_human


@WITH_GO
async def test_vet_tells_the_same(tmp_path: Path):
    """`go vet` stops at the first error of a package; each is mended in its turn."""
    text = HEAD + "func F(a string) string {\n\tn := 1\n\treturn strings.ToUpper(a)\n}\n"
    project = Checked(tmp_path, {"go.mod": MODULE, "a.go": text}, "go vet ./...")
    assert await project.heal(GoRepair()), project.reasons
    assert (
        project.text("a.go") == HEAD + 'import "strings"\n\nfunc F(a string) string {\n\treturn strings.ToUpper(a)\n}\n'
    )


LINTED = """\
package shop

import "os"

func Show() (int, error) {
	os.Remove("x")
	return 1, nil
}

// lonely does
// nothing.
func lonely() int {
	return 3
}

var lone = 4

func Last() {}
"""
UNCHECKED = "Error return value of `os.Remove` is not checked"
LINT_CASES = {
    "an error that is not looked at": (
        a_failure(tool="golangci-lint", code="errcheck", file="a.go", line=6, column=11, message=UNCHECKED),
        '\tos.Remove("x")\n',
        '\tif err := os.Remove("x"); err != nil {\n\t\treturn 0, err\n\t}\n',
    ),
    "a function that nothing uses": (
        a_failure(tool="golangci-lint", code="unused", file="a.go", line=12, column=6, message="func lonely is unused"),
        "// lonely does\n// nothing.\nfunc lonely() int {\n\treturn 3\n}\n\n",
        "",
    ),
    "a variable that nothing uses": (
        a_failure(tool="golangci-lint", code="unused", file="a.go", line=16, column=5, message="var lone is unused"),
        "var lone = 4\n\n",
        "",
    ),
}


@pytest.mark.parametrize("name", LINT_CASES)
async def test_what_golangci_lint_cannot_fix_is_mended(name: str):
    """An error is given on where the function returns errors, never dropped; what is unused goes. A person looks."""
    failure, before, after = LINT_CASES[name]
    case = a_case({"a.go": LINTED}, diagnosis=a_diagnosis(failure))
    (target,) = GoRepair().targets(case)
    made = await GoRepair().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == LINTED.replace(before, after).encode()
    assert made.disposition is Disposition.NEEDS_HUMAN


HOSTILE = [
    ("declared and not used: x", 3, 2),
    ("undefined: x", 99, 1),
    ("undefined: " + "x" * 5000, 1, 1),
    ("undefined: a.b", 1, 5000),
    ('"../../etc" imported and not used', 1, 1),
    ("no new variables on left side of :=", None, None),
]


CONTENTS = {
    "empty": b"",
    "no text": b"\xff\xfe",
    "cut off": b"package p\nfunc (",
    "brackets": b"(" * 80_000,
    "no code": "package p // é".encode(),
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize(("message", "line", "column"), HOSTILE, ids=range(len(HOSTILE)))
async def test_places_that_are_not_there_are_left_alone(
    content: bytes, message: str, line: int | None, column: int | None
):
    """A log may say anything: it leads to no candidate, and to no error."""
    failure = a_failure(tool="go build", file="a.go", line=line, column=column, message=message)
    case = a_case({}, tree=MemoryTree({"a.go": content}), diagnosis=a_diagnosis(failure))
    for target in GoRepair().targets(case):
        assert isinstance(await GoRepair().propose(case, target, sample=0, tried=()), NoCandidate)
