"""An OpenAI-compatible server on loopback in front of whatever answers: a script, or our own engine for other people's
programs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as an answer depends on it."""

    system: str
    user: str
    temperature: float
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The text and what it took."""

    text: str
    prompt_tokens: int
    completion_tokens: int


@contextmanager
def chat_server(model: str, answer: Callable[[Asked], Answered]) -> Iterator[str]:
    """Serve until the block ends, one question at a time; gives the address that ends with /v1."""
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({"object": "list", "data": [{"id": model, "object": "model", "max_model_len": 8192}]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                answered = answer(_read(asked))
            usage = {"prompt_tokens": answered.prompt_tokens, "completion_tokens": answered.completion_tokens}
            usage["total_tokens"] = sum(usage.values())
            if asked.get("stream"):
                self._stream(answered.text, usage)
            else:
                message = {"role": "assistant", "content": answered.text}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                self._send(self._shell("chat.completion") | {"choices": [choice], "usage": usage})

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
            delta = {"role": "assistant", "content": text}
            for chunk in (
                {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                {"choices": [], "usage": usage},
            ):
                self.wfile.write(f"data: {json.dumps(self._shell('chat.completion.chunk') | chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        @staticmethod
        def _shell(kind: str) -> dict[str, Any]:
            return {"id": "bench", "object": kind, "created": 0, "model": model}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _read(asked: dict[str, Any]) -> Asked:
    """The system's texts together, and everything else in its order."""
    rows = [(str(one.get("role")), _text(one.get("content"))) for one in asked["messages"]]
    others = [(role, text) for role, text in rows if role != "system"]
    user = others[0][1] if len(others) == 1 else "\n\n".join(f"[{role}]\n{text}" for role, text in others)
    return Asked(
        system="\n".join(text for role, text in rows if role == "system"),
        user=user,
        temperature=float(asked.get("temperature") or 0.0),
        max_tokens=int(asked.get("max_tokens") or asked.get("max_completion_tokens") or 1500),
    )


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")
