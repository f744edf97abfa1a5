"""Registries, indexes, mirrors and remotes that do not answer, answer badly, or want a login; and what only looks so."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case
from recordings.outage_server import DEAD, HOST, SERVE
from recordings.outage_service_cases import CARGO, CARGO_TOML, MAVEN, NODE, NODE_BIN, VENV, look_alike, outage

PIP = "python -m pip install --disable-pip-version-check --no-cache-dir --retries 1 --timeout 2"
NPM = "npm install --no-fund --no-audit --fetch-retries 0 --fetch-timeout 3000 --update-notifier false"
NEEDS = '{"name": "shop", "version": "1.0.0", "dependencies": {"left-padder": "1.0.0"}}\n'
WHEEL = """python3 - <<'PY'
import os, zipfile
os.makedirs('www/files', exist_ok=True)
os.makedirs('www/simple/leftpadder', exist_ok=True)
with zipfile.ZipFile('www/files/leftpadder-1.0-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('leftpadder.py', 'x = 1\\n' * 5000)
    wheel.writestr('leftpadder-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: leftpadder\\nVersion: 1.0\\n')
    wheel.writestr('leftpadder-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: by-hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('leftpadder-1.0.dist-info/RECORD', '')
PY
"""
INDEX = (
    WHEEL
    + "cd www/simple/leftpadder; echo '<a href=\"/files/leftpadder-1.0-py3-none-any.whl\">leftpadder-1.0-py3-none-any.whl</a>' > x; mv x ../leftpadder.html; cd ..; rmdir leftpadder; mv leftpadder.html leftpadder"
)
MODULE = "GOPROXY={} GONOSUMDB=* GONOSUMCHECK=1 GOFLAGS=-mod=mod GOMODCACHE=$PWD/../mod GOCACHE=$TOOLS/outage/cache"
GO_FILES = {
    "go.mod": "module example.test/shop\n\ngo 1.21\n\nrequire example.test/pad v1.0.0\n",
    "shop.go": 'package shop\n\nimport _ "example.test/pad"\n',
}
GO_PROXY = """python3 - <<'PY'
import os, zipfile
os.makedirs('www/example.test/pad/@v', exist_ok=True)
base = 'www/example.test/pad/@v/v1.0.0'
open(base + '.info', 'w').write('{"Version":"v1.0.0","Time":"2024-01-01T00:00:00Z"}')
open(base + '.mod', 'w').write('module example.test/pad\\n')
with zipfile.ZipFile(base + '.zip', 'w') as module:
    module.writestr('example.test/pad@v1.0.0/go.mod', 'module example.test/pad\\n')
    module.writestr('example.test/pad@v1.0.0/pad.go', 'package pad\\n')
PY
printf 'example.test/pad v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\nexample.test/pad v1.0.0/go.mod h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=\\n' > go.sum
"""
CRATE = CARGO_TOML + "\n[dependencies]\nleft-padder = '1'\n"


def _cargo_source(registry: str) -> str:
    return f"[source.crates-io]\nreplace-with = 'mirror'\n[source.mirror]\nregistry = 'sparse+{registry}/'\n[net]\nretry = 0\n[http]\ntimeout = 2\n"


def _settings(url: str) -> str:
    return f"<settings><mirrors><mirror><id>mirror</id><mirrorOf>*</mirrorOf><url>{url}</url></mirror></mirrors></settings>\n"


_POM = "<project xmlns='http://maven.apache.org/POM/4.0.0'><modelVersion>4.0.0</modelVersion><groupId>t</groupId><artifactId>t</artifactId><version>1</version></project>\n"
_MVN = MAVEN.replace("--offline ", "").replace("$TOOLS/outage/m2", "$PWD/../m2")
_S = {"serve.py": SERVE}


def login(
    name: str, command: str, files: dict[str, str], *, setup: str = "", summary_has: str = "", wrap: str = ""
) -> Case:
    """A secret or a right is missing."""
    expected = {"category": "environment", "failures": [{}], "summary_has": summary_has}
    return Case("outage", name, command, files, expected, setup=setup, wrap=wrap)


def dependency(name: str, command: str, files: dict[str, str], *, setup: str = "") -> Case:
    """The registry answers, and has no such thing."""
    return Case("outage", f"not-{name}", command, files, {"category": "dependency", "failures": [{}]}, setup=setup)


PYTHON = (
    outage("pip-timeout", f"python serve.py hang {PIP} --target out --index-url {HOST}/simple leftpadder", _S),
    outage(
        "pip-reset", f"python serve.py reset {PIP} --target out --index-url {HOST}/simple leftpadder", _S, wrap="github"
    ),
    outage(
        "pip-truncated",
        f"python serve.py truncated {PIP} --target out --index-url {HOST}/simple leftpadder",
        _S,
        setup=INDEX,
    ),
    dependency(
        "pip-no-such-release",
        f"python serve.py files {PIP} --target out --index-url {HOST}/simple leftpadder==2",
        _S,
        setup=INDEX,
    ),
    outage(
        "uv-index-down",
        f"{VENV} uv pip install --no-cache --target out --index-url {DEAD}/simple leftpadder",
        {"a.py": ""},
    ),
    outage(
        "uv-503",
        f"{VENV} UV_HTTP_RETRIES=0 python serve.py 503 uv pip install --no-cache --target out --index-url {HOST}/simple leftpadder",
        _S,
    ),
    login(
        "uv-401",
        f"{VENV} python serve.py 401 uv pip install --no-cache --target out --index-url {HOST}/simple leftpadder",
        _S,
    ),
    outage(
        "poetry-index-down",
        f"{VENV} poetry lock --no-interaction",
        {
            "pyproject.toml": f'[project]\nname = "shop"\nversion = "1.0"\nrequires-python = ">=3.11"\ndependencies = ["leftpadder>=1"]\n\n[[tool.poetry.source]]\nname = "mirror"\nurl = "{DEAD}/simple/"\n',
            "shop.py": "",
        },
    ),
    look_alike(
        "pip-that-recovered",
        f"{PIP} --target out --find-links www/files --index-url {DEAD}/simple leftpadder; PYTHONPATH=out pytest -q",
        {"test_pad.py": "import leftpadder\n\n\ndef test_x():\n    assert leftpadder.x == 2\n"},
        setup=WHEEL,
        file="test_pad.py",
        line=5,
    ),
)

JAVASCRIPT = (
    outage("npm-registry-down", f"{NPM} --registry {DEAD}", {"package.json": NEEDS}, wrap="github"),
    outage("npm-dns", f"{NPM} --registry http://registry.invalid", {"package.json": NEEDS}),
    outage("npm-503", f"python3 serve.py 503 {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    outage("npm-429", f"python3 serve.py 429 {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    outage("npm-reset", f"python3 serve.py reset {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    outage("npm-timeout", f"python3 serve.py hang {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    outage(
        "npm-checksum",
        f"python3 serve.py files {NPM} --registry {HOST}",
        {
            **_S,
            "package.json": NEEDS,
            "www/left-padder": '{"name": "left-padder", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"name": "left-padder", "version": "1.0.0", '
            f'"dist": {{"integrity": "sha512-{"A" * 86}==", "tarball": "{HOST}/left-padder-1.0.0.tgz"}}}}}}}}\n',
        },
        setup='mkdir package; echo \'{"name": "left-padder", "version": "1.0.0"}\' > package/package.json; tar -czf www/left-padder-1.0.0.tgz package',
    ),
    login("npm-401", f"python3 serve.py 401 {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    login("npm-403", f"python3 serve.py 403 {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    dependency("npm-404", f"python3 serve.py 404 {NPM} --registry {HOST}", {**_S, "package.json": NEEDS}),
    outage(
        "pnpm-registry-down",
        f"{NODE_BIN} pnpm install --registry {DEAD} --fetch-retries 1 --fetch-retry-mintimeout 10",
        {"package.json": NEEDS},
    ),
    outage(
        "pnpm-503",
        f"{NODE_BIN} python3 serve.py 503 pnpm install --registry {HOST} --fetch-retries 0",
        {**_S, "package.json": NEEDS},
    ),
    outage("yarn-registry-down", f"{NODE_BIN} yarn install --no-progress --registry {DEAD}", {"package.json": NEEDS}),
)

GOLANG = (
    outage("go-proxy-down", f"{MODULE.format(DEAD)} go build ./...", GO_FILES),
    outage("go-proxy-503", f"{MODULE.format(HOST)} python3 serve.py 503 go mod download", {**_S, **GO_FILES}),
    outage("go-proxy-dns", f"{MODULE.format('http://proxy.invalid')} go test ./...", GO_FILES),
    outage(
        "go-checksum",
        f"{MODULE.format(HOST)} python3 serve.py files go build ./...",
        {**_S, **GO_FILES},
        setup=GO_PROXY,
    ),
    dependency("go-404", f"{MODULE.format(HOST)} python3 serve.py 404 go build ./...", {**_S, **GO_FILES}),
)

OTHERS = (
    outage(
        "cargo-registry-down",
        f"{CARGO} cargo build",
        {"Cargo.toml": CRATE, "src/lib.rs": "", ".cargo/config.toml": _cargo_source(DEAD)},
    ),
    outage(
        "cargo-registry-503",
        f"{CARGO} python3 serve.py 503 cargo build",
        {**_S, "Cargo.toml": CRATE, "src/lib.rs": "", ".cargo/config.toml": _cargo_source(HOST)},
    ),
    outage("maven-mirror-down", f"{_MVN} -s settings.xml compile", {"pom.xml": _POM, "settings.xml": _settings(DEAD)}),
    outage(
        "maven-mirror-503",
        f"python3 serve.py 503 {_MVN} -s settings.xml compile",
        {**_S, "pom.xml": _POM, "settings.xml": _settings(HOST)},
    ),
    outage(
        "maven-mirror-dns",
        f"{_MVN} -s settings.xml compile",
        {"pom.xml": _POM, "settings.xml": _settings("http://mirror.invalid")},
    ),
    login(
        "maven-mirror-401",
        f"python3 serve.py 401 {_MVN} -s settings.xml compile",
        {**_S, "pom.xml": _POM, "settings.xml": _settings(HOST)},
    ),
    outage(
        "apt-mirror-down",
        "mkdir -p state/lists/partial cache/archives/partial; apt-get -o Dir::Etc::sourcelist=$PWD/sources.list -o Dir::Etc::sourceparts=- -o Dir::State=$PWD/state -o Dir::Cache=$PWD/cache -o Acquire::Retries=0 -o APT::Update::Error-Mode=any update",
        {"sources.list": f"deb [trusted=yes] {DEAD}/debian stable main\n"},
    ),
    outage(
        "apt-503",
        "mkdir -p state/lists/partial cache/archives/partial; python3 serve.py 503 apt-get -o Dir::Etc::sourcelist=$PWD/sources.list -o Dir::Etc::sourceparts=- -o Dir::State=$PWD/state -o Dir::Cache=$PWD/cache -o Acquire::Retries=0 -o APT::Update::Error-Mode=any update",
        {**_S, "sources.list": f"deb [trusted=yes] {HOST}/debian stable main\n"},
    ),
    dependency("apt-no-such-package", "apt-get install --yes --no-install-recommends libleftpadder-dev", {"a": ""}),
    outage("git-dns", "git clone --quiet https://git.invalid/shop/shop.git", {"a": ""}, wrap="github"),
    outage("git-refused", "git fetch --depth 1 http://127.0.0.1:9/shop.git main", {"a": ""}, setup="git init --quiet"),
    outage("git-503", f"python3 serve.py 503 git clone {HOST}/shop.git", _S),
    outage(
        "git-truncated",
        f"python3 serve.py truncated git clone {HOST}/shop.git",
        _S,
        setup="""
        git init --quiet source; cd source; git config user.name a; git config user.email a@example.test
        head -c 20000 /dev/urandom > file; git add file; git commit --quiet -m a; git repack --quiet -a -d; git update-server-info
        cd ..; mkdir www; mv source/.git www/shop.git""",
    ),
    login("git-no-login", f"GIT_TERMINAL_PROMPT=0 python3 serve.py 401 git clone {HOST}/shop.git", _S, wrap="github"),
    login("git-403", f"python3 serve.py 403 git clone {HOST}/shop.git", _S),
    outage("curl-dns", "curl -fsSL https://get.invalid/install.sh -o install.sh", {"a": ""}),
    outage("curl-502", f"python3 serve.py 502 curl -fsSL {HOST}/install.sh -o install.sh", _S),
    outage("wget-429", f"python3 serve.py 429 wget --tries=1 -nv {HOST}/install.sh", _S),
    outage("docker-daemon-down", "DOCKER_HOST=unix:///run/nowhere/docker.sock docker pull postgres:16", {"a": ""}),
    look_alike(
        "go-after-a-curl-that-failed",
        f"python3 serve.py 503 curl -fsS {HOST}/badge.svg -o badge.svg || true; GOCACHE=$TOOLS/outage/cache go vet ./...",
        {
            **_S,
            "go.mod": "module example.test/shop\n\ngo 1.21\n",
            "shop.go": 'package shop\n\nimport "fmt"\n\nfunc Show() { fmt.Printf("%d\\n", "a") }\n',
        },
        category="lint",
        file="shop.go",
        line=5,
    ),
    look_alike(
        "tsc-after-a-curl-that-failed",
        f"curl -fsS --max-time 2 http://127.0.0.1:9/badge.svg -o badge.svg || true; {NODE_BIN} tsc --noEmit --strict --pretty false shop.ts",
        {"shop.ts": "export const port: string = 429;\n"},
        setup=NODE,
        category="types",
        file="shop.ts",
        line=1,
    ),
)

OUTAGE_DOWNLOAD_CASES = (*PYTHON, *JAVASCRIPT, *GOLANG, *OTHERS)
