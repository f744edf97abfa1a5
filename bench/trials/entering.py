"""Make the contestants ready that an engine allows."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

from planting.repairing import Engine
from selfheal.config import models_dir
from selfheal.contract.engine import Engine as Model
from selfheal.contract.engine import ModelFailure
from selfheal.models import EngineSettings, choose_engine
from trials.contestants import Contestant, Selfheal
from trials.naive import Naive
from trials.outsiders import WORDS, Outsider, relayed
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
    if name not in ("naive", *WORDS):
        raise SystemExit(f"nobody is called {name}: {', '.join(('naive', *WORDS))}")
    loop = asyncio.new_event_loop()
    stack.callback(loop.close)
    model = loop.run_until_complete(_model(url))
    stack.callback(lambda: loop.run_until_complete(model.aclose()))
    if name == "naive":
        return Naive(model, loop)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack.callback(thread.join)
    stack.callback(lambda: loop.call_soon_threadsafe(loop.stop))
    relay, address = stack.enter_context(relayed(model, loop))
    return Outsider(name, relay, address, WORDS[name])


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
