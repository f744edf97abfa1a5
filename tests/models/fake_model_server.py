"""A model server on loopback that speaks OpenAI's or Ollama's protocol and breaks in the way it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum, auto
from pathlib import Path
from typing import Literal

from aiohttp import web

Wire = Literal["openai", "ollama"]
MODEL = "tiny:latest"
CONTEXT_TOKENS = 2048


class Fault(StrEnum):
    """What goes wrong with an answer."""

    NONE = auto()
    WRONG_KEY = auto()
    NO_SUCH_MODEL = auto()
    BUSY = auto()
    BAD_REQUEST = auto()
    OUT_OF_MEMORY = auto()
    PROMPT_TOO_LONG = auto()
    CUT_PROMPT = auto()
    SILENT = auto()
    DROPPED = auto()
    ENDED_EARLY = auto()
    ERROR_EVENT = auto()
    NOT_JSON = auto()
    WRONG_SHAPE = auto()
    LENGTH = auto()
    EMPTY = auto()
    ENDLESS = auto()
    INTERNAL_ERROR = auto()
    ONE_QUESTION = auto()
    """A connection is good for one question: the next one on it finds it closed."""


_STATUS: dict[Fault, tuple[int, str]] = {
    Fault.WRONG_KEY: (401, "Incorrect API key provided: sk-secret"),
    Fault.NO_SUCH_MODEL: (404, "model 'tiny' not found"),
    Fault.BUSY: (503, "server busy, please try again"),
    Fault.BAD_REQUEST: (400, "json: cannot unmarshal\x1b[31m"),
    Fault.OUT_OF_MEMORY: (500, "model requires more system memory (5.6 GiB) than is available (1.2 GiB)"),
    Fault.PROMPT_TOO_LONG: (400, "the input length exceeds the context length"),
    Fault.INTERNAL_ERROR: (500, "llama runner process has terminated: exit status 2"),
}


class FakeModelServer:
    """Answers `text` in pieces of a few characters, or fails as `fault` says."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.fault = Fault.NONE
        self.text = "Hello there."
        self.applied_context = CONTEXT_TOKENS
        self.asked: list[dict[str, object]] = []
        self.keys: list[str] = []
        self.was_left = asyncio.Event()
        """Set when a client goes away before the answer is complete."""
        self.is_answering = asyncio.Event()
        self.url = ""
        self._used: list[asyncio.Transport] = []

    def application(self) -> web.Application:
        """The routes of both protocols."""
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/props", self._props)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/api/tags", self._tags)
        app.router.add_get("/api/ps", self._ps)
        app.router.add_post("/api/chat", self._chat)
        return app

    async def _models(self, request: web.Request) -> web.Response:
        if self.fault is Fault.WRONG_KEY:
            return self._refusal()
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    async def _props(self, request: web.Request) -> web.Response:
        return web.json_response({"default_generation_settings": {"n_ctx": self.applied_context}})

    async def _tags(self, request: web.Request) -> web.Response:
        return web.json_response({"models": [{"model": MODEL, "name": MODEL, "digest": "d1"}]})

    async def _ps(self, request: web.Request) -> web.Response:
        running = {"model": MODEL, "name": MODEL, "digest": "d1", "context_length": self.applied_context}
        return web.json_response({"models": [running]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if not body["messages"]:
            if self.fault is Fault.OUT_OF_MEMORY:
                return self._refusal()
            return web.json_response({"model": MODEL, "message": {"role": "assistant", "content": ""}, "done": True})
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.fault in _STATUS:
            return self._refusal()
        if self.fault is Fault.ONE_QUESTION:
            assert request.transport is not None
            if request.transport in self._used:
                request.transport.abort()
            self._used.append(request.transport)
        kind = "text/event-stream" if self.wire == "openai" else "application/x-ndjson"
        reply = web.StreamResponse(headers={"Content-Type": kind})
        await reply.prepare(request)
        self.is_answering.set()
        try:
            await self._stream(request, reply)
        except (ConnectionError, asyncio.CancelledError):
            self.was_left.set()
            raise
        return reply

    async def _stream(self, request: web.Request, reply: web.StreamResponse) -> None:
        match self.fault:
            case Fault.SILENT:
                await self._piece(reply, "Hel")
                await asyncio.Event().wait()
            case Fault.ENDLESS:
                while True:
                    await self._piece(reply, "word " * 50)
            case Fault.DROPPED:
                await self._piece(reply, "Hel")
                assert request.transport is not None
                request.transport.abort()
            case Fault.ENDED_EARLY:
                await self._piece(reply, "Hel")
            case Fault.ERROR_EVENT:
                await self._piece(reply, "Hel")
                text = "CUDA out of memory"
                await self._event(reply, {"error": {"message": text} if self._is_openai else text})
            case Fault.NOT_JSON:
                await reply.write(b"data: <html>\n\n" if self._is_openai else b"<html>\n")
            case Fault.WRONG_SHAPE:
                await self._event(reply, {"choices": 7, "message": ["no"], "done": "maybe", "usage": "much"})
            case _:
                for piece in _pieces("" if self.fault is Fault.EMPTY else self.text):
                    await self._piece(reply, piece)
                await self._end(reply)

    async def _piece(self, reply: web.StreamResponse, text: str) -> None:
        if self._is_openai:
            choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
            await self._event(reply, _openai_chunk(choices=[choice]))
        else:
            await self._event(reply, {"model": MODEL, "message": {"role": "assistant", "content": text}, "done": False})

    async def _end(self, reply: web.StreamResponse) -> None:
        reason = "length" if self.fault is Fault.LENGTH else "stop"
        prompt_tokens = self.applied_context if self.fault is Fault.CUT_PROMPT else 11
        if not self._is_openai:
            counts = {"prompt_eval_count": prompt_tokens, "eval_count": 5}
            message = {"role": "assistant", "content": ""}
            await self._event(reply, {"model": MODEL, "message": message, "done": True, "done_reason": reason} | counts)
            return
        await self._event(reply, _openai_chunk(choices=[{"index": 0, "delta": {}, "finish_reason": reason}]))
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 5, "total_tokens": prompt_tokens + 5}
        await self._event(reply, _openai_chunk(choices=[]) | {"usage": usage, "timings": {"cache_n": 7}})
        await reply.write(b"data: [DONE]\n\n")

    async def _event(self, reply: web.StreamResponse, event: dict[str, object]) -> None:
        line = json.dumps(event).encode()
        await reply.write(b"data: " + line + b"\n\n" if self._is_openai else line + b"\n")

    def _refusal(self) -> web.Response:
        status, text = _STATUS[self.fault]
        error = {"message": text, "code": status} if self._is_openai else text
        return web.json_response({"error": error}, status=status)

    @property
    def _is_openai(self) -> bool:
        return self.wire == "openai"


def _openai_chunk(*, choices: list[dict[str, object]]) -> dict[str, object]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": choices}


def _pieces(text: str) -> Iterable[str]:
    return (text[start : start + 4] for start in range(0, len(text), 4))


@asynccontextmanager
async def serving(wire: Wire, *, socket: Path | None = None) -> AsyncIterator[FakeModelServer]:
    """Run the server on a free port of loopback, or on a Unix socket."""
    fake = FakeModelServer(wire)
    runner = web.AppRunner(fake.application(), handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        if socket is not None:
            await web.UnixSite(runner, str(socket)).start()
            fake.url = "http://embedded"
        else:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            fake.url = f"http://{host}:{port}"
        yield fake
    finally:
        await runner.cleanup()
