"""The model's server: started without waiting, made ready when it is first wanted."""

import asyncio

from selfheal.github.agents_order import MODEL_WANTED, MODEL_WORD
from selfheal.github.crew import Crew
from selfheal.github.docker import ended
from selfheal.github.sidecar import MODELS, ModelPlan, SidecarProblem, healthy, prepare, server_environment

_LOOK_S = 0.2


async def start_sidecar(crew: Crew, plan: ModelPlan) -> str | None:
    """Start the model's server in a network of its own, without waiting for it; gives why it can't be started."""
    try:
        # Ollama makes what is missing, and can't where the folder is read-only.
        for place in (plan.ollama, plan.ollama / "blobs", plan.ollama / "manifests"):
            place.mkdir(parents=True, exist_ok=True)
            crew.give(place)
    except OSError as error:
        return f"can't write to {plan.ollama} ({error.strerror})"
    started = await crew.docker.call(
        *("run", "--detach", *crew.base("model", "--network", "none")),
        *("--memory", f"{crew.settings.sidecar_memory_mb}m", *(("--gpus", "all") if crew.docker.has_gpu else ())),
        *server_environment(),
        *("--mount", f"type=bind,src={plan.ollama},dst={MODELS},readonly"),
        *(crew.settings.sidecar_image, "serve"),
    )
    return None if started.is_good else f"Docker could not start the model sidecar ({started.why_not})"


async def ready_model(crew: Crew, plan: ModelPlan) -> None:
    """Prepare the model when it is first wanted, and give the agents the word; they ask no question before."""
    # The wish comes from inside a container, where no event of ours reaches: looking is all that there is.
    while not (crew.out / MODEL_WANTED).exists():  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_S)
    unhealthy = await healthy(crew.docker, crew.name("model"))
    made = unhealthy or await prepare(plan, crew.docker, crew.base, crew.settings.sidecar_image, scratch=crew.folder)
    words = made.words if isinstance(made, SidecarProblem) else ""
    if words:
        crew.notes.append(f"There was no model: {words}")
    fresh = crew.link / f"{MODEL_WORD}.new"
    fresh.write_text(words, encoding="utf-8")
    fresh.chmod(0o644)
    fresh.replace(crew.link / MODEL_WORD)


async def watch_sidecar(crew: Crew) -> None:
    """Note that the sidecar has ended before its time."""
    waiting = await crew.docker.start("wait", crew.name("model"))
    try:
        out, _ = await waiting.communicate()
    finally:
        await ended(waiting)
    status = out.decode("ascii", "replace").strip()
    crew.notes.append(f"The model sidecar ended before the repair did (exit status {status[:5] or 'unknown'}).")
