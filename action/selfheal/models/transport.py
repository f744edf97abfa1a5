"""The HTTP transport under every engine: a plain connection that reads along with the answer.

Imported where it is used, since httpx takes a while to load.
"""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx

from selfheal.models.stream_facts import StreamFacts, StreamReader

CONNECT_TIMEOUT_S = 10.0
"""For the connection alone; the whole call is bounded by its request."""
_ONE_USE = httpx.Limits(max_keepalive_connections=0)
"""A connection of its own for each question: llama.cpp's server closes an idle one after five seconds and any after a
hundred answers without saying so, and a question that meets that moment is lost."""


class TappedTransport(httpx.AsyncBaseTransport):
    """Sends requests on, keeps the facts of the latest answer, and can end that answer at once.

    It goes straight to the server: proxies of the environment are for the internet, and a proxied
    call to a model on this machine would carry the code off it. `extra_fields` are merged into the JSON
    body of requests whose path is in `extra_paths`, for options that the client library does not know.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        extra_paths: tuple[str, ...] = (),
        extra_fields: Mapping[str, object] | None = None,
    ) -> None:
        self._inner = inner
        self._extra_paths = extra_paths
        self._extra_fields = dict(extra_fields or {})
        self._reader = StreamReader()
        self._latest: httpx.Response | None = None

    def begin(self) -> None:
        """Forget the answer before; called ahead of each question."""
        self._reader = StreamReader()
        self._latest = None

    def facts(self) -> StreamFacts:
        """What the answer said about itself so far."""
        return self._reader.facts()

    async def release(self) -> None:
        """Close the answer's connection if it is still open, which makes the server stop generating."""
        if self._latest is not None:
            response, self._latest = self._latest, None
            await response.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request (httpx calls this)."""
        response = await self._inner.handle_async_request(await self._extended(request))
        # The inner transport's own response is kept for `release`; the client gets one that reads along.
        self._latest = response
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_TappedStream(response, self._reader),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close the inner transport (httpx calls this)."""
        await self._inner.aclose()

    async def _extended(self, request: httpx.Request) -> httpx.Request:
        if request.url.path not in self._extra_paths or not self._extra_fields:
            return request
        body = json.loads(await request.aread()) | self._extra_fields
        kept = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
        return httpx.Request(request.method, request.url, headers=kept, json=body, extensions=request.extensions)


class _TappedStream(httpx.AsyncByteStream):
    def __init__(self, response: httpx.Response, reader: StreamReader) -> None:
        self._response = response
        self._reader = reader

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._response.stream, httpx.AsyncByteStream)
        async for data in self._response.stream:
            self._reader.feed(data)
            yield data

    async def aclose(self) -> None:
        await self._response.aclose()


def tcp_transport(url: str) -> httpx.AsyncHTTPTransport:
    """A connection over TCP; certificates are loaded only where the URL needs them."""
    return httpx.AsyncHTTPTransport(verify=url.startswith("https:"), limits=_ONE_USE)


def unix_transport(socket: Path) -> httpx.AsyncHTTPTransport:
    """A connection over a Unix domain socket."""
    return httpx.AsyncHTTPTransport(uds=str(socket), verify=False, limits=_ONE_USE)


def timeouts() -> httpx.Timeout:
    """Only connecting is bounded here: reading waits as long as the question allows."""
    return httpx.Timeout(None, connect=CONNECT_TIMEOUT_S)
