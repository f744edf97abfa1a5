"""Real backends for traces, started on loopback where they are installed: Arize Phoenix, and OpenTelemetry's collector.

python tests/traces/backends.py     installs both below the user's cache folder (1 GB; needs Go)
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PHOENIX = "arize-phoenix==20.26.1"
COLLECTOR = "v0.142.0"
_BUILD = f"""\
dist: {{name: otelcol-test, output_path: "{{output}}"}}
exporters: [{{gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter {COLLECTOR}}}]
receivers: [{{gomod: go.opentelemetry.io/collector/receiver/otlpreceiver {COLLECTOR}}}]
"""
_RUN = """\
receivers: {{otlp: {{protocols: {{http: {{endpoint: "127.0.0.1:{port}"}}}}}}}}
exporters: {{otlphttp: {{endpoint: "{sink}", encoding: json, compression: none, sending_queue: {{enabled: false}}}}}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{level: error}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [otlphttp]}}}}
"""
HOW = "python tests/traces/backends.py installs it"


def cache() -> Path:
    """Where they lie."""
    return Path(os.environ.get("SELFHEAL_TEST_BACKENDS") or Path.home() / ".cache/selfheal-tests/backends")


def phoenix_python() -> Path | None:
    """Phoenix needs an environment of its own: another protobuf."""
    python = cache() / "phoenix/bin/python"
    return python if (cache() / "phoenix/bin/phoenix").is_file() else None


def collector_program() -> Path | None:
    """The collector, built of its published modules."""
    program = cache() / "collector/otelcol-test"
    return program if program.is_file() else None


@contextmanager
def phoenix() -> Iterator[str]:
    """A server with an empty database; gives its address."""
    python, port = phoenix_python(), _free_port()
    assert python is not None
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "PHOENIX_PORT": str(port),
            "PHOENIX_GRPC_PORT": str(_free_port()),
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_WORKING_DIR": folder,
            "PHOENIX_TELEMETRY_ENABLED": "false",
        }
        with _running([str(python.parent / "phoenix"), "serve"], environ, Path(folder)):
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/healthz")
            yield address


@contextmanager
def collector(sink: str) -> Iterator[str]:
    """A collector that hands everything on to a sink, as OTLP JSON; gives its address."""
    program, port = collector_program(), _free_port()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(_RUN.format(port=port, sink=sink))
        with _running([str(program), "--config", str(config)], dict(os.environ), Path(folder)):
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/v1/traces")
            yield address


def asked(url: str) -> Any:
    """JSON of an address."""
    with urllib.request.urlopen(url) as response:
        return json.load(response)


@contextmanager
def _running(command: list[str], environ: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _wait(url: str) -> None:
    """Until it answers anything at all."""
    while True:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def install() -> None:
    """Install both."""
    place = cache() / "phoenix"
    if phoenix_python() is None:
        venv.create(place, with_pip=True)
        subprocess.run([place / "bin/pip", "install", "--quiet", PHOENIX], check=True)
    if collector_program() is None:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "build.yaml")
            config.write_text(_BUILD.format(output=cache() / "collector"))
            line = ["go", "run", f"go.opentelemetry.io/collector/cmd/builder@{COLLECTOR}", "--config", str(config)]
            subprocess.run(line, check=True)
    print(cache())


if __name__ == "__main__":
    sys.exit(install())
