"""The real engines, started once a session. What is missing is named in the skip."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from models.engines import Kind
from selfheal.contract.engine import Engine, ModelIdentity
from selfheal.models import (
    DEFAULT_WEIGHTS,
    EmbeddedEngine,
    Located,
    OllamaEngine,
    OpenAIEngine,
    Speculation,
    WeightsStore,
    default_models_dir,
)
from selfheal.models.engine_process import EngineProcess, Launch, launch

CONTEXT_TOKENS = 1024

# Ollama takes the chat template from its own library; a bare GGUF file comes without one.
_MODELFILE = '''FROM {weights}
TEMPLATE """{{{{- range .Messages }}}}<|im_start|>{{{{ .Role }}}}
{{{{ .Content }}}}<|im_end|>
{{{{ end }}}}<|im_start|>assistant
"""
PARAMETER stop "<|im_end|>"
'''


def weights_or_skip() -> Located:
    """The default model, or a skip that says how to get it."""
    chosen = os.environ.get("SELFHEAL_MODELS_DIR")
    folder = Path(chosen) if chosen else default_models_dir(Path.home() / ".cache")
    located = WeightsStore(folder).locate(DEFAULT_WEIGHTS.name)
    if not isinstance(located, Located):
        pytest.skip(f"no model weights: {located.message}")
    return located


@asynccontextmanager
async def real_engine(kind: Kind, folder: Path) -> AsyncIterator[Engine]:
    """A started engine of that kind."""
    match kind:
        case "embedded":
            running = _embedded()
        case "openai":
            running = _llama_server()
        case "ollama":
            running = _ollama(folder)
    async with running as engine:
        identity = await engine.start()
        assert isinstance(identity, ModelIdentity), identity
        try:
            yield engine
        finally:
            await engine.aclose()


@asynccontextmanager
async def _embedded() -> AsyncIterator[Engine]:
    weights = weights_or_skip()
    yield EmbeddedEngine(weights.path, name=weights.name, digest=weights.sha256, context_tokens=CONTEXT_TOKENS)


@asynccontextmanager
async def _llama_server() -> AsyncIterator[Engine]:
    weights = weights_or_skip()
    plan = Launch(
        weights=weights.path,
        alias=weights.name,
        context_tokens=CONTEXT_TOKENS,
        threads=os.cpu_count() or 1,
        speculation=Speculation(),
        host="127.0.0.1",
    )
    process = await launch(plan)
    assert isinstance(process, EngineProcess), process
    try:
        yield OpenAIEngine(base_url=f"{process.address}/v1", api_key=process.api_key)
    finally:
        await process.kill()


@asynccontextmanager
async def _ollama(folder: Path) -> AsyncIterator[Engine]:
    binary = os.environ.get("SELFHEAL_TEST_OLLAMA") or shutil.which("ollama")
    if binary is None:
        pytest.skip("no Ollama server binary: run tests/models/install_ollama.sh, or set SELFHEAL_TEST_OLLAMA")
    weights = weights_or_skip()
    port = await _free_port()
    environment = os.environ | {"OLLAMA_HOST": f"127.0.0.1:{port}", "OLLAMA_MODELS": str(folder / "ollama")}
    _offer_blob(weights, folder / "ollama")
    (folder / "Modelfile").write_text(_MODELFILE.format(weights=weights.path))
    log = (folder / "ollama.log").open("wb")
    server = await asyncio.create_subprocess_exec(binary, "serve", env=environment, stdout=log, stderr=log)
    try:
        await _run(binary, "create", "selfheal-test", "-f", str(folder / "Modelfile"), env=environment)
        yield OllamaEngine(
            model="selfheal-test", base_url=f"http://127.0.0.1:{port}", context_tokens=CONTEXT_TOKENS, keep_alive="5m"
        )
    finally:
        server.terminate()
        await server.wait()
        log.close()


async def _run(*command: str, env: dict[str, str]) -> None:
    """Run the client until the server is up; it says so itself when it is not."""
    for _ in range(50):
        client = await asyncio.create_subprocess_exec(
            *command, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await client.communicate()
        if client.returncode == 0:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"{command}: {output.decode('utf-8', 'replace')[-300:]}")


def _offer_blob(weights: Located, models: Path) -> None:
    """Put the file where Ollama would copy it to, so that no gigabyte is written."""
    blobs = models / "blobs"
    blobs.mkdir(parents=True)
    blob = blobs / f"sha256-{weights.sha256}"
    try:
        os.link(weights.path, blob)
    except OSError:
        blob.symlink_to(weights.path)


async def _free_port() -> int:
    probe = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port: int = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    return port
