"""Choose the engine when the first question comes, not before: most repairs never ask one."""

from pathlib import Path

from selfheal.config import Settings
from selfheal.contract.engine import Engine, ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.models import EngineSettings, choose_engine


class LazyEngine:
    """Stands for whatever engine the settings lead to."""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._engine: Engine | None = None

    async def start(self) -> ModelIdentity | ModelFailure:
        """Choose and start."""
        if self._engine is None:
            choice = await choose_engine(self._settings)
            if isinstance(choice, ModelFailure):
                return choice
            self._engine = choice.engine
        return await self._engine.start()

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask the chosen engine, choosing it first if need be."""
        if self._engine is None:
            started = await self.start()
            if isinstance(started, ModelFailure):
                return started
        assert self._engine is not None
        return await self._engine.ask(request)

    @property
    def tells_likelihood(self) -> bool:
        """Whether the chosen engine may be asked how likely an answer is."""
        return bool(getattr(self._engine, "tells_likelihood", False))

    def pause(self) -> None:
        """Hold the engine still while a command runs, where the engine can."""
        pause = getattr(self._engine, "pause", None)
        if pause is not None:
            pause()

    async def aclose(self) -> None:
        """Close the engine if one was chosen."""
        if self._engine is not None:
            await self._engine.aclose()


def engine_settings(settings: Settings, models_dir: Path) -> EngineSettings:
    """Take from the settings what the engines need."""
    return EngineSettings(
        models_dir=models_dir,
        kind=settings.engine,
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.api_key,
        context_tokens=settings.embedded.context_tokens,
        threads=settings.embedded.threads or None,
        fetch=settings.embedded.fetch,
    )
