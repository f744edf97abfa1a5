"""A program called `docker` that starts no container: it records its arguments, and fails as it is told.

The agents' "container" is the real program of the agents on this machine, its mounts turned back into folders.
"""

import itertools
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GOOD_INFO = '["name=seccomp,profile=default"] {"runc":{"path":"runc"}}'


class FakeDocker:
    """Its folder, with what it is told and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir(parents=True)
        (folder / "containers").mkdir()
        self.program = folder / "bin/docker"
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
            f"from github.fake_docker import serve\nsys.exit(serve({str(folder)!r}, sys.argv[1:]))\n"
        )
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)
        self.tell()

    def tell(self, **told: object) -> None:
        """`fails`: words of a call → its message. `agents`: how that container ends. `info`: Docker's answer."""
        (self.folder / "told.json").write_text(json.dumps(told))

    def environ(self, **more: str) -> dict[str, str]:
        """An environment in which `docker` is this one."""
        return {"PATH": f"{self.program.parent}:{os.environ['PATH']}", "HOME": str(self.folder), **more}

    @property
    def calls(self) -> list[list[str]]:
        file = self.folder / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def call_of(self, *words: str) -> list[str]:
        """The only call that begins with these words."""
        (found,) = [call for call in self.calls if call[: len(words)] == list(words)]
        return found

    @property
    def running(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "containers").iterdir())

    def put(self, name: str, labels: Mapping[str, str]) -> None:
        """Have a container that nobody has started here."""
        (self.folder / "containers" / name).write_text(json.dumps({"labels": dict(labels)}))


def serve(folder: str, arguments: list[str]) -> int:
    """Be Docker for one call."""
    home = Path(folder)
    with (home / "calls.jsonl").open("a") as log:
        log.write(json.dumps(arguments) + "\n")
    told: dict[str, Any] = json.loads((home / "told.json").read_text())
    for words, message in told.get("fails", {}).items():
        if words in " ".join(arguments):
            sys.stderr.write(message)
            return 1
    containers = home / "containers"
    match arguments:
        case ["info", *_]:
            print(told.get("info", GOOD_INFO))
        case ["context", "inspect", *_]:
            print(told.get("context", "unix:///var/run/docker.sock"))
        case ["container", "inspect", _, "{{.Id}}", _]:
            return 0 if told.get("knows_us") else 1
        case ["container", "inspect", _, "{{.State.Running}}", name]:
            print("true" if (containers / name).exists() else "false")
        case ["container", "inspect", _, _, name]:
            print("2026-01-01T00:00:00Z", "true" if told.get("oom") else "false")
        case ["run", "--detach", *rest]:
            print(_made(containers, rest))
        case ["run", "--interactive", *rest]:
            return _agents(containers / _made(containers, rest), rest, told.get("agents", "work"))
        case ["wait", name]:
            while (containers / name).exists():
                time.sleep(0.02)
            print(137)
        case ["ps", *rest]:
            _list(containers, rest)
        case ["rm", "--force", "--volumes", *names]:
            for name in names:
                (containers / name).unlink(missing_ok=True)
    return 0


def _values(arguments: list[str], option: str) -> list[str]:
    return [value for name, value in itertools.pairwise(arguments) if name == option]


def _made(containers: Path, arguments: list[str]) -> str:
    (name,) = _values(arguments, "--name")
    labels = dict(label.split("=", 1) for label in _values(arguments, "--label"))
    (containers / name).write_text(json.dumps({"labels": labels}))
    return name


def _list(containers: Path, arguments: list[str]) -> None:
    (wanted,) = _values(arguments, "--filter")
    key, _, value = wanted.removeprefix("label=").partition("=")
    for path in sorted(containers.iterdir()):
        has = json.loads(path.read_text())["labels"].get(key)
        if has is not None and value in ("", has):
            print(path.name if "--quiet" in arguments else f"{path.name} {has}")


def _agents(own: Path, arguments: list[str], how: str) -> int:
    """Be the agents' container, until it ends or is removed."""
    order = json.loads(sys.stdin.readline())
    for mount in _values(arguments, "--mount"):
        parts = dict(part.partition("=")[::2] for part in mount.split(","))
        order["link" if parts["dst"].endswith("link") else "out"] = parts["src"]
    match how:
        case "killed":
            return 137
        case "link":
            Path(order["out"], "report.json").symlink_to("/etc/passwd")
            return 0
        case "hostile":
            sys.stderr.write("::error::owned\n" + "x" * 5_000_000 + "\n::set-output name=outcome::healed\n")
            Path(order["out"], "report.json").write_text('{"outcome": "healed"}')
            return 0
        case "hang":
            sys.stderr.write("hanging\n")
            sys.stderr.flush()
    line = [sys.executable, "-P", "-m", "selfheal.github.agents"]
    child = subprocess.Popen(["cat"] if how == "hang" else line, stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.write(json.dumps(order).encode() + b"\n")
    child.stdin.flush()
    threading.Thread(target=_close_after, args=(child.stdin,), daemon=True).start()
    while child.poll() is None:
        if not own.exists():
            child.kill()
        time.sleep(0.02)
    return child.returncode if child.returncode >= 0 else 137


def _close_after(pipe: Any) -> None:
    sys.stdin.read()
    pipe.close()
