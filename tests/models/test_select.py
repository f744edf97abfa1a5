"""Which engine is taken."""

import importlib.util
from pathlib import Path

import pytest

from models.fake_model_server import MODEL, serving
from selfheal.contract.engine import ModelFailure, ModelFault
from selfheal.models import Choice, EmbeddedEngine, EngineSettings, OllamaEngine, OpenAIEngine, choose_engine

needs_xllamacpp = pytest.mark.skipif(importlib.util.find_spec("xllamacpp") is None, reason="xllamacpp is not installed")


def gguf(folder: Path) -> str:
    """A file that passes for weights as long as nobody loads it."""
    path = folder / "mine.gguf"
    path.write_bytes(b"GGUF")
    return str(path)


async def test_auto_takes_ollama_where_it_has_the_model(tmp_path: Path) -> None:
    """A server that answers and has the model wins."""
    async with serving("ollama") as fake:
        choice = await choose_engine(EngineSettings(models_dir=tmp_path, model="tiny", base_url=fake.url))
    assert isinstance(choice, Choice)
    assert isinstance(choice.engine, OllamaEngine)
    assert "has the model" in choice.reason


async def test_auto_says_what_the_given_ollama_lacks(tmp_path: Path) -> None:
    """Where the user named a server, nothing else is taken behind their back."""
    async with serving("ollama") as fake:
        failure = await choose_engine(EngineSettings(models_dir=tmp_path, model="huge", base_url=fake.url))
    assert isinstance(failure, ModelFailure)
    assert "ollama pull huge" in failure.message


@needs_xllamacpp
async def test_auto_falls_back_on_the_embedded_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    """No server, but weights: the embedded engine, and why."""
    monkeypatch.setattr("selfheal.models.select.DEFAULT_BASE_URL", f"http://127.0.0.1:{unused_tcp_port}")
    choice = await choose_engine(EngineSettings(models_dir=tmp_path, model=gguf(tmp_path)))
    assert isinstance(choice, Choice)
    assert isinstance(choice.engine, EmbeddedEngine)
    assert "nothing answers" in choice.reason


async def test_with_nothing_at_hand_the_message_names_every_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    """How to get a server, and how to get the weights."""
    monkeypatch.setattr("selfheal.models.select.DEFAULT_BASE_URL", f"http://127.0.0.1:{unused_tcp_port}")
    failure = await choose_engine(EngineSettings(models_dir=tmp_path))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.UNREACHABLE, True)
    assert str(unused_tcp_port) in failure.message
    assert "selfheal" in failure.message


async def test_an_openai_address_is_taken_as_one(tmp_path: Path) -> None:
    """`/v1` at the end, or a key, can't be Ollama's native API."""
    for settings in (
        EngineSettings(models_dir=tmp_path, base_url="http://127.0.0.1:8000/v1"),
        EngineSettings(models_dir=tmp_path, base_url="http://127.0.0.1:8000", api_key="key"),
        EngineSettings(models_dir=tmp_path, kind="openai", base_url="http://127.0.0.1:8000"),
    ):
        choice = await choose_engine(settings)
        assert isinstance(choice, Choice)
        assert isinstance(choice.engine, OpenAIEngine)


async def test_openai_needs_an_address(tmp_path: Path) -> None:
    """There is no server to guess."""
    failure = await choose_engine(EngineSettings(models_dir=tmp_path, kind="openai"))
    assert isinstance(failure, ModelFailure)
    assert "--base-url" in failure.message


async def test_a_catalogue_name_means_the_same_model_in_ollama(tmp_path: Path) -> None:
    """The user need not know both names; what is missing is named as Ollama calls it."""
    async with serving("ollama") as fake:
        settings = EngineSettings(models_dir=tmp_path, model="qwen2.5-coder-1.5b-instruct", base_url=fake.url)
        failure = await choose_engine(settings)
    assert isinstance(failure, ModelFailure)
    assert "ollama pull qwen2.5-coder:1.5b" in failure.message
    assert MODEL in failure.message


@needs_xllamacpp
async def test_embedded_without_weights_says_how_to_get_them(tmp_path: Path) -> None:
    """The command is in the message."""
    failure = await choose_engine(EngineSettings(models_dir=tmp_path, kind="embedded"))
    assert isinstance(failure, ModelFailure)
    assert "selfheal model pull" in failure.message


async def test_a_broken_address_is_no_exception(tmp_path: Path) -> None:
    """Nonsense in the base URL counts as nobody there."""
    failure = await choose_engine(EngineSettings(models_dir=tmp_path, base_url="http://:notaport"))
    assert isinstance(failure, ModelFailure)
