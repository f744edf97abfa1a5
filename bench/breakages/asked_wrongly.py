"""The manifest asks for too little, for what is not there, or for what can't be had together."""

from breakages.case import PYTEST, Case, a_test

_INSTALL = f"python -m pip install -q -r requirements.txt && {PYTEST}"
_FETCH = "import requests\n\n\n" + a_test("assert requests.Session()")

CASES = (
    Case(
        name="missing-yaml",
        kind="missing module",
        files={
            "requirements.txt": "click\npytest\n",
            "conf.py": "import yaml\n\n\ndef read(text):\n    return yaml.safe_load(text)\n",
            "test_conf.py": "from conf import read\n\n\n" + a_test("assert read('a: 1') == {'a': 1}"),
        },
        guilty=("pyyaml",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="missing-dateutil-pyproject",
        kind="missing module",
        files={
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["click"]\n\n[dependency-groups]\ndev = ["pytest"]\n',
            "when.py": "from dateutil import parser\n\n\ndef year(text):\n    return parser.parse(text).year\n",
            "test_when.py": "from when import year\n\n\n" + a_test("assert year('2020-01-01') == 2020"),
        },
        guilty=("python-dateutil",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="missing-bs4-setup-cfg",
        kind="missing module",
        files={
            "setup.cfg": "[metadata]\nname = pages\nversion = 1\n\n[options]\npy_modules = pages\ninstall_requires =\n    click\n",
            "setup.py": "from setuptools import setup\n\nsetup()\n",
            "pages.py": "from bs4 import BeautifulSoup\n\n\ndef title(text):\n    return BeautifulSoup(text, 'html.parser').title.string\n",
            "test_pages.py": "from pages import title\n\n\n" + a_test("assert title('<title>x</title>') == 'x'"),
        },
        guilty=("beautifulsoup4",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="missing-requests-poetry",
        kind="missing module",
        files={
            "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\ndescription = ""\nauthors = []\n\n[tool.poetry.dependencies]\npython = "^3.11"\nclick = "^8.1"\n\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
            "test_fetch.py": _FETCH,
        },
        guilty=("requests",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="missing-since-requests-2.26-chardet",
        kind="missing module",
        files={
            "requirements.txt": "requests\npytest\n",
            "text.py": "import chardet\n\n\ndef guess(raw):\n    return chardet.detect(raw)['encoding']\n",
            "test_text.py": "from text import guess\n\n\n" + a_test("assert guess(b'abc') == 'ascii'"),
        },
        guilty=("chardet",),
        day="2021-06-15",
        forward=True,
        python="3.9",
    ),
    Case(
        name="missing-pkg-resources-undeclared",
        kind="missing module",
        files={
            "requirements.txt": "pytest\n",
            "app.py": "import pkg_resources\n\n\ndef version(name):\n    return pkg_resources.get_distribution(name).version\n",
            "test_app.py": "from app import version\n\n\n" + a_test("assert version('pytest')"),
        },
        guilty=("setuptools",),
        day="2025-06-01",
    ),
    Case(
        name="missing-distutils-3.12",
        kind="missing module",
        files={
            "requirements.txt": "pytest\n",
            "app.py": "from distutils.util import strtobool\n\n\ndef yes(text):\n    return strtobool(text)\n",
            "test_app.py": "from app import yes\n\n\n" + a_test("assert yes('y')"),
        },
        guilty=("setuptools",),
        day="2026-06-01",
        python="3.12",
        forward=True,
    ),
    Case(
        name="missing-in-one-of-two-services",
        kind="missing module",
        files={
            "services/web/requirements.txt": "PyYAML\npytest\n",
            "services/web/app.py": "import yaml\n",
            "services/api/requirements.txt": "# api\nclick\npytest\n",
            "services/api/app.py": "import jwt\n\n\ndef make():\n    return jwt.encode({'a': 1}, 'k' * 32)\n",
            "services/api/test_app.py": "from app import make\n\n\n" + a_test("assert make()"),
        },
        folder="services/api",
        command=f"cd services/api && {PYTEST}",
        guilty=("pyjwt",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="wrong-import-name",
        kind="wrong import name",
        files={
            "requirements.txt": "beautifulsoup4\npytest\n",
            "pages.py": "from beautifulsoup4 import BeautifulSoup\n\n\ndef title(text):\n    return BeautifulSoup(text, 'html.parser').title.string\n",
            "test_pages.py": "from pages import title\n\n\n" + a_test("assert title('<title>x</title>') == 'x'"),
        },
        guilty=("beautifulsoup4",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="version-that-never-was",
        kind="version",
        command=_INSTALL,
        files={"requirements.txt": "requests==2.99.0\npytest\n", "test_fetch.py": _FETCH},
        guilty=("requests",),
        day="2026-06-01",
    ),
    Case(
        name="patch-that-never-was",
        kind="version",
        command=_INSTALL,
        files={
            "requirements.txt": "click==8.1.99  # pinned\npytest\n",
            "test_click.py": "import click\n\n\n" + a_test("assert click.command"),
        },
        guilty=("click",),
        day="2026-06-01",
    ),
    Case(
        name="range-without-versions",
        kind="version",
        command=_INSTALL,
        files={
            "requirements.txt": "attrs>=99,<100\npytest\n",
            "test_attrs.py": "import attr\n\n\n" + a_test("assert attr.s"),
        },
        guilty=("attrs",),
        day="2026-06-01",
    ),
    Case(
        name="misspelt-requirement",
        kind="version",
        command=_INSTALL,
        files={
            "requirements.txt": "beautifulsoop4\npytest\n",
            "test_soup.py": "from bs4 import BeautifulSoup\n\n\n" + a_test("assert BeautifulSoup('x', 'html.parser')"),
        },
        guilty=("beautifulsoop4",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="conflict-flask-werkzeug",
        kind="conflict",
        command=_INSTALL,
        files={
            "requirements.txt": "Flask==2.3.3\nWerkzeug==1.0.1\npytest\n",
            "test_web.py": "from flask import Flask\n\n\n" + a_test("assert Flask('x')"),
        },
        guilty=("werkzeug",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="conflict-requests-urllib3",
        kind="conflict",
        command=_INSTALL,
        files={"requirements.txt": "requests==2.25.1\nurllib3==2.0.7\npytest\n", "test_fetch.py": _FETCH},
        guilty=("requests",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="conflict-constraints-file",
        kind="conflict",
        command=f"python -m pip install -q -r requirements.txt -c constraints.txt && {PYTEST}",
        files={
            "requirements.txt": "black==23.1.0\npytest\n",
            "constraints.txt": "click==7.1.2\n",
            "test_black.py": "import black\n\n\n"
            + a_test("assert black.format_str('x=1', mode=black.Mode()) == 'x = 1\\n'"),
        },
        guilty=("click",),
        day="2026-06-01",
        forward=True,
    ),
    Case(
        name="no-wheel-for-this-python",
        kind="build",
        files={
            "requirements.txt": "PyYAML==5.4.1\npytest\n",
            "test_conf.py": "import yaml\n\n\n" + a_test("assert yaml.safe_load('a: 1') == {'a': 1}"),
        },
        command=_INSTALL,
        guilty=("pyyaml",),
        day="2026-06-01",
        forward=True,
    ),
)
