"""What the machine runs out of, what the job may not do, what it lacks; and code failures in the same words."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case
from recordings.outage_download_cases import login
from recordings.outage_service_cases import (
    CARGO,
    CARGO_TOML,
    GO,
    MAVEN,
    NODE,
    NODE_BIN,
    POM,
    VENV,
    look_alike,
    outage,
)

FULL = "mkdir full && mount -t tmpfs -o size=64k outage full; {}; status=$?; umount full; exit $status"
NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups"
OPEN_UP = "chmod 755 .. ."
GO_MOD = "module example.test/shop\n\ngo 1.21\n"
FAKE_CC1PLUS = {"stage/cc1plus": "#!/bin/sh\nkill -9 $$\n", "a.cpp": "int main() { return 0; }\n"}


def _one_go_test(body: str, imports: str = '"testing"') -> dict[str, str]:
    return {
        "go.mod": GO_MOD,
        "shop_test.go": f"package shop\n\nimport (\n\t{imports}\n)\n\nfunc TestShop(t *testing.T) {{\n{body}}}\n",
    }


DISK = (
    outage(
        "disk-full-node",
        FULL.format("node write.js"),
        {"write.js": "require('node:fs').writeFileSync('full/report', 'x'.repeat(1e6));\n"},
        summary_has="space",
    ),
    outage(
        "disk-full-go",
        FULL.format(f"{GO} go test ./..."),
        _one_go_test(
            '\tif err := os.WriteFile("full/report", make([]byte, 1<<20), 0o600); err != nil {\n\t\tt.Fatal(err)\n\t}\n',
            '"os"\n\t"testing"',
        ),
        summary_has="space",
    ),
    outage(
        "disk-full-java",
        FULL.format("java Write.java"),
        {
            "Write.java": 'import java.nio.file.*;\n\nclass Write {\n    public static void main(String[] args) throws Exception {\n        Files.write(Path.of("full/report"), new byte[1 << 20]);\n    }\n}\n'
        },
        summary_has="space",
    ),
    outage(
        "disk-full-rust",
        FULL.format(f"{CARGO} cargo test --offline"),
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": "",
            "tests/report.rs": '#[test]\nfn writes() {\n    std::fs::write("full/report", vec![0; 1 << 20]).unwrap();\n}\n',
        },
        summary_has="space",
    ),
    outage(
        "disk-full-cp",
        FULL.format("head -c 1000000 /dev/zero > big; cp big full/"),
        {"a": ""},
        summary_has="space",
        wrap="github",
    ),
    outage(
        "disk-full-gcc",
        FULL.format("TMPDIR=$PWD/full gcc -c -o full/a.o a.c"),
        {"a.c": "char big[300000] = {1};\n"},
        summary_has="space",
    ),
    outage(
        "disk-full-git",
        FULL.format("git clone --quiet source full/copy"),
        {"a": ""},
        setup="git init --quiet source; cd source; git config user.name a; git config user.email a@example.test; head -c 300000 /dev/urandom > file; git add file; git commit --quiet -m a",
        summary_has="space",
    ),
    outage(
        "disk-full-pytest",
        FULL.format("pytest -q"),
        {
            "test_report.py": "def test_report():\n    with open('full/report', 'wb') as out:\n        out.write(b'x' * 1_000_000)\n"
        },
        summary_has="space",
    ),
    look_alike(
        "disk-full-asserted",
        "pytest -q",
        {
            "report.py": "import errno\n\n\ndef explain(error):\n    return 'disk full' if error.errno == errno.EDQUOT else f'{error}'\n",
            "test_report.py": "from report import explain\n\n\ndef test_explain():\n    assert explain(OSError(28, 'No space left on device')) == 'disk full'\n",
        },
        file="test_report.py",
        line=5,
    ),
    look_alike(
        "disk-full-made-up-node",
        f"{NODE_BIN} mocha",
        {
            "test/report.js": "const assert = require('node:assert');\n\nconst write = async (save) => save('report');\n\nit('tells that the disk is full', async () => {\n  const full = async () => {\n    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });\n  };\n  assert.equal(await write(full), 'full');\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
    ),
    look_alike(
        "disk-full-asserted-go",
        f"{GO} go test ./...",
        _one_go_test(
            '\terr := errors.New("write /data: no space left on device")\n\tif got := err.Error(); got != "disk full" {\n\t\tt.Errorf("explain() = %q, want %q", got, "disk full")\n\t}\n',
            '"errors"\n\t"testing"',
        ),
        file="shop_test.go",
        line=11,
    ),
)

MEMORY = (
    outage(
        "node-heap",
        "node --max-old-space-size=16 grow.js; exit $?",
        {"grow.js": "const rows = [];\nfor (;;) rows.push('row'.repeat(100) + rows.length);\n"},
        summary_has="memory",
    ),
    outage(
        "jest-worker-heap",
        f"{NODE_BIN} NODE_OPTIONS=--max-old-space-size=24 jest -i --no-cache; exit $?",
        {
            "grow.test.js": "test('grows', () => {\n  const rows = [];\n  for (;;) rows.push(`${rows.length}`.repeat(50));\n});\n",
            "package.json": '{"name": "shop"}\n',
        },
        setup=NODE,
        summary_has="memory",
        wrap="github",
    ),
    outage(
        "java-heap",
        "java -Xmx16m -XX:+UseSerialGC Grow.java",
        {
            "Grow.java": "import java.util.*;\n\nclass Grow {\n    public static void main(String[] args) {\n        List<byte[]> rows = new ArrayList<>();\n        for (;;) rows.add(new byte[1 << 20]);\n    }\n}\n"
        },
        summary_has="memory",
    ),
    outage(
        "surefire-heap",
        f"{MAVEN} test -DargLine=-Xmx24m",
        {
            "src/test/java/shop/RowsTest.java": "package shop;\n\nimport java.util.*;\nimport org.junit.jupiter.api.Test;\n\nclass RowsTest {\n    @Test\n    void holdsAll() {\n        List<byte[]> rows = new ArrayList<>();\n        for (int n = 0; n < 1000; n++) rows.add(new byte[1 << 20]);\n    }\n}\n"
        },
        setup=POM,
        summary_has="memory",
    ),
    outage(
        "go-heap",
        f"{GO} go build -o grow . && (ulimit -v 900000; ./grow)",
        {
            "go.mod": GO_MOD,
            "main.go": "package main\n\nfunc main() {\n\tvar rows [][]byte\n\tfor {\n\t\trows = append(rows, make([]byte, 1<<26))\n\t\t_ = rows\n\t}\n}\n",
        },
        summary_has="memory",
    ),
    outage("compiler-killed", "chmod +x stage/cc1plus; g++ -B stage/ -c a.cpp", FAKE_CC1PLUS, summary_has="illed"),
    outage(
        "compiler-killed-under-make",
        "chmod +x stage/cc1plus; make",
        {**FAKE_CC1PLUS, "Makefile": "a.o: a.cpp\n\t@g++ -B stage/ -c a.cpp\n"},
        summary_has="illed",
        wrap="github",
    ),
    outage(
        "compiler-memory",
        "ulimit -v 90000; g++ -O2 -c a.cpp",
        {
            "a.cpp": "template <int N> struct T { T<N - 1> a; T<N - 1> b; char c[N]; };\ntemplate <> struct T<0> { int x; };\n#include <regex>\n#include <iostream>\n#include <map>\nint main() { return sizeof(T<20>); }\n"
        },
        summary_has="memory",
    ),
    outage(
        "rustc-killed",
        f"chmod +x killer; {CARGO} RUSTC_WRAPPER=$PWD/killer cargo build --offline",
        {
            "Cargo.toml": CARGO_TOML,
            "src/lib.rs": "",
            "killer": '#!/bin/sh\ncase "$*" in *--crate-name\\ shop*) kill -9 $$;; esac\nexec "$@"\n',
        },
        summary_has="illed",
    ),
    outage(
        "pytest-killed",
        "pytest -q; exit $?",
        {"test_big.py": "import os\nimport signal\n\n\ndef test_big():\n    os.kill(os.getpid(), signal.SIGKILL)\n"},
        wrap="github",
    ),
    outage(
        "go-test-killed",
        f"{GO} go test ./...",
        _one_go_test("\tsyscall.Kill(os.Getpid(), syscall.SIGKILL)\n\tselect {}\n", '"os"\n\t"syscall"\n\t"testing"'),
        summary_has="illed",
    ),
    look_alike(
        "memory-error-of-the-code",
        "pytest -q",
        {
            "table.py": "def table(rows, columns):\n    return [0] * (rows ** columns)\n",
            "test_table.py": "from table import table\n\n\ndef test_table():\n    assert len(table(1000, 5)) == 5000\n",
        },
        file="table.py",
        line=2,
    ),
    look_alike(
        "memory-error-asserted",
        "pytest -q",
        {
            "table.py": "def table(cells):\n    if cells > 1000:\n        raise MemoryError(cells)\n    return [0] * cells\n",
            "test_table.py": "from table import table\n\n\ndef test_table():\n    assert len(table(1001)) == 1001\n",
        },
        file="table.py",
        line=3,
    ),
    look_alike(
        "killed-in-the-output",
        "pytest -q",
        {
            "test_worker.py": "import subprocess\n\n\ndef test_worker():\n    done = subprocess.run(['bash', '-c', 'echo Killed; exit 137'])\n    assert done.returncode == 0\n"
        },
        file="test_worker.py",
        line=6,
    ),
)

RIGHTS = (
    login(
        "permission-node",
        f"{NOBODY} node save.js",
        {"save.js": "require('node:fs').mkdirSync('/etc/shop');\n"},
        setup=OPEN_UP,
        summary_has="/etc/shop",
    ),
    login(
        "permission-go",
        f"{GO} go build -o shop . && {NOBODY} ./shop",
        {
            "go.mod": GO_MOD,
            "main.go": 'package main\n\nimport (\n\t"log"\n\t"os"\n)\n\nfunc main() {\n\tif err := os.Mkdir("/etc/shop", 0o700); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n',
        },
        setup=OPEN_UP,
        summary_has="/etc/shop",
    ),
    login(
        "permission-python",
        f"{NOBODY} /usr/bin/python3 save.py",
        {"save.py": "import os\n\nos.mkdir('/opt/shop')\n"},
        setup=OPEN_UP,
        summary_has="/opt/shop",
    ),
    login(
        "permission-mkdir", f"{NOBODY} mkdir /usr/share/shop", {"a": ""}, setup=OPEN_UP, summary_has="/usr/share/shop"
    ),
    login("permission-apt", f"{NOBODY} apt-get install --yes hello", {"a": ""}, setup=OPEN_UP),
    login(
        "permission-java",
        f"javac -d . Save.java && {NOBODY} java Save",
        {
            "Save.java": 'import java.nio.file.*;\n\nclass Save {\n    public static void main(String[] args) throws Exception {\n        Files.createDirectory(Path.of("/etc/shop"));\n    }\n}\n'
        },
        setup=OPEN_UP,
        summary_has="/etc/shop",
    ),
)

LACKS = (
    login(
        "no-tool-go",
        f"{GO} go generate ./...",
        {"go.mod": GO_MOD, "shop.go": "package shop\n\n//go:generate protoc --go_out=. shop.proto\n"},
        summary_has="protoc",
    ),
    login(
        "no-tool-go-test",
        f"{GO} go test ./...",
        _one_go_test(
            '\tif out, err := exec.Command("ffprobe", "-version").Output(); err != nil {\n\t\tt.Fatal(err, out)\n\t}\n',
            '"os/exec"\n\t"testing"',
        ),
        summary_has="ffprobe",
    ),
    login(
        "no-tool-node",
        "node run.js",
        {"run.js": "require('node:child_process').spawn('ffmpeg', ['-version']);\n"},
        summary_has="ffmpeg",
    ),
    login(
        "no-tool-python",
        "pytest -q",
        {
            "video.py": "import subprocess\n\n\ndef cut():\n    return subprocess.run(['ffmpeg', '-version'], check=True)\n",
            "test_video.py": "from video import cut\n\n\ndef test_cut():\n    assert cut()\n",
        },
        summary_has="ffmpeg",
    ),
    login(
        "no-tool-java",
        "java Run.java",
        {
            "Run.java": 'class Run {\n    public static void main(String[] args) throws Exception {\n        new ProcessBuilder("ffmpeg", "-version").start();\n    }\n}\n'
        },
        summary_has="ffmpeg",
    ),
    login(
        "no-tool-npm-git",
        "PATH=$PWD/bin npm install --no-audit --no-fund",
        {"package.json": '{"name": "shop", "dependencies": {"pad": "git+https://git.invalid/pad.git"}}\n'},
        setup="mkdir bin; ln -s $(command -v node) $(command -v npm) bin/; ln -s /bin/sh bin/sh; ln -s /usr/bin/env bin/env",
        summary_has="git",
    ),
    login(
        "no-linker",
        f"{CARGO} cargo build --offline --config 'target.x86_64-unknown-linux-gnu.linker=\"ld-of-nowhere\"'",
        {"Cargo.toml": CARGO_TOML.replace("edition", "edition"), "src/main.rs": "fn main() {}\n"},
        summary_has="ld-of-nowhere",
    ),
    login(
        "no-shared-library",
        "gcc -shared -o libshop.so lib.c && gcc main.c -L. -lshop -o main && rm libshop.so && ./main",
        {"lib.c": "int f(void) { return 1; }\n", "main.c": "int f(void);\nint main(void) { return f(); }\n"},
        summary_has="libshop.so",
    ),
    login(
        "no-shared-library-python",
        "gcc -shared -fPIC -o libshop.so lib.c && gcc -shared -fPIC -o native.so -L. native.c -lshop -Wl,--no-as-needed && rm libshop.so && pytest -q",
        {
            "lib.c": "int f(void) { return 1; }\n",
            "native.c": "int f(void);\nint PyInit_native(void) { return f(); }\n",
            "test_native.py": "def test_native():\n    import native\n\n    assert native\n",
        },
        summary_has="libshop.so",
    ),
    login(
        "no-python-headers", "gcc -c native.c", {"native.c": "#include <Python.h>\n\nint x;\n"}, summary_has="Python.h"
    ),
    login(
        "no-aws-login",
        f"{VENV} AWS_EC2_METADATA_DISABLED=true pytest -q --tb=short",
        {
            "test_bucket.py": "import boto3\n\n\ndef test_bucket():\n    assert boto3.client('s3', region_name='eu-west-1').list_buckets()\n"
        },
    ),
    login(
        "no-browser-playwright",
        f"{NODE_BIN} playwright test",
        {
            "shop.spec.js": "const { test } = require('@playwright/test');\n\ntest('opens', async ({ page }) => {\n  await page.goto('about:blank');\n});\n"
        },
        setup=NODE,
    ),
    login(
        "no-browser-selenium",
        f"{VENV} SE_OFFLINE=true pytest -q --tb=short",
        {"test_page.py": "from selenium import webdriver\n\n\ndef test_page():\n    webdriver.Chrome()\n"},
    ),
    login(
        "no-docker-python",
        f"{VENV} DOCKER_HOST=unix:///run/nowhere.sock pytest -q --tb=short",
        {"test_box.py": "import docker\n\n\ndef test_box():\n    docker.from_env().ping()\n"},
    ),
    login(
        "no-variable-rust",
        f"{CARGO} cargo build --offline",
        {"Cargo.toml": CARGO_TOML, "src/lib.rs": 'pub const TOKEN: &str = env!("SHOP_API_TOKEN");\n'},
        summary_has="SHOP_API_TOKEN",
    ),
    login(
        "no-variable-bash",
        "bash -u deploy.sh",
        {"deploy.sh": 'echo "deploying"\ncurl -H "Authorization: $SHOP_API_TOKEN" http://127.0.0.1:9/\n'},
        summary_has="SHOP_API_TOKEN",
    ),
    look_alike(
        "no-file-of-the-code",
        "pytest -q",
        {
            "report.py": "import subprocess\n\n\ndef lines():\n    return open('reports/today').readlines()\n",
            "test_report.py": "from report import lines\n\n\ndef test_lines():\n    assert lines()\n",
        },
        file="report.py",
        line=5,
    ),
    look_alike(
        "no-tool-asserted",
        f"{GO} go test ./...",
        _one_go_test(
            '\t_, err := exec.LookPath("ffprobe")\n\tif err == nil || err.Error() != "install ffprobe" {\n\t\tt.Errorf("error = %v, want %q", err, "install ffprobe")\n\t}\n',
            '"os/exec"\n\t"testing"',
        ),
        file="shop_test.go",
        line=11,
    ),
)

FLAKY = (
    Case(
        "outage",
        "flaky-pytest",
        f"{VENV} pytest -q --reruns 2 --fail-on-flaky",
        {
            "test_a.py": "import pathlib\n\n\ndef test_a():\n    mark = pathlib.Path('mark')\n    if not mark.exists():\n        mark.touch()\n        raise AssertionError('not yet')\n"
        },
        {"category": "flaky", "failures": [{}]},
    ),
    Case(
        "outage",
        "flaky-playwright",
        f"{NODE_BIN} playwright test --retries 2 --fail-on-flaky-tests",
        {
            "shop.spec.js": "const { test, expect } = require('@playwright/test');\nconst fs = require('node:fs');\n\ntest('opens', () => {\n  const before = fs.existsSync('mark');\n  fs.writeFileSync('mark', '');\n  expect(before).toBe(true);\n});\n"
        },
        {"category": "flaky", "failures": [{}]},
        setup=NODE,
    ),
    Case(
        "outage",
        "flaky-surefire",
        f"{MAVEN} test -Dsurefire.rerunFailingTestsCount=2 -Dsurefire.failOnFlakeCount=1",
        {
            "src/test/java/shop/ShopTest.java": 'package shop;\n\nimport static org.junit.jupiter.api.Assertions.*;\n\nimport java.io.File;\nimport org.junit.jupiter.api.Test;\n\nclass ShopTest {\n    @Test\n    void opens() throws Exception {\n        assertFalse(new File("mark").createNewFile());\n    }\n}\n'
        },
        {"category": "flaky", "failures": [{}]},
        setup=POM,
    ),
    look_alike(
        "flaky-pytest",
        f"{VENV} pytest -q --reruns 2",
        {"test_a.py": "def test_a():\n    assert 1 + 1 == 3\n"},
        file="test_a.py",
        line=2,
    ),
    look_alike(
        "flaky-go-race",
        f"{GO} go test -race ./...",
        _one_go_test(
            "\tn := 0\n\tgo func() { n++ }()\n\tn++\n\ttime.Sleep(10 * time.Millisecond)\n\t_ = n\n",
            '"testing"\n\t"time"',
        ),
    ),
)

OUTAGE_MACHINE_CASES = (*DISK, *MEMORY, *RIGHTS, *LACKS, *FLAKY)
