"""A collector on loopback that reads OTLP/HTTP as the protocol's own messages do."""

import base64
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from selfheal.contract.trace_lines import SpanRecord, spans_of_line

_IDS = frozenset(("traceId", "spanId", "parentSpanId"))


@dataclass
class Collector:
    """What came."""

    url: str = ""
    spans: list[Any] = field(default_factory=list)
    read: list[SpanRecord] = field(default_factory=list)
    """The same as our own reader sees it."""
    resources: list[dict[str, str]] = field(default_factory=list)
    metrics: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        self.headers.append(headers)
        data = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        if headers.get("content-type") == "application/json":
            found, unread = spans_of_line(data)
            assert unread == 0
            self.read += found
        elif path == "/v1/traces":
            request = ExportTraceServiceRequest.FromString(data)
            self.read += _read(request)
            for resource in request.resource_spans:
                self.resources.append({each.key: each.value.string_value for each in resource.resource.attributes})
                self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        elif path == "/v1/metrics":
            for resource in ExportMetricsServiceRequest.FromString(data).resource_metrics:
                self.metrics += [metric for scope in resource.scope_metrics for metric in scope.metrics]


def _read(request: ExportTraceServiceRequest) -> list[SpanRecord]:
    """By way of OTLP JSON, which writes ids in hexadecimal digits and not as protobuf's own JSON does."""
    found, unread = spans_of_line(json.dumps(_with_ids(MessageToDict(request, use_integers_for_enums=True))))
    assert unread == 0
    return found


def _with_ids(part: Any) -> Any:
    match part:
        case dict():
            ids = {name: base64.b64decode(part[name]).hex() for name in _IDS & part.keys()}
            return {name: _with_ids(value) for name, value in part.items()} | ids
        case list():
            return [_with_ids(each) for each in part]
        case _:
            return part


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen on a free port of loopback."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(self.path, body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Type", self.headers["Content-Type"])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
