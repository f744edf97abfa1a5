"""pytest: suites in which many tests fail for one reason, which is not what the first of them says."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

_CACHE = """class Cache:
    def __init__(self):
        self.data, self.sizes, self.total = {}, {}, 0

    def put(self, key, value):
        if key in self.data:
            self.total += len(value) - self.sizes[value]
        else:
            self.total += len(value) + 1
        self.data[key] = value
        self.sizes[key] = len(value)
"""
_CACHE_TESTS = """from shop.cache import Cache


def test_a_total():
    cache = Cache()
    cache.put("a", "xyz")
    assert cache.total == 3


def test_grow():
    cache = Cache()
    cache.put("a", "x")
    cache.put("a", "xyz")
    assert cache.total == 3


def test_shrink():
    cache = Cache()
    cache.put("a", "xyz")
    cache.put("a", "x")
    assert cache.total == 1
"""
_SIGNER = """import warnings


class BadTime(Exception):
    pass


def to_number(text):
    warnings.warn("to_number goes", DeprecationWarning)
    return int(text)


def unsign(text):
    try:
        return to_number(text)
    except Exception:
        error = BadTime("malformed")
    raise error
"""
_SIGNER_TESTS = """import pytest

from shop import signer


@pytest.mark.parametrize("text", ["1", "2", "3", "4"])
def test_unsign(text):
    assert signer.unsign(text) == int(text)


@pytest.mark.parametrize("text", ["1", "2"])
def test_to_number(text):
    assert signer.to_number(text) == int(text)
"""
_READER = (
    "import os\nimport signal\n\n\ndef read(address):\n    os.kill(os.getpid(), signal.SIGSEGV)\n    return address\n"
)

PYTEST_CAUSE_CASES = (
    Case(
        "pytest",
        "shared-crash",
        "pytest --tb=short -ra",
        {"shop/__init__.py": "", "shop/cache.py": _CACHE, "tests/test_cache.py": _CACHE_TESTS},
        {
            "category": "test",
            # Two tests die at the one place; the first one only sees another mistake of the same function.
            "failures": [{"file": "shop/cache.py", "line": 7, "code": "KeyError"}],
            "count": 3,
        },
        environment={"PYTHONPATH": "."},
        wrap="github",
    ),
    Case(
        "pytest",
        "warning-caught-and-raised-anew",
        "pytest -v --tb=short",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n',
            "shop/__init__.py": "",
            "shop/signer.py": _SIGNER,
            "tests/test_signer.py": _SIGNER_TESTS,
        },
        {
            "category": "test",
            "failures": [{"file": "shop/signer.py", "line": 9, "code": "DeprecationWarning"}],
            "count": 6,
        },
        environment={"PYTHONPATH": "."},
    ),
    Case(
        "pytest",
        "worker-segfault-in-the-code",
        "pytest -n 2 -q",
        {
            "shop/__init__.py": "",
            "shop/reader.py": _READER,
            "tests/test_reader.py": "from shop import reader\n\n\ndef test_read():\n    assert reader.read(0) == b'abcd'\n",
        },
        {
            "category": "test",
            # The fault handler's own report comes after the test.
            "failures": [{"file": "shop/reader.py", "line": 6, "test_id": "tests/test_reader.py::test_read"}],
        },
        environment={"PYTHONPATH": "."},
    ),
    Case(
        "pytest",
        "circular-import",
        "pytest -q",
        {
            "shop/__init__.py": "from shop.schema import Schema\n",
            "shop/schema.py": "from shop import fields\n\n\nclass Schema:\n    pass\n",
            "shop/fields.py": "import json\n\nfrom shop.schema import Schema\n",
            "tests/conftest.py": "import shop\n",
            "tests/test_shop.py": "def test_shop():\n    pass\n",
        },
        {"category": "test", "failures": [{"file": "shop/fields.py", "line": 3, "code": "ImportError"}], "count": 1},
        environment={"PYTHONPATH": "."},
    ),
    Case(
        "pytest",
        "fixture-of-a-plugin",
        "pytest -q",
        {
            "tests/test_speed.py": "def test_other():\n    pass\n\n\ndef test_speed(benchmark):\n    benchmark(sum, [1])\n"
        },
        {"category": "dependency", "failures": [{"file": "tests/test_speed.py", "line": 5}], "count": 1},
    ),
    Case(
        "pytest",
        "module-of-a-package-that-is-there",
        "pytest -q",
        {
            "shop/__init__.py": "",
            "tests/conftest.py": "from shop.helpers import nothing\n",
            "tests/test_shop.py": "def test_shop():\n    pass\n",
        },
        {
            "category": "test",
            "failures": [{"file": "tests/conftest.py", "line": 1, "code": "ModuleNotFoundError"}],
            "count": 1,
        },
        environment={"PYTHONPATH": "."},
    ),
)
