"""The servers under load, each a process of its own on loopback, with its memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from serving.deliveries import SECRET

PROBOT = Path(__file__).parent / "probot"


@dataclass(frozen=True)
class Server:
    """A server that answers on a port."""

    process: subprocess.Popen[bytes]
    port: int

    def memory_mb(self) -> float:
        """Resident memory of the process and of those that it started."""
        root = psutil.Process(self.process.pid)
        return round(sum(each.memory_info().rss for each in [root, *root.children(recursive=True)]) / 2**20, 1)

    def cpu_s(self) -> float:
        """Processor seconds that it has used, user and system."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@contextmanager
def app(folder: Path, *, github_url: str, database_url: str = "", **settings: str) -> Iterator[Server]:
    """`selfheal-app serve`, as an operator starts it."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "SELFHEAL_GITHUB_APP_ID": "1",
        "SELFHEAL_GITHUB_PRIVATE_KEY": private_key(),
        "SELFHEAL_WEBHOOK_SECRET": SECRET.decode(),
        "SELFHEAL_GITHUB_API_URL": github_url,
        "SELFHEAL_STATE_DIR": str(folder),
        "SELFHEAL_DATABASE_URL": database_url,
        **settings,
    }
    line = [sys.executable, "-m", "selfheal_app", "serve", "--port", str(port)]
    with _started(line, environment, port, folder / f"app-{port}.log") as server:
        yield server


@contextmanager
def probot(folder: Path, *, node: Path, packages: Path) -> Iterator[Server]:
    """Probot with an empty handler, in production and without a log line a request: as fast as it is."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "APP_ID": "1",
        "PRIVATE_KEY": private_key(),
        "WEBHOOK_SECRET": SECRET.decode(),
        "WEBHOOK_PATH": "/webhook",
        "NODE_ENV": "production",
        "LOG_LEVEL": "error",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PROBOT": (packages / "probot/lib/index.js").as_uri(),
    }
    with _started([str(node), str(PROBOT / "empty.mjs")], environment, port, folder / "probot.log") as server:
        yield server


@contextmanager
def _started(line: list[str], environment: Mapping[str, str], port: int, log: Path) -> Iterator[Server]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SELFHEAL_")}
    with log.open("wb") as stream:
        process = subprocess.Popen(line, env={**inherited, **environment}, stdout=stream, stderr=stream)
    try:
        _wait_for(process, port, log)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@cache
def private_key() -> str:
    """An RSA key of nobody's."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return pem.decode()
