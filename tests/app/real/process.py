"""The service as a process of its own, which can be killed like one."""

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError, ClientSession

from app.apps import APP_ID, pem
from app.test_deliveries import SECRET, signature


@dataclass
class RealService:
    """`selfheal-app serve` on a port of the system's choice. `starts` counts its lives."""

    folder: Path
    github_url: str
    database_url: str = ""
    starts: int = 0
    url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    """What is told to it besides."""
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def store_url(self) -> str:
        """The inbox's database."""
        return self.database_url or f"sqlite:///{self.folder / 'state' / 'selfheal.sqlite3'}"

    async def start(self) -> None:
        """Start it, and wait until it says where it runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.starts += 1
        environment = {
            "PATH": os.environ["PATH"],
            "SELFHEAL_STATE_DIR": str(self.folder / "state"),
            "SELFHEAL_WEBHOOK_SECRET": SECRET.decode(),
            "SELFHEAL_GITHUB_APP_ID": str(APP_ID),
            "SELFHEAL_GITHUB_PRIVATE_KEY": pem(),
            "SELFHEAL_GITHUB_API_URL": self.github_url,
            "SELFHEAL_DATABASE_URL": self.database_url,
            "SELFHEAL_RETRY_FIRST_SECONDS": "0.05",
            **self.settings,
        }
        log = self.folder / f"{self.starts}.log"
        with log.open("wb") as stream:
            line = [sys.executable, "-m", "selfheal_app", "serve", "--port", "0"]
            self._process = subprocess.Popen(line, env=environment, stdout=stream, stderr=stream)
        while (found := re.search(r"Running on (http://\S+)", log.read_text(errors="replace"))) is None:
            if self._process.poll() is not None:
                raise RuntimeError(f"the service did not start:\n{log.read_text(errors='replace')[-3000:]}")
            await asyncio.sleep(0.02)
        self.url = found[1]

    def kill(self) -> None:
        """As the kernel does it: nothing is told, nothing is tidied."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Tell it to stop, and wait; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait()

    async def deliver(self, event: str, id_: str, body: bytes) -> int | None:
        """Send a signed delivery; None where there was no answer."""
        fields = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": id_,
            "X-Hub-Signature-256": signature(body, SECRET),
        }
        try:
            async with (
                ClientSession() as session,
                session.post(f"{self.url}/webhook", data=body, headers=fields) as answer,
            ):
                return answer.status
        except (ClientError, OSError):
            return None
