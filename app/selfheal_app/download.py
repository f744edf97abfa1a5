"""Fetch the artifact of a run, never more of it than it may have, and the token shown to GitHub alone."""

import hashlib
from urllib.parse import urlsplit

from pydantic import Field

from selfheal.contract.origin import ARTIFACT
from selfheal_app.artifact import MAX_PACKED_BYTES, Contents, Refusal, Why, open_archive, read
from selfheal_app.errors import GitHubFailed
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected

_MOST_LOOKED_AT = 10
_TIMEOUT_S = 60.0


class _Listed(Known):
    id: int = Field(gt=0)
    name: str
    size_in_bytes: int
    expired: bool
    digest: str | None = None
    """`sha256:` and the digest of the archive; null for what older uploaders left."""


class _List(Known):
    artifacts: tuple[_Listed, ...]


async def fetch(api: Api, run: FinishedRun) -> Contents | Refusal:
    """The artifact of exactly this run and attempt. Raises GitHubFailed.

    GitHub lists the artifacts of all attempts together: the newest that says of itself that it is of this one is it.
    """
    listed = await api.get(f"/actions/runs/{run.run_id}/artifacts", _List, name=ARTIFACT, per_page=_MOST_LOOKED_AT)
    if isinstance(listed, Rejected):
        if listed.is_missing:
            return Refusal(Why.ABSENT, "the run is gone")
        return Refusal(Why.ABSENT, f"the artifacts can't be listed (GitHub: {listed.status} {listed.message})")
    named = sorted((each for each in listed.artifacts if each.name == ARTIFACT), key=lambda each: -each.id)
    first: Contents | Refusal | None = None
    for each in named[:_MOST_LOOKED_AT]:
        contents = await _open(api, each)
        told = contents if isinstance(contents, Refusal) else read(contents, run)
        if not isinstance(told, Refusal):
            return contents
        if told.why is not Why.OTHER_RUN:
            return contents
        first = first or contents
    return first or Refusal(Why.ABSENT, f"the run left no artifact {ARTIFACT}")


async def _open(api: Api, listed: _Listed) -> Contents | Refusal:
    if listed.expired:
        return Refusal(Why.ABSENT, "the artifact has expired: run the job again")
    if listed.size_in_bytes > MAX_PACKED_BYTES:
        return Refusal(Why.TOO_LARGE, f"the archive has {listed.size_in_bytes} bytes, the limit is {MAX_PACKED_BYTES}")
    where = await api.redirect_of(f"/actions/artifacts/{listed.id}/zip")
    if isinstance(where, Rejected):
        if where.status in (404, 410):
            return Refusal(Why.ABSENT, "the artifact is gone: run the job again")
        return Refusal(Why.ABSENT, f"the artifact is not given (GitHub: {where.status} {where.message})")
    if urlsplit(where).scheme != "https" and urlsplit(api.base_url).scheme == "https":
        return Refusal(Why.ABSENT, "GitHub sends to an address that is not encrypted")
    data = await _download(where)
    if data is None:
        return Refusal(Why.TOO_LARGE, f"the archive has more than {MAX_PACKED_BYTES} bytes")
    if listed.digest is not None and listed.digest != f"sha256:{hashlib.sha256(data).hexdigest()}":
        # half of it looks like a hostile archive: what GitHub lists tells one from the other
        raise GitHubFailed("the artifact's store gave other bytes than GitHub lists")
    return open_archive(data)


async def _download(address: str) -> bytes | None:
    """The bytes; None past the cap, whatever their sender says of their number. No token goes along."""
    import httpx

    data = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False, trust_env=True) as client,
            client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as response,
        ):
            if response.status_code != 200:
                raise GitHubFailed(f"the artifact's store answered {response.status_code}")
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) > MAX_PACKED_BYTES:
                    return None
            promised = response.headers.get("Content-Length")
    except httpx.HTTPError as error:
        raise GitHubFailed(f"the artifact's store did not answer ({type(error).__name__})") from None
    if promised is not None and promised.isdigit() and int(promised) != len(data):
        raise GitHubFailed("the artifact's store gave half of it")
    return bytes(data)
