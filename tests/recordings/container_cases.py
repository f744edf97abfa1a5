"""What docker build prints: BuildKit's plain progress and the old builder."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from collections.abc import Mapping

from recordings.case import Case

CONTAINER_VERSIONS = {"docker": "docker --version"}
_BUILDKIT = "docker build --progress=plain --no-cache ."
_OLD = "docker build --no-cache --force-rm ."
CALC = {
    "calc.py": "def add(a, b):\n    return a - b\n",
    "test_calc.py": "import unittest\n\nfrom calc import add\n\n\nclass AddTest(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n",
}
ASSERTION = {"tool": "unittest", "file": "test_calc.py", "line": 8, "test_id": "test_calc.AddTest.test_add"}


def _docker(
    name: str,
    dockerfile: str,
    category: str,
    *failures: Mapping[str, object],
    command: str = _BUILDKIT,
    files: Mapping[str, str] | None = None,
    **changes: object,
) -> Case:
    return Case(
        **{
            "tool": "docker",
            "name": name,
            "command": command,
            "files": {"Dockerfile": f"FROM recordings/base:1\nWORKDIR /app\n{dockerfile}", **(files or {})},
            "expected": {"category": category, "failures": list(failures)},
            "environment": {"DOCKER_BUILDKIT": "0" if command == _OLD else "1"},
            **changes,
        }
    )


TESTS = "COPY . .\nRUN echo testing && \\\n    python3 -m unittest\n"
SCRIPT = {"build.py": "import sys\n\n\ndef main(target):\n    return TARGETS[target]\n\n\nmain(sys.argv[1])\n"}

CONTAINER_CASES = (
    _docker("tests-fail", TESTS, "test", ASSERTION, {"tool": "docker", "file": "Dockerfile", "code": "1"}, files=CALC),
    _docker(
        "tests-fail-old",
        TESTS,
        "test",
        ASSERTION,
        {"tool": "docker", "file": "Dockerfile", "code": "1"},
        files=CALC,
        command=_OLD,
    ),
    _docker(
        "tests-fail-github",
        TESTS,
        "test",
        ASSERTION,
        {"tool": "docker", "file": "Dockerfile", "code": "1"},
        files=CALC,
        wrap="github",
    ),
    _docker(
        "script-fails",
        "COPY . .\nRUN python3 build.py release\n",
        "test",
        {"tool": "python", "file": "build.py", "line": 5, "code": "NameError"},
        {"tool": "docker", "file": "Dockerfile", "code": "1"},
        files=SCRIPT,
    ),
    _docker(
        "silent-failure",
        "RUN echo checking; test -f /app/setup.cfg\n",
        "build",
        {"tool": "docker", "file": "Dockerfile", "code": "1"},
    ),
    _docker(
        "command-not-found",
        "RUN frobnicate --all\n",
        "environment",
        {"tool": "shell", "code": "127"},
        expected={"category": "build", "failures": [{"tool": "docker", "file": "Dockerfile", "code": "127"}]},
    ),
    _docker(
        "command-not-found-old",
        "RUN frobnicate --all\n",
        "build",
        {"tool": "docker", "file": "Dockerfile", "code": "127"},
        command=_OLD,
    ),
    _docker(
        "copy-missing",
        "COPY requirements.txt pyproject.toml ./\n",
        "build",
        {"tool": "docker", "file": "Dockerfile", "code": "COPY"},
        files={"pyproject.toml": ""},
    ),
    _docker(
        "copy-missing-old",
        "COPY requirements.txt ./\n",
        "build",
        {"tool": "docker", "file": "Dockerfile", "code": "COPY"},
        command=_OLD,
    ),
    _docker(
        "unknown-instruction",
        "RUN echo one\nRUNN echo two\n",
        "syntax",
        {"tool": "docker", "file": "Dockerfile", "line": 4, "code": "parse"},
    ),
    _docker(
        "unknown-instruction-old",
        "RUN echo one\nRUNN echo two\n",
        "syntax",
        {"tool": "docker", "file": "Dockerfile", "line": 4, "code": "parse"},
        command=_OLD,
    ),
    _docker(
        "no-dockerfile",
        "",
        "config",
        {"tool": "docker", "code": "no-dockerfile"},
        command="docker build --progress=plain -f docker/Dockerfile.prod .",
    ),
    _docker(
        "no-such-target",
        "RUN echo one\n",
        "config",
        {"tool": "docker", "code": "no-stage"},
        command="docker build --progress=plain --target release .",
    ),
    _docker(
        "registry-down",
        "",
        "infra",
        {"tool": "docker", "code": "registry"},
        files={"Dockerfile": "FROM localhost:9/base:1\nRUN echo one\n"},
    ),
    _docker(
        "second-stage",
        "",
        "build",
        {"tool": "docker", "file": "docker/app.Dockerfile", "code": "2"},
        command="docker build --progress=plain --no-cache -f docker/app.Dockerfile .",
        files={
            "docker/app.Dockerfile": "FROM recordings/base:1 AS builder\nRUN echo building > /out.txt\n\nFROM recordings/base:1 AS release\nCOPY --from=builder /out.txt /out.txt\nRUN cat /out.txt; exit 2\n"
        },
    ),
    _docker("killed", "RUN echo working; sh -c 'kill -9 $$'\n", "infra", {"tool": "docker", "code": "137"}),
)
