"""pytest: what the suites of real projects do beyond plain tests: plugins of their own, tests that are files, crashes."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

_GOLDEN = """import pytest


class Golden(pytest.Item):
    def runtest(self):
        source, _, expected = self.path.read_text().partition("---\\n")
        assert source.strip().upper() == expected.strip(), f"{self.path.name} differs from what the lexer gives"

    def repr_failure(self, excinfo, style=None):
        return f"the tokens differ from the expected ones in the file: {excinfo.value}"

    def reportinfo(self):
        return self.path, None, str(self.path.relative_to(self.config.rootpath))


class GoldenFile(pytest.File):
    def collect(self):
        yield Golden.from_parent(self, name="")


def pytest_collect_file(parent, file_path):
    if file_path.suffix == ".golden":
        return GoldenFile.from_parent(parent, path=file_path)
"""
_SEGFAULT = "import os\nimport signal\n\n\ndef test_fine():\n    pass\n\n\ndef test_reads():\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
_LOCALE = """import locale

import pytest


@pytest.fixture
def german():
    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "de_AT.UTF-8")
    yield
    locale.setlocale(locale.LC_ALL, before)
"""

PYTEST_PROJECT_CASES = (
    Case(
        "pytest",
        "own-plugin-broken",
        "PYTHONPATH=. pytest -q",
        {
            "shop/__init__.py": "from shop.cart import Cart\n",
            "shop/cart.py": "from shop.money import Monney\n\n\nclass Cart:\n    pass\n",
            "shop/money.py": "class Money:\n    pass\n",
            "shop/plugin.py": "from shop import Cart\n",
            "shop-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n",
            "shop-1.0.dist-info/entry_points.txt": "[pytest11]\nshop = shop.plugin\n",
            "tests/test_cart.py": "def test_cart():\n    pass\n",
        },
        {"category": "test", "failures": [{"file": "shop/cart.py", "line": 1, "code": "ImportError"}], "count": 1},
    ),
    Case(
        "pytest",
        "files-as-tests",
        "pytest -q",
        {
            "tests/conftest.py": _GOLDEN,
            "tests/names.golden": "a b\n---\nA B\n",
            "tests/words.golden": "a b\n---\nA C\n",
        },
        {
            "category": "test",
            "failures": [{"file": "tests/words.golden", "test_id": "tests/words.golden::"}],
            "count": 1,
        },
    ),
    Case(
        "pytest",
        "worker-segfault",
        "pytest -n 2 -q",
        {"tests/test_store.py": _SEGFAULT},
        {
            "category": "test",
            "failures": [{"file": "tests/test_store.py", "line": 10, "test_id": "tests/test_store.py::test_reads"}],
        },
    ),
    Case(
        "pytest",
        "segfault",
        "pytest -q",
        {"tests/test_store.py": _SEGFAULT},
        {"category": "test", "failures": [{"file": "tests/test_store.py", "line": 10}]},
    ),
    Case(
        "pytest",
        "addopts-unknown",
        "pytest",
        {"tox.ini": "[pytest]\naddopts = --durations-all\n", "test_a.py": "def test_a():\n    pass\n"},
        {"category": "config", "failures": [{"file": "tox.ini", "code": "usage"}], "count": 1},
    ),
    Case(
        "pytest",
        "locale-missing",
        "pytest -q",
        {
            "tests/conftest.py": _LOCALE,
            "tests/test_sums.py": "def test_comma(german):\n    assert f'{1.5:n}' == '1,5'\n",
        },
        {
            "category": "environment",
            "failures": [{"file": "tests/conftest.py", "line": 9, "test_id": "tests/test_sums.py::test_comma"}],
        },
    ),
)
