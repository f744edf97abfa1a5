"""Check what a repair needs, and say how to mend what is missing."""

import asyncio
import os
import shutil
import subprocess
import sys

from selfheal import config
from selfheal.contract.engine import Engine, ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.contract.sandbox import SandboxLevel
from selfheal.logs import shortcoming
from selfheal.models import Choice, choose_engine
from selfheal.render.checks import Check
from selfheal.team.engines import engine_settings
from selfheal.verify import find_ladder

_OLDEST_GIT = (2, 30)
_SCRATCH_BYTES = 1 << 30
_FILL = "word "


def examine(settings: config.Settings, *, deep: bool) -> tuple[Check, ...]:
    """Make all checks; with `deep` the model is loaded and asked, and the context length proved."""
    return (*_machine(), _sandbox(settings), _redaction(), _docker(), *asyncio.run(_model(settings, deep=deep)))


def _machine() -> tuple[Check, ...]:
    version = sys.version_info
    python = Check(
        "python",
        version >= (3, 11),
        f"{version.major}.{version.minor}.{version.micro}",
        "install Python 3.11 or newer",
    )
    return (python, _git(), _scratch())


def _git() -> Check:
    mend = "install git 2.30 or newer"
    if shutil.which("git") is None:
        return Check("git", False, "not found", mend)
    words = subprocess.run(["git", "--version"], capture_output=True, text=True, check=False).stdout.split()
    numbers = tuple(int(part) for part in words[2].split(".")[:2]) if len(words) > 2 else (0, 0)
    return Check("git", numbers >= _OLDEST_GIT, " ".join(words[2:3]), mend)


def _scratch() -> Check:
    folder = config.scratch_parent()
    mend = "free some space there, or set RUNNER_TEMP (or TMPDIR) to another folder"
    if not os.access(folder, os.W_OK):
        return Check("scratch", False, f"{folder} can't be written to", mend)
    free = shutil.disk_usage(folder).free
    return Check("scratch", free >= _SCRATCH_BYTES, f"{folder}, {free / 1e9:.1f} GB free", mend)


def _sandbox(settings: config.Settings) -> Check:
    ladder = find_ladder(allow_network=config.network_is_allowed(settings))
    if ladder.tightest is SandboxLevel.PROCESS:
        return Check("sandbox", False, "process limits only", ladder.why, is_required=False)
    return Check("sandbox", True, "bubblewrap: " + ", ".join(level.value for level in ladder.levels))


def _redaction() -> Check:
    lacks = shortcoming()
    if lacks is None:
        return Check("redaction", True, "the kept-up rule set and the built-in patterns")
    return Check("redaction", False, "built-in patterns only", lacks, is_required=False)


def _docker() -> Check:
    if shutil.which("docker") is None:
        return Check("docker", False, "not found", "only needed for the containerised agents", is_required=False)
    done = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, text=True, check=False
    )
    seen = done.stdout.strip() if done.returncode == 0 else "the client is here, no engine answers"
    mend = "only needed for the containerised agents: start the Docker engine"
    return Check("docker", done.returncode == 0, seen, mend, is_required=False)


async def _model(settings: config.Settings, *, deep: bool) -> tuple[Check, ...]:
    choice = await choose_engine(engine_settings(settings, config.models_dir(settings)))
    if not isinstance(choice, Choice):
        return (Check("engine", False, choice.message, "selfheal model pull, or start Ollama and pull a model there"),)
    engine = Check("engine", True, choice.reason)
    if not deep:
        return (engine, Check("model", True, "not asked; selfheal doctor --deep loads it and asks"))
    try:
        return (engine, *await _ask(choice.engine))
    finally:
        await choice.engine.aclose()


async def _ask(engine: Engine) -> tuple[Check, ...]:
    started = await engine.start()
    if not isinstance(started, ModelIdentity):
        return (Check("model", False, started.message),)
    hello = await engine.ask(ModelRequest(system="You are brief.", user="Say: ready", max_tokens=16))
    if isinstance(hello, ModelFailure):
        return (Check("model", False, hello.message),)
    speed = hello.completion_tokens / hello.wall_s if hello.wall_s else 0.0
    model = Check("model", True, f"{started.name} answers ({speed:.0f} tokens/s), {started.digest or 'digest unknown'}")
    return (model, await _context(engine, started))


async def _context(engine: Engine, identity: ModelIdentity) -> Check:
    """Prove the context length: what stands at the beginning of a long prompt must still be known at its end.

    Ollama cuts a prompt silently at the context that it really applied, so a number that it tells proves nothing.
    """
    words = min(3000, identity.context_tokens // 2)
    user = f"The code word is heron.\n{_FILL * words}\nWhat is the code word? Answer with one word."
    answer = await engine.ask(ModelRequest(system="You are brief.", user=user, max_tokens=16, timeout_s=300))
    if isinstance(answer, ModelFailure):
        return Check("context", False, answer.message, "lower embedded.context_tokens, or choose a smaller model")
    is_whole = isinstance(answer, ModelAnswer) and answer.prompt_tokens >= words
    seen = f"{answer.prompt_tokens} tokens were read of a prompt of at least {words}; {identity.context_tokens} are set"
    return Check("context", is_whole, seen, "the server cuts prompts: set its context length to at least 8192")
