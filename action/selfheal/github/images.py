"""Images, by their digests alone."""

import re

from selfheal.github.docker import Docker

_PULL_S = 900.0
_IMAGE = re.compile(r"(?:[\w.:/-]+@)?sha256:[0-9a-f]{64}", re.ASCII)


def pinned(reference: str) -> bool:
    """True for an image that its digest names: nobody can put another one under it."""
    return _IMAGE.fullmatch(reference) is not None


async def missing(docker: Docker, image: str) -> str | None:
    """Have an image here, by its digest; gives why it can't be had."""
    if not pinned(image):
        return f"the image {image[:200]!r} is not pinned: write it as NAME@sha256:…"
    if (await docker.call("image", "inspect", "--format", "{{.Id}}", image)).is_good:
        return None
    if "@" not in image:
        return f"the image {image} is not on this machine"
    pulled = await docker.call("pull", "--quiet", image, timeout_s=_PULL_S)
    return None if pulled.is_good else f"the image {image} can't be pulled ({pulled.why_not})"
