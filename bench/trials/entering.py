"""Make the contestants ready that an engine allows."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

from planting.repairing import Engine
from selfheal.config import models_dir
from selfheal.contract.engine import Engine as Model
from selfheal.contract.engine import ModelFailure
from selfheal.models import EngineSettings, choose_engine
from trials.contestants import Contestant, Selfheal
from trials.naive import Naive
from trials.scripted import MODEL, scripted_server
from trials.stamps import commit_of_this
from trials.trial import Trial


def contestants(
    engine: str, against: str, trials: tuple[Trial, ...], *, keep: Path | None, stack: ExitStack
) -> tuple[Contestant, ...]:
    """selfheal and those that are asked for; without a model it stands alone. The stack frees what they took."""
    url = stack.enter_context(scripted_server(trials)) if engine == "scripted" else ""
    told = Engine(MODEL, url) if url else Engine(engine)
    own = Selfheal(told, stamp=commit_of_this(), keep=keep)
    others = [word for word in against.split(",") if word]
    if engine == "none":
        return (own,)
    return (own, *(_other(word, url, stack) for word in others))


def _other(name: str, url: str, stack: ExitStack) -> Contestant:
    match name:
        case "naive":
            loop = asyncio.new_event_loop()
            model = loop.run_until_complete(_model(url))
            stack.callback(loop.close)
            stack.callback(lambda: loop.run_until_complete(model.aclose()))
            return Naive(model, loop)
        case _:
            raise SystemExit(f"nobody is called {name}: naive")


async def _model(url: str) -> Model:
    settings = EngineSettings(models_dir=models_dir(), kind="embedded")
    if url:
        settings = EngineSettings(models_dir=models_dir(), kind="openai", base_url=url, model=MODEL)
    choice = await choose_engine(settings)
    if isinstance(choice, ModelFailure):
        raise SystemExit(choice.message)
    started = await choice.engine.start()
    if isinstance(started, ModelFailure):
        raise SystemExit(started.message)
    return choice.engine
