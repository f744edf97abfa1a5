"""prism, which judges requests by GitHub's own description."""

import http.client
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.real import node_tools
from app.real.description import cut_down

_RUNS_ON = re.compile(
    r"^(?P<before>.*?/(?:git/(?:ref|refs|matching-refs)|contents|branches|commits|compare))/(?P<name>.+?)"
    r"(?P<after>/(?:check-runs|check-suites|status|statuses|pulls|comments|protection.*))?$"
)
_VARYING = re.compile(r"[0-9a-f]{40}|\d+")


@dataclass(frozen=True)
class Sent:
    """A request as it came over the wire; `target` holds the query too."""

    method: str
    target: str
    body: bytes
    content_type: str = "application/json"


@dataclass
class Prism:
    """Asks about each kind of request once."""

    port: int
    _judged: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

    def wrong_with(self, sent: Sent) -> str | None:
        """What GitHub would not take of it; None where nothing is wrong."""
        key = (sent.method, *(_VARYING.sub("0", part) for part in (sent.target, sent.body.decode(errors="replace"))))
        if key not in self._judged:
            self._judged[key] = self._ask(sent)
        return self._judged[key]

    def _ask(self, sent: Sent) -> str | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = {"Accept": "*/*"} | ({"Content-Type": sent.content_type} if sent.body else {})
        connection.request(sent.method, described(sent.target), body=sent.body or None, headers=headers)
        with connection.getresponse() as response:
            said = response.read()
        connection.close()
        if response.status < 300:
            return None
        told = json.loads(said)
        faults = [f"{'.'.join(each['location'])}: {each['message']}" for each in told.get("validation", ())]
        return f"{sent.method} {sent.target}: {told.get('detail') or told.get('title')} {'; '.join(faults)}"


def described(target: str) -> str:
    """The target as a description can hold it: GitHub takes slashes in names of refs and in paths, OpenAPI can't."""
    path, question, query = target.partition("?")
    if (match := _RUNS_ON.match(path)) is not None:
        path = f"{match['before']}/{match['name'].replace('/', '%2F')}{match['after'] or ''}"
    return path + question + query


@contextmanager
def running(folder: Path) -> Iterator[Prism]:
    """prism with the cut description; its files lie in the folder."""
    node, packages = node_tools.node(), node_tools.packages()
    assert node is not None and packages is not None
    cut_down(packages / "@octokit/openapi/generated/api.github.com.json", folder / "github.json")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [node, packages / "@stoplight/prism-cli/dist/index.js", "mock", "--errors", "-h", "127.0.0.1"]
    with (folder / "prism.log").open("wb") as log:
        process = subprocess.Popen([*line, "-p", str(port), folder / "github.json"], stdout=log, stderr=log)
        try:
            _wait_for(process, port, folder / "prism.log")
            yield Prism(port)
        finally:
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
    raise RuntimeError(f"prism did not start: {log.read_text(errors='replace')[-2000:]}")
