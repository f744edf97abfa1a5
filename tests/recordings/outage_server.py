"""A loopback server that misbehaves while one command runs; the outage cases carry it in their projects."""

SERVE = '''\
"""Usage: serve.py HOW COMMAND...: answer on port 21873 the way HOW says until COMMAND has ended."""
import os, socket, struct, subprocess, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOW = sys.argv[1]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0].strip("/")
        file = os.path.join("www", path)
        if HOW == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif HOW == "hang":
            STOP.wait(30)
        elif HOW == "files" or (HOW == "once" and self.path in SEEN):
            body = open(file, "rb").read() if os.path.isfile(file) else b""
            self.answer(200 if body else 404, body)
        elif HOW == "truncated" and os.path.isfile(file):
            body = open(file, "rb").read()
            half = file.endswith((".whl", ".tgz", ".zip", ".pack", ".deb"))
            self.answer(200, body[: len(body) // 2] if half else body, len(body))
        else:
            SEEN.add(self.path)
            self.answer(503 if HOW == "once" else int(HOW) if HOW.isdigit() else 404, b"try later\\\\n")

    do_POST = do_PUT = do_GET

    def do_HEAD(self):
        file = os.path.join("www", self.path.strip("/"))
        self.answer(200, b"", os.path.getsize(file)) if os.path.isfile(file) else self.answer(404, b"")

    def answer(self, status, body, length=None):
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="packages"')
        kind = "text/html" if self.path.startswith("/simple") else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


SEEN, STOP = set(), threading.Event()
server = ThreadingHTTPServer(("127.0.0.1", 21873), Handler)
server.handle_error = lambda *_: None
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
status = subprocess.run(sys.argv[2:], timeout=100).returncode
STOP.set()
server.shutdown()
sys.exit(status)
'''.replace("\\\\n", "\\n")
HOST = "http://127.0.0.1:21873"
DEAD = "http://127.0.0.1:9"
