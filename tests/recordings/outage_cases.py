"""Failures that no patch can mend, and their look-alikes."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case
from recordings.outage_download_cases import OUTAGE_DOWNLOAD_CASES
from recordings.outage_machine_cases import OUTAGE_MACHINE_CASES
from recordings.outage_service_cases import OUTAGE_SERVICE_CASES


def _outage(
    name: str, command: str, files: dict[str, str], *, category: str, summary_has: str = "", **failure: object
) -> Case:
    expected = {"category": category, "failures": [failure], "summary_has": summary_has}
    return Case("outage", name, command, files, expected)


OUTAGE_CASES = (
    _outage(
        "postgres-down",
        "pytest -q",
        {
            "conftest.py": "import psycopg\nimport pytest\n\n\n@pytest.fixture\ndef database():\n"
            "    return psycopg.connect('host=localhost port=5432 user=app connect_timeout=2')\n",
            "test_rows.py": "def test_rows(database):\n    assert database.execute('select 1')\n",
        },
        category="infra",
        summary_has=":5432",
    ),
    _outage(
        "redis-down",
        "pytest -q",
        {
            "cache.py": "import redis\n\n\ndef get(key):\n    return redis.Redis('localhost', 6379).get(key)\n",
            "test_cache.py": "from cache import get\n\n\ndef test_get():\n    assert get('a') is None\n",
        },
        category="infra",
        summary_has="localhost:6379",
    ),
    _outage(
        "socket-refused",
        "pytest --tb=short",
        {
            "queue_client.py": "import socket\n\n\ndef connect():\n    return socket.create_connection(('127.0.0.1', 5672), timeout=2)\n",
            "test_queue.py": "from queue_client import connect\n\n\ndef test_connect():\n    assert connect()\n",
        },
        category="infra",
    ),
    _outage(
        "dns",
        "pytest -q",
        {
            "test_dns.py": "import urllib.request\n\n\ndef test_index():\n    urllib.request.urlopen('http://index.invalid/')\n",
        },
        category="infra",
        summary_has="index.invalid",
    ),
    _outage(
        "requests-refused",
        "python fetch.py",
        {"fetch.py": "import requests\n\nrequests.get('http://localhost:9200/_health', timeout=2)\n"},
        category="infra",
        summary_has="localhost:9200",
    ),
    _outage(
        "httpx-refused",
        "pytest -q --tb=native",
        {"test_api.py": "import httpx\n\n\ndef test_api():\n    httpx.get('http://localhost:8500/v1')\n"},
        category="infra",
    ),
    _outage(
        "own-server-on-a-free-port",
        "pytest -q",
        {
            "server.py": "import socket\n\n\nclass Server:\n    def start(self):\n        self.socket = socket.socket()\n        self.socket.bind(('127.0.0.1', 0))\n"
            "        self.port = self.socket.getsockname()[1]\n",
            "test_server.py": "import socket\n\nfrom server import Server\n\n\ndef test_answers():\n    server = Server()\n    server.start()\n"
            "    socket.create_connection(('127.0.0.1', server.port), timeout=2)\n",
        },
        category="test",
        test_id="test_server.py::test_answers",
    ),
    _outage(
        "missing-variable",
        "pytest -q",
        {
            "settings.py": "import os\n\nAPI_TOKEN = os.environ['SHOP_API_TOKEN']\n",
            "test_settings.py": "import settings\n\n\ndef test_token():\n    assert settings.API_TOKEN\n",
        },
        category="environment",
        summary_has="SHOP_API_TOKEN",
    ),
    _outage(
        "disk-full",
        "python write.py",
        {"write.py": "with open('/dev/full', 'w') as out:\n    out.write('x' * 100000)\n"},
        category="infra",
        summary_has="space",
    ),
    _outage(
        "pip-index-down",
        "python -m pip install --disable-pip-version-check --retries 1 --timeout 2 --target out --index-url http://127.0.0.1:9/simple leftpadder",
        {"a.py": ""},
        category="infra",
    ),
    _outage(
        "pip-no-such-package",
        "mkdir empty; python -m pip install --disable-pip-version-check --target out --no-index --find-links empty leftpadder",
        {"a.py": ""},
        category="dependency",
        summary_has="leftpadder",
    ),
    _outage(
        "uv-conflict",
        "uv pip compile --offline --no-index requirements.in",
        {"requirements.in": "six==1.16\nsix==1.15\n"},
        category="dependency",
    ),
    _outage(
        "mixed-with-a-code-failure",
        "pytest -q",
        {
            "cache.py": "import redis\n\n\ndef get(key):\n    return redis.Redis('localhost', 6379).get(key)\n\n\ndef name(key):\n    return key.uper()\n",
            "test_cache.py": "from cache import get, name\n\n\ndef test_get():\n    assert get('a') is None\n\n\ndef test_name():\n    assert name('a') == 'A'\n",
        },
        category="test",
        file="cache.py",
        line=9,
    ),
    *OUTAGE_SERVICE_CASES,
    *OUTAGE_DOWNLOAD_CASES,
    *OUTAGE_MACHINE_CASES,
)
