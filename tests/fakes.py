"""Fakes that implement our own protocols."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from selfheal.contract.command import CommandRun, Ending, Transformation
from selfheal.contract.engine import Fork, ModelAnswer, ModelFailure, ModelFault, ModelIdentity, ModelRequest
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import MemoryTree
from selfheal.contract.trials import Ended, Splice, Trial

Reply = str | ModelFailure | Callable[[ModelRequest], "str | ModelFailure"]


class ScriptedEngine:
    """An engine that answers from a list, and remembers what it was asked. The last answer repeats.

    `likely` says of an answer's text how likely it is; without it the engine can't tell. `forks` are where it wavers.
    """

    def __init__(
        self,
        replies: Sequence[Reply],
        *,
        start: ModelFailure | None = None,
        likely: Callable[[str], float] | None = None,
        forks: Sequence[Fork] = (),
    ) -> None:
        self.likely = likely
        self.forks = tuple(forks)
        self.replies = list(replies)
        self.requests: list[ModelRequest] = []
        self.starts = 0
        self.is_closed = False
        self._start = start

    async def start(self) -> ModelIdentity | ModelFailure:
        self.starts += 1
        return self._start or ModelIdentity(engine="scripted", name="script", digest=None, context_tokens=8192)

    @property
    def tells_likelihood(self) -> bool:
        return self.likely is not None

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        self.requests.append(request)
        if request.forced is not None and self.likely is not None:
            return ModelAnswer(
                text="",
                parsed=None,
                prompt_tokens=8,
                completion_tokens=4,
                cached_tokens=8,
                wall_s=0.01,
                log_likelihoods=tuple(self.likely(one.text) for one in request.forced.answers),
                forks=self.forks[: request.forced.forks],
            )
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply):
            reply = reply(request)
        if isinstance(reply, ModelFailure):
            return reply
        prompt_tokens = (len(request.system) + len(request.user)) // 4
        try:
            parsed = request.answer_type.model_validate_json(reply) if request.answer_type else None
        except ValidationError:
            return ModelFailure(ModelFault.SCHEMA, "the answer breaks the schema", False, prompt_tokens, 8, 0.01)
        return ModelAnswer(
            text=reply,
            parsed=parsed,
            prompt_tokens=prompt_tokens,
            completion_tokens=len(reply) // 4,
            cached_tokens=None,
            wall_s=0.01,
        )

    async def aclose(self) -> None:
        self.is_closed = True


@dataclass
class FakeTransformer:
    """A project's tool that rewrites files by a function of the command."""

    rewrite: Callable[[str], tuple[FileEdit, ...]]
    commands: list[str] = field(default_factory=list)
    output: str = ""

    async def transform(self, command: str, *, timeout_s: float) -> Transformation:
        self.commands.append(command)
        run = CommandRun(
            command=command,
            ending=Ending.EXITED,
            exit_code=0,
            output=self.output,
            output_bytes=len(self.output),
            wall_s=0.1,
            sandbox="none",
        )
        return Transformation(run=run, edits=self.rewrite(command))


@dataclass
class ScriptedTrials:
    """Warm tests of one file: `letters` says of its text what becomes of the failing tests, `does` what it does."""

    text: str
    letters: Callable[[str], str]
    does: Callable[[str], tuple[str, ...]] = lambda _: ()
    failing: tuple[str, ...] = ("t.py::test",)
    base: Trial = field(default_factory=lambda: Trial(ended=Ended.RAN, tests="F"))
    tried: list[str] = field(default_factory=list)

    async def run(
        self,
        candidates: Sequence[tuple[Splice, ...]],
        *,
        enough: int,
        seconds: float,
        text: int = 600,
        patience: float = 1.0,
    ) -> tuple[Trial | None, ...]:
        made = [self._made(one) for one in candidates]
        self.tried += made
        return tuple(Trial(ended=Ended.RAN, tests=self.letters(one)) for one in made)

    async def outcomes(
        self, candidates: Sequence[tuple[Splice, ...]], *, path: str, name: str, line: int
    ) -> tuple[tuple[str, ...], ...]:
        return tuple(self.does(self._made(one)) for one in ((), *candidates))

    def _made(self, splices: tuple[Splice, ...]) -> str:
        made = self.text
        for splice in sorted(splices, key=lambda one: -one.first):
            made = made[: splice.first] + splice.text + made[splice.last :]
        return made


def tree_of(files: dict[str, str]) -> MemoryTree:
    return MemoryTree({path: text.encode() for path, text in files.items()})
