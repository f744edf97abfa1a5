"""The service's command line: instant help, and no start without a secret."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.test_deliveries import BODY, SECRET, headers
from app.test_stores import a_delivery
from selfheal_app.cli import main
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State


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


def test_dead_letters_are_listed_shown_and_replayed(tmp_path: Path) -> None:
    """Without a running service; what is replayed waits for one. No text from outside begins a line."""
    environment: dict[str, str | None] = {"SELFHEAL_STATE_DIR": str(tmp_path)}
    database = Database.open(f"sqlite:///{tmp_path / 'selfheal.sqlite3'}")
    inbox = Inbox(database)
    inbox.add((a_delivery("d-1", body=b'{"action": "completed"}'),), received_at=1_000_000_000.0)
    inbox.bury("d-1", "publish: GitHub answered 502\nd-2  forged", now=2.0)

    listed = run(["dead-letters", "list"], environment)
    shown = run(["dead-letters", "show", "d-1"], environment)
    replayed = run(["dead-letters", "replay", "--all"], environment)
    again = run(["dead-letters", "replay", "d-1"], environment)
    count = inbox.count()
    database.close()

    line = "d-1  2001-09-09T01:46:40Z  workflow_run  completed  org/shop  publish: GitHub answered 502 d-2  forged\n"
    assert listed == (0, line)
    assert shown[0] == 0 and json.loads(shown[1])["body"] == {"action": "completed"}
    assert (replayed[0], again[0], count[State.NEW]) == (0, 1, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["dead-letters", "replay"],
        ["dead-letters", "replay", "--all", "d-1"],
        ["dead-letters", "show", "d-1"],
        ["setup", "--webhook-url", "http://heal.example/webhook"],
        ["setup", "--webhook-url", "https://heal.example/"],
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, arguments: list[str]) -> None:
    """Exit status 2 and a sentence."""
    status, output = run(arguments, {"SELFHEAL_STATE_DIR": str(tmp_path)})

    assert status == 2 and output.startswith("selfheal-app: ")


def test_setup_refuses_where_an_app_is(tmp_path: Path) -> None:
    """Before it listens."""
    (tmp_path / "webhook-secret").write_text("s")
    status, output = run(
        ["setup", "--webhook-url", "https://heal.example/webhook"], {"SELFHEAL_STATE_DIR": str(tmp_path)}
    )

    assert status == 2 and "webhook-secret already" in output
