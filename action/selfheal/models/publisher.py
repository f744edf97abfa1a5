"""The publisher's repository: one file over HTTPS, resumed where it broke off."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selfheal.models.partial import PartialFile
from selfheal.models.pulling import PullFailure, PullFault

if TYPE_CHECKING:
    import httpx

_MAX_BARREN_TRIES = 3
"""Tries in a row that brought nothing; a try that brought bytes starts the count again."""


def fetch_from_publisher(url: str, partial: PartialFile) -> PullFailure | None:
    """Complete the partial file. Proxies and certificates are those of the environment."""
    import httpx

    host = urlsplit(url).netloc
    barren = 0
    problem = PullFailure(PullFault.NETWORK, f"{host}: nothing was tried")
    # A compressed answer could not be resumed at a byte.
    headers = {"Accept-Encoding": "identity"}
    with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(30, connect=10), headers=headers) as client:
        while not partial.is_whole:
            before = partial.size
            try:
                outcome = _fetch_rest(client, url, host, partial)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                outcome = PullFailure(PullFault.NETWORK, f"{host}: {type(error).__name__}: {str(error)[:200]}")
            if outcome is not None and outcome.fault is not PullFault.NETWORK:
                return outcome
            problem = outcome or PullFailure(PullFault.CUT_SHORT, f"{host}: the file ended at {partial.size} bytes")
            barren = 0 if partial.size > before else barren + 1
            if barren == _MAX_BARREN_TRIES:
                return problem
    return None


def _fetch_rest(client: "httpx.Client", url: str, host: str, partial: PartialFile) -> PullFailure | None:
    have = partial.size
    with client.stream("GET", url, headers={"Range": f"bytes={have}-"} if have else {}) as reply:
        if reply.status_code == 200 and have:
            # The server knows no ranges and starts again, and so do we.
            partial.restart()
        elif reply.status_code == 206 and not reply.headers.get("content-range", "").startswith(f"bytes {have}-"):
            return PullFailure(PullFault.WRONG_DIGEST, f"{host}: sent another range than was asked for")
        elif reply.status_code == 416:
            return PullFailure(PullFault.WRONG_DIGEST, f"{host}: its file has no more than {have} bytes")
        elif reply.status_code in (429, 500, 502, 503, 504):
            return PullFailure(PullFault.NETWORK, f"{host}: HTTP {reply.status_code}")
        elif reply.status_code not in (200, 206):
            return PullFailure(PullFault.CUT_SHORT, f"{host}: HTTP {reply.status_code} for {url}")
        if not partial.append(reply.iter_raw(), source=host):
            return PullFailure(PullFault.WRONG_DIGEST, f"{host}: its file is longer than it should be")
    return None
