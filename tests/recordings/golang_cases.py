"""What Go's build, vet, test, formatter, modules and golangci-lint print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from collections.abc import Mapping, Sequence
from typing import Any

from recordings.case import Case

MOD = {"go.mod": "module example.com/shop\n\ngo 1.24\n"}
CART = {
    **MOD,
    "cart/cart.go": "// Package cart sums things up.\npackage cart\n\nfunc Total(prices []int) int {\n\tsum := 1\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum\n}\n\n"
    "func Last(prices []int) int {\n\treturn prices[len(prices)]\n}\n",
}
BROKEN = {
    **MOD,
    "main.go": 'package main\n\nimport (\n\t"fmt"\n\t"os"\n\n\t"example.com/shop/cart"\n)\n\nfunc main() {\n\tfmt.Println(cart.Total([]int{1}))\n}\n',
    "cart/cart.go": "package cart\n\nfunc Total(prices []int) string {\n\treturn sum(prices)\n}\n\nfunc Names() []string {\n\treturn []int{1}\n}\n\nfunc Half(n int) (int, error) {\n\treturn n / 2\n}\n\nfunc Sign(n int) int {\n\tif n < 0 {\n\t\treturn -1\n\t}\n}\n",
}
BROKEN_AT = [
    {"tool": "go build", "file": "cart/cart.go", "line": 4, "column": 9, "message": "undefined: sum"},
    {"tool": "go build", "file": "cart/cart.go", "line": 8, "column": 9},
    {"tool": "go build", "file": "cart/cart.go", "line": 12, "column": 9},
    {"tool": "go build", "file": "cart/cart.go", "line": 19, "column": 1, "message": "missing return"},
]


def _expected(category: str, failures: Sequence[Mapping[str, Any]], *, count: int | None = 0) -> dict[str, Any]:
    """`count` is the number of failures unless told."""
    number = len(failures) if count == 0 else count
    return {
        "category": category,
        "failures": list(failures),
        **({"count": number} if number is not None else {}),
    }


def _build(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "go build ./...")
    category = changes.pop("category", "build")
    count = changes.pop("count", 0)
    return Case("go-build", name, command, files, _expected(category, failures, count=count), **changes)


BUILD_CASES = (
    _build("several", BROKEN, BROKEN_AT),
    _build("several-github", BROKEN, BROKEN_AT, wrap="github"),
    _build("json", BROKEN, BROKEN_AT, command="go build -json ./..."),
    _build(
        "unused",
        {
            **MOD,
            "main.go": 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tcount := 1\n\tfmt.Printl("x")\n}\n',
        },
        [
            {"file": "main.go", "line": 5, "column": 2, "message": '"os" imported and not used'},
            {"file": "main.go", "line": 9, "column": 2, "message": "declared and not used: count"},
            {"file": "main.go", "line": 10, "column": 6, "message": "undefined: fmt.Printl"},
        ],
    ),
    _build(
        "too-many",
        {**MOD, "a.go": "package shop\n\nvar (\n" + "".join(f"\tv{n} = missing{n}\n" for n in range(12)) + ")\n"},
        [{"file": "a.go", "line": line, "column": 7} for line in range(4, 14)],
    ),
    _build(
        "syntax",
        {
            **MOD,
            "main.go": "package main\n\nfunc main() {\n\tif true {\n\t\tprintln(1\n\t}\n}\n",
            "b/b.go": "package b\n\nfunc B() int { return missing }\n",
        },
        [
            {"tool": "go build", "file": "main.go", "line": 5, "column": 12},
            {"tool": "go build", "file": "b/b.go", "line": 3, "column": 23},
        ],
        category="syntax",
    ),
    _build(
        "no-package-clause",
        {**MOD, "main.go": "packge main\n\nfunc main() {}\n"},
        [{"tool": "go build", "file": "main.go", "line": 1, "column": 1}],
        category="syntax",
    ),
    _build(
        "arguments",
        {
            **MOD,
            "main.go": 'package main\n\ntype shop struct{}\n\nfunc (s *shop) open(name string, hour int) {}\n\ntype opener interface{ open(name string) }\n\nvar _ opener = &shop{}\n\nfunc main() {\n\ts := shop{}\n\ts.open("x")\n\ts.close()\n}\n',
        },
        [
            {"file": "main.go", "line": 9, "column": 16},
            {"file": "main.go", "line": 13},
            {"file": "main.go", "line": 14, "column": 4},
        ],
    ),
    _build(
        "import-cycle",
        {
            **MOD,
            "a/a.go": 'package a\n\nimport "example.com/shop/b"\n\nvar A = b.B\n',
            "b/b.go": 'package b\n\nimport "example.com/shop/a"\n\nvar B = a.A\n',
        },
        [{"tool": "go build", "file": "a/a.go", "line": None}],
    ),
    _build(
        "own-package-missing",
        {**MOD, "main.go": 'package main\n\nimport "example.com/shop/cart"\n\nfunc main() { cart.Run() }\n'},
        # Go can't tell it from a package of someone else's.
        [{"tool": "go mod", "file": "main.go", "line": 3, "column": 8}],
        category="dependency",
    ),
    _build(
        "not-in-std",
        {**MOD, "main.go": 'package main\n\nimport "cart/prices"\n\nfunc main() { prices.Run() }\n'},
        [{"tool": "go build", "file": "main.go", "line": 3, "column": 8}],
    ),
    _build(
        "two-packages",
        {**MOD, "a.go": "package shop\n", "b.go": "package cart\n"},
        [{"tool": "go build"}],
    ),
    _build(
        "embed-missing",
        {
            **MOD,
            "main.go": 'package main\n\nimport "embed"\n\n//go:embed static/*\nvar files embed.FS\n\nfunc main() { _ = files }\n',
        },
        [{"tool": "go build", "file": "main.go", "line": 5, "column": 12}],
    ),
    _build(
        "cgo",
        {
            **MOD,
            "main.go": 'package main\n\n// int twice(int n) { return 2 * n; }\nimport "C"\n\nfunc main() {\n\tprintln(C.thrice(2))\n}\n',
        },
        [{"tool": "go build", "file": "main.go", "line": 7, "column": 10}],
        environment={"CGO_ENABLED": "1"},
    ),
    _build(
        "cgo-compiler",
        {
            **MOD,
            "main.go": 'package main\n\n// int twice(int n) { return 2 * n; }\n// #include "nosuch.h"\nimport "C"\n\nfunc main() {\n\tprintln(C.twice(2))\n}\n',
        },
        [{"file": "main.go", "line": 4}],
        count=None,
        environment={"CGO_ENABLED": "1"},
    ),
    _build(
        "no-main",
        {**MOD, "main.go": "package main\n\nfunc Main() {}\n"},
        [{"tool": "go build", "message": "function main is undeclared in the main package"}],
    ),
    _build(
        "generate",
        {**MOD, "main.go": "package main\n\n//go:generate stringer -type=Pill\n\nfunc main() {}\n"},
        [{"tool": "go generate", "file": "main.go", "line": 3}],
        command="go generate ./...",
        category="environment",
        count=1,
    ),
    _build(
        "run-panics",
        {
            **MOD,
            "main.go": 'package main\n\nimport "example.com/shop/cart"\n\nfunc main() {\n\tprintln(cart.Last([]int{1, 2}))\n}\n',
            "cart/cart.go": CART["cart/cart.go"],
        },
        [{"tool": "go", "file": "cart/cart.go", "line": 13}],
        command="go run .",
        category="test",
    ),
)

VET = {
    **MOD,
    "main.go": 'package main\n\nimport (\n\t"fmt"\n\t"sync"\n)\n\ntype box struct {\n\tsync.Mutex\n\tsize int `json:size`\n}\n\nfunc show(b box) {\n\tfmt.Printf("%d\\n", "size")\n}\n\nfunc main() {\n\tshow(box{})\n\treturn\n\tfmt.Println("never")\n}\n',
}
VETTED = [
    {"tool": "go vet", "file": "main.go", "line": 10, "column": 2},
    {"tool": "go vet", "file": "main.go", "line": 13, "column": 13},
    {"tool": "go vet", "file": "main.go", "line": 14, "column": 14},
    {"tool": "go vet", "file": "main.go", "line": 20, "column": 2},
]


def _vet(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "go vet ./...")
    category = changes.pop("category", "lint")
    count = changes.pop("count", len(failures))
    return Case("go-vet", name, command, files, {"category": category, "failures": failures, "count": count}, **changes)


# vet prints its findings analyser by analyser, in an order that changes from run to run.
VET_CASES = (
    _vet("default", VET, [], count=len(VETTED)),
    _vet("default-github", VET, [], count=len(VETTED), wrap="github"),
    _vet(
        "printf",
        {
            **MOD,
            "cart/cart.go": 'package cart\n\nimport "fmt"\n\nfunc Show(n int) {\n\tfmt.Printf("%s\\n", n)\n\tfmt.Println("%d", n)\n}\n',
            "list/list.go": 'package list\n\nimport "fmt"\n\nfunc Show(n int) error {\n\treturn fmt.Errorf("%d %d", n)\n}\n',
        },
        [
            {"tool": "go vet", "file": "cart/cart.go", "line": 6, "column": 14},
            {"tool": "go vet", "file": "cart/cart.go", "line": 7, "column": 2},
            {"tool": "go vet", "file": "list/list.go", "line": 6, "column": 24},
        ],
        command="go vet -p 1 ./...",
    ),
    _vet(
        "context",
        {**MOD, "a.go": 'package shop\n\nimport "fmt"\n\nfunc Show(n int) {\n\tfmt.Printf("%s\\n", n)\n}\n'},
        [{"tool": "go vet", "file": "a.go", "line": 6, "column": 14}],
        command="go vet -c=2 ./...",
    ),
    _vet(
        "does-not-compile",
        BROKEN,
        BROKEN_AT,
        category="build",
    ),
    _vet(
        "in-go-test",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tt.Logf("%s", Total(nil))\n}\n',
        },
        [{"tool": "go vet", "file": "cart/cart_test.go", "line": 6, "column": 10}],
        command="go test ./...",
    ),
)

TESTS = {
    **CART,
    "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tt.Log("adding up")\n\tif got := Total([]int{1, 2}); got != 3 {\n\t\tt.Errorf("Total([1 2]) = %d, want 3", got)\n\t}\n}\n\n'
    'func TestTable(t *testing.T) {\n\tfor _, one := range []struct {\n\t\tname string\n\t\tin   []int\n\t\twant int\n\t}{\n\t\t{"empty", nil, 1},\n\t\t{"one price", []int{4}, 4},\n\t} {\n\t\tt.Run(one.name, func(t *testing.T) {\n\t\t\tif got := Total(one.in); got != one.want {\n\t\t\t\tt.Fatalf("got %d,\\nwant %d", got, one.want)\n\t\t\t}\n\t\t})\n\t}\n}\n\n'
    "func TestFine(t *testing.T) { t.Log(`--- not a failure`) }\n",
    "list/list.go": "package list\n",
    "list/list_test.go": 'package list\n\nimport "testing"\n\nfunc TestFine(t *testing.T) {}\n',
}
TESTED = [
    {
        "tool": "go test",
        "file": "cart/cart_test.go",
        "line": 8,
        "test_id": "TestTotal",
        "message": "Total([1 2]) = 4, want 3",
    },
    {
        "tool": "go test",
        "file": "cart/cart_test.go",
        "line": 23,
        "test_id": "TestTable/one_price",
        "message": "got 5,\nwant 4",
    },
]


def _test(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "go test ./...")
    category = changes.pop("category", "test")
    count = changes.pop("count", 0)
    return Case("go-test", name, command, files, _expected(category, failures, count=count), **changes)


PANICS = {
    **CART,
    "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestLast(t *testing.T) {\n\tif Last([]int{1}) != 1 {\n\t\tt.Fail()\n\t}\n}\n\nfunc TestNever(t *testing.T) {}\n',
}
PANICKED = [
    {"tool": "go test", "file": "cart/cart.go", "line": 13, "test_id": "TestLast"},
]
TESTIFY = {
    **CART,
    "cart/cart_test.go": 'package cart\n\nimport (\n\t"errors"\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n\t"github.com/stretchr/testify/require"\n)\n\nfunc check(t *testing.T, want, got int) {\n\tassert.Equal(t, want, got, "the total of %d", want)\n}\n\n'
    'func TestTotal(t *testing.T) {\n\tassert.Equal(t, map[string]int{"a": 3}, map[string]int{"a": Total([]int{3})})\n}\n\nfunc TestHelper(t *testing.T) {\n\tcheck(t, 0, Total(nil))\n}\n\nfunc TestNoError(t *testing.T) {\n\trequire.NoError(t, errors.New("no bread"))\n}\n',
}
GET_TESTIFY = "go get github.com/stretchr/testify@v1.10.0 && go mod tidy"
TESTIFIED = [
    {"tool": "go test", "file": "cart/cart_test.go", "line": 16, "test_id": "TestTotal"},
    {"tool": "go test", "file": "cart/cart_test.go", "line": 12, "test_id": "TestHelper"},
    {"tool": "go test", "file": "cart/cart_test.go", "line": 24, "test_id": "TestNoError"},
]

TEST_CASES = (
    _test("plain", TESTS, TESTED),
    _test("plain-github", TESTS, TESTED, wrap="github"),
    _test("verbose", TESTS, TESTED, command="go test -v ./..."),
    _test("json", TESTS, TESTED, command="go test -json ./..."),
    _test("coverage", TESTS, TESTED, command="go test -count=1 -cover ./..."),
    _test("full-path", TESTS, TESTED, command="go test -fullpath ./..."),
    _test("gotestsum", TESTS, TESTED, command="gotestsum ./..."),
    _test(
        "gotestsum-colour",
        TESTS,
        TESTED,
        command="gotestsum --no-color=false --format testname ./...",
    ),
    _test(
        "gotestsum-reruns",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestOnce(t *testing.T) {\n\tif _, err := os.Stat("again"); err != nil {\n\t\tos.WriteFile("again", nil, 0o644)\n\t\tt.Fatal("not yet")\n\t}\n}\n\nfunc TestNever(t *testing.T) {\n\tt.Fatal("never")\n}\n',
        },
        [{"tool": "go test", "file": "cart/cart_test.go", "line": 16, "test_id": "TestNever"}],
        command="gotestsum --rerun-fails --packages ./...",
    ),
    _test("panic", PANICS, PANICKED),
    _test("panic-verbose", PANICS, PANICKED, command="go test -v ./..."),
    _test("panic-json", PANICS, PANICKED, command="go test -json ./..."),
    _test(
        "nil-pointer",
        {
            **MOD,
            "a.go": "package shop\n\ntype Shop struct{ open bool }\n\nfunc (s *Shop) Open() bool { return s.open }\n",
            "a_test.go": 'package shop_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop"\n)\n\nfunc TestOpen(t *testing.T) {\n\tt.Run("nil", func(t *testing.T) {\n\t\tvar s *shop.Shop\n\t\tt.Log(s.Open())\n\t})\n}\n',
        },
        [{"tool": "go test", "file": "a.go", "line": 5, "test_id": "TestOpen/nil"}],
    ),
    _test("testify", TESTIFY, TESTIFIED, setup=GET_TESTIFY),
    _test("testify-verbose", TESTIFY, TESTIFIED, setup=GET_TESTIFY, command="go test -v ./..."),
    _test(
        "parallel-verbose",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestA(t *testing.T) {\n\tt.Parallel()\n\tt.Log("a")\n\tt.Error("a is wrong")\n}\n\nfunc TestB(t *testing.T) {\n\tt.Parallel()\n\tt.Log("b")\n}\n\nfunc TestC(t *testing.T) {\n\tt.Parallel()\n\tt.Error("c is wrong")\n}\n',
        },
        [],
        count=2,
        command="go test -v ./...",
    ),
    _test(
        "does-not-compile",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif Sum(nil) != 0 {\n\t\tt.Fatal("x")\n\t}\n}\n',
            "list/list.go": "package list\n",
            "list/list_test.go": 'package list\n\nimport "testing"\n\nfunc TestList(t *testing.T) { t.Fatal("no list") }\n',
        },
        [
            {"tool": "go build", "file": "cart/cart_test.go", "line": 6, "column": 5, "message": "undefined: Sum"},
            {"tool": "go test", "file": "list/list_test.go", "line": 5, "test_id": "TestList"},
        ],
        category="build",
    ),
    _test(
        "does-not-compile-json",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif Sum(nil) != 0 {\n\t\tt.Fatal("x")\n\t}\n}\n',
        },
        [{"tool": "go build", "file": "cart/cart_test.go", "line": 6, "column": 5, "message": "undefined: Sum"}],
        category="build",
        command="go test -json ./...",
    ),
    _test(
        "setup-failed",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n)\n\nfunc TestTotal(t *testing.T) { assert.Equal(t, 0, Total(nil)) }\n',
        },
        [{"tool": "go mod", "file": "cart/cart_test.go", "line": 6, "column": 2}],
        category="dependency",
    ),
    _test(
        "timeout",
        {
            **CART,
            "cart/wait.go": 'package cart\n\nimport "time"\n\nfunc Wait() {\n\tfor {\n\t\ttime.Sleep(time.Second)\n\t}\n}\n',
            "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestFast(t *testing.T) {}\n\nfunc TestWait(t *testing.T) {\n\tWait()\n}\n',
        },
        [{"tool": "go test", "file": "cart/wait.go", "line": 7, "test_id": "TestWait"}],
        command="go test -timeout 1s ./...",
    ),
    _test(
        "race",
        {
            **MOD,
            "count.go": "package shop\n\ntype Counter struct{ n int }\n\nfunc (c *Counter) Add() {\n\tc.n++\n}\n",
            "count_test.go": 'package shop\n\nimport (\n\t"sync"\n\t"testing"\n)\n\nfunc TestAdd(t *testing.T) {\n\tvar c Counter\n\tvar group sync.WaitGroup\n\tfor range 4 {\n\t\tgroup.Add(1)\n\t\tgo func() {\n\t\t\tdefer group.Done()\n\t\t\tc.Add()\n\t\t}()\n\t}\n\tgroup.Wait()\n}\n',
        },
        [{"tool": "go test", "file": "count.go", "line": 6, "test_id": "TestAdd", "code": "DATA RACE"}],
        command="go test -race ./...",
        environment={"CGO_ENABLED": "1"},
    ),
    _test(
        "example",
        {
            **CART,
            "cart/example_test.go": 'package cart_test\n\nimport (\n\t"fmt"\n\n\t"example.com/shop/cart"\n)\n\nfunc ExampleTotal() {\n\tfmt.Println(cart.Total([]int{2, 3}))\n\t// Output: 5\n}\n',
        },
        [{"tool": "go test", "file": "cart/example_test.go", "test_id": "ExampleTotal"}],
    ),
    _test(
        "fuzz-seed",
        {
            **CART,
            "cart/fuzz_test.go": 'package cart\n\nimport "testing"\n\nfunc FuzzTotal(f *testing.F) {\n\tf.Add(3)\n\tf.Fuzz(func(t *testing.T, n int) {\n\t\tif got := Total([]int{n}); got != n {\n\t\t\tt.Errorf("got %d, want %d", got, n)\n\t\t}\n\t})\n}\n',
        },
        [{"tool": "go test", "file": "cart/fuzz_test.go", "line": 9, "test_id": "FuzzTotal/seed#0"}],
    ),
    _test(
        "fuzz-found",
        {
            **MOD,
            "fuzz_test.go": 'package shop\n\nimport "testing"\n\nfunc FuzzHalf(f *testing.F) {\n\tf.Fuzz(func(t *testing.T, n uint8) {\n\t\tif n > 0 {\n\t\t\tt.Fatalf("unexpected %d", n)\n\t\t}\n\t})\n}\n',
        },
        [{"tool": "go test", "file": "fuzz_test.go", "line": 8, "test_id": "FuzzHalf"}],
        command="go test -fuzz FuzzHalf -fuzztime 20x .",
    ),
    _test(
        "test-main",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport (\n\t"fmt"\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tfmt.Println("cannot open the shop")\n\tos.Exit(3)\n}\n\nfunc TestFine(t *testing.T) {}\n',
        },
        [{"tool": "go test", "file": "cart/cart_test.go"}],
    ),
    _test(
        "unknown-flag",
        {**CART, "cart/cart_test.go": 'package cart\n\nimport "testing"\n\nfunc TestFine(t *testing.T) {}\n'},
        [{"tool": "go test"}],
        command="go test ./cart -colour",
        category="config",
    ),
    _test(
        "service-down",
        {
            **MOD,
            "store_test.go": 'package shop\n\nimport (\n\t"net"\n\t"testing"\n)\n\nfunc TestStore(t *testing.T) {\n\tif _, err := net.Dial("tcp", "127.0.0.1:5432"); err != nil {\n\t\tt.Fatalf("opening the store: %v", err)\n\t}\n}\n',
        },
        [{"tool": "go test", "file": "store_test.go", "line": 10, "test_id": "TestStore"}],
        category="infra",
    ),
    _test(
        "asserts-on-refused",
        {
            **MOD,
            "store_test.go": 'package shop\n\nimport (\n\t"net"\n\t"testing"\n)\n\nfunc TestStore(t *testing.T) {\n\t_, err := net.Dial("tcp", "127.0.0.1:1")\n\tif got := err.Error(); got != "closed" {\n\t\tt.Fatalf("got %q, want closed", got)\n\t}\n}\n',
        },
        [{"tool": "go test", "file": "store_test.go", "line": 11, "test_id": "TestStore"}],
    ),
    _test(
        "two-files-of-one-name",
        {
            **MOD,
            "a/x.go": "package a\n",
            "a/x_test.go": 'package a\n\nimport "testing"\n\nfunc TestX(t *testing.T) {\n\tt.Error("a is wrong")\n}\n',
            "b/x.go": "package b\n",
            "b/x_test.go": 'package b\n\nimport "testing"\n\nfunc TestX(t *testing.T) {\n\n\tt.Error("b is wrong")\n}\n',
        },
        [
            {"tool": "go test", "file": "a/x_test.go", "line": 6, "test_id": "TestX", "message": "a is wrong"},
            {"tool": "go test", "file": "b/x_test.go", "line": 7, "test_id": "TestX", "message": "b is wrong"},
        ],
    ),
)

UGLY = {
    **MOD,
    "a.go": 'package shop\n\nimport "fmt"\n\nfunc A()  {\n  fmt.Println( "a" )\n}\n',
    "b/b.go": "package b\n\nvar B = 1\n",
    "b/c.go": "package b\n\nvar C = 1\nvar D=2\n",
}
FORMAT_CASES = (
    Case(
        "gofmt",
        "list",
        'test -z "$(gofmt -l . | tee /dev/stderr)"',
        UGLY,
        _expected("format", [{"tool": "gofmt", "file": "a.go"}, {"tool": "gofmt", "file": "b/c.go"}]),
    ),
    Case(
        "gofmt",
        "list-message",
        'files=$(gofmt -l .)\nif [ -n "$files" ]; then\n  echo "These files are not gofmt-ed:"\n  echo "$files"\n  exit 1\nfi\n',
        UGLY,
        _expected("format", [{"tool": "gofmt", "file": "a.go"}, {"tool": "gofmt", "file": "b/c.go"}]),
    ),
    Case(
        "gofmt",
        "diff",
        "gofmt -d . && exit 1",
        UGLY,
        _expected(
            "format", [{"tool": "gofmt", "file": "a.go", "line": 5}, {"tool": "gofmt", "file": "b/c.go", "line": 4}]
        ),
    ),
    Case(
        "gofmt",
        "diff-github",
        "gofmt -d . && exit 1",
        UGLY,
        _expected(
            "format", [{"tool": "gofmt", "file": "a.go", "line": 5}, {"tool": "gofmt", "file": "b/c.go", "line": 4}]
        ),
        wrap="github",
    ),
    Case(
        "gofmt",
        "syntax",
        "gofmt -l .",
        {**MOD, "a.go": "package shop\n\nfunc A() {\n\tx := [1, 2\n}\n"},
        _expected("syntax", [{"tool": "gofmt", "file": "a.go", "line": 4, "column": 9}], count=None),
    ),
)

USES_MUX = {
    **MOD,
    "main.go": 'package main\n\nimport "github.com/gorilla/mux"\n\nfunc main() { mux.NewRouter() }\n',
}


def _mod(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "go build ./...")
    category = changes.pop("category", "dependency")
    count = changes.pop("count", 0)
    return Case("go-mod", name, command, files, _expected(category, failures, count=count), **changes)


UNKNOWN_REVISION = {
    "go.mod": "module example.com/shop\n\ngo 1.24\n\nrequire example.com/lib.git v1.99.0\n",
    "main.go": 'package main\n\nimport "example.com/lib.git"\n\nfunc main() { println(lib.N) }\n',
}
# A module that is fetched by git, from a repository beside the project.
OWN_REGISTRY = (
    "git init -q ../lib && cd ../lib && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m first"
    " && git config --global url.file://$HOME/lib.insteadOf https://example.com/lib"
)
NO_PROXY = {"GOPROXY": "direct", "GOPRIVATE": "example.com"}

MOD_CASES = (
    _mod("not-required", USES_MUX, [{"tool": "go mod", "file": "main.go", "line": 3, "column": 8}]),
    _mod("not-required-github", USES_MUX, [{"tool": "go mod", "file": "main.go", "line": 3}], wrap="github"),
    _mod(
        "missing-sum",
        {**USES_MUX, "go.mod": MOD["go.mod"] + "\nrequire github.com/gorilla/mux v1.8.1\n"},
        [{"tool": "go mod", "file": "main.go", "line": 3, "column": 8}],
    ),
    _mod(
        "missing-sum-of-a-module",
        {
            **CART,
            "cart/cart_test.go": 'package cart\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n)\n\nfunc TestTotal(t *testing.T) { assert.Equal(t, 0, Total(nil)) }\n',
        },
        [{"tool": "go mod", "file": "go.mod", "line": None}],
        command="go test ./...",
        setup="go get github.com/stretchr/testify@v1.10.0",
        count=None,
    ),
    _mod(
        "no-main-module",
        {"main.go": "package main\n\nfunc main() {}\n"},
        [{"tool": "go mod"}],
        command="go mod tidy",
        category="config",
    ),
    _mod(
        "unknown-revision",
        UNKNOWN_REVISION,
        [{"tool": "go mod", "file": "go.mod"}],
        count=None,
        command="go list -m all",
        setup=OWN_REGISTRY,
        environment=NO_PROXY,
    ),
    _mod(
        "unknown-revision-build",
        UNKNOWN_REVISION,
        [{"tool": "go mod", "file": "main.go", "line": 3}],
        setup=OWN_REGISTRY,
        environment={**NO_PROXY, "GOFLAGS": "-mod=mod"},
    ),
    _mod(
        "tidy-no-package",
        {
            **MOD,
            "main.go": 'package main\n\nimport "github.com/gorilla/mux/nothing"\n\nfunc main() { nothing.Run() }\n',
        },
        # The log names the package that imports it, and no file.
        [{"tool": "go mod"}],
        command="go mod tidy",
    ),
    _mod(
        "updates-needed",
        {
            "go.mod": "module example.com/shop\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n",
            "lib/go.mod": "module example.com/lib\n\ngo 1.25\n",
            "lib/lib.go": "package lib\n\nconst N = 1\n",
            "main.go": 'package main\n\nimport "example.com/lib"\n\nfunc main() { println(lib.N) }\n',
        },
        [{"tool": "go mod", "file": "go.mod"}],
    ),
    _mod(
        "parse-error",
        {
            **MOD,
            "go.mod": "module example.com/shop\n\ngo 1.24\n\nrequires github.com/gorilla/mux v1.8.1\n",
            "a.go": "package shop\n",
        },
        [{"tool": "go mod", "file": "go.mod", "line": 5}],
        category="config",
        count=1,
    ),
    _mod(
        "go-too-old",
        {"go.mod": "module example.com/shop\n\ngo 1.99\n", "a.go": "package shop\n"},
        [{"tool": "go mod", "file": "go.mod"}],
        category="config",
    ),
    _mod(
        "invalid-go-version",
        {"go.mod": "module example.com/shop\n\ngo 1.x\n", "a.go": "package shop\n"},
        [{"tool": "go mod", "file": "go.mod", "line": 3}],
        category="config",
    ),
    _mod(
        "vendor-inconsistent",
        {
            "go.mod": "module example.com/shop\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n",
            "lib/go.mod": "module example.com/lib\n\ngo 1.24\n",
            "lib/lib.go": "package lib\n\nconst N = 1\n",
            "main.go": 'package main\n\nimport "example.com/lib"\n\nfunc main() { println(lib.N) }\n',
            "vendor/modules.txt": "# example.com/other v1.0.0\n## explicit; go 1.24\nexample.com/other\n",
        },
        [{"tool": "go mod", "file": "go.mod"}],
    ),
    _mod(
        "no-go-mod",
        {"main.go": "package main\n\nfunc main() {}\n"},
        [{"tool": "go mod"}],
        category="config",
    ),
    _mod(
        "tidy-diff",
        {
            **MOD,
            "go.mod": MOD["go.mod"] + "\nrequire github.com/gorilla/mux v1.8.1\n",
            "main.go": "package main\n\nfunc main() {}\n",
        },
        [{"tool": "go mod", "file": "go.mod"}],
        command="go mod tidy -diff",
    ),
)

LINTED = {
    **MOD,
    "main.go": 'package main\n\nimport (\n\t"errors"\n\t"os"\n)\n\nfunc run() error { return errors.New("x") }\n\nfunc unused() {}\n\nfunc main() {\n\tos.Remove("x")\n\terr := run()\n\terr = run()\n\tif err != nil {\n\t\treturn\n\t}\n}\n',
}
LINT_FOUND = [
    {"tool": "golangci-lint", "file": "main.go", "line": 13, "column": 11, "code": "errcheck"},
    {"tool": "golangci-lint", "file": "main.go", "line": 14, "column": 2, "code": "ineffassign"},
    {"tool": "golangci-lint", "file": "main.go", "line": 10, "column": 6, "code": "unused"},
]
NO_LIMITS = "golangci-lint run --default=none -E errcheck,ineffassign,unused"


def _lint(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", NO_LIMITS)
    category = changes.pop("category", "lint")
    count = changes.pop("count", 0)
    return Case("golangci-lint", name, command, files, _expected(category, failures, count=count), **changes)


LINT_CASES = (
    _lint("default", LINTED, LINT_FOUND),
    _lint("default-github", LINTED, LINT_FOUND, wrap="github"),
    _lint("colour", LINTED, LINT_FOUND, command=f"{NO_LIMITS} --color always"),
    _lint("tab", LINTED, LINT_FOUND, command=f"{NO_LIMITS} --output.tab.path stdout"),
    _lint("json", LINTED, LINT_FOUND, command=f"{NO_LIMITS} --output.json.path stdout"),
    _lint(
        "no-lines",
        LINTED,
        LINT_FOUND,
        command=f"{NO_LIMITS} --output.text.path stdout --output.text.print-issued-lines=false",
    ),
    _lint(
        "typecheck",
        {**MOD, "main.go": 'package main\n\nfunc main() {\n\tprintln(missing)\n\tvar x int = "a"\n\t_ = x\n}\n'},
        [
            {"tool": "golangci-lint", "file": "main.go", "line": 4, "column": 10, "code": "typecheck"},
            {"tool": "golangci-lint", "file": "main.go", "line": 5, "column": 14, "code": "typecheck"},
        ],
        category="build",
    ),
    _lint(
        "syntax",
        {**MOD, "main.go": "package main\n\nfunc main() {\n\tprintln(1\n}\n"},
        [{"tool": "golangci-lint", "file": "main.go", "line": 4, "code": "typecheck"}],
        category="syntax",
        count=None,
    ),
    _lint(
        "formatters",
        {**UGLY, ".golangci.yml": 'version: "2"\nlinters:\n  default: none\nformatters:\n  enable: [gofmt]\n'},
        [
            {"tool": "golangci-lint", "file": "a.go", "line": 5, "code": "gofmt"},
            {"tool": "golangci-lint", "file": "b/c.go", "line": 4, "code": "gofmt"},
        ],
        command="golangci-lint run",
        category="format",
    ),
    _lint(
        "old-configuration",
        {**LINTED, ".golangci.yml": "linters:\n  enable: [errcheck]\n"},
        [{"tool": "golangci-lint", "file": None}],
        command="golangci-lint run",
        category="config",
        count=1,
    ),
    _lint(
        "unknown-linter",
        {**LINTED, ".golangci.yml": 'version: "2"\nlinters:\n  enable: [errchek]\n'},
        [{"tool": "golangci-lint"}],
        command="golangci-lint run",
        category="config",
        count=1,
    ),
)

GOLANG_CASES = (*BUILD_CASES, *VET_CASES, *TEST_CASES, *FORMAT_CASES, *MOD_CASES, *LINT_CASES)
GOLANG_VERSIONS = {
    **dict.fromkeys(("go-build", "go-vet", "go-test", "gofmt", "go-mod"), "go version"),
    "golangci-lint": "golangci-lint --version",
}
