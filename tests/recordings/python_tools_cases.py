"""What coverage, pre-commit, Sphinx, tox and nox print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from collections.abc import Mapping

from recordings.case import Case

PYTHON_TOOLS_VERSIONS = {
    "coverage": "coverage --version",
    "pre-commit": "pre-commit --version",
    "sphinx": "sphinx-build --version",
    "mkdocs": "mkdocs --version",
    "tox": "tox --version",
    "nox": "nox --version",
}
HALF_TESTED = {
    "pkg/__init__.py": "",
    "pkg/core.py": "def sign(number):\n    if number > 0:\n        return 1\n    if number < 0:\n        return -1\n    return 0\n",
    "pkg/text.py": "def shout(text):\n    return text.upper()\n\n\ndef whisper(text):\n    lowered = text.lower()\n    lowered = lowered.strip()\n    lowered += '...'\n    return lowered\n",
    "test_core.py": "from pkg.core import sign\nfrom pkg.text import shout\n\n\ndef test_sign():\n    assert sign(3) == 1\n\n\ndef test_shout():\n    assert shout('a') == 'A'\n",
    "pytest.ini": "[pytest]\npythonpath = .\n",
}
UNCOVERED = [
    {"tool": "coverage", "file": "pkg/text.py", "line": 6, "code": "fail-under"},
    {"tool": "coverage", "file": "pkg/core.py", "line": 4, "code": "fail-under"},
]
TOTAL_ONLY = [{"tool": "coverage", "file": None, "code": "fail-under"}]


def _coverage(name: str, command: str, failures: list[dict[str, object]], **changes: object) -> Case:
    expected = {"category": "test", "failures": failures, "count": len(failures)}
    return Case(
        **{"tool": "coverage", "name": name, "command": command, "files": HALF_TESTED, "expected": expected, **changes}
    )


COVERAGE_CASES = (
    _coverage("report", "coverage run -m pytest -q && coverage report -m --include='pkg/*' --fail-under=90", UNCOVERED),
    _coverage(
        "report-total-only",
        "coverage run --source pkg -m pytest -q && coverage report",
        TOTAL_ONLY,
        files={**HALF_TESTED, ".coveragerc": "[report]\nfail_under = 90\nprecision = 2\n"},
    ),
    _coverage("pytest-cov", "pytest -q --cov=pkg --cov-fail-under=90", TOTAL_ONLY),
    _coverage(
        "pytest-cov-missing", "pytest --cov=pkg --cov-report=term-missing --cov-fail-under=90", UNCOVERED, wrap="github"
    ),
    _coverage(
        "pytest-cov-branch-colour",
        "pytest --color=yes --cov=pkg --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=90",
        [UNCOVERED[0], {**UNCOVERED[1], "line": None}],
        expected={
            "category": "test",
            "failures": [UNCOVERED[0], {"tool": "coverage", "file": "pkg/core.py", "code": "fail-under"}],
            "count": 2,
        },
    ),
    _coverage(
        "behind-a-failing-test",
        "pytest -q --cov=pkg --cov-report=term-missing --cov-fail-under=90",
        [],
        files={
            **HALF_TESTED,
            "test_more.py": "from pkg.core import sign\n\n\ndef test_zero():\n    assert sign(0) == 1\n",
        },
        expected={
            "category": "test",
            "failures": [
                {"tool": "pytest", "file": "test_more.py", "line": 5, "test_id": "test_more.py::test_zero"},
                UNCOVERED[0],
            ],
        },
    ),
    _coverage(
        "no-data",
        "coverage report",
        [],
        expected={"category": "config", "failures": [{"tool": "coverage", "code": "no-data"}], "count": 1},
    ),
    _coverage(
        "nothing-to-combine",
        "coverage combine",
        [],
        expected={"category": "config", "failures": [{"tool": "coverage", "code": "no-data"}], "count": 1},
    ),
)

HOOKS = {
    "trailing-whitespace": "{id: trailing-whitespace, name: trim trailing whitespace, entry: trailing-whitespace-fixer, language: system, types: [text]}",
    "end-of-file-fixer": "{id: end-of-file-fixer, name: fix end of files, entry: end-of-file-fixer, language: system, types: [text]}",
    "check-yaml": "{id: check-yaml, name: check yaml, entry: check-yaml, language: system, types: [yaml]}",
    "check-json": "{id: check-json, name: check json, entry: check-json, language: system, types: [json]}",
    "check-toml": "{id: check-toml, name: check toml, entry: check-toml, language: system, types: [toml]}",
    "debug-statements": "{id: debug-statements, name: debug statements (python), entry: debug-statement-hook, language: system, types: [python]}",
    "check-merge-conflict": "{id: check-merge-conflict, name: check for merge conflicts, entry: check-merge-conflict --assume-in-merge, language: system, types: [text]}",
    "ruff": "{id: ruff, name: ruff, entry: ruff check --no-cache --isolated, language: system, types: [python]}",
    "black": "{id: black, name: black, entry: black, language: system, types: [python]}",
    "mypy": "{id: mypy, name: mypy, entry: mypy --cache-dir /dev/null, language: system, types: [python]}",
    "pytest": "{id: pytest, name: tests, entry: pytest -q, language: system, pass_filenames: false, always_run: true}",
    "missing": "{id: lint-it, name: lint it, entry: frobnicate --all, language: system, always_run: true}",
    "python": "{id: typos, name: typos, entry: typos, language: python, additional_dependencies: ['leftpadder==99.1']}",
}


def _hooks(*names: str) -> str:
    return "repos:\n- repo: local\n  hooks:\n" + "".join(f"  - {HOOKS[name]}\n" for name in names)


def _pre_commit(
    name: str, hooks: str, files: Mapping[str, str], *failures: Mapping[str, object], category: str, **changes: object
) -> Case:
    return Case(
        **{
            "tool": "pre-commit",
            "name": name,
            "command": "pre-commit run --all-files",
            "files": {".pre-commit-config.yaml": hooks, **files},
            "expected": {"category": category, "failures": list(failures), "count": len(failures)},
            "setup": "git init -q . && git add -A",
            "environment": {"PIP_NO_INDEX": "1"},
            **changes,
        }
    )


PRE_COMMIT_CASES = (
    _pre_commit(
        "fixers",
        _hooks("trailing-whitespace", "end-of-file-fixer"),
        {"README.md": "# Shop  \n\nSells.\n", "notes/a.txt": "one", "notes/b.txt": "two"},
        {"tool": "pre-commit", "file": "README.md", "code": "trailing-whitespace"},
        {"tool": "pre-commit", "file": "notes/a.txt", "code": "end-of-file-fixer"},
        {"tool": "pre-commit", "file": "notes/b.txt", "code": "end-of-file-fixer"},
        category="format",
    ),
    _pre_commit(
        "ruff-and-black",
        _hooks("ruff", "black"),
        {"pkg/a.py": "import os\n\nx = {  'a':1 }\n", "pkg/b.py": "y = 1\n"},
        {"tool": "ruff", "file": "pkg/a.py", "line": 1, "code": "F401"},
        category="lint",
        wrap="github",
        expected={
            "category": "lint",
            "failures": [
                {"tool": "ruff", "file": "pkg/a.py", "line": 1, "code": "F401"},
                {"tool": "pre-commit", "file": "pkg/a.py", "code": "black"},
            ],
        },
    ),
    _pre_commit(
        "colour-mypy",
        _hooks("trailing-whitespace", "mypy"),
        {"pkg/a.py": "def name(number: int) -> str:\n    return number\n"},
        {"tool": "mypy", "file": "pkg/a.py", "line": 2, "code": "return-value"},
        category="types",
        command="pre-commit run --all-files --color=always",
        expected={"category": "types", "failures": [{"tool": "mypy", "file": "pkg/a.py", "line": 2}]},
    ),
    _pre_commit(
        "broken-yaml",
        _hooks("check-yaml", "check-json", "check-toml"),
        {
            ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n    - run: echo\n   name: x\n",
            "data.json": '{\n  "a": 1,\n  "b": 2,,\n}\n',
            "conf.toml": "[tool]\nname = \n",
        },
        {"tool": "pre-commit", "file": ".github/workflows/ci.yml", "line": 6, "code": "check-yaml"},
        {"tool": "pre-commit", "file": "data.json", "line": 3, "code": "check-json"},
        {"tool": "pre-commit", "file": "conf.toml", "line": 2, "code": "check-toml"},
        category="syntax",
    ),
    _pre_commit(
        "left-behind",
        _hooks("debug-statements", "check-merge-conflict"),
        {
            "pkg/a.py": "def f():\n    import pdb; pdb.set_trace()\n",
            "NOTES.md": "# Notes\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> topic\n",
        },
        {"tool": "pre-commit", "file": "pkg/a.py", "line": 2, "code": "debug-statements"},
        {"tool": "pre-commit", "file": "NOTES.md", "line": 3, "code": "check-merge-conflict"},
        category="lint",
        expected={
            "category": "lint",
            "failures": [
                {"tool": "pre-commit", "file": "pkg/a.py", "line": 2, "code": "debug-statements"},
                {"tool": "pre-commit", "file": "NOTES.md", "line": 3, "code": "check-merge-conflict"},
            ],
        },
    ),
    _pre_commit(
        "tests-as-a-hook",
        _hooks("pytest"),
        {
            "calc.py": "def add(a, b):\n    return a - b\n",
            "test_calc.py": "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
        },
        {"tool": "pytest", "file": "test_calc.py", "line": 5, "test_id": "test_calc.py::test_add"},
        category="test",
        expected={
            "category": "test",
            "failures": [{"tool": "pytest", "file": "test_calc.py", "line": 5, "test_id": "test_calc.py::test_add"}],
        },
    ),
    _pre_commit(
        "invalid-config",
        "repos:\n- repo: local\n  hooks:\n  - id: black\n    name: black\n    entry: black\n",
        {"a.py": "x = 1\n"},
        {"tool": "pre-commit", "file": ".pre-commit-config.yaml", "code": "InvalidConfigError"},
        category="config",
    ),
    _pre_commit(
        "config-is-no-yaml",
        "repos:\n- repo: local\n  hooks: [\n",
        {"a.py": "x = 1\n"},
        {"tool": "pre-commit", "file": ".pre-commit-config.yaml", "line": 4, "code": "InvalidConfigError"},
        category="config",
    ),
    _pre_commit(
        "no-config",
        "",
        {"a.py": "x = 1\n"},
        {"tool": "pre-commit", "file": "conf/hooks.yaml", "code": "InvalidConfigError"},
        category="config",
        command="pre-commit run --all-files -c conf/hooks.yaml",
    ),
    _pre_commit(
        "unknown-hook",
        _hooks("black"),
        {"a.py": "x = 1\n"},
        {"tool": "pre-commit", "file": ".pre-commit-config.yaml", "code": "unknown-hook"},
        category="config",
        command="pre-commit run flake8 --all-files",
    ),
    _pre_commit(
        "missing-executable",
        _hooks("missing"),
        {"a.py": "x = 1\n"},
        {"tool": "pre-commit", "code": "lint-it"},
        category="environment",
    ),
    _pre_commit(
        "environment-not-installable",
        _hooks("python"),
        {"a.py": "x = 1\n"},
        {"tool": "pip", "code": "no-matching-distribution"},
        category="dependency",
        expected={"category": "dependency", "failures": [{"tool": "pip", "code": "no-matching-distribution"}]},
    ),
)

CONF = "project = 'shop'\nextensions = []\n"
INDEX = "Shop\n====\n\nSells things.\n"


def _sphinx(name: str, files: Mapping[str, str], *failures: Mapping[str, object], **changes: object) -> Case:
    return Case(
        **{
            "tool": "sphinx",
            "name": name,
            "command": "sphinx-build -W -b html docs out",
            "files": {"docs/conf.py": CONF, "docs/index.rst": INDEX, **files},
            "expected": {"category": "build", "failures": list(failures), "count": len(failures)},
            **changes,
        }
    )


SPHINX_CASES = (
    _sphinx(
        "warning-as-error",
        {"docs/index.rst": "Shop\n====\n\nUsage\n----\n\nSells :ref:`nothing-here`.\n"},
        {"tool": "sphinx", "file": "docs/index.rst", "line": 5},
        {"tool": "sphinx", "file": "docs/index.rst", "line": 7, "code": "ref.ref"},
    ),
    _sphinx(
        "quiet-github",
        {
            "docs/index.rst": INDEX + "\n.. toctree::\n\n   install\n   usage\n",
            "docs/usage.rst": "Usage\n=====\n\n.. code-bloc:: python\n\n   x = 1\n",
        },
        {"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "toc.not_readable"},
        {"tool": "sphinx", "file": "docs/usage.rst", "line": 4},
        command="sphinx-build -q -W --keep-going docs out",
        wrap="github",
    ),
    _sphinx(
        "inventory-unreached",
        {
            "docs/conf.py": "extensions = ['sphinx.ext.intersphinx']\nintersphinx_mapping = {'shop': ('https://docs.shop.invalid/', None)}\n",
            "docs/index.rst": INDEX + "\nSells :ref:`nothing-here`.\n",
        },
        {"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "ref.ref"},
        {"tool": "sphinx", "file": None},
    ),
    _sphinx(
        "colour-nitpick",
        {"docs/index.rst": INDEX + "\nSee :py:func:`shop.sell` and :doc:`gone`.\n"},
        {"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "ref.doc"},
        {"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "ref.func"},
        command="sphinx-build --color -n -W --keep-going docs out",
        expected={
            "category": "build",
            "failures": [
                {"tool": "sphinx", "file": "docs/index.rst", "line": 6},
                {"tool": "sphinx", "file": "docs/index.rst", "line": 6},
            ],
            "count": 2,
        },
    ),
    _sphinx(
        "docstring",
        {
            "docs/conf.py": "import sys\n\nsys.path.insert(0, '.')\nproject = 'shop'\nextensions = ['sphinx.ext.autodoc']\n",
            "docs/index.rst": INDEX + "\n.. automodule:: shop.core\n   :members:\n",
            "shop/__init__.py": "",
            "shop/core.py": 'def sell(item):\n    """Sell it.\n\n    - one\n        two\n      three\n    """\n',
        },
        {"tool": "sphinx", "file": "shop/core.py"},
        expected={"category": "build", "failures": [{"tool": "sphinx", "file": "shop/core.py"}]},
    ),
    _sphinx(
        "autodoc-import",
        {
            "docs/conf.py": "import sys\n\nsys.path.insert(0, '.')\nproject = 'shop'\nextensions = ['sphinx.ext.autodoc']\n",
            "docs/index.rst": INDEX + "\n.. automodule:: shop.cart\n   :members:\n",
            "shop/__init__.py": "",
        },
        {"tool": "sphinx", "code": "autodoc.import_object"},
    ),
    _sphinx(
        "broken-conf",
        {"docs/conf.py": "project = 'shop'\nversion = shop.__version__\n"},
        {"tool": "sphinx", "file": "docs/conf.py", "line": 2, "code": "NameError"},
        expected={
            "category": "config",
            "failures": [{"tool": "sphinx", "file": "docs/conf.py", "line": 2, "code": "NameError"}],
            "count": 1,
        },
    ),
    _sphinx(
        "conf-import",
        {"docs/conf.py": "from nosuch_sphinx_theme import options\n\nproject = 'shop'\n"},
        expected={
            "category": "dependency",
            "failures": [{"tool": "sphinx", "file": "docs/conf.py", "line": 1, "code": "ModuleNotFoundError"}],
            "count": 1,
        },
    ),
    _sphinx(
        "conf-syntax",
        {"docs/conf.py": "project = 'shop\n"},
        {"tool": "sphinx", "file": "docs/conf.py", "line": 1},
        expected={
            "category": "syntax",
            "failures": [{"tool": "sphinx", "file": "docs/conf.py", "line": 1}],
            "count": 1,
        },
    ),
    _sphinx(
        "missing-extension",
        {"docs/conf.py": "project = 'shop'\nextensions = ['nosuch_sphinx_extension']\n"},
        {"tool": "sphinx", "code": "ExtensionError"},
        expected={"category": "dependency", "failures": [{"tool": "sphinx", "code": "ExtensionError"}], "count": 1},
    ),
    _sphinx(
        "crashing-extension",
        {
            "docs/conf.py": "import os\nimport sys\n\nsys.path.insert(0, os.path.abspath('.'))\nproject = 'shop'\nextensions = ['badges']\n",
            "docs/badges.py": "def setup(app):\n    app.connect('builder-inited', start)\n\n\ndef start(app):\n    app.badges['x'] = 1\n",
        },
        {"tool": "sphinx", "file": "docs/badges.py", "code": "ExtensionError"},
    ),
    _sphinx(
        "extension-not-on-path",
        {
            "docs/conf.py": "project = 'shop'\nextensions = ['badges']\n",
            "docs/ext/badges.py": "def setup(app):\n    pass\n",
        },
        expected={"category": "config", "failures": [{"tool": "sphinx", "code": "ExtensionError"}], "count": 1},
    ),
    _sphinx(
        "doctest",
        {
            "docs/conf.py": "project = 'shop'\nextensions = ['sphinx.ext.doctest']\n",
            "docs/index.rst": INDEX + "\n>>> 1 + 1\n3\n",
        },
        {"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "doctest"},
        command="sphinx-build -b doctest docs out",
        expected={
            "category": "test",
            "failures": [{"tool": "sphinx", "file": "docs/index.rst", "line": 6, "code": "doctest"}],
            "count": 1,
        },
    ),
)

FAILING = {
    "calc.py": "def add(a, b):\n    return a - b\n",
    "test_calc.py": "import unittest\n\nfrom calc import add\n\n\nclass AddTest(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n",
}
ASSERTION = {"tool": "unittest", "file": "test_calc.py", "line": 8, "test_id": "test_calc.AddTest.test_add"}


def _tox(
    name: str, command: str, config: str, category: str, *failures: Mapping[str, object], **changes: object
) -> Case:
    return Case(
        **{
            "tool": "tox",
            "name": name,
            "command": command,
            "files": {**FAILING, "tox.ini": config},
            "expected": {"category": category, "failures": list(failures)},
            "environment": {"PIP_NO_INDEX": "1"},
            **changes,
        }
    )


TOX = "[tox]\nskipsdist = true\nenv_list = unit, lint\n\n[testenv:unit]\ncommands = python -m unittest\n\n[testenv:lint]\ncommands = python -m compileall -q calc.py\n"
TOX_CASES = (
    _tox("failing-tests", "tox", TOX, "test", ASSERTION, {"tool": "tox", "code": "unit"}),
    _tox(
        "failing-tests-colour",
        "tox --colored yes -e unit",
        TOX,
        "test",
        ASSERTION,
        {"tool": "tox", "code": "unit"},
        wrap="github",
    ),
    _tox("unknown-env", "tox -e docs", TOX, "config", {"tool": "tox", "code": "unknown-env"}),
    _tox(
        "missing-interpreter",
        "tox -e py35",
        "[tox]\nskipsdist = true\nskip_missing_interpreters = false\n\n[testenv]\ncommands = python -m unittest\n",
        "environment",
        {"tool": "tox", "code": "missing-interpreter"},
    ),
    _tox(
        "external-not-allowed",
        "tox -e unit",
        "[tox]\nskipsdist = true\n\n[testenv:unit]\ncommands = make test\n",
        "config",
        {"tool": "tox", "file": "tox.ini", "code": "unit"},
    ),
    _tox(
        "dependency-missing",
        "tox -e unit",
        "[tox]\nskipsdist = true\n\n[testenv:unit]\ndeps = leftpadder==99.1\ncommands = python -m unittest\n",
        "dependency",
        {"tool": "pip", "code": "no-matching-distribution"},
        {"tool": "tox", "code": "unit"},
    ),
)
NOX = "import nox\n\n\n@nox.session\ndef unit(session):\n    session.run('python', '-m', 'unittest')\n\n\n@nox.session(python='3.5')\ndef old(session):\n    session.run('python', '-m', 'unittest')\n\n\n@nox.session\ndef broken(session):\n    session.chdri('docs')\n"


def _nox(name: str, command: str, category: str, *failures: Mapping[str, object], **changes: object) -> Case:
    return Case(
        **{
            "tool": "nox",
            "name": name,
            "command": command,
            "files": {**FAILING, "noxfile.py": NOX},
            "expected": {"category": category, "failures": list(failures)},
            "environment": {"PIP_NO_INDEX": "1"},
            **changes,
        }
    )


NOX_CASES = (
    _nox("failing-tests", "nox -s unit", "test", ASSERTION, {"tool": "nox", "code": "unit"}),
    _nox(
        "failing-tests-colour",
        "nox --forcecolor -s unit",
        "test",
        ASSERTION,
        {"tool": "nox", "code": "unit"},
        wrap="github",
    ),
    _nox(
        "missing-interpreter",
        "nox -s old --error-on-missing-interpreters",
        "environment",
        {"tool": "nox", "code": "missing-interpreter"},
    ),
    _nox("unknown-session", "nox -s docs", "config", {"tool": "nox", "code": "unknown-session"}),
    _nox("broken-session", "nox -s broken", "test", {"file": "noxfile.py", "line": 16, "code": "AttributeError"}),
    _nox(
        "broken-noxfile",
        "nox",
        "syntax",
        {"file": "noxfile.py", "line": 3},
        files={"noxfile.py": "import nox\n\ndef unit(session:\n    pass\n"},
    ),
)

SITE = {
    "mkdocs.yml": "site_name: Shop\nnav:\n  - Home: index.md\n  - Usage: usage.md\n",
    "docs/index.md": "# Shop\n\nSee [usage](usage.md).\n",
    "docs/usage.md": "# Usage\n\n## Buying\n\nBuy.\n",
}


def _mkdocs(name: str, files: Mapping[str, str], *failures: Mapping[str, object], **changes: object) -> Case:
    return Case(
        **{
            "tool": "mkdocs",
            "name": name,
            "command": "mkdocs build --strict",
            "files": {**SITE, **files},
            "expected": {"category": "build", "failures": list(failures), "count": len(failures)},
            **changes,
        }
    )


MKDOCS_CASES = (
    _mkdocs(
        "broken-link",
        {"docs/index.md": "# Shop\n\nSee [usage](usag.md) and ![logo](img/logo.png).\n"},
        {"tool": "mkdocs", "file": "docs/index.md", "code": "link"},
        {"tool": "mkdocs", "file": "docs/index.md", "code": "link"},
    ),
    _mkdocs(
        "nav-and-anchor",
        {
            "mkdocs.yml": "site_name: Shop\nvalidation:\n  anchors: warn\nnav:\n  - Home: index.md\n  - Usage: usge.md\n",
            "docs/index.md": "# Shop\n\nSee [usage](usage.md#byuing).\n",
        },
        {"tool": "mkdocs", "file": "mkdocs.yml", "code": "nav"},
        {"tool": "mkdocs", "file": "docs/index.md", "code": "anchor"},
        wrap="github",
    ),
    _mkdocs(
        "unknown-key",
        {"mkdocs.yml": "site_name: Shop\nsite_autor: Me\ntheme: materil\n"},
        expected={"category": "config", "failures": [{"tool": "mkdocs", "file": "mkdocs.yml", "code": "config"}]},
    ),
    _mkdocs(
        "broken-yaml",
        {"mkdocs.yml": "site_name: Shop\n nav:\n  - Home: index.md\n"},
        expected={
            "category": "config",
            "failures": [{"tool": "mkdocs", "file": "mkdocs.yml", "line": 2, "code": "config"}],
            "count": 1,
        },
    ),
)

PYTHON_TOOLS_CASES = (*COVERAGE_CASES, *PRE_COMMIT_CASES, *SPHINX_CASES, *MKDOCS_CASES, *TOX_CASES, *NOX_CASES)
