"""The model beside the agents: an Ollama server without a network, and the model in its folder, proved by digest."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfheal.github.docker import Docker
from selfheal.models import DEFAULT_WEIGHTS, KNOWN, Located, NotLocated, Weights, WeightsStore
from selfheal.models.fetching import fetch

PORT = 11434
ADDRESS = f"http://127.0.0.1:{PORT}"
MODELS = "/models"
"""Where the model folder lies in the container."""
_WEIGHTS = "/weights"
_MODEL_LAYER = "application/vnd.ollama.image.model"
_TEMPLATE_LAYER = "application/vnd.ollama.image.template"
_CHAT = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
"""How the models of the catalogue were taught to talk (ChatML). A bare weights file gets none from Ollama, which then
hands them the question as a text to go on with."""
_HEALTH_S = 60.0
_LOOK_S = 0.1
_CREATE_S = 300.0
_PULL_S = 1800.0
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}(?:/[A-Za-z0-9][\w.-]{0,99})*(?::[A-Za-z0-9][\w.-]{0,99})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SidecarProblem:
    """Why there is no model, for a person."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlan:
    """Which model, where it lies on the runner, and what proves it.

    `weights` are those of the catalogue, whose digest is known; None for another model of Ollama's library, which
    `digest` pins: the SHA-256 of its manifest, as `ollama list` shows it.
    """

    name: str
    weights: Weights | None
    digest: str
    ollama: Path
    store: Path
    may_fetch: bool


def plan_model(model: str | None, *, digest: str, store: Path, may_fetch: bool) -> ModelPlan | SidecarProblem:
    """Decide what the sidecar has to have."""
    asked = model or DEFAULT_WEIGHTS.name
    weights = next((known for known in KNOWN if known.is_called(asked)), None)
    name = weights.ollama_name if weights else asked
    if not _NAME.fullmatch(name):
        return SidecarProblem(f"{asked[:100]!r} is no name of a model in Ollama: give one as `ollama list` shows it")
    return ModelPlan(
        name=name, weights=weights, digest=digest, ollama=store.parent / "ollama", store=store, may_fetch=may_fetch
    )


def manifest_of(plan: ModelPlan) -> Path:
    """Where Ollama keeps what it knows of the model."""
    name, _, tag = plan.name.partition(":")
    owner = name if "/" in name else f"library/{name}"
    return plan.ollama / "manifests/registry.ollama.ai" / owner / (tag or "latest")


def examine(plan: ModelPlan) -> str | SidecarProblem:
    """Hash what lies there, every time: the folder comes from a cache that others may write. Gives the digest."""
    file = manifest_of(plan)
    try:
        data = file.read_bytes()
        layers = [layer for layer in _layers(json.loads(data)) if _is_whole(plan.ollama, layer)]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return SidecarProblem(f"the model {plan.name} is not in {plan.ollama}, or not whole")
    found = hashlib.sha256(data).hexdigest()
    if plan.digest:
        pinned = plan.digest.removeprefix("sha256:").lower()
        if found != pinned:
            return SidecarProblem(f"the model {plan.name} is another one (sha256:{found}) than model-digest pins")
    elif plan.weights is None:
        return SidecarProblem(f"pin the model {plan.name}: set model-digest to sha256:{found} once you trust it")
    if plan.weights is not None and not _speaks(plan.ollama, layers):
        return SidecarProblem(f"the model {plan.name} in {plan.ollama} has another chat template than ours")
    if plan.weights is not None and f"sha256:{plan.weights.sha256}" not in [
        layer["digest"] for layer in layers if layer["mediaType"] == _MODEL_LAYER
    ]:
        return SidecarProblem(f"the model {plan.name} in {plan.ollama} is not the publisher's {plan.weights.file}")
    return f"sha256:{found}"


async def prepare(
    plan: ModelPlan, docker: Docker, base: Callable[..., tuple[str, ...]], image: str, *, scratch: Path
) -> str | SidecarProblem:
    """Have the model in the folder, and proved. Gives the digest.

    `base` makes the arguments of a container: `base(name, *more)`. Weights of the catalogue are imported from our own
    store by a container without a network; any other model is pulled by one that has it.
    """
    seen = await asyncio.to_thread(examine, plan)
    if isinstance(seen, str):
        return seen
    if plan.weights is None:
        if not manifest_of(plan).is_file():
            made = await _pulled(plan, docker, base, image)
            if made is not None:
                return made
        return await asyncio.to_thread(examine, plan)
    located = await _located(plan, plan.weights)
    if isinstance(located, SidecarProblem):
        return located
    recipe = scratch / "Modelfile"
    lines = (f"FROM {_WEIGHTS}/{located.path.name}", f'TEMPLATE """{_CHAT}"""', 'PARAMETER stop "<|im_end|>"', "")
    recipe.write_text("\n".join(lines), encoding="utf-8")
    recipe.chmod(0o644)
    mounts = (_mount(located.path, f"{_WEIGHTS}/{located.path.name}"), _mount(recipe, "/recipe/Modelfile"))
    line = ("create", plan.name, "--file", "/recipe/Modelfile")
    failure = await _do(plan, docker, base("import", "--network", "none", *_flat(mounts)), image, line, _CREATE_S)
    return failure if failure is not None else await asyncio.to_thread(examine, plan)


async def _pulled(
    plan: ModelPlan, docker: Docker, base: Callable[..., tuple[str, ...]], image: str
) -> SidecarProblem | None:
    return await _do(plan, docker, base("pull", "--network", "bridge"), image, ("pull", plan.name), _PULL_S)


async def _do(
    plan: ModelPlan, docker: Docker, arguments: tuple[str, ...], image: str, line: tuple[str, ...], limit_s: float
) -> SidecarProblem | None:
    """Let a short-lived server do one thing in the model folder."""
    writable = ("--mount", f"type=bind,src={plan.ollama},dst={MODELS}")
    started = await docker.call("run", "--detach", *arguments, *server_environment(), *writable, image, "serve")
    if not started.is_good:
        return SidecarProblem(f"Docker could not start the container for {line[0]} ({started.why_not})")
    own = started.out.strip()
    try:
        unhealthy = await healthy(docker, own)
        if unhealthy is not None:
            return unhealthy
        done = await docker.call("exec", own, "ollama", *line, timeout_s=limit_s)
        return None if done.is_good else SidecarProblem(f"ollama {line[0]} {plan.name} failed ({done.why_not})")
    finally:
        await asyncio.shield(docker.call("rm", "--force", "--volumes", own))


async def healthy(docker: Docker, container: str) -> SidecarProblem | None:
    """Wait until the server inside answers its own client; give up where it has ended."""
    with_limit = asyncio.timeout(_HEALTH_S)
    try:
        async with with_limit:
            while not (await docker.call("exec", container, "ollama", "list")).is_good:
                state = await docker.call("container", "inspect", "--format", "{{.State.Running}}", container)
                if state.out.strip() != "true":
                    return SidecarProblem("the model sidecar ended as soon as it was started")
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        return SidecarProblem(f"the model sidecar did not answer within {_HEALTH_S:g} s")
    return None


def server_environment() -> tuple[str, ...]:
    """What tells Ollama where everything is. Pruning would write to the folder at every start."""
    told = {"OLLAMA_HOST": f"127.0.0.1:{PORT}", "OLLAMA_MODELS": MODELS, "OLLAMA_NOPRUNE": "1", "HOME": "/tmp"}  # noqa: S108
    return tuple(word for name, value in told.items() for word in ("--env", f"{name}={value}"))


async def _located(plan: ModelPlan, weights: Weights) -> Located | SidecarProblem:
    store = WeightsStore(plan.store)
    located: Located | NotLocated = await asyncio.to_thread(store.locate, weights.name)
    if isinstance(located, NotLocated) and plan.may_fetch:
        await fetch(plan.store, weights.name)
        located = await asyncio.to_thread(store.locate, weights.name)
    return located if isinstance(located, Located) else SidecarProblem(located.message)


def _layers(document: Any) -> list[dict[str, Any]]:
    return [*document["layers"], document["config"]]


def _is_whole(folder: Path, layer: dict[str, Any]) -> bool:
    """Hash a layer's file. Raises ValueError for one that is not what its name says."""
    kind, _, digest = str(layer["digest"]).partition(":")
    if kind != "sha256" or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError("no digest")
    file = folder / "blobs" / f"sha256-{digest}"
    if file.is_symlink():
        raise ValueError("a link")
    with file.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
            raise ValueError("another content")
    return True


def _speaks(folder: Path, layers: list[dict[str, Any]]) -> bool:
    """True where the model's template is ours. Reads what `_is_whole` has hashed."""
    named = [str(layer["digest"]).partition(":")[2] for layer in layers if layer["mediaType"] == _TEMPLATE_LAYER]
    texts = [(folder / "blobs" / f"sha256-{digest}").read_text(encoding="utf-8") for digest in named]
    return [text.strip() for text in texts] == [_CHAT.strip()]


def _mount(source: Path, target: str) -> tuple[str, str]:
    return ("--mount", f"type=bind,src={source},dst={target},readonly")


def _flat(pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(word for pair in pairs for word in pair)
