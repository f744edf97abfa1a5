"""The model engines behind `selfheal.contract.engine.Engine`, and the weights store."""

from selfheal.models.catalogue import DEFAULT_WEIGHTS, KNOWN, Weights
from selfheal.models.embedded import EmbeddedEngine
from selfheal.models.handshake import Speculation
from selfheal.models.ollama_api import pull_into_ollama
from selfheal.models.ollama_engine import OllamaEngine
from selfheal.models.openai_engine import OpenAIEngine
from selfheal.models.pulling import PullFailure, PullFault
from selfheal.models.select import Choice, EngineKind, EngineSettings, choose_engine
from selfheal.models.store import Located, NotLocated, StoreEntry, WeightsStore, default_models_dir

__all__ = [
    "DEFAULT_WEIGHTS",
    "KNOWN",
    "Choice",
    "EmbeddedEngine",
    "EngineKind",
    "EngineSettings",
    "Located",
    "NotLocated",
    "OllamaEngine",
    "OpenAIEngine",
    "PullFailure",
    "PullFault",
    "Speculation",
    "StoreEntry",
    "Weights",
    "WeightsStore",
    "choose_engine",
    "default_models_dir",
    "pull_into_ollama",
]
