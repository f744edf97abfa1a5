"""Tests that can't reach a service, in every ecosystem, and tests that only look like them."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

NODE = "ln -s $TOOLS/outage/node/node_modules node_modules"
NODE_BIN = "PATH=$TOOLS/outage/node/node_modules/.bin:$PATH"
VENV = "PATH=$TOOLS/outage/venv/bin:$PATH"
GO = "PATH=$TOOLS/outage/gobin:$PATH GOFLAGS=-mod=mod GOPROXY=off GOMODCACHE=$TOOLS/outage/gomod GOCACHE=$TOOLS/outage/cache"
GO_MODULE = "cp $TOOLS/outage/go/go.mod $TOOLS/outage/go/go.sum ."
MAVEN = "mvn --batch-mode --offline --no-transfer-progress -Dmaven.repo.local=$TOOLS/outage/m2"
POM = "cp $TOOLS/outage/maven/pom.xml ."
CARGO = "RUSTUP_HOME=$TOOLS/outage/rustup CARGO_TERM_PROGRESS_WHEN=never"
CARGO_TOML = "[package]\nname = 'shop'\nversion = '0.1.0'\nedition = '2021'\n"


def outage(
    name: str, command: str, files: dict[str, str], *, summary_has: str = "", setup: str = "", wrap: str = ""
) -> Case:
    """A service that does not answer."""
    expected = {"category": "infra", "failures": [{}], "summary_has": summary_has}
    return Case("outage", name, command, files, expected, setup=setup, wrap=wrap)


def look_alike(
    name: str,
    command: str,
    files: dict[str, str],
    *,
    category: str = "test",
    setup: str = "",
    wrap: str = "",
    **failure: object,
) -> Case:
    """The code's own failure, in an outage's words."""
    return Case(
        "outage", f"not-{name}", command, files, {"category": category, "failures": [failure]}, setup=setup, wrap=wrap
    )


_PG = "const { Client } = require('pg');\n\nexports.connect = async () => {\n  const client = new Client({ host: '127.0.0.1', port: 5432, user: 'app' });\n  await client.connect();\n  return client;\n};\n"
_FETCH = "exports.load = async (url) => {\n  const response = await fetch(url);\n  return response.json();\n};\n"

JAVASCRIPT = (
    outage(
        "jest-postgres-down",
        f"{NODE_BIN} jest",
        {
            "db.js": _PG,
            "db.test.js": "const { connect } = require('./db');\n\ntest('reads rows', async () => {\n  const client = await connect();\n  expect((await client.query('select 1')).rowCount).toBe(1);\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="127.0.0.1:5432",
    ),
    outage(
        "jest-before-all",
        f"FORCE_COLOR=1 {NODE_BIN} jest",
        {
            "db.js": _PG,
            "test/orders.test.js": "const { connect } = require('../db');\n\nlet client;\nbeforeAll(async () => {\n  client = await connect();\n});\n\ntest('counts orders', () => {\n  expect(client).toBeDefined();\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="127.0.0.1:5432",
        wrap="github",
    ),
    outage(
        "mocha-redis-down",
        f"{NODE_BIN} mocha --exit",
        {
            "cache.js": "const Redis = require('ioredis');\n\nexports.get = (key) => new Redis({ host: 'localhost', port: 6379, maxRetriesPerRequest: 0, family: 4 }).get(key);\n",
            "test/cache.js": "const assert = require('node:assert');\nconst { get } = require('../cache');\n\ndescribe('cache', () => {\n  it('starts empty', async () => {\n    assert.equal(await get('a'), null);\n  });\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
    ),
    outage(
        "mocha-postgres-down",
        f"{NODE_BIN} mocha",
        {
            "db.js": _PG,
            "test/rows.js": "const { connect } = require('../db');\n\ndescribe('rows', () => {\n  before(async function () {\n    this.client = await connect();\n  });\n\n  it('are there', async function () {\n    await this.client.query('select 1');\n  });\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="127.0.0.1:5432",
    ),
    outage(
        "node-test-search-down",
        "node --test --test-reporter spec",
        {
            "load.js": _FETCH,
            "load.test.js": "const test = require('node:test');\nconst { load } = require('./load');\n\ntest('the index is healthy', async () => {\n  await load('http://127.0.0.1:9200/_health');\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
    ),
    outage(
        "vitest-dns",
        f"{NODE_BIN} vitest run",
        {
            "load.mjs": "import axios from 'axios';\n\nexport const load = async () => (await axios.get('http://search.invalid/_health')).data;\n",
            "load.test.mjs": "import { expect, test } from 'vitest';\nimport { load } from './load.mjs';\n\ntest('the index is healthy', async () => {\n  expect(await load()).toEqual({});\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="search.invalid",
    ),
    outage(
        "node-script-refused",
        "node migrate.js",
        {
            "migrate.js": _PG.replace("exports.connect = ", "const connect = ") + "\nconnect();\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="127.0.0.1:5432",
    ),
    look_alike(
        "jest-asserts-on-refusal",
        f"{NODE_BIN} jest",
        {
            "client.js": "const net = require('node:net');\n\nexports.ping = (port) =>\n  new Promise((resolve, reject) => {\n    net.connect(port, '127.0.0.1').on('connect', resolve).on('error', reject);\n  });\n",
            "client.test.js": "const { ping } = require('./client');\n\ntest('says that the service is down', async () => {\n  await expect(ping(5432)).rejects.toThrow('service unavailable');\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        file="client.test.js",
        line=4,
    ),
    look_alike(
        "mocha-mocked-refusal",
        f"{NODE_BIN} mocha",
        {
            "store.js": "exports.read = async (client, cached) => {\n  const rows = await client.query('select 1');\n  return rows || cached;\n};\n",
            "test/store.js": "const assert = require('node:assert');\nconst { read } = require('../store');\n\nconst broken = {\n  query: async () => {\n    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });\n  },\n};\n\n"
            "describe('store', () => {\n  it('reads the copy', async () => {\n    assert.equal(await read(broken, 'copy'), 'copy');\n  });\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
    ),
    look_alike(
        "jest-mocked-refusal",
        f"{NODE_BIN} jest",
        {
            "store.js": "exports.read = async (client, cached) => {\n  const rows = await client.query('select 1');\n  return rows || cached;\n};\n",
            "store.test.js": "const { read } = require('./store');\n\ntest('reads the copy', async () => {\n  const query = jest.fn().mockRejectedValue(new Error('connect ECONNREFUSED 10.0.0.7:5432'));\n  expect(await read({ query }, 'copy')).toBe('copy');\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
    ),
    look_alike(
        "node-test-counts-retries",
        "node --test",
        {
            "retry.js": "const net = require('node:net');\n\nconst once = () => new Promise((resolve, reject) => net.connect(9, '127.0.0.1').on('error', reject));\n\n"
            "exports.attempts = async (most) => {\n  let made = 0;\n  while (made < most - 1) {\n    made += 1;\n    await once().catch((error) => console.error(error.message));\n  }\n  return made;\n};\n",
            "retry.test.js": "const test = require('node:test');\nconst assert = require('node:assert');\nconst { attempts } = require('./retry');\n\ntest('tries three times', async () => {\n  assert.equal(await attempts(3), 3);\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        file="retry.test.js",
        line=6,
    ),
    look_alike(
        "jest-own-server",
        f"{NODE_BIN} jest",
        {
            "server.js": "const http = require('node:http');\n\nexports.start = () =>\n  new Promise((resolve) => {\n    const server = http.createServer((_, answer) => answer.end('{}'));\n    server.listen(0, '127.0.0.1', () => {\n      const { port } = server.address();\n      server.close(() => resolve(port));\n    });\n  });\n",
            "server.test.js": "const http = require('node:http');\nconst { start } = require('./server');\n\ntest('answers', async () => {\n  const port = await start();\n  await new Promise((resolve, reject) => http.get({ host: '127.0.0.1', port }, resolve).on('error', reject));\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
    ),
    look_alike(
        "vitest-prints-such-words",
        f"{NODE_BIN} vitest run",
        {
            "total.mjs": "export const total = (prices) => {\n  console.error('connect ECONNREFUSED 127.0.0.1:6379, going on without a cache');\n  return prices.reduce((sum, price) => sum - price, 0);\n};\n",
            "total.test.mjs": "import { expect, test } from 'vitest';\nimport { total } from './total.mjs';\n\ntest('adds prices', () => {\n  expect(total([1, 2])).toBe(3);\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        file="total.test.mjs",
        line=5,
    ),
)

_GO_MOD = "module example.test/shop\n\ngo 1.21\n"
_GO_STORE = 'package shop\n\nimport "net"\n\nfunc Open(address string) (net.Conn, error) {\n\treturn net.Dial("tcp", address)\n}\n'
_GO_READ = 'package shop\n\ntype Source interface{ Rows() (string, error) }\n\nfunc Read(source Source, cached string) (string, error) {\n\trows, err := source.Rows()\n\tif err != nil {\n\t\treturn "", err\n\t}\n\treturn rows, nil\n}\n'

GOLANG = (
    outage(
        "go-postgres-down",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "store.go": _GO_STORE,
            "store_test.go": 'package shop\n\nimport "testing"\n\nfunc TestRows(t *testing.T) {\n\tdb, err := Open("127.0.0.1:5432")\n\tif err != nil {\n\t\tt.Fatalf("open: %v", err)\n\t}\n\tdb.Close()\n}\n',
        },
        summary_has="127.0.0.1:5432",
    ),
    outage(
        "go-pgx-testify",
        f"{GO} go test -v ./...",
        {
            "rows_test.go": 'package tools\n\nimport (\n\t"context"\n\t"testing"\n\n\t"github.com/jackc/pgx/v5"\n\t"github.com/stretchr/testify/require"\n)\n\n'
            'func TestRows(t *testing.T) {\n\t_, err := pgx.Connect(context.Background(), "postgres://app@127.0.0.1:5432/shop?sslmode=disable")\n\trequire.NoError(t, err)\n}\n',
        },
        setup=GO_MODULE,
        summary_has="5432",
        wrap="github",
    ),
    outage(
        "go-dns",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "load_test.go": 'package shop\n\nimport (\n\t"net/http"\n\t"testing"\n)\n\nfunc TestIndex(t *testing.T) {\n\tif _, err := http.Get("http://index.invalid/"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
        },
        summary_has="index.invalid",
    ),
    outage(
        "go-test-main",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "store.go": _GO_STORE,
            "main_test.go": 'package shop\n\nimport (\n\t"log"\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tif _, err := Open("localhost:6379"); err != nil {\n\t\tlog.Fatalf("redis: %v", err)\n\t}\n\tos.Exit(m.Run())\n}\n\nfunc TestNothing(t *testing.T) {}\n',
        },
        summary_has="6379",
    ),
    look_alike(
        "go-asserts-on-refusal",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "store.go": _GO_STORE,
            "store_test.go": 'package shop\n\nimport (\n\t"errors"\n\t"testing"\n)\n\nvar ErrDown = errors.New("store is down")\n\nfunc TestOpenTellsErrDown(t *testing.T) {\n\t_, err := Open("127.0.0.1:5432")\n\tif !errors.Is(err, ErrDown) {\n\t\tt.Errorf("Open() error = %v, want %v", err, ErrDown)\n\t}\n}\n',
        },
        file="store_test.go",
        line=13,
    ),
    look_alike(
        "go-own-server",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "client_test.go": 'package shop\n\nimport (\n\t"net/http"\n\t"net/http/httptest"\n\t"testing"\n)\n\nfunc TestAnswers(t *testing.T) {\n\tserver := httptest.NewServer(http.NotFoundHandler())\n\tserver.Close()\n\tif _, err := http.Get(server.URL); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
        },
        file="client_test.go",
        line=13,
    ),
    look_alike(
        "go-counts-retries",
        f"{GO} go test -v ./...",
        {
            "go.mod": _GO_MOD,
            "store.go": _GO_STORE,
            "retry_test.go": 'package shop\n\nimport "testing"\n\nfunc attempts(t *testing.T, most int) int {\n\tmade := 0\n\tfor made < most-1 {\n\t\tmade++\n\t\t_, err := Open("127.0.0.1:9")\n\t\tt.Logf("attempt %d: %v", made, err)\n\t}\n\treturn made\n}\n\n'
            'func TestThreeAttempts(t *testing.T) {\n\tif made := attempts(t, 3); made != 3 {\n\t\tt.Errorf("made %d attempts", made)\n\t}\n}\n',
        },
        file="retry_test.go",
        line=17,
    ),
    look_alike(
        "go-mocked-refusal",
        f"{GO} go test ./...",
        {
            "go.mod": _GO_MOD,
            "read.go": _GO_READ,
            "read_test.go": 'package shop\n\nimport (\n\t"errors"\n\t"testing"\n)\n\ntype down struct{}\n\nfunc (down) Rows() (string, error) { return "", errors.New("dial tcp: connection refused") }\n\nfunc TestReadFallsBack(t *testing.T) {\n\tif _, err := Read(down{}, "copy"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
        },
        file="read_test.go",
        line=14,
    ),
    look_alike(
        "go-file-of-that-name",
        f"curl -sS --max-time 2 http://127.0.0.1:9/warm-up || true; {GO} go build ./...",
        {
            "go.mod": _GO_MOD,
            "connection_refused.go": "package shop\n\nfunc ConnectionRefused() string {\n\treturn 111\n}\n",
        },
        category="build",
        file="connection_refused.go",
        line=4,
    ),
)

RUST = (
    outage(
        "cargo-test-refused",
        f"{CARGO} cargo test --offline",
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": 'use std::net::TcpStream;\n\npub fn open() -> TcpStream {\n    TcpStream::connect("127.0.0.1:5432").unwrap()\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn reads_rows() {\n        super::open();\n    }\n}\n',
        },
    ),
    outage(
        "cargo-test-result",
        f"{CARGO} cargo test --offline",
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": "",
            "tests/store.rs": 'use std::net::TcpStream;\n\n#[test]\nfn reads_rows() -> Result<(), Box<dyn std::error::Error>> {\n    TcpStream::connect("db.invalid:5432")?;\n    Ok(())\n}\n',
        },
    ),
    look_alike(
        "cargo-asserts-on-refusal",
        f"{CARGO} cargo test --offline",
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": "",
            "tests/store.rs": 'use std::io::ErrorKind;\nuse std::net::TcpStream;\n\n#[test]\nfn tells_that_time_is_up() {\n    let error = TcpStream::connect("127.0.0.1:9").unwrap_err();\n    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");\n}\n',
        },
        file="tests/store.rs",
        line=7,
    ),
    look_alike(
        "cargo-made-up-refusal",
        f"{CARGO} cargo test --offline",
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": 'use std::io::{Error, ErrorKind};\n\npub fn read(rows: Result<String, Error>, _cached: &str) -> Result<String, Error> {\n    rows\n}\n\npub fn refused() -> Error {\n    Error::new(ErrorKind::ConnectionRefused, "connection refused")\n}\n',
            "tests/store.rs": '#[test]\nfn reads_the_copy() {\n    assert_eq!(shop::read(Err(shop::refused()), "copy").unwrap(), "copy");\n}\n',
        },
        file="tests/store.rs",
        line=3,
    ),
)

_SOCKET = 'package shop;\n\nimport java.io.IOException;\nimport java.net.Socket;\n\npublic class Store {\n    public Socket open(int port) throws IOException {\n        return new Socket("127.0.0.1", port);\n    }\n}\n'
_IMPORTS = "package shop;\n\nimport static org.junit.jupiter.api.Assertions.*;\n\nimport java.net.*;\nimport org.junit.jupiter.api.Test;\n\n"

JVM = (
    outage(
        "junit-postgres-down",
        f"{MAVEN} test",
        {
            "src/main/java/shop/Store.java": _SOCKET,
            "src/test/java/shop/StoreTest.java": _IMPORTS
            + "class StoreTest {\n    @Test\n    void readsRows() throws Exception {\n        assertNotNull(new Store().open(5432));\n    }\n}\n",
        },
        setup=POM,
    ),
    outage(
        "junit-dns",
        f"{MAVEN} test",
        {
            "src/test/java/shop/IndexTest.java": _IMPORTS
            + 'class IndexTest {\n    @Test\n    void answers() throws Exception {\n        new URL("http://index.invalid/").openStream().close();\n    }\n}\n',
        },
        setup=POM,
        wrap="github",
    ),
    look_alike(
        "junit-asserts-on-refusal",
        f"{MAVEN} test",
        {
            "src/main/java/shop/Store.java": _SOCKET,
            "src/test/java/shop/StoreTest.java": _IMPORTS
            + "class StoreTest {\n    @Test\n    void tellsThatTimeIsUp() {\n        assertThrows(SocketTimeoutException.class, () -> new Store().open(9));\n    }\n}\n",
        },
        setup=POM,
    ),
    look_alike(
        "junit-made-up-refusal",
        f"{MAVEN} test",
        {
            "src/main/java/shop/Reader.java": "package shop;\n\nimport java.util.concurrent.Callable;\n\npublic class Reader {\n    public String read(Callable<String> rows, String cached) throws Exception {\n        return rows.call();\n    }\n}\n",
            "src/test/java/shop/ReaderTest.java": _IMPORTS
            + 'class ReaderTest {\n    static String down() throws ConnectException {\n        throw new ConnectException("Connection refused");\n    }\n\n    @Test\n    void readsTheCopy() throws Exception {\n        assertEquals("copy", new Reader().read(ReaderTest::down, "copy"));\n    }\n}\n',
        },
        setup=POM,
    ),
)

_OPEN = "import socket\n\n\ndef connect(port):\n    return socket.create_connection(('127.0.0.1', port), timeout=2)\n"

PYTHON = (
    outage(
        "pymongo-down",
        f"{VENV} pytest -q --tb=short",
        {
            "store.py": "import pymongo\n\n\ndef names():\n    return pymongo.MongoClient('mongodb://localhost:27017', serverSelectionTimeoutMS=500).list_database_names()\n",
            "test_store.py": "from store import names\n\n\ndef test_names():\n    assert names() == []\n",
        },
        summary_has="27017",
    ),
    outage(
        "wrapped-by-the-repository",
        f"{VENV} pytest -q",
        {
            "store.py": "import redis\n\n\nclass StoreError(Exception):\n    pass\n\n\ndef get(key):\n    try:\n        return redis.Redis('localhost', 6379).get(key)\n    except redis.ConnectionError as error:\n        raise StoreError(f'no store for {key}') from error\n",
            "test_store.py": "from store import get\n\n\ndef test_get():\n    assert get('a') is None\n",
        },
        summary_has="localhost:6379",
    ),
    outage(
        "unittest-refused",
        f"{VENV} python -m unittest",
        {
            "broker.py": _OPEN,
            "test_broker.py": "import unittest\n\nfrom broker import connect\n\n\nclass Broker(unittest.TestCase):\n    def setUp(self):\n        self.connection = connect(5672)\n\n    def test_open(self):\n        self.assertTrue(self.connection)\n",
        },
    ),
    outage(
        "aiohttp-dns",
        f"{VENV} pytest -q --tb=native",
        {
            "load.py": "import asyncio\n\nimport aiohttp\n\n\nasync def _load():\n    async with aiohttp.ClientSession() as session, session.get('http://index.invalid/') as answer:\n        return answer.status\n\n\ndef load():\n    return asyncio.run(_load())\n",
            "test_load.py": "from load import load\n\n\ndef test_load():\n    assert load() == 200\n",
        },
        summary_has="index.invalid",
    ),
    look_alike(
        "pytest-raises-another",
        f"{VENV} pytest -q",
        {
            "broker.py": _OPEN,
            "test_broker.py": "import pytest\n\nfrom broker import connect\n\n\ndef test_tells_timeout():\n    with pytest.raises(TimeoutError):\n        connect(9)\n",
        },
        test_id="test_broker.py::test_tells_timeout",
    ),
    look_alike(
        "pytest-patched-socket",
        f"{VENV} pytest -q",
        {
            "broker.py": "import socket\n\n\ndef read(cached):\n    connection = socket.create_connection(('broker', 5672))\n    return connection.recv(10) or cached\n",
            "test_broker.py": "import socket\n\nfrom broker import read\n\n\ndef refuse(*_, **__):\n    raise ConnectionRefusedError(111, 'Connection refused')\n\n\ndef test_reads_the_copy(monkeypatch):\n    monkeypatch.setattr(socket, 'create_connection', refuse)\n    assert read(b'copy') == b'copy'\n",
        },
        test_id="test_broker.py::test_reads_the_copy",
    ),
    look_alike(
        "pytest-captured-log",
        f"{VENV} pytest -q",
        {
            "price.py": "import logging\n\n\ndef total(prices):\n    logging.error('Error 111 connecting to localhost:6379. Connection refused.')\n    return sum(prices) - 1\n",
            "test_price.py": "from price import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
        },
        file="test_price.py",
        line=5,
    ),
    look_alike(
        "handler-that-fails",
        f"{VENV} pytest -q",
        {
            "broker.py": _OPEN
            + "\n\ndef ping(port):\n    try:\n        connect(port)\n    except OSError as error:\n        return error.reason\n",
            "test_broker.py": "from broker import ping\n\n\ndef test_ping():\n    assert ping(9) == 'refused'\n",
        },
        file="broker.py",
        line=12,
    ),
    look_alike(
        "pytest-retries",
        f"{VENV} pytest -q",
        {
            "broker.py": _OPEN
            + "\n\ndef patient(port, attempts):\n    for _ in range(attempts):\n        try:\n            return connect(port)\n        except ConnectionRefusedError as error:\n            last = error\n    raise last\n",
            "test_broker.py": "from broker import patient\n\n\ndef test_retries_end_with_none():\n    assert patient(5672, 2) is None\n",
        },
        test_id="test_broker.py::test_retries_end_with_none",
    ),
    look_alike(
        "mypy-in-a-file-of-that-name",
        "curl -sS --max-time 2 http://127.0.0.1:9/warm-up || true; mypy --cache-dir /dev/null .",
        {"connection_refused.py": "def connection_refused() -> str:\n    return 111\n"},
        category="types",
        file="connection_refused.py",
        line=2,
    ),
)

OUTAGE_SERVICE_CASES = (*JAVASCRIPT, *GOLANG, *RUST, *JVM, *PYTHON)
