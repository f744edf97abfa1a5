"""Run every recorded case again and rewrite its log: `python tests/recordings/regenerate.py [TOOL[/NAME] ...]`.

The tools are those on PATH and under $SELFHEAL_RECORDING_TOOLS, where `install/*.sh` put them; `versions.json`
notes which. Paths of the machine are replaced, so that a log says
`/repo` for the project, `/venv` for the environment and `/usr/lib/python3` for the standard library.
"""

import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from recordings.case import Case  # noqa: E402 - the path above makes it importable when run as a script
from recordings.checker_cases import CHECKER_CASES  # noqa: E402
from recordings.container_cases import CONTAINER_CASES, CONTAINER_VERSIONS  # noqa: E402
from recordings.golang_cases import GOLANG_CASES, GOLANG_VERSIONS  # noqa: E402
from recordings.javascript_cases import JAVASCRIPT_CASES, JAVASCRIPT_VERSIONS  # noqa: E402
from recordings.jvm_cases import JVM_CASES, JVM_VERSIONS  # noqa: E402
from recordings.native_cases import NATIVE_CASES, NATIVE_VERSIONS  # noqa: E402
from recordings.outage_cases import OUTAGE_CASES  # noqa: E402
from recordings.packaging_cases import PACKAGING_CASES, PACKAGING_VERSIONS  # noqa: E402
from recordings.pytest_cases import PYTEST_CASES  # noqa: E402
from recordings.pytest_cause_cases import PYTEST_CAUSE_CASES  # noqa: E402
from recordings.python_cases import PYTHON_CASES  # noqa: E402
from recordings.python_tools_cases import PYTHON_TOOLS_CASES, PYTHON_TOOLS_VERSIONS  # noqa: E402
from recordings.rewriter_cases import REWRITER_CASES, REWRITER_VERSIONS  # noqa: E402
from recordings.rust_cases import RUST_CASES, RUST_VERSIONS  # noqa: E402
from recordings.shell_cases import SHELL_CASES, SHELL_VERSIONS  # noqa: E402

CASES = (
    *PYTEST_CASES,
    *PYTEST_CAUSE_CASES,
    *PYTHON_CASES,
    *CHECKER_CASES,
    *REWRITER_CASES,
    *OUTAGE_CASES,
    *JAVASCRIPT_CASES,
    *NATIVE_CASES,
    *JVM_CASES,
    *PYTHON_TOOLS_CASES,
    *PACKAGING_CASES,
    *SHELL_CASES,
    *CONTAINER_CASES,
    *GOLANG_CASES,
    *RUST_CASES,
)
VERSIONS = (
    {tool: f"{tool} --version" for tool in ("pytest", "mypy", "ruff", "black", "isort", "flake8", "pylint", "pyright")}
    | REWRITER_VERSIONS
    | PYTHON_TOOLS_VERSIONS
    | PACKAGING_VERSIONS
    | SHELL_VERSIONS
    | CONTAINER_VERSIONS
    | JAVASCRIPT_VERSIONS
    | NATIVE_VERSIONS
    | JVM_VERSIONS
    | GOLANG_VERSIONS
    | RUST_VERSIONS
)
TOOLS = Path(os.environ.get("SELFHEAL_RECORDING_TOOLS", Path.home() / ".cache/selfheal/recording-tools"))


def run(case: Case) -> tuple[str, int]:
    """The output of the case's command, and its status."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "repo")
        for name, text in case.files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        environment = {
            "PATH": f"{TOOLS}/bin:{os.environ['PATH']}",
            "TOOLS": str(TOOLS),
            "HOME": folder,
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "PYTHONDONTWRITEBYTECODE": "1",
            **case.environment,
        }
        if case.setup:
            subprocess.run(["bash", "-ec", case.setup], cwd=project, env=environment, capture_output=True, check=True)
        done = subprocess.run(
            ["bash", "-c", case.command],
            cwd=project,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace")
        for found, shown in (
            (str(project.resolve()), "/repo"),
            (str(project), "/repo"),
            (str(project)[1:], "repo"),
            (folder, "/home/ci"),
            (str(TOOLS), "/tools"),
            (sys.prefix, "/venv"),
            (sysconfig.get_path("stdlib"), "/usr/lib/python3"),
            (platform.release(), "6.8.0"),
        ):
            text = text.replace(found, shown)
        # Interpreters that pyenv installed.
        text = re.sub(r"/[^\s'\":]{1,60}/versions/3\.\d+\.\d+(?=/)", "/usr", text)
        # Go names the machine's name server.
        text = re.sub(r" on [\d.]{7,15}:53\b", " on 127.0.0.53:53", text)
        return text, done.returncode


def wrap_for_github(case: Case, text: str, status: int) -> str:
    """The same output as a GitHub runner keeps it."""
    lines = [f"##[group]Run {case.command}", case.command, "shell: /usr/bin/bash -e {0}", "##[endgroup]"]
    lines += [re.sub(r"^::error[^:]*::", "##[error]", line) for line in text.split("\n")]
    lines.append(f"##[error]Process completed with exit code {status}.")
    return "".join(f"2026-05-04T10:{n // 60 % 60:02}:{n % 60:02}.1234567Z {line}\n" for n, line in enumerate(lines))


def versions(tools: set[str]) -> dict[str, str]:
    """What the tools call themselves now, and what those that were not run called themselves."""
    noted = HERE / "versions.json"
    found: dict[str, str] = json.loads(noted.read_text()) if noted.exists() else {}
    found["python"] = sys.version.split()[0]
    environment = {**os.environ, "PATH": f"{TOOLS}/bin:{os.environ['PATH']}"}
    for tool, command in VERSIONS.items():
        if tool in tools:
            done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=environment)
            match = re.search(r"\d+\.\d+(\.\d+)*", done.stdout + done.stderr)
            found[tool] = match.group() if match else "?"
    return dict(sorted(found.items()))


def main() -> None:
    """Regenerate the cases that the arguments name, or all."""
    wanted = sys.argv[1:]
    ran: set[str] = set()
    for case in CASES:
        if wanted and case.tool not in wanted and f"{case.tool}/{case.name}" not in wanted:
            continue
        ran.add(case.tool)
        text, status = run(case)
        if case.wrap == "github":
            text = wrap_for_github(case, text, status)
        folder = HERE / case.tool
        folder.mkdir(exist_ok=True)
        (folder / f"{case.name}.log").write_bytes(text.encode())
        expected = {"command": case.command, "exit_code": status, "files": sorted(case.files), **case.expected}
        (folder / f"{case.name}.expected.json").write_text(json.dumps(expected, indent=2) + "\n")
    (HERE / "versions.json").write_text(json.dumps(versions(ran), indent=2) + "\n")


if __name__ == "__main__":
    main()
