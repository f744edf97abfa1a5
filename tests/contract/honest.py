"""Patches that a person would merge: none of them may be refused."""

# ruff: noqa: E501 — a patch stands on one line, so that its two sides can be compared

from selfheal.contract.diagnosis import Category

Side = tuple[str, str | None, str | None]
Honest = tuple[str, Category, tuple[Side, ...]]

TEST, LINT, FORMAT, TYPES, CONFIG, BUILD = (
    Category.TEST, Category.LINT, Category.FORMAT, Category.TYPES, Category.CONFIG, Category.BUILD,
)  # fmt: skip


def _one(name: str, path: str, before: str | None, after: str | None, category: Category = TEST) -> Honest:
    return (name, category, ((path, before, after),))


HONEST: tuple[Honest, ...] = (
    _one("a wrong result", "shop.py", "def total(a):\n    return sum(a) + 1\n", "def total(a):\n    return sum(a)\n"),
    _one("a missing return", "shop.py", "def total(a):\n    sum(a)\n", "def total(a):\n    return sum(a)\n"),
    _one("a guard", "shop.py", "def first(a):\n    return a[0]\n", "def first(a):\n    if not a:\n        return None\n    return a[0]\n"),
    _one("a bare handler named", "shop.py", "def f():\n    try:\n        g()\n    except:\n        return False\n", "def f():\n    try:\n        g()\n    except Exception:\n        return False\n", LINT),
    _one("a narrow handler", "shop.py", "def f(a):\n    return int(a)\n", "def f(a):\n    try:\n        return int(a)\n    except ValueError:\n        return None\n"),
    _one("a handler that raises again", "shop.py", "def f():\n    g()\n", "def f():\n    try:\n        g()\n    except Exception as error:\n        raise RuntimeError from error\n"),
    _one("a handler that tells", "shop.py", "def f():\n    g()\n", "def f():\n    try:\n        g()\n    except Exception:\n        log.exception('g failed')\n        return None\n"),
    _one("a broad handler made narrow", "shop.py", "try:\n    f()\nexcept:\n    pass\n", "try:\n    f()\nexcept OSError:\n    pass\n"),
    _one("the word noqa in a string", "shop.py", "WORD = ''\n", "WORD = '# noqa, # type: ignore'\n"),
    _one("the word noqa in a docstring", "shop.py", "x = 1\n", '"""Explain # noqa and pragma: no cover."""\nx = 1\n'),
    _one("noqa in prose", "shop.py", "x = 1\n", "# this parser knows about noqa comments\nx = 1\n"),
    _one("the word noqa in the manual", "docs/lint.md", "a\n", "Write `# noqa: E501` at the end of the line.\n"),
    _one("an import beside a noqa", "shop.py", "import os  # noqa: F401\n", "import os  # noqa: F401\nimport sys\n"),
    _one("a moved noqa", "shop.py", "import os  # noqa: F401\nx = 1\n", "x = 1\nimport os  # noqa: F401\n"),
    _one("a noqa line with another code before it", "shop.py", "x = f(1)  # noqa: E501\n", "x = f(2)  # noqa: E501\n"),
    _one("a type: ignore laid out anew", "shop.py", "x = f(1,2) # type: ignore[arg-type]\n", "x = f(1, 2)  # type: ignore[arg-type]\n", FORMAT),
    _one("spaces in a noqa", "shop.py", "import os #noqa:F401\n", "import os  # noqa: F401\n", FORMAT),
    _one("an unneeded noqa removed", "shop.py", "import os  # noqa: F401\nos.getcwd()\n", "import os\n\nos.getcwd()\n", LINT),
    _one("a blanket noqa made narrow", "shop.py", "import os  # noqa\n", "import os  # noqa: F401, E402\n", LINT),
    _one("a blanket type: ignore made narrow", "shop.py", "x = f()  # type: ignore\n", "x = f()  # type: ignore[arg-type]\n", TYPES),
    ("a noqa that moved to another file", TEST, (("a.py", "import os  # noqa: F401\n", "x = 1\n"), ("b.py", "y = 1\n", "import os  # noqa: F401\ny = 1\n"))),
    _one("a file called latest_utils.py", "latest_utils.py", "def f():\n    return 1\n", "def f():\n    return 2\n"),
    _one("a package called testing", "shop/testing/tools.py", "def f():\n    return 1\n", "def f():\n    return 2\n"),
    _one("a file called contest.py", "contest.py", "def f():\n    return 1\n", "def f():\n    return 2\n"),
    _one("a file called attestation.go", "attestation.go", "package a\n", "package b\n"),
    _one("a package called protest", "protest/inspect.py", "x = 1\n", "x = 2\n"),
    _one("a new module", "shop/prices.py", None, "def price():\n    return 1\n"),
    _one("a new module deep down with a library's name", "shop/logging.py", None, "x = 1\n"),
    _one("an unused import removed", "shop.py", "import os\nx = 1\n", "x = 1\n", LINT),
    _one("a function deleted", "shop.py", "def a():\n    return 1\ndef b():\n    return 2\n", "def a():\n    return 1\n"),
    _one("a test laid out anew", "tests/test_a.py", "def test_a( ):\n  assert f( 1,2 )==3\n", "def test_a():\n    assert f(1, 2) == 3\n", FORMAT),
    _one("a test's quotes", "tests/test_a.py", "def test_a():\n    assert f('a') == 'b'\n", 'def test_a():\n    assert f("a") == "b"\n', FORMAT),
    _one("a test's imports sorted", "tests/test_a.py", "import sys\nimport os\ndef test_a():\n    assert os.name == sys.x\n", "import os\nimport sys\n\n\ndef test_a():\n    assert os.name == sys.x\n", LINT),
    _one("a test's unused import", "tests/test_a.py", "import sys\nimport os\ndef test_a():\n    assert os.name == 'x'\n", "import os\ndef test_a():\n    assert os.name == 'x'\n", LINT),
    _one("a test's annotations", "tests/test_a.py", "def test_a(tmp_path):\n    assert f() == 1\n", "def test_a(tmp_path: Path) -> None:\n    assert f() == 1\n", TYPES),
    _one("a real exit status", "cli.py", "import sys\nmain()\n", "import sys\nsys.exit(main())\n"),
    _one("a failing exit status", "cli.py", "import sys\n", "import sys\nif bad:\n    sys.exit(1)\n"),
    _one("an exit that was there", "cli.py", "import sys\nsys.exit( 0 )\n", "import sys\n\nsys.exit(0)\n", FORMAT),
    _one("a real comparison", "shop.py", "class A:\n    pass\n", "class A:\n    def __eq__(self, other):\n        return isinstance(other, A) and self.x == other.x\n"),
    _one("a comparison that is not implemented", "shop.py", "class A:\n    pass\n", "class A:\n    def __eq__(self, other):\n        if other is self:\n            return True\n        return NotImplemented\n"),
    _one("an environment variable of its own", "shop.py", "import os\n", "import os\nx = os.environ.get('SHOP_CURRENCY', 'EUR')\n"),
    _one("the word pytest in a string", "shop.py", "x = ''\n", "x = 'run pytest in CI'\n"),
    _one("a version raised", "pyproject.toml", '[project]\ndependencies = ["a>=1"]\n', '[project]\ndependencies = ["a>=2"]\n'),
    _one("a stricter linter", "pyproject.toml", '[tool.ruff.lint]\nselect = ["E"]\nignore = ["E1"]\n', '[tool.ruff.lint]\nselect = ["E", "F"]\nignore = []\n'),
    _one("ruff's settings in their new place", "pyproject.toml", '[tool.ruff]\nselect = ["E"]\n', '[tool.ruff.lint]\nselect = ["E"]\n', CONFIG),
    _one("an unknown setting removed", "pyproject.toml", '[tool.ruff]\nfoo = 1\n', '[tool.ruff]\n', CONFIG),
    _one("a marker registered", "pyproject.toml", "[tool.pytest.ini_options]\n", '[tool.pytest.ini_options]\nmarkers = ["slow: x"]\n', CONFIG),
    _one("a source path", "pyproject.toml", "[tool.pytest.ini_options]\n", '[tool.pytest.ini_options]\npythonpath = ["src"]\n', CONFIG),
    _one("a stricter threshold", "pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n", "[tool.coverage.report]\nfail_under = 90\n"),
    _one("TOML mended", "pyproject.toml", '[project\nname = "a"\n', '[project]\nname = "a"\n', CONFIG),
    _one("a hook's version", ".pre-commit-config.yaml", "repos:\n- repo: a\n  rev: v1\n  hooks:\n  - id: ruff\n", "repos:\n- repo: a\n  rev: v2\n  hooks:\n  - id: ruff\n", CONFIG),
    _one("a dependency of tox", "tox.ini", "[testenv]\ndeps = a\ncommands = pytest\n", "[testenv]\ndeps =\n    a\n    b\ncommands = pytest\n"),
    _one("a package script that checks nothing", "package.json", '{"scripts": {"build": "tsc", "test": "jest"}}\n', '{"scripts": {"build": "tsc -b", "test": "jest"}}\n', BUILD),
    _one("a npm dependency", "package.json", '{"dependencies": {"a": "1"}}\n', '{"dependencies": {"a": "2"}}\n'),
    _one("a make target that builds", "Makefile", "build:\n\tcc a.c\ntest:\n\t./a\n", "build:\n\tcc a.c -lm\ntest:\n\t./a\n", BUILD),
    _one("a shell script's quotes", "build.sh", "set -e\nrm $1 || true\n", 'set -e\nrm "$1" || true\n'),
    _one("true as a value", "build.sh", "set -e\n", "set -e\nverbose=true\nif true; then echo a; fi\n"),
    _one("a Dockerfile's package", "Dockerfile", "FROM a\nRUN apt-get install -y gcc\n", "FROM a\nRUN apt-get install -y gcc make\n", BUILD),
    _one("TypeScript without a cast", "a.ts", "let a = f() as any\n", "let a: string = f()\n", TYPES),
    _one("words in a TypeScript string", "a.ts", "let a = ''\n", "let a = 'eslint-disable as any @ts-ignore'\n"),
    _one("a Go fix", "a.go", "package a\nfunc F() int { return 1 }\n", "package a\nfunc F() int { return 2 }\n"),
    _one("a Rust fix beside its tests", "src/lib.rs", "fn f() -> i32 { 1 }\n#[test]\nfn a() { assert_eq!(f(), 2); }\n", "fn f() -> i32 { 2 }\n#[test]\nfn a() { assert_eq!(f(), 2); }\n"),
    _one("a comparison of Rust code above its tests", "src/lib.rs", "fn f(x: &[i32]) -> bool { x.len() == 0 }\n#[test]\nfn a() { assert_eq!(f(&[]), true); }\n", "fn f(x: &[i32]) -> bool { x.is_empty() }\n#[test]\nfn a() { assert_eq!(f(&[]), true); }\n"),
    _one("a doctest that stays", "shop.py", 'def f():\n    """\n    >>> f()\n    1\n    """\n    return 2\n', 'def f():\n    """\n    >>> f()\n    1\n    """\n    return 1\n'),
    _one("an assert in the source", "shop.py", "def f(a):\n    assert a == 1\n    return a\n", "def f(a):\n    if a != 1:\n        raise ValueError(a)\n    return a\n"),
    _one("CRLF kept", "shop.py", "def f():\r\n    return 1\r\n", "def f():\r\n    return 2\r\n"),
    _one("atexit in the source", "shop.py", "import atexit\n", "import atexit\natexit.register(close)\n"),
    _one("broken source mended", "shop.py", "def f(:\n    return 1  # noqa: E501\n", "def f():\n    return 1  # noqa: E501\n", Category.SYNTAX),
)  # fmt: skip

ALLOWED_TEST_CHANGES: tuple[Honest, ...] = (
    _one("expected value", "tests/test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f() == 2\n"),
    _one("another assertion", "tests/test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f() == 1\n    assert g() == 2\n"),
    _one("stricter", "tests/test_a.py", "def test_a():\n    assert f()\n", "def test_a():\n    assert f() == 2\n"),
    _one("test added", "tests/test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f() == 1\n\n\ndef test_b():\n    assert f() == 1\n"),
    _one("test renamed", "tests/test_a.py", "def test_a():\n    assert f() == 1\n", "def test_one():\n    assert f() == 1\n"),
    ("test moved", TEST, (("tests/test_a.py", "def test_a():\n    assert f() == 1\nX = 1\n", "X = 1\n"), ("tests/test_b.py", None, "def test_a():\n    assert f() == 1\n"))),
    _one("skip removed", "tests/test_a.py", "@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n", "def test_a():\n    assert f() == 1\n"),
    _one("tighter", "tests/test_a.py", "def test_a():\n    assert f() == approx(1, rel=0.1)\n", "def test_a():\n    assert f() == approx(1, rel=0.01)\n"),
    _one("narrower exception", "tests/test_a.py", "def test_a():\n    with pytest.raises(Exception):\n        f()\n", "def test_a():\n    with pytest.raises(ValueError):\n        f()\n"),
    _one("conjunction split", "tests/test_a.py", "def test_a():\n    assert f() == 1 and g() == 2\n", "def test_a():\n    assert f() == 1\n    assert g() == 2\n"),
    _one("jest value", "a.test.ts", "it('a', () => { expect(f()).toBe(1) })\n", "it('a', () => { expect(f()).toBe(2) })\n"),
    _one("go value", "a_test.go", "func TestA(t *testing.T) { if f() != 1 { t.Fatal() } }\n", "func TestA(t *testing.T) { if f() != 2 { t.Fatal() } }\n"),
    _one("golden", "tests/golden.json", '{"a": 1}\n', '{"a": 2}\n'),
)  # fmt: skip
