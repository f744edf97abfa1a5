"""Decide where the agents live: in containers, or in the runner's own processes, and say why."""

from collections.abc import Mapping
from dataclasses import dataclass

from selfheal.config import Settings
from selfheal.errors import UsageError
from selfheal.github.docker import Docker, find_docker
from selfheal.github.images import pinned


@dataclass(frozen=True, slots=True)
class InContainers:
    """Docker is there and both images are named."""

    docker: Docker


@dataclass(frozen=True, slots=True)
class InProcess:
    """No containers; `why` is for the summary."""

    why: str


async def choose_isolation(settings: Settings, environ: Mapping[str, str]) -> InContainers | InProcess:
    """Choose by the settings and by what the runner has. `environ` must be scrubbed, less Docker's own.

    Raises UsageError where containers are asked for and can't be had.
    """
    wanted = settings.containers.isolation
    if wanted == "process":
        return InProcess("`isolation: process` asks for it")
    why = _why_not(settings)
    if why is None:
        docker = await find_docker(environ)
        if isinstance(docker, Docker):
            return InContainers(docker)
        why = docker.words
    if wanted == "container":
        raise UsageError(f"isolation: container can't be had: {why}")
    return InProcess(why)


def _why_not(settings: Settings) -> str | None:
    own = settings.containers
    if settings.engine not in ("auto", "ollama"):
        return f"the engine {settings.engine} is not the sidecar's"
    if settings.base_url is not None:
        return "the agents' container has no network to reach `base-url`"
    for name, image in (("agents-image", own.agents_image), ("sidecar-image", own.sidecar_image)):
        if not image:
            return f"no `{name}` is named"
        if not pinned(image):
            return f"`{name}` is not pinned by a digest (NAME@sha256:…)"
    return None
