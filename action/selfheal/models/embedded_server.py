"""The embedded engine's own process: llama.cpp's server, which ends when its parent does.

Run as `python -P -m selfheal.models.embedded_server`. It reads a `ServerConfig` line from standard input, writes one
line of `ServerReady` or `ServerFailed` to standard output, and then serves until standard input closes.
"""

import contextlib
import os
import sys
import threading

from selfheal.contract.engine import ModelFault
from selfheal.models.handshake import ServerConfig, ServerFailed, ServerReady
from selfheal.private_process import keep_private

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


def main() -> int:
    """Serve until the parent is gone."""
    # llama.cpp may print; the handshake keeps the real standard output to itself.
    handshake = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    config = ServerConfig.model_validate_json(sys.stdin.readline())
    _die_with(config.parent_pid)
    # No other process of the same user may read the key out of this one's memory.
    keep_private()
    outcome, server = _serve(config)
    handshake.write(outcome.model_dump_json() + "\n")
    handshake.close()
    if isinstance(outcome, ServerFailed):
        return 1
    threading.Event().wait()
    del server
    return 0


def _serve(config: ServerConfig) -> tuple[ServerReady | ServerFailed, object]:
    try:
        import xllamacpp
    except ImportError as error:
        return ServerFailed(
            fault=ModelFault.UNREACHABLE,
            message=f"the embedded engine is not installed ({error.name}): pip install 'selfheal[embedded]'",
        ), None
    _limit_memory(config.memory_limit_bytes)
    params = xllamacpp.CommonParams()
    params.model.path = config.weights
    params.model_alias = {config.alias}
    params.n_ctx = config.context_tokens
    # One slot: two gain almost nothing on two cores and halve the context.
    params.n_parallel = 1
    params.hostnames = [config.host]
    params.port = 0
    params.api_keys = [config.api_key]
    params.cpuparams.n_threads = config.threads
    params.cpuparams_batch.n_threads = config.threads
    params.n_gpu_layers = 0
    params.ui = False
    params.endpoint_slots = False
    _speculate(params.speculative, config, xllamacpp.common_speculative_type)
    try:
        # The server owns its threads; the object must live as long as it is to listen.
        server = xllamacpp.Server(params)
    except MemoryError:
        return ServerFailed(fault=ModelFault.OUT_OF_MEMORY, message="out of memory while loading"), None
    except RuntimeError as error:
        # llama.cpp says why only in its log, which the parent has read.
        return ServerFailed(fault=ModelFault.CRASHED, message=str(error)), None
    return ServerReady(address=server.listening_address), server


def _speculate(speculative: object, config: ServerConfig, types: object) -> None:
    chosen = config.speculation
    if chosen.kind == "none":
        return
    speculative.types = [getattr(types, f"COMMON_SPECULATIVE_TYPE_{chosen.kind.upper()}")]  # type: ignore[attr-defined]
    sizes = getattr(speculative, chosen.kind)
    if chosen.kind == "ngram_mod":
        sizes.n_match, sizes.n_max, sizes.n_min = chosen.lookup_tokens, chosen.draft_tokens, chosen.draft_tokens // 2
    elif chosen.kind != "ngram_cache":
        sizes.size_n, sizes.size_m = chosen.lookup_tokens, chosen.draft_tokens


def _limit_memory(limit_bytes: int | None) -> None:
    if limit_bytes is None or sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _die_with(parent_pid: int) -> None:
    """End this process when its parent ends, however that comes about.

    On Linux the kernel does it, and also when this process is stopped. Elsewhere (and besides) the end
    of standard input tells, since the parent holds its other end.
    """
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:
            os._exit(1)
    threading.Thread(target=_exit_at_end_of_input, daemon=True).start()


def _exit_at_end_of_input() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
