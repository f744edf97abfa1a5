"""A file server on loopback that cuts, ignores ranges, or sends the wrong bytes, as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Serves `content` at any path. `cut_after` bytes of an answer the connection drops (once per entry)."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.cut_after: list[int] = []
        self.knows_ranges = True
        self.status = 200
        self.ranges: list[str | None] = []
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one GET."""
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        if self.status != 200:
            request.send_error(self.status)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.knows_ranges else 0
        body = self.content[start:]
        if start:
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        else:
            request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: self.cut_after.pop(0)] if self.cut_after else body)
        request.close_connection = True


@contextmanager
def serving_file(content: bytes) -> Iterator[FileServer]:
    """Run the server in a thread."""
    files = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            files.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        files.url = f"http://127.0.0.1:{server.server_address[1]}/small.gguf"
        try:
            yield files
        finally:
            server.shutdown()
            thread.join()
