"""The service's command line: instant help, and no start without a secret."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from click.testing import CliRunner

from app.test_deliveries import BODY, SECRET, headers
from selfheal_app.cli import main


def run(arguments: list[str], environment: dict[str, str | None]) -> tuple[int, str]:
    unset = {name: None for name in os.environ if name.startswith("SELFHEAL_")}
    result = CliRunner().invoke(main, arguments, env=unset | environment)
    return result.exit_code, result.output


def test_help_teaches_and_imports_nothing_heavy() -> None:
    """Neither the server nor pydantic is loaded to print a page."""
    heavy = "aiohttp pydantic githubkit cryptography asyncio sqlite3"
    code = f"import sys, selfheal_app.cli; print([n for n in {heavy.split()!r} if n in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    status, output = run(["--help"], {})

    assert loaded.strip() == "[]"
    assert status == 0
    assert "SELFHEAL_WEBHOOK_SECRET" in output
    assert "dead-letters" in output


def test_serve_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    """Exit status 2 and what to set."""
    status, output = run(["serve"], {"SELFHEAL_STATE_DIR": str(tmp_path)})

    assert status == 2
    assert "SELFHEAL_WEBHOOK_SECRET" in output


def test_a_state_folder_that_can_t_be_is_told() -> None:
    """No stack trace."""
    status, output = run(["serve"], {"SELFHEAL_STATE_DIR": "/dev/null/x", "SELFHEAL_WEBHOOK_SECRET": "s" * 32})

    assert status == 2
    assert "SELFHEAL_STATE_DIR" in output


def test_doctor_without_settings_says_what_to_set(tmp_path: Path) -> None:
    """Exit status 1: not ready."""
    status, output = run(["doctor"], {"SELFHEAL_STATE_DIR": str(tmp_path)})

    assert status == 1
    assert "SELFHEAL_GITHUB_APP_ID" in output


def test_the_real_server_keeps_a_delivery_and_stops_when_told(tmp_path: Path) -> None:
    """From a process of its own, over a real socket."""
    environment = {
        "PATH": os.environ["PATH"],
        "SELFHEAL_STATE_DIR": str(tmp_path),
        "SELFHEAL_WEBHOOK_SECRET": SECRET.decode(),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-c", "from selfheal_app.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = next(match[0] for line in server.stdout if (match := re.search(r"http://[\d.]+:\d+", line)))
            request = urllib.request.Request(f"{address}/webhook", data=BODY, headers=headers(), method="POST")
            with urllib.request.urlopen(request) as response:
                assert response.status == 202
        finally:
            server.send_signal(signal.SIGTERM)
    assert server.returncode == 0
    assert (tmp_path / "selfheal.sqlite3").stat().st_size > 0
