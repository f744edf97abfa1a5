"""What the embedded engine and its server process say to each other: one line each way."""

from typing import Literal

from selfheal.contract.base import Frozen
from selfheal.contract.engine import ModelFault

SpeculationKind = Literal["none", "ngram_simple", "ngram_map_k", "ngram_map_k4v", "ngram_mod", "ngram_cache"]


class Speculation(Frozen):
    """How the server guesses tokens ahead by looking up what the prompt holds already.

    `lookup_tokens` must match before `draft_tokens` are guessed (llama.cpp's size_n and size_m).
    """

    kind: SpeculationKind = "none"
    lookup_tokens: int = 12
    draft_tokens: int = 48


class ServerConfig(Frozen):
    """Told to the server process on its standard input, so that the key shows in no process list."""

    weights: str
    alias: str
    api_key: str
    host: str
    """A loopback address, or the path of a Unix socket ending in `.sock`."""
    context_tokens: int
    threads: int
    speculation: Speculation
    memory_limit_bytes: int | None = None
    """A cap on the address space: the engine then fails by itself rather than the kernel choosing a victim."""
    parent_pid: int


class ServerReady(Frozen):
    """The server listens. `address` is `unix:///path` or `http://host:port`."""

    kind: Literal["ready"] = "ready"
    address: str


class ServerFailed(Frozen):
    """The server could not start."""

    kind: Literal["failed"] = "failed"
    fault: ModelFault
    message: str
