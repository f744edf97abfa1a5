"""A model that knows the answer: an OpenAI-compatible server on loopback that recites the original code."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from trials.trial import Trial

MODEL = "scripted"
_DEFINITION = re.compile(r"\b(?:def|func|function|fn)\s+(\w+)")


@contextmanager
def scripted_server(trials: tuple[Trial, ...]) -> Iterator[str]:
    """Serve until the block ends; gives the address that ends with /v1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({"object": "list", "data": [{"id": MODEL, "object": "model", "max_model_len": 8192}]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = "\n".join(str(message["content"]) for message in asked["messages"])
            text = answer_to(prompt, trials)
            usage = {"prompt_tokens": len(prompt) // 4, "completion_tokens": len(text) // 4}
            usage["total_tokens"] = sum(usage.values())
            if asked.get("stream"):
                self._stream(text, usage)
            else:
                choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                self._send(_shell("chat.completion") | {"choices": [choice], "usage": usage})

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

        def _send(self, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, text: str, usage: dict[str, int]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            shell = _shell("chat.completion.chunk")
            delta = {"role": "assistant", "content": text}
            for chunk in (
                {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                {"choices": [], "usage": usage},
            ):
                self.wfile.write(f"data: {json.dumps(shell | chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer_to(prompt: str, trials: tuple[Trial, ...]) -> str:
    """The original of the file whose functions the prompt shows most of; a shrug where it shows none."""
    shown = set(_DEFINITION.findall(prompt))
    best = ""
    most = 0
    for trial in trials:
        for _, text in trial.original:
            common = len(shown & set(_DEFINITION.findall(text or "")))
            if common > most:
                most, best = common, text or ""
    return f"```\n{best}```" if best else "I don't know."


def _shell(kind: str) -> dict[str, Any]:
    return {"id": "scripted", "object": kind, "created": 0, "model": MODEL}
