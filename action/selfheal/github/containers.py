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
import contextlib
import json
import os
import re
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from selfheal.config import ContainerSettings, Settings, models_dir, network_is_allowed, scratch_parent
from selfheal.contract.report import Report
from selfheal.executor.handshake import REPLY, ExecutorConfig, ExecutorReady
from selfheal.github.agents_order import AGENTS_END, INSIDE, MODEL_WANTED, MODEL_WORD, SOCKET, AgentsFailed, AgentsOrder
from selfheal.github.docker import Docker, ended
from selfheal.github.reaper import DEADLINE_LABEL, FOLDER_PREFIX, RUN_LABEL, Leftovers, remove, sweep
from selfheal.github.sidecar import (
    ADDRESS,
    MODELS,
    ModelPlan,
    SidecarProblem,
    healthy,
    plan_model,
    prepare,
    server_environment,
)
from selfheal.logs import Redactor
from selfheal.team.repair import RepairRequest, write_report
from selfheal.team.secrets import scrubbed

_NOBODY = 10001
_GRACE_S = 120.0
"""How much longer than `max_seconds` the whole may take: starting, and writing the report."""
_PULL_S = 900.0
_LOOK_S = 0.2
_MAX_REPORT_BYTES = 16 << 20
_MAX_TRACE_BYTES = 64 << 20
_MAX_LINE = 600
_MAX_LINES = 5000
_IMAGE = re.compile(r"(?:[\w.:/-]+@)?sha256:[0-9a-f]{64}", re.ASCII)
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


@dataclass(frozen=True, slots=True)
class Repaired:
    """The report, and what else a person should know of the way it was made."""

    report: Report
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainersFailed:
    """No report came. `has_begun` is False where nothing of the repair was done: it can be done without Docker."""

    words: str
    has_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """One run's names and places."""

    docker: Docker
    run: str
    deadline: int
    folder: Path
    user: int
    group: int
    settings: ContainerSettings
    notes: list[str] = field(default_factory=list)

    @property
    def link(self) -> Path:
        """Holds the executor's socket and the word that the model is there."""
        return self.folder / "link"

    @property
    def out(self) -> Path:
        """Where the agents write."""
        return self.folder / "out"

    def name(self, part: str) -> str:
        """The name of a container of this run."""
        return f"selfheal-{self.run}-{part}"

    def base(self, part: str, *more: str) -> tuple[str, ...]:
        """The arguments that every container of ours has: no right that it could lose."""
        return (
            *("--name", self.name(part)),
            *("--label", f"{RUN_LABEL}={self.run}", "--label", f"{DEADLINE_LABEL}={self.deadline}"),
            *("--pull", "never", "--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,size=512m"),  # noqa: S108
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *("--user", f"{self.user}:{self.group}", "--pids-limit", str(self.settings.max_processes)),
            *more,
        )

    def give(self, path: Path) -> None:
        """Hand a path to the containers' user, where that is another one."""
        if self.user != os.getuid():
            os.chown(path, self.user, self.group)


def pinned(reference: str) -> bool:
    """True for an image that its digest names: nobody can put another one under it."""
    return _IMAGE.fullmatch(reference) is not None


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
        problem = await _missing(docker, image)
        if problem is not None:
            return ContainersFailed(problem, has_begun=False)
    async with AsyncExitStack() as stack:
        crew = _crew(docker, settings, parent)
        await stack.enter_async_context(_reaped(crew))
        token = secrets.token_urlsafe(32)
        places = (crew.folder, store, plan.ollama, *hidden)
        refused = await stack.enter_async_context(_executor(crew, request, token=token, hidden=places))
        if refused is not None:
            return ContainersFailed(refused, has_begun=False)
        refused = await _start_sidecar(crew, plan)
        if refused is not None:
            return ContainersFailed(refused, has_begun=False)
        await stack.enter_async_context(_beside(_ready_model(crew, plan)))
        await stack.enter_async_context(_beside(_watch_sidecar(crew)))
        try:
            async with asyncio.timeout(settings.max_seconds + _GRACE_S):
                made = await _agents(crew, _order(request, plan, token), tell)
        except TimeoutError:
            return ContainersFailed(
                f"the agents' container did not come to an end within {settings.max_seconds + _GRACE_S:g} s",
                has_begun=True,
            )
        return await asyncio.to_thread(_taken, crew, request) if made is None else made


def _crew(docker: Docker, settings: Settings, parent: Path) -> Crew:
    run = secrets.token_hex(8)
    deadline = int(time.time() + settings.max_seconds + 2 * _GRACE_S)
    folder = parent / f"{FOLDER_PREFIX}{deadline}-{run}"
    is_root = os.getuid() == 0
    crew = Crew(
        docker=docker,
        run=run,
        deadline=deadline,
        folder=folder,
        # A runner's own user has no more rights in there than nobody, and can remove what the agents write.
        user=_NOBODY if is_root else os.getuid(),
        group=_NOBODY if is_root else os.getgid(),
        settings=settings.containers,
    )
    for place in (folder, crew.link, crew.out):
        place.mkdir(mode=0o700)
    crew.give(crew.link)
    crew.give(crew.out)
    return crew


@asynccontextmanager
async def _reaped(crew: Crew) -> AsyncIterator[None]:
    """Have everything removed at the end, by a process that outlives this one if it must."""
    # GitHub's runner kills, by this variable, what a job leaves running.
    environ = {name: value for name, value in crew.docker.environ.items() if name != "RUNNER_TRACKING_ID"}
    left = Leftovers(docker=crew.docker.program, run=crew.run, folder=str(crew.folder))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.github.reaper"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=environ,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(left.model_dump_json().encode() + b"\n")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            process.stdin.write(b"done\n")
            process.stdin.close()
        if await asyncio.shield(process.wait()) != 0:
            await asyncio.to_thread(remove, left, environ)


@asynccontextmanager
async def _executor(
    crew: Crew, request: RepairRequest, *, token: str, hidden: tuple[Path, ...]
) -> AsyncIterator[str | None]:
    """Run the executor's process; gives why it can't."""
    settings = request.settings
    known = scrubbed(request.environ or {}, keep=settings.sandbox.keep_env)
    config = ExecutorConfig(
        repo=str(request.repo),
        socket=str(crew.link / SOCKET),
        token=token,
        environment=dict(known.variables),
        secret_values=known.secret_values,
        allow_network=network_is_allowed(settings),
        scratch_parent=str(scratch_parent()),
        memory_bytes=settings.sandbox.memory_mb << 20 if settings.sandbox.memory_mb else None,
        processes=settings.sandbox.max_processes,
        max_seconds=settings.max_seconds + 2 * _GRACE_S,
        hidden=tuple(map(str, hidden)),
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.executor"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=dict(crew.docker.environ),
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(config.model_dump_json().encode() + b"\n")
        yield _refusal(await process.stdout.readline(), crew)
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()
        await asyncio.shield(process.wait())


def _refusal(line: bytes, crew: Crew) -> str | None:
    try:
        reply = REPLY.validate_json(line)
    except ValidationError:
        return "the executor's process ended before it listened"
    if isinstance(reply, ExecutorReady):
        crew.give(crew.link / SOCKET)
        return None
    return reply.message


async def _missing(docker: Docker, image: str) -> str | None:
    """Have an image here, by its digest; gives why it can't be had."""
    if not pinned(image):
        return f"the image {image[:200]!r} is not pinned: write it as NAME@sha256:…"
    if (await docker.call("image", "inspect", "--format", "{{.Id}}", image)).is_good:
        return None
    if "@" not in image:
        return f"the image {image} is not on this machine"
    pulled = await docker.call("pull", "--quiet", image, timeout_s=_PULL_S)
    return None if pulled.is_good else f"the image {image} can't be pulled ({pulled.why_not})"


async def _start_sidecar(crew: Crew, plan: ModelPlan) -> str | None:
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


async def _ready_model(crew: Crew, plan: ModelPlan) -> None:
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


async def _watch_sidecar(crew: Crew) -> None:
    """Note that the sidecar has ended before its time."""
    waiting = await crew.docker.start("wait", crew.name("model"))
    try:
        out, _ = await waiting.communicate()
    finally:
        await ended(waiting)
    status = out.decode("ascii", "replace").strip()
    crew.notes.append(f"The model sidecar ended before the repair did (exit status {status[:5] or 'unknown'}).")


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let something go on beside, and end it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


def _order(request: RepairRequest, plan: ModelPlan, token: str) -> AgentsOrder:
    inside = {"engine": "ollama", "base_url": ADDRESS, "model": plan.name, "api_key": None, "models_dir": None}
    previous = request.previous.read_text(encoding="utf-8") if request.previous else None
    return AgentsOrder(
        command=request.command, settings=request.settings.model_copy(update=inside), token=token, previous=previous
    )


async def _agents(crew: Crew, order: AgentsOrder, tell: Callable[[str], None]) -> ContainersFailed | None:
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


def _taken(crew: Crew, request: RepairRequest) -> Repaired | ContainersFailed:
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
