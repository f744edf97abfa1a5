"""The container in which the agents live, and what is left of it."""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from selfheal.contract.report import Report
from selfheal.github.agents_order import AGENTS_END, INSIDE, AgentsFailed, AgentsOrder
from selfheal.github.crew import ContainersFailed, Crew, Repaired
from selfheal.github.docker import ended
from selfheal.logs import Redactor
from selfheal.team.repair import RepairRequest, write_report
from selfheal.team.secrets import scrubbed

_MAX_REPORT_BYTES = 16 << 20
_MAX_TRACE_BYTES = 64 << 20
_MAX_LINE = 600
_MAX_LINES = 5000
_NO_PROXY = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "FTP_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "ftp_proxy",
)
"""Docker's client puts the machine's own into every container, password and all, unless they are set."""


async def run_agents(crew: Crew, order: AgentsOrder, tell: Callable[[str], None]) -> ContainersFailed | None:
    """Run the agents' container to its end; gives how it failed."""
    process = await crew.docker.start(
        *("run", "--interactive", *crew.base("agents", "--network", f"container:{crew.name('model')}")),
        *("--memory", f"{crew.settings.agents_memory_mb}m"),
        *(word for name in _NO_PROXY for word in ("--env", f"{name}=")),
        *("--mount", f"type=bind,src={crew.link},dst={INSIDE}/link,readonly"),
        *("--mount", f"type=bind,src={crew.out},dst={INSIDE}/out"),
        *("--entrypoint", "python3", crew.settings.agents_image, "-I", "-m", "selfheal.github.agents"),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        with contextlib.suppress(OSError):
            process.stdin.write(order.model_dump_json().encode() + b"\n")
            await process.stdin.drain()
        told, _ = await asyncio.gather(_last_line(process.stdout), _forwarded(process.stderr, tell))
        status = await process.wait()
    finally:
        await ended(process)
    if status == 0:
        return None
    with contextlib.suppress(ValidationError):
        end = AGENTS_END.validate_json(told)
        if isinstance(end, AgentsFailed):
            return ContainersFailed(end.words, has_begun=True)
    return await _killed(crew, status)


async def _killed(crew: Crew, status: int) -> ContainersFailed:
    """Say of a container without a last word what became of it."""
    form = "{{.State.StartedAt}} {{.State.OOMKilled}}"
    state = await crew.docker.call("container", "inspect", "--format", form, crew.name("agents"))
    began = not state.out.startswith("0001-") if state.is_good else status not in (125, 126, 127)
    if not began:
        words = " ".join(("Docker could not start the agents' container.", *crew.notes))
        return ContainersFailed(words, has_begun=False)
    if state.out.strip().endswith("true"):
        why = f"it used more than {crew.settings.agents_memory_mb} MB of memory"
    elif status > 128:
        why = f"it was killed or removed from outside (exit status {status})"
    else:
        why = f"it broke (exit status {status}): is agents-image of this version of selfheal?"
    words = " ".join((f"The agents' container ended before the repair did: {why}.", *crew.notes))
    return ContainersFailed(words, has_begun=True)


async def _last_line(stream: asyncio.StreamReader) -> bytes:
    kept = b""
    while block := await stream.read(1 << 16):
        kept = (kept + block)[-(1 << 16) :]
    return kept.rstrip(b"\n").rpartition(b"\n")[2]


async def _forwarded(stream: asyncio.StreamReader, tell: Callable[[str], None]) -> None:
    """Tell every line, as long as there are not too many and they are not too long."""
    kept, told = b"", 0
    while block := await stream.read(1 << 14):
        *lines, kept = (kept + block).split(b"\n")
        kept = kept[:_MAX_LINE]
        for line in lines:
            told += 1
            if told <= _MAX_LINES and line.strip():
                tell(line[:_MAX_LINE].decode("utf-8", "replace"))


def taken(crew: Crew, request: RepairRequest) -> Repaired | ContainersFailed:
    """Read what the agents wrote, as a stranger's: the summary and the patch are made anew from the report."""
    redact = Redactor(scrubbed(request.environ or {}).secret_values).redact
    try:
        document = redact(_read(crew.out / "report.json", _MAX_REPORT_BYTES))
        report = Report.model_validate(json.loads(document))
    except (OSError, ValueError, RecursionError) as error:
        return ContainersFailed(f"the agents left no report that can be read ({type(error).__name__})", has_begun=True)
    request.out.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError, ValueError):
        trace = _read(crew.out / "trace.jsonl", _MAX_TRACE_BYTES)
        (request.out / "trace.jsonl").write_text(redact(trace), encoding="utf-8")
    write_report(request.out, report, redact=redact)
    return Repaired(report, tuple(crew.notes))


def _read(file: Path, most: int) -> str:
    """Read a regular file of bounded size; a link, a pipe or a device is none. Raises OSError or ValueError."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not file.is_file() or os.fstat(descriptor).st_nlink != 1:
            raise ValueError("no regular file")
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError("too long")
    return data.decode("utf-8")
