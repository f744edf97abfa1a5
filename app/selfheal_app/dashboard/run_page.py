"""One run's page: made when it is asked for, of the artifact that GitHub keeps. Nothing of it is stored here."""

import asyncio
import io
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from selfheal.contract.trace_lines import read_trace
from selfheal.page.view import policy, render
from selfheal_app.access import Access
from selfheal_app.artifact import Refusal, read
from selfheal_app.download import fetch
from selfheal_app.publishing.client import Rejected
from selfheal_app.runs import get_attempt
from selfheal_app.store.outcomes import RunOutcome

_MOST_KEPT = 16
_MOST_BYTES = 4 << 20
_AT_ONCE = 2
"""An artifact unpacks to nearly a hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Told:
    """The document with its policy; with an empty policy a sentence that says why there is none."""

    text: str
    policy: str


class RunPages:
    """Keeps the newest few in memory: an attempt that has ended does not change."""

    def __init__(self, access: Access | None, *, make: Callable[..., str] = render) -> None:
        self._access, self._make = access, make
        self._kept: OrderedDict[tuple[str, int, int], str] = OrderedDict()
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def page(self, run: RunOutcome, installation_id: int) -> Told:
        """The page of a run whose repository the person may read. Raises GitHubFailed or NoAccess."""
        key = (run.repository.casefold(), run.run_id, run.run_attempt)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return Told(kept, policy())
        if self._access is None:
            return Told("The App has no credentials, so it can't ask GitHub for the artifact.", "")
        async with self._room:
            made = await self._made(self._access, run, installation_id)
        if made.policy and len(made.text) <= _MOST_BYTES:
            self._kept[key] = made.text
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    async def _made(self, access: Access, run: RunOutcome, installation_id: int) -> Told:
        async with await access.api(installation_id, run.repository) as api:
            told = await get_attempt(api, run.run_id, run.run_attempt)
            if isinstance(told, Rejected):
                return Told("GitHub does not know this run any more.", "")
            finished = told.finished(run.repository, "")
            contents = await fetch(api, finished)
        artifact = contents if isinstance(contents, Refusal) else read(contents, finished)
        if isinstance(contents, Refusal) or isinstance(artifact, Refusal):
            why = artifact.message if isinstance(artifact, Refusal) else ""
            return Told(f"There is nothing to show: {why}. In numbers: {run.outcome}, {run.summary}", "")
        trace = read_trace(io.BytesIO(contents.get("trace.jsonl", b"")))
        title = f"{run.repository} run {run.run_id}, attempt {run.run_attempt}"
        home = f"/repositories/{run.repository}"
        text = await asyncio.to_thread(self._make, trace, artifact.report, home=home, title=title)
        return Told(text, policy())
