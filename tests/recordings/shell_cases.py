"""What shells say when a command can't be run, and how commands end."""

from collections.abc import Mapping

from recordings.case import Case

SHELL_VERSIONS: Mapping[str, str] = {"shell": "bash --version"}


def _shell(
    name: str, command: str, files: Mapping[str, str], category: str, *failures: Mapping[str, object], **changes: object
) -> Case:
    return Case(
        **{
            "tool": "shell",
            "name": name,
            "command": command,
            "files": files,
            "expected": {"category": category, "failures": [{"tool": "shell", **one} for one in failures]},
            **changes,
        }
    )


SHELL_CASES = (
    _shell(
        "not-found-in-script",
        "bash ci/run.sh",
        {"ci/run.sh": "set -e\necho start\nfrobnicate --all\n"},
        "environment",
        {"code": "127"},
    ),
    _shell(
        "not-found-dash",
        "sh ci/run.sh",
        {"ci/run.sh": "echo start\nfrobnicate --all\n"},
        "environment",
        {"code": "127"},
        wrap="github",
    ),
    _shell(
        "not-found-zsh",
        "zsh ci/run.sh",
        {"ci/run.sh": "echo start\nfrobnicate --all\n"},
        "environment",
        {"code": "127"},
    ),
    _shell(
        "missing-script",
        "bash ci/build.sh",
        {"ci/run.sh": "echo start\n"},
        "config",
        {"code": "127", "file": "ci/build.sh"},
    ),
    _shell(
        "missing-script-run-directly",
        "./ci/build.sh --all",
        {"ci/run.sh": "echo start\n"},
        "config",
        {"code": "127", "file": "ci/build.sh"},
    ),
    _shell(
        "own-script-not-executable",
        "./ci/run.sh",
        {"ci/run.sh": "#!/bin/sh\necho hi\n"},
        "environment",
        {"code": "126"},
    ),
    _shell(
        "syntax-error",
        "bash ci/run.sh",
        {"ci/run.sh": "set -e\nif true; then\n  echo one\ndone\n"},
        "syntax",
        {"file": "ci/run.sh", "line": 4, "code": "syntax"},
    ),
    _shell(
        "syntax-error-dash",
        "sh ci/run.sh",
        {"ci/run.sh": "set -e\nif true; then\n  echo one\ndone\n"},
        "syntax",
        {"file": "ci/run.sh", "line": 4, "code": "syntax"},
    ),
    _shell(
        "syntax-error-zsh",
        "zsh ci/run.sh",
        {"ci/run.sh": "set -e\nif true; then\n  echo one\ndone\n"},
        "syntax",
        {"file": "ci/run.sh", "code": "syntax"},
    ),
    _shell(
        "unterminated-quote",
        "bash ci/run.sh",
        {"ci/run.sh": 'set -e\necho one\necho "two\necho three\n'},
        "syntax",
        {"file": "ci/run.sh", "line": 3, "code": "syntax"},
    ),
    _shell(
        "unexpected-end",
        "bash ci/run.sh",
        {"ci/run.sh": "set -e\nfor name in a b; do\n  echo $name\n"},
        "syntax",
        {"file": "ci/run.sh", "code": "syntax"},
    ),
    _shell(
        "unbound-variable",
        "bash ci/deploy.sh",
        {"ci/deploy.sh": 'set -eu\necho deploying\ncurl --version >/dev/null || true\necho "$DEPLOY_TOKEN"\n'},
        "environment",
        {"code": "env-unset"},
        expected={"category": "environment", "failures": [{"code": "env-unset"}], "summary_has": "DEPLOY_TOKEN"},
    ),
    _shell(
        "unbound-variable-dash",
        "sh ci/deploy.sh",
        {"ci/deploy.sh": 'set -eu\necho deploying\necho "${DEPLOY_TOKEN:?is not set}"\n'},
        "environment",
        {"code": "env-unset"},
        expected={"category": "environment", "failures": [{"code": "env-unset"}], "summary_has": "DEPLOY_TOKEN"},
    ),
    _shell(
        "bad-interpreter",
        "./run",
        {"run": "#!/opt/nosuch/bin/python4\nprint(1)\n"},
        "environment",
        {"code": "127"},
        setup="chmod +x run",
    ),
    _shell(
        "bad-interpreter-zsh",
        "zsh -c ./run",
        {"run": "#!/opt/nosuch/bin/python4\nprint(1)\n"},
        "environment",
        {"code": "127"},
        setup="chmod +x run",
    ),
    _shell(
        "windows-line-ends",
        "zsh -c ./run.sh",
        {"run.sh": "#!/bin/bash\r\necho hi\r\n"},
        "format",
        {"code": "line-ends", "file": "run.sh"},
        setup="chmod +x run.sh",
    ),
    _shell(
        "env-not-found",
        "./run",
        {"run": "#!/usr/bin/env python4.2\nprint(1)\n"},
        "environment",
        {"code": "127"},
        setup="chmod +x run",
    ),
    _shell("xargs-not-found", "echo a b | xargs -n1 frobnicate", {"a.py": ""}, "environment", {"code": "127"}),
    _shell(
        "timeout",
        'timeout 1 sleep 20; status=$?; echo "exit code $status"; exit $status',
        {"a.py": ""},
        "unknown",
        {"code": "124"},
    ),
    _shell(
        "timeout-github",
        "timeout 1 bash ci/wait.sh",
        {"ci/wait.sh": "echo waiting for the server\nsleep 20\n"},
        "unknown",
        {"code": "124"},
        wrap="github",
    ),
    _shell(
        "killed-in-script",
        "bash ci/run.sh",
        {"ci/run.sh": "set -e\nbash -c 'kill -9 $$'\necho done\n"},
        "infra",
        {"code": "137"},
    ),
    _shell(
        "segmentation-fault",
        "bash ci/run.sh",
        {"ci/run.sh": "set -e\necho start\nbash -c 'kill -SEGV $$'\n"},
        "unknown",
        {"code": "139"},
    ),
    _shell(
        "terminated",
        "bash -c 'echo working; kill -TERM $$'; exit $?",
        {"a.py": ""},
        "infra",
        {"code": "143"},
        wrap="github",
    ),
    _shell(
        "aborted",
        "bash ci/run.sh",
        {"ci/run.sh": "echo start\nbash -c 'kill -ABRT $$'\n"},
        "unknown",
        {"code": "134"},
    ),
    _shell(
        "set-e",
        "bash -e ci/run.sh",
        {"ci/run.sh": "echo checking the changelog\ngrep -q 1.2.0 CHANGELOG.md\n", "CHANGELOG.md": "# 1.1.0\n"},
        "unknown",
        expected={"category": "unknown", "failures": [{"file": None, "code": "1"}], "count": 1},
        wrap="github",
    ),
    _shell(
        "missing-folder",
        "cd frontend && make",
        {"backend/Makefile": "all:\n\techo\n"},
        "config",
        {"code": "1", "file": "frontend"},
    ),
)
