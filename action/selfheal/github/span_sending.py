"""Send on what the agents in their container write of their spans: they have no network, and the runner has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from selfheal.github.crew import Crew, beside
from selfheal.logs import Redactor
from selfheal.team.repair import RepairRequest
from selfheal.team.secrets import scrubbed


@asynccontextmanager
async def spans_sent(crew: Crew, request: RepairRequest) -> AsyncIterator[None]:
    """Follow the agents' trace as it grows, where a collector is named; the rest is sent at the end."""
    plan = request.telemetry
    if plan is None or plan.traces is None or plan.share <= 0:
        yield
        return
    from selfheal.trace.forwarding import Forwarder
    from selfheal.trace.sending import chosen_only, span_exporter

    redact = Redactor(scrubbed(request.environ or {}).secret_values).redact
    exporter = chosen_only(span_exporter(plan.traces), plan.share)
    forwarder = Forwarder(crew.out / "trace.jsonl", exporter, redact=redact)

    async def follow() -> None:
        while True:
            await asyncio.sleep(plan.interval_s)
            await asyncio.to_thread(forwarder.step)

    try:
        async with beside(follow()):
            yield
    finally:
        await asyncio.to_thread(forwarder.close)
