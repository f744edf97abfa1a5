"""A dependency's dependency moved, and nobody had bounded it."""

from breakages.case import Case, a_test

FLASK = {
    "web.py": (
        "from flask import Flask\n\n\ndef create():\n    app = Flask(__name__)\n\n    @app.get('/')\n"
        "    def index():\n        return 'hello'\n\n    return app\n"
    ),
    "test_web.py": "from web import create\n\n\n" + a_test("assert create().test_client().get('/').data == b'hello'"),
}
_OLD_FLASK = {
    "web.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "test_web.py": "from web import app\n\n\n" + a_test("assert app.name == 'web'"),
}

CASES = (
    Case(
        name="werkzeug-3-flask-2.2",
        kind="transitive",
        files={"requirements.txt": "# the web service\nFlask==2.2.2  # do not touch\npytest\n", **FLASK},
        guilty=("werkzeug",),
        day="2023-06-01",
        says=("deprecated code", "url_quote", "__version__"),
        forward=True,
    ),
    Case(
        name="werkzeug-3-flask-2.2-tox",
        kind="transitive",
        files={
            "tox.ini": "[tox]\nskipsdist = true\n\n[testenv]\nskip_install = true\ndeps =\n    Flask==2.2.2\n    pytest\n"
            "commands = pytest -q\n",
            **FLASK,
        },
        command="python -m tox -q -e py",
        guilty=("werkzeug",),
        day="2023-06-01",
        says=("deprecated code", "url_quote", "__version__"),
        forward=True,
    ),
    Case(
        name="werkzeug-3-flask-login",
        kind="transitive",
        files={
            "requirements.txt": "Flask-Login==0.6.2\nFlask>=2.3\npytest\n",
            "test_login.py": "from flask_login import LoginManager\n\n\n" + a_test("assert LoginManager()"),
        },
        guilty=("werkzeug",),
        day="2023-09-01",
        says=("deprecated code", "url"),
        forward=True,
    ),
    Case(
        name="markupsafe-2.1-jinja2-2.11",
        kind="transitive",
        files={
            "requirements.txt": "Jinja2==2.11.3\npytest\n",
            "pages.py": "import jinja2\n\n\ndef render(name):\n    return jinja2.Template('hi {{ n }}').render(n=name)\n",
            "test_pages.py": "from pages import render\n\n\n" + a_test("assert render('x') == 'hi x'"),
        },
        guilty=("markupsafe",),
        day="2022-01-15",
        says=("soft_unicode",),
        forward=True,
        python="3.9",
    ),
    Case(
        name="itsdangerous-2.1-flask-1",
        kind="transitive",
        files={
            "requirements.txt": "Flask==1.1.2\nJinja2<3\nMarkupSafe<2.1\nWerkzeug<2\npytest\n",
            **_OLD_FLASK,
        },
        guilty=("itsdangerous",),
        day="2022-01-15",
        says=("json",),
        python="3.9",
    ),
    Case(
        name="flask-1-everything-moved",
        kind="transitive",
        files={"requirements.txt": "Flask==1.1.2\npytest\n", **_OLD_FLASK},
        guilty=("jinja2", "itsdangerous"),
        day="2021-04-15",
        says=("escape", "json", "Markup"),
        forward=True,
        python="3.9",
        fewest=2,
    ),
    Case(
        name="click-8.1-black-22.1",
        kind="transitive",
        files={"requirements-dev.txt": "black==22.1.0\n", "app.py": "x = 1\n"},
        command="python -m black --check app.py",
        guilty=("click",),
        day="2022-03-15",
        forward=True,
    ),
    Case(
        name="urllib3-2-requests-toolbelt",
        kind="transitive",
        files={
            "requirements.txt": "requests-toolbelt==0.9.1\nrequests\npytest\n",
            "test_upload.py": "from requests_toolbelt import MultipartEncoder\n\n\n"
            + a_test("assert MultipartEncoder({'a': 'b'}).content_type"),
        },
        guilty=("urllib3",),
        day="2023-04-01",
        says=("appengine",),
        forward=True,
    ),
    Case(
        name="numpy-2-pandas-2.0",
        kind="transitive",
        files={
            "pyproject.toml": '[project]\nname = "report"\nversion = "1"\ndependencies = [\n  "pandas==2.0.3",  # tables\n]\n',
            "test_report.py": "import pandas as pd\n\n\n" + a_test("assert pd.DataFrame({'a': [1, 2]}).a.sum() == 3"),
        },
        guilty=("numpy",),
        day="2024-05-15",
        forward=True,
    ),
    Case(
        name="sqlalchemy-2-flask-sqlalchemy",
        kind="transitive",
        files={
            "requirements.txt": "Flask==2.2.2\nWerkzeug<3\nFlask-SQLAlchemy==2.5.1\npytest\n",
            "models.py": (
                "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\n"
                "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'\ndb = SQLAlchemy(app)\n"
            ),
            "test_models.py": "from models import db\n\n\n" + a_test("assert db.Model"),
        },
        guilty=("sqlalchemy",),
        day="2022-12-15",
        forward=True,
    ),
    Case(
        name="pytest-8-pytest-asyncio",
        kind="transitive",
        files={
            "requirements.txt": "pytest-asyncio==0.20.3\n",
            "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
            "tests/__init__.py": "",
            "tests/test_async.py": "async def test_it():\n    assert True\n",
        },
        guilty=("pytest",),
        day="2023-12-01",
        forward=True,
    ),
    Case(
        name="httpx-0.28-openai-1.50",
        kind="transitive",
        files={
            "requirements.txt": "openai==1.50.0\npytest\n",
            "client.py": "from openai import OpenAI\n\n\ndef make():\n    return OpenAI(api_key='none')\n",
            "test_client.py": "from client import make\n\n\n" + a_test("assert make().api_key == 'none'"),
        },
        guilty=("httpx",),
        day="2024-11-15",
        says=("proxies",),
        forward=True,
    ),
    Case(
        name="httpx-0.28-starlette-testclient",
        kind="transitive",
        files={
            "requirements.txt": "starlette==0.36.3\nhttpx\npytest\n",
            "test_app.py": "from starlette.applications import Starlette\nfrom starlette.testclient import TestClient\n\n\n"
            + a_test("assert TestClient(Starlette()).get('/').status_code == 404"),
        },
        guilty=("httpx",),
        day="2024-11-15",
        says=("app",),
        forward=True,
    ),
    Case(
        name="sphinxcontrib-sphinx-4",
        kind="transitive",
        files={
            "docs/requirements.txt": "Sphinx==4.2.0\n",
            "docs/conf.py": "project = 'x'\n",
            "docs/index.rst": "x\n=\n\nHello.\n",
        },
        folder="docs",
        command="cd docs && python -m sphinx -q -b html . _build",
        guilty=("sphinxcontrib-",),
        day="2023-06-01",
        forward=True,
        python="3.9",
        fewest=1,
    ),
    Case(
        name="cryptography-pyopenssl-21",
        kind="transitive",
        files={
            "requirements.txt": "pyOpenSSL==21.0.0\npytest\n",
            "test_tls.py": "from OpenSSL import SSL\n\n\n" + a_test("assert SSL.Context(SSL.TLS_METHOD)"),
        },
        guilty=("cryptography",),
        day="2022-01-15",
        says=("OpenSSL_add_all_algorithms", "X509_V_FLAG", "binding", "pyOpenSSL", "OpenSSL"),
        forward=True,
        python="3.9",
    ),
    Case(
        name="click-8.2-typer-0.9",
        kind="transitive",
        files={
            "requirements.txt": "typer[all]==0.9.0\npytest\n",
            "cli.py": "import typer\n\napp = typer.Typer()\n\n\n@app.command()\ndef main(name: str = 'x'):\n    typer.echo(name)\n",
            "test_cli.py": "from cli import app\nfrom typer.testing import CliRunner\n\n\n"
            + a_test(
                "result = CliRunner().invoke(app, ['--help'])\nif result.exception:\n    raise result.exception\nassert 'name' in result.output"
            ),
        },
        guilty=("click",),
        day="2025-04-15",
        says=("make_metavar",),
        forward=True,
    ),
    Case(
        name="requests-2.32-docker-6",
        kind="transitive",
        files={
            "requirements.txt": "docker==6.1.3\npytest\n",
            "test_docker.py": "import docker\n\n\n"
            + a_test(
                "client = docker.APIClient(base_url='unix://nowhere.sock', version='1.41')\nwith __import__('pytest').raises(docker.errors.DockerException, match='Connection|No such file'):\n    try:\n        client.ping()\n    except Exception as error:\n        raise docker.errors.DockerException(str(error)) from None"
            ),
        },
        guilty=("requests",),
        day="2024-05-01",
        says=("get_connection", "adapter"),
        forward=True,
    ),
    Case(
        name="regex-dateparser-1.0",
        kind="transitive",
        files={
            "requirements.txt": "dateparser==1.0.0\npytest\n",
            "test_dates.py": "import dateparser\n\n\n" + a_test("assert dateparser.parse('2 May 2020').year == 2020"),
        },
        guilty=("regex",),
        day="2022-02-01",
        forward=True,
        python="3.9",
    ),
)
