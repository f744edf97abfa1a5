"""What pytest prints, in its many styles."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case
from recordings.pytest_project_cases import PYTEST_PROJECT_CASES

CART = """\
class Cart:
    def __init__(self):
        self.items = []

    def add(self, price, count=1):
        self.items.append((price, count))

    def total(self):
        return sum(price + count for price, count in self.items)


def parse_price(text):
    return int(text.strip("$"))


def checkout(text):
    cart = Cart()
    cart.add(parse_price(text), 2)
    return cart.total()
"""
TEST_CART = """\
import pytest

from shop.cart import Cart, checkout


class TestCart:
    def test_total(self):
        cart = Cart()
        cart.add(5, 3)
        assert cart.total() == 15

    def test_empty(self):
        assert Cart().total() == 0


@pytest.mark.parametrize("text, total", [("$2", 4), ("$1.5", 3)])
def test_checkout(text, total):
    assert checkout(text) == total
"""
SHOP = {
    "shop/__init__.py": "",
    "shop/cart.py": CART,
    "tests/test_cart.py": TEST_CART,
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
}
TOTAL = {"test_id": "tests/test_cart.py::TestCart::test_total", "code": "AssertionError"}
CHECKOUT = {
    "file": "shop/cart.py",
    "line": 13,
    "test_id": "tests/test_cart.py::test_checkout[$1.5-3]",
    "code": "ValueError",
}
SHOP_EXPECTED = {
    "category": "test",
    "failures": [{"file": "tests/test_cart.py", "line": 10, **TOTAL}, CHECKOUT],
}
NO_LOCATION = {
    "category": "test",
    "failures": [{"file": "tests/test_cart.py", **TOTAL}, {**CHECKOUT, "file": "tests/test_cart.py", "line": None}],
}


def _shop(name: str, command: str, **changes: object) -> Case:
    return Case(
        **{"tool": "pytest", "name": name, "command": command, "files": SHOP, "expected": SHOP_EXPECTED, **changes}
    )


def _one(name: str, command: str, files: dict[str, str], *, category: str = "test", **failure: object) -> Case:
    return Case("pytest", name, command, files, {"category": category, "failures": [failure]})


_FIRST_CASES = (
    _shop("long", "pytest"),
    _shop("short", "pytest --tb=short"),
    _shop("quiet", "pytest -q"),
    _shop("verbose", "pytest -vv"),
    _shop("native", "pytest --tb=native"),
    _shop("line", "pytest -q --tb=line"),
    _shop("long-everywhere", "pytest --tb=long"),
    _shop("showlocals", "pytest -l"),
    _shop("colour", "pytest --color=yes"),
    _shop("xdist", "pytest -n 2"),
    _shop("xdist-verbose", "pytest -n 2 -v"),
    _shop("github", "pytest", wrap="github"),
    _shop("no-short-summary", "pytest -rN"),
    _shop(
        "no-summary",
        "pytest --no-summary -rN",
        expected={"category": "test", "failures": [{"file": "tests/test_cart.py", "line": None}]},
    ),
    _shop("no-tracebacks", "pytest -q --tb=no", expected=NO_LOCATION),
    _shop(
        "from-a-subfolder",
        "cd tests && pytest -q -p no:cacheprovider",
        expected={
            "category": "test",
            "failures": [
                {"file": "tests/test_cart.py", "line": 10, "code": "AssertionError"},
                {"file": "shop/cart.py", "line": 13, "code": "ValueError"},
            ],
        },
    ),
    _one(
        "setup-error",
        "pytest",
        {
            "app/__init__.py": "",
            "app/db.py": "class Store:\n    def __init__(self, path):\n        self.rows = {}[path]\n",
            "tests/conftest.py": "import pytest\n\nfrom app.db import Store\n\n\n@pytest.fixture\ndef store():\n    return Store('main')\n",
            "tests/test_db.py": "def test_rows(store):\n    assert store.rows == 1\n",
            "pytest.ini": "[pytest]\npythonpath = .\n",
        },
        file="app/db.py",
        line=3,
        test_id="tests/test_db.py::test_rows",
        code="KeyError",
    ),
    _one(
        "teardown-error",
        "pytest",
        {
            "test_close.py": "import pytest\n\n\n@pytest.fixture\ndef handle():\n    yield 1\n    raise RuntimeError('still open')\n\n\n"
            "def test_use(handle):\n    assert handle\n"
        },
        file="test_close.py",
        line=7,
        test_id="test_close.py::test_use",
        code="RuntimeError",
    ),
    _one(
        "collection-missing-module",
        "pytest",
        {"test_a.py": "import leftpadder\n\n\ndef test_a():\n    assert leftpadder.pad('a')\n"},
        category="dependency",
        file="test_a.py",
        line=1,
        code="ModuleNotFoundError",
    ),
    _one(
        "collection-missing-name",
        "pytest",
        {
            "pkg/__init__.py": "",
            "pkg/core.py": "def compute_all():\n    return 1\n",
            "test_core.py": "from pkg.core import compute\n\n\ndef test_a():\n    assert compute()\n",
            "pytest.ini": "[pytest]\npythonpath = .\n",
        },
        file="test_core.py",
        line=1,
        code="ImportError",
    ),
    _one(
        "collection-syntax",
        "pytest",
        {
            "pkg/__init__.py": "",
            "pkg/core.py": "def compute(a, b:\n    return a\n",
            "test_core.py": "from pkg.core import compute\n\n\ndef test_a():\n    assert compute()\n",
            "pytest.ini": "[pytest]\npythonpath = .\n",
        },
        category="syntax",
        file="pkg/core.py",
        line=1,
        code="SyntaxError",
    ),
    _one(
        "collection-name-error",
        "pytest -q",
        {"test_a.py": "LIMIT = LIMITS['x']\n\n\ndef test_a():\n    pass\n"},
        file="test_a.py",
        line=1,
        code="NameError",
    ),
    _one(
        "conftest-import",
        "pytest",
        {"tests/conftest.py": "import os\nimport nosuchplugin\n", "tests/test_a.py": "def test_a():\n    pass\n"},
        category="dependency",
        file="tests/conftest.py",
        line=2,
        code="ModuleNotFoundError",
    ),
    _one(
        "doctest",
        "pytest --doctest-modules",
        {"mod.py": 'def add(a, b):\n    """Add.\n\n    >>> add(1, 2)\n    3\n    """\n    return a - b\n'},
        file="mod.py",
        line=4,
        test_id="mod.py::mod.add",
        code="DocTestFailure",
    ),
    _one(
        "doctest-crash",
        "pytest --doctest-modules",
        {"mod.py": 'def ratio(a, b):\n    """Divide.\n\n    >>> ratio(1, 0)\n    0\n    """\n    return a / b\n'},
        file="mod.py",
        line=7,
        test_id="mod.py::mod.ratio",
        code="ZeroDivisionError",
    ),
    _one(
        "timeout-signal",
        "pytest --timeout=1",
        {
            "slow.py": "def spin():\n    while True:\n        pass\n",
            "test_slow.py": "from slow import spin\n\n\ndef test_spin():\n    spin()\n",
        },
        file="slow.py",
        test_id="test_slow.py::test_spin",
        code="Failed",
    ),
    _one(
        "timeout-thread",
        "pytest --timeout=1 --timeout-method=thread",
        {
            "slow.py": "def spin():\n    while True:\n        pass\n",
            "test_slow.py": "from slow import spin\n\n\ndef test_spin():\n    spin()\n",
        },
        file="slow.py",
        code="Timeout",
    ),
    _one(
        "warning-as-error",
        "pytest -W error",
        {
            "old.py": "import warnings\n\n\ndef legacy():\n    warnings.warn('use modern()', DeprecationWarning, stacklevel=1)\n    return 1\n",
            "test_old.py": "from old import legacy\n\n\ndef test_legacy():\n    assert legacy() == 1\n",
        },
        file="old.py",
        line=5,
        test_id="test_old.py::test_legacy",
        code="DeprecationWarning",
    ),
    _one(
        "chained",
        "pytest",
        {
            "conf.py": "class ConfigError(Exception):\n    pass\n\n\ndef read(raw):\n    return raw['port']\n\n\ndef load(raw):\n    try:\n"
            "        return read(raw)\n    except KeyError as error:\n        raise ConfigError('no port') from error\n",
            "test_conf.py": "from conf import load\n\n\ndef test_load():\n    assert load({'prot': 1}) == 1\n",
        },
        file="conf.py",
        line=6,
        test_id="test_conf.py::test_load",
        code="conf.ConfigError",
    ),
    _one(
        "exception-group",
        "pytest",
        {
            "work.py": "def task():\n    raise ValueError('bad row')\n\n\ndef run():\n    found = []\n    try:\n        task()\n"
            "    except ValueError as error:\n        found.append(error)\n    raise ExceptionGroup('tasks', found)\n",
            "test_work.py": "from work import run\n\n\ndef test_run():\n    run()\n",
        },
        file="work.py",
        test_id="test_work.py::test_run",
        code="ExceptionGroup",
    ),
    _one(
        "did-not-raise",
        "pytest",
        {
            "port.py": "def connect(port):\n    return 'refused'\n",
            "test_port.py": "import pytest\n\nfrom port import connect\n\n\ndef test_refused():\n"
            "    with pytest.raises(ConnectionRefusedError):\n        connect(5432)\n",
        },
        file="test_port.py",
        line=7,
        test_id="test_port.py::test_refused",
        code="Failed",
    ),
    _one(
        "asserts-on-refused",
        "pytest",
        {
            "client.py": "import socket\n\n\ndef status(port):\n    try:\n        socket.create_connection(('127.0.0.1', port), timeout=2)\n"
            "    except ConnectionRefusedError as error:\n        return f'down: {error}'\n    return 'up'\n",
            "test_client.py": "from client import status\n\n\ndef test_message():\n    msg = status(9)\n    assert msg == 'connection refused'\n",
        },
        file="test_client.py",
        line=6,
        test_id="test_client.py::test_message",
        code="AssertionError",
    ),
    _one(
        "simulated-refusal",
        "pytest",
        {
            "retry.py": "def fetch(client):\n    for _ in range(2):\n        result = client.get()\n    return result\n",
            "test_retry.py": "from retry import fetch\n\n\nclass Flaky:\n    calls = 0\n\n    def get(self):\n        self.calls += 1\n"
            "        if self.calls == 1:\n            raise ConnectionRefusedError('localhost:5432 refused')\n        return 'ok'\n\n\n"
            "def test_retries():\n    assert fetch(Flaky()) == 'ok'\n",
        },
        file="retry.py",
        line=3,
        test_id="test_retry.py::test_retries",
        code="ConnectionRefusedError",
    ),
    _one(
        "captured-imitation",
        "pytest",
        {
            "lint.py": "def report():\n    print('src/app.py:1:1: F401 `os` imported but unused')\n"
            "    print('Traceback (most recent call last):')\n    print('  File \"/repo/fake.py\", line 3, in nowhere')\n"
            "    print('KeyError: 1')\n    return 2\n",
            "test_lint.py": "from lint import report\n\n\ndef test_report():\n    assert report() == 1\n",
        },
        file="test_lint.py",
        line=5,
        test_id="test_lint.py::test_report",
        code="AssertionError",
    ),
    _one(
        "plugin-refused",
        "pytest",
        {
            "conftest.py": "def pytest_ignore_collect(path, config):\n    return False\n",
            "test_a.py": "def test_a():\n    pass\n",
        },
        category="config",
        file="conftest.py",
    ),
    _one("no-tests", "pytest", {"pkg.py": "x = 1\n"}, category="config", code="no-tests"),
    _one(
        "usage-option",
        "pytest --no-such-option",
        {"test_a.py": "def test_a():\n    pass\n"},
        category="config",
        code="usage",
    ),
    _one(
        "usage-missing-file",
        "pytest tests/test_gone.py",
        {"test_a.py": "def test_a():\n    pass\n"},
        category="config",
        code="usage",
    ),
    _one(
        "usage-missing-test",
        "pytest test_a.py::test_gone",
        {"test_a.py": "def test_a():\n    pass\n"},
        category="config",
        code="usage",
    ),
    _one(
        "internal-error",
        "pytest",
        {
            "conftest.py": "def pytest_collection_modifyitems(items):\n    items[0].add_markers('slow')\n",
            "test_a.py": "def test_a():\n    pass\n",
        },
        category="config",
        file="conftest.py",
        line=2,
        code="AttributeError",
    ),
    _one(
        "unknown-mark",
        "pytest --strict-markers",
        {"test_a.py": "import pytest\n\n\n@pytest.mark.slow\ndef test_a():\n    pass\n"},
        category="config",
        file="test_a.py",
        code="Failed",
    ),
    _one(
        "missing-fixture",
        "pytest",
        {"test_a.py": "def test_a(databse):\n    assert databse\n"},
        file="test_a.py",
        line=1,
        test_id="test_a.py::test_a",
    ),
    _one(
        "unittest-style",
        "pytest",
        {
            "calc.py": "def mean(values):\n    return sum(values) / (len(values) - 1)\n",
            "test_calc.py": "import unittest\n\nfrom calc import mean\n\n\nclass MeanTest(unittest.TestCase):\n"
            "    def test_mean(self):\n        self.assertEqual(mean([2, 4]), 3)\n",
        },
        file="test_calc.py",
        line=8,
        test_id="test_calc.py::MeanTest::test_mean",
        code="AssertionError",
    ),
    _one(
        "library-raises",
        "pytest",
        {
            "conf.py": "import json\n\n\ndef load(text):\n    return json.loads(text)\n",
            "test_conf.py": "from conf import load\n\n\ndef test_load():\n    assert load('{a: 1}') == {'a': 1}\n",
        },
        file="conf.py",
        line=5,
        test_id="test_conf.py::test_load",
        code="json.decoder.JSONDecodeError",
    ),
    _one(
        "xpass-strict",
        "pytest -rA",
        {"test_a.py": "import pytest\n\n\n@pytest.mark.xfail(strict=True, reason='bug 7')\ndef test_a():\n    pass\n"},
        file="test_a.py",
        test_id="test_a.py::test_a",
    ),
)

_SUBTESTS = {
    "conftest.py": "",
    "calc.py": "def pieces(text, separator):\n    return text.split()\n\n\ndef double(number):\n    return number * number\n",
    "tests/test_calc.py": """import unittest

from calc import double, pieces


class PiecesTest(unittest.TestCase):
    def test_pieces(self):
        for text, separator in (("a,bb", ","), ("(x", "y) z - [")):
            with self.subTest(text=text, separator=separator):
                self.assertEqual(pieces(text, separator), text.partition(separator)[::2])


def test_double(subtests):
    for number in (2, 3):
        with subtests.test("doubles - (it", number=number):
            assert double(number) == number + number
""",
}
_SUBTESTS_EXPECTED = {
    "category": "test",
    "failures": [
        {"file": "tests/test_calc.py", "line": 10, "test_id": "tests/test_calc.py::PiecesTest::test_pieces"},
        {"file": "tests/test_calc.py", "line": 16, "test_id": "tests/test_calc.py::test_double"},
    ],
}
_PLUGINS = "$TOOLS/pytest-plugins/bin/pytest"
_PLUGIN_CASES = (
    _shop("sugar", f"{_PLUGINS} -p no:pretty"),
    _shop(
        "sugar-instant",
        f"{_PLUGINS} -p no:pretty --force-sugar --color=yes",
        expected={"category": "test", "failures": SHOP_EXPECTED["failures"]},
    ),
    _shop("pretty", f"{_PLUGINS} -p no:sugar"),
    _shop("reruns", "pytest --reruns 2"),
    _shop("reruns-xdist", "pytest -n 2 --reruns 1 -q"),
    _shop(
        "first-only", "pytest -x", expected={"category": "test", "failures": SHOP_EXPECTED["failures"][:1], "count": 1}
    ),
    _shop("junit", "pytest -q --junitxml=report.xml -o console_output_style=count"),
    _one(
        "asyncio",
        f"{_PLUGINS} -p no:sugar -p no:pretty",
        {
            "fetch.py": "import asyncio\n\n\nasync def load(name):\n    await asyncio.sleep(0)\n    return {'a': 1}[name]\n",
            "test_fetch.py": "import pytest\n\nfrom fetch import load\n\n\n@pytest.mark.asyncio\nasync def test_load():\n    assert await load('b') == 2\n",
            "pytest.ini": "[pytest]\nasyncio_default_fixture_loop_scope = function\n",
        },
        file="fetch.py",
        line=6,
        test_id="test_fetch.py::test_load",
        code="KeyError",
    ),
    _one(
        "async-without-plugin",
        "pytest -p no:anyio",
        {"test_fetch.py": "async def test_load():\n    assert 1 == 2\n"},
        file="test_fetch.py",
        test_id="test_fetch.py::test_load",
        code="Failed",
    ),
    Case(
        "pytest",
        "ids-with-spaces",
        "pytest -q --tb=short",
        {
            "test_say.py": "import pytest\n\n\n@pytest.mark.parametrize('word', ['a b', 'x - y', 'p::q', '[z]'])\ndef test_say(word):\n    assert word == ''\n"
        },
        {
            "category": "test",
            "failures": [
                {"file": "test_say.py", "line": 6, "test_id": f"test_say.py::test_say[{word}]"}
                for word in ("a b", "x - y", "p::q", "[z]")
            ],
        },
    ),
    Case(
        "pytest",
        "ids-with-spaces-no-tracebacks",
        "pytest -q --tb=no",
        {
            "test_say.py": "import pytest\n\n\n@pytest.mark.parametrize('word', ['a b', 'x - y'])\ndef test_say(word):\n    assert word == ''\n"
        },
        {
            "category": "test",
            "failures": [
                {"file": "test_say.py", "test_id": f"test_say.py::test_say[{word}]"} for word in ("a b", "x - y")
            ],
            "count": 2,
        },
    ),
    _one(
        "worker-crash",
        "pytest -n 2 -q",
        {"test_a.py": "import os\n\n\ndef test_ends():\n    os._exit(3)\n\n\ndef test_fine():\n    pass\n"},
        file="test_a.py",
        test_id="test_a.py::test_ends",
    ),
    _one(
        "hypothesis",
        "pytest -q -p no:cacheprovider",
        {
            "codec.py": "def encode(text):\n    return text.strip()\n\n\ndef decode(text):\n    return text\n",
            "test_codec.py": "from hypothesis import given, seed, settings\nfrom hypothesis import strategies as st\n\nfrom codec import decode, encode\n\n\n"
            "@seed(1)\n@settings(database=None)\n@given(st.text(alphabet='a '))\ndef test_round(text):\n    assert decode(encode(text)) == text\n",
        },
        file="test_codec.py",
        line=11,
        test_id="test_codec.py::test_round",
        code="AssertionError",
    ),
    Case(
        "pytest",
        "subtests",
        "pytest",
        {
            "calc.py": "def double(number):\n    return number * number\n",
            "test_calc.py": "from calc import double\n\n\ndef test_double(subtests):\n    for number in (2, 3):\n        with subtests.test(msg='doubles', number=number):\n            assert double(number) == number + number\n",
        },
        {
            "category": "test",
            "failures": [
                {"file": "test_calc.py", "line": 7, "test_id": "test_calc.py::test_double", "code": "AssertionError"}
            ],
        },
    ),
    Case("pytest", "subtests-of-unittest", "python -m pytest -q", _SUBTESTS, _SUBTESTS_EXPECTED),
    Case(
        "pytest",
        "subtests-of-the-plugin",
        "PYTHONPATH=plugin python -m pytest -q tests",
        _SUBTESTS,
        _SUBTESTS_EXPECTED,
        setup="pip install -q --target plugin pytest==8.4.2 pytest-subtests==0.14.1",
    ),
    Case(
        "pytest",
        "doctest-in-readme",
        "pytest --doctest-glob='*.md'",
        {"README.md": "# Shop\n\nUse it:\n\n>>> 2 * 3\n7\n"},
        {"category": "test", "failures": [{"file": "README.md", "line": 5, "code": "DocTestFailure"}], "count": 1},
    ),
    _one(
        "filterwarnings",
        "pytest -q",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\nfilterwarnings = ["error"]\npythonpath = ["."]\n',
            "old.py": "import warnings\n\n\ndef legacy():\n    warnings.warn('use modern()', DeprecationWarning, stacklevel=2)\n",
            "test_old.py": "from old import legacy\n\n\ndef test_legacy():\n    legacy()\n",
        },
        file="old.py",
        line=5,
        test_id="test_old.py::test_legacy",
        code="DeprecationWarning",
    ),
    _one(
        "mypy-plugin",
        f"{_PLUGINS} -p no:sugar -p no:pretty --mypy a.py",
        {"a.py": "def name(number: int) -> str:\n    return number\n"},
        category="types",
        file="a.py",
        line=2,
    ),
    _one(
        "ruff-plugin",
        f"{_PLUGINS} -p no:sugar -p no:pretty --ruff a.py",
        {"a.py": "import os\n"},
        category="lint",
        file="a.py",
        line=1,
        code="F401",
    ),
    _one(
        "config-broken",
        "pytest -q",
        {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = -q\n", "test_a.py": "def test_a():\n    pass\n"},
        category="syntax",
        file="pyproject.toml",
        line=2,
    ),
    _one(
        "config-unknown-option",
        "pytest --strict-config",
        {"pytest.ini": "[pytest]\npythonpaht = .\n", "test_a.py": "def test_a():\n    pass\n"},
        category="config",
        file="pytest.ini",
    ),
    _one(
        "plugin-missing",
        "pytest -p nosuchplugin",
        {"test_a.py": "def test_a():\n    pass\n"},
        category="dependency",
        code="ImportError",
    ),
    _one(
        "library-raises-at-collection",
        "pytest -W error",
        {
            "test_a.py": "import pytest\n\n\n@pytest.mark.parametrize('n', (n for n in (1, 2)))\ndef test_a(n):\n    assert n\n"
        },
        file="test_a.py",
        code="pytest.PytestRemovedIn10Warning",
    ),
    _one(
        "same-name-twice",
        "pytest",
        {"one/test_a.py": "def test_a():\n    pass\n", "two/test_a.py": "def test_a():\n    pass\n"},
        category="config",
        file="two/test_a.py",
    ),
)
PYTEST_CASES = (*_FIRST_CASES, *_PLUGIN_CASES, *PYTEST_PROJECT_CASES)
