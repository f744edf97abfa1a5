"""Other people's programs on the same model: aider and mini-swe-agent, each installed from PyPI where it is not yet."""

import asyncio
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from planting.repairing import commit
from planting.running import environment, run
from planting.storage import Storage
from selfheal.contract.engine import Engine, ModelRequest
from trials.chat_server import Answered, Asked, chat_server
from trials.contestants import Outcome
from trials.naive import place_of, tail
from trials.trial import Trial

MODEL = "embedded"
LONGEST_S = 600.0
MOST_PROMPT = 20_000
"""Characters of a prompt that the model's context holds; of a longer one the middle is left out."""
PINS = {"aider": "aider-chat==0.86.2", "mini": "mini-swe-agent==2.4.6"}


@dataclass
class Relay:
    """Hands questions to our engine and counts what they take."""

    engine: Engine
    loop: asyncio.AbstractEventLoop
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def answer(self, asked: Asked) -> Answered:
        """Ask; a failure is an empty answer."""
        request = ModelRequest(
            system=asked.system or "You are a helpful assistant.",
            user=_cut(asked.user),
            max_tokens=min(asked.max_tokens, 1500),
            temperature=asked.temperature,
            timeout_s=LONGEST_S,
            purpose="outsider",
        )
        seen = asyncio.run_coroutine_threadsafe(self.engine.ask(request), self.loop).result()
        self.calls += 1
        self.prompt_tokens += seen.prompt_tokens
        self.completion_tokens += seen.completion_tokens
        return Answered(getattr(seen, "text", ""), seen.prompt_tokens, seen.completion_tokens)

    def counts(self) -> tuple[int, int, int]:
        """Calls, prompt and completion tokens so far."""
        return self.calls, self.prompt_tokens, self.completion_tokens


@dataclass
class Outsider:
    """A contestant whose command line `words` makes of (program, trial, the file that fails, output of the tests)."""

    name: str
    relay: Relay
    url: str
    words: Callable[[Path, Trial, str, str], list[str]]
    storage: Storage = field(default_factory=Storage.default)

    @property
    def stamp(self) -> str:
        """The state of this file, which pins the program."""
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]

    def repair(self, trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Outcome:
        """Let it work in the tree; it claims to have healed where the command passes afterwards."""
        commit(tree)
        before = self.relay.counts()
        output = tail(run(trial.command, tree, storage).output)
        variables = {
            **environment(storage),
            "HOME": str(scratch),
            "OPENAI_API_BASE": self.url,
            "OPENAI_API_KEY": "none",
            "MSWEA_CONFIGURED": "true",
            "MSWEA_COST_TRACKING": "ignore_errors",
            "MSWEA_GLOBAL_CONFIG_DIR": str(scratch),
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }
        place = place_of(tree, output)
        words = self.words(program_of(self.name, self.storage), trial, place.file if place else "", output)
        try:
            subprocess.run(
                words, cwd=tree, env=variables, capture_output=True, timeout=LONGEST_S, stdin=subprocess.DEVNULL
            )
            said = "ended"
        except subprocess.TimeoutExpired:
            said = "took too long"
        is_passing = run(trial.command, tree, storage).passed
        calls, prompt, completion = (now - then for now, then in zip(self.relay.counts(), before, strict=True))
        return Outcome(is_passing, "passes" if is_passing else said, calls, prompt, completion)


def aider_words(program: Path, trial: Trial, file: str, output: str) -> list[str]:
    """One message with the failing output, the file that it speaks of, and the command to test with."""
    flags = ["--yes-always", "--no-auto-commits", "--no-check-update", "--no-show-model-warnings", "--no-stream"]
    flags += ["--no-pretty", "--no-detect-urls", "--no-analytics", "--no-gitignore", "--auto-test"]
    message = f"`{trial.command}` fails. Fix the bug in the code; don't change the tests.\n\n{output}"
    told = ["--model", f"openai/{MODEL}", "--edit-format", "whole", "--test-cmd", trial.command, "--message", message]
    return [str(program), *flags, *told, *([file] if file else [])]


def mini_words(program: Path, trial: Trial, file: str, output: str) -> list[str]:
    """One task; every command that it wants is run."""
    place = f" It may lie in {file}." if file else ""
    task = f"`{trial.command}` fails. Fix the bug in the code; don't change the tests.{place}\n\n{output}"
    # The form of it for models that are not trained to call tools.
    form = ["--config", "mini_textbased.yaml", "--config", "agent.step_limit=25"]
    return [str(program), "--model", f"openai/{MODEL}", *form, "--task", task, "--yolo", "--exit-immediately"]


WORDS = {"aider": aider_words, "mini": mini_words}


def program_of(name: str, storage: Storage) -> Path:
    """The program, in an environment of its own."""
    place = Storage(storage.root, programs=storage.root / f"{name}-venv" / "bin")
    pins = storage.root / f"{name}.txt"
    pins.parent.mkdir(parents=True, exist_ok=True)
    pins.write_text(PINS[name] + "\n", encoding="utf-8")
    place.make_environment(pins)
    return place.bin / name


@contextmanager
def relayed(engine: Engine, loop: asyncio.AbstractEventLoop) -> Iterator[tuple[Relay, str]]:
    """A relay in front of the engine, whose loop runs in a thread of its own; and the relay's address."""
    relay = Relay(engine, loop)
    with chat_server(MODEL, relay.answer) as url:
        yield relay, url


def _cut(text: str) -> str:
    if len(text) <= MOST_PROMPT:
        return text
    half = MOST_PROMPT // 2
    return f"{text[:half]}\n[…]\n{text[-half:]}"
