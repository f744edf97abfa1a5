"""The hard budget of one repair: asked before each model call and each command."""

from collections.abc import Callable
from dataclasses import dataclass

from selfheal.errors import BudgetSpent

_MIN_ANSWER_TOKENS = 64
_MIN_COMMAND_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a repair may spend. A cycle is one target (a strategy on a suspect) that the model works on."""

    max_cycles: int = 5
    max_tokens: int = 60_000
    max_seconds: float = 600.0


class Budget:
    """Counts what was spent and refuses what no longer fits. `clock` gives monotonic seconds."""

    def __init__(self, limits: Limits, *, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._started = clock()
        self.cycles = 0
        self.tokens = 0

    @property
    def elapsed_s(self) -> float:
        """Seconds since the repair began."""
        return self._clock() - self._started

    @property
    def seconds_left(self) -> float:
        """Seconds until the limit; never below zero."""
        return max(0.0, self.limits.max_seconds - self.elapsed_s)

    @property
    def tokens_left(self) -> int:
        """Prompt and answer tokens until the limit."""
        return max(0, self.limits.max_tokens - self.tokens)

    def begin_cycle(self) -> None:
        """Count one more cycle. Raises BudgetSpent when there is none left."""
        if self.cycles >= self.limits.max_cycles:
            raise BudgetSpent("cycles", f"all {self.limits.max_cycles} cycles are used: raise --max-cycles")
        self.cycles += 1

    def permit_model(self, *, prompt_tokens: int, max_tokens: int) -> int:
        """Tell how many answer tokens may be asked for. Raises BudgetSpent when too few are left."""
        room = self.tokens_left - prompt_tokens
        if room < _MIN_ANSWER_TOKENS:
            raise BudgetSpent(
                "tokens",
                f"a prompt of about {prompt_tokens} tokens does not fit into the {self.tokens_left} "
                f"left of {self.limits.max_tokens}: raise --max-tokens",
            )
        self._check_clock()
        return min(max_tokens, room)

    def permit_command(self, wanted_s: float) -> float:
        """Tell for how many seconds a command may run. Raises BudgetSpent when the time is over."""
        self._check_clock()
        return min(wanted_s, self.seconds_left)

    def charge_tokens(self, tokens: int) -> None:
        """Book what a model call really used."""
        self.tokens += tokens

    def _check_clock(self) -> None:
        if self.seconds_left < _MIN_COMMAND_S:
            raise BudgetSpent("seconds", f"all {self.limits.max_seconds:.0f} s are used: raise --max-seconds")
