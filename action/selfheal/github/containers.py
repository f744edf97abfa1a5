"""A repair whose agents live in a container, with a model beside them and the command on the runner.

```
 runner   this process ── executor (the command, its sandbox) ── reaper (takes everything away)
                              │ Unix socket in a private folder
 Docker                    agents ── loopback of a network of their own ── Ollama
```

The agents' container joins the sidecar's network, which has a loopback and nothing else. An internal Docker network
would give the machine itself an address in it, by which the user's command could reach the model's port.
"""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from selfheal.config import models_dir
from selfheal.github.agents_container import run_agents, taken
from selfheal.github.agents_order import AgentsOrder
from selfheal.github.crew import GRACE_S, ContainersFailed, Repaired, assembled, beside, reaped
from selfheal.github.docker import Docker
from selfheal.github.executor_process import executor_of
from selfheal.github.images import missing
from selfheal.github.reaper import sweep
from selfheal.github.sidecar import ADDRESS, ModelPlan, SidecarProblem, plan_model
from selfheal.github.sidecar_container import ready_model, start_sidecar, watch_sidecar
from selfheal.github.span_sending import spans_sent
from selfheal.team.repair import RepairRequest


async def repair_in_containers(
    request: RepairRequest, docker: Docker, *, tell: Callable[[str], None], hidden: tuple[Path, ...]
) -> Repaired | ContainersFailed:
    """Start everything, wait for the report, and leave nothing behind, however it ends.

    `tell` gets the agents' progress, line by line. `docker.environ` must be scrubbed. `hidden` is out of the command's
    sight.
    """
    settings = request.settings
    own = settings.containers
    store = models_dir(settings)
    plan = plan_model(settings.model, digest=own.model_digest, store=store, may_fetch=settings.embedded.fetch)
    if isinstance(plan, SidecarProblem):
        return ContainersFailed(plan.words, has_begun=False)
    parent = Path(tempfile.gettempdir())
    await asyncio.to_thread(sweep, docker.program, docker.environ, parent, now=time.time())
    for image in (own.agents_image, own.sidecar_image):
        problem = await missing(docker, image)
        if problem is not None:
            return ContainersFailed(problem, has_begun=False)
    async with AsyncExitStack() as stack:
        crew = assembled(docker, settings, parent)
        await stack.enter_async_context(reaped(crew))
        token = secrets.token_urlsafe(32)
        places = (crew.folder, store, plan.ollama, *hidden)
        refused = await stack.enter_async_context(executor_of(crew, request, token=token, hidden=places))
        if refused is not None:
            return ContainersFailed(refused, has_begun=False)
        refused = await start_sidecar(crew, plan)
        if refused is not None:
            return ContainersFailed(refused, has_begun=False)
        await stack.enter_async_context(beside(ready_model(crew, plan)))
        await stack.enter_async_context(beside(watch_sidecar(crew)))
        await stack.enter_async_context(spans_sent(crew, request))
        try:
            async with asyncio.timeout(settings.max_seconds + GRACE_S):
                made = await run_agents(crew, _order(request, plan, token), tell)
        except TimeoutError:
            return ContainersFailed(
                f"the agents' container did not come to an end within {settings.max_seconds + GRACE_S:g} s",
                has_begun=True,
            )
        return await asyncio.to_thread(taken, crew, request) if made is None else made


def _order(request: RepairRequest, plan: ModelPlan, token: str) -> AgentsOrder:
    inside = {"engine": "ollama", "base_url": ADDRESS, "model": plan.name, "api_key": None, "models_dir": None}
    previous = request.previous.read_text(encoding="utf-8") if request.previous else None
    return AgentsOrder(
        command=request.command, settings=request.settings.model_copy(update=inside), token=token, previous=previous
    )
