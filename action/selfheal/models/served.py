"""What an OpenAI-compatible server says about itself before the first question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelFault
from selfheal.models.problems import Problem, Server, problem_of, problem_of_reply

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 15.0
_MAX_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Served:
    """The model that will answer. `context_tokens` is None where the server does not tell."""

    model: str
    context_tokens: int | None


async def look_up(
    base_url: str,
    *,
    transport: Callable[[], "httpx.AsyncBaseTransport"],
    api_key: str | None,
    server: Server,
    wanted: str | None,
) -> Served | Problem:
    """Find the wanted model, or the only one, and the context length that was really applied.

    vLLM tells its length as `max_model_len` of the model, llama.cpp as `n_ctx` of /props, which lies
    beside the API's prefix and not under it.
    """
    import httpx

    headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
    try:
        async with httpx.AsyncClient(transport=transport(), timeout=_TIMEOUT_S, headers=headers) as client:
            reply = await client.get(f"{base_url}/models")
            if reply.status_code == 404 and wanted is not None:
                # Some gateways serve the chat path alone: the first question will tell.
                return Served(wanted, None)
            if reply.status_code >= 400:
                return problem_of_reply(reply.status_code, reply.text, server)
            models = _models(reply.json())
            chosen = _choose(models, wanted, server)
            if isinstance(chosen, Problem) or chosen.context_tokens is not None:
                return chosen
            props = await client.get(f"{base_url.removesuffix('/v1')}/props")
            return Served(chosen.model, _props_context(props) if props.is_success else None)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, AttributeError) as error:
        return problem_of(error, server)


def _models(reply: object) -> tuple[Served, ...]:
    entries = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(entries, list):
        raise TypeError("no list of models")
    return tuple(
        Served(entry["id"], _positive(entry.get("max_model_len")))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    )


def _choose(models: tuple[Served, ...], wanted: str | None, server: Server) -> Served | Problem:
    names = ", ".join(model.model[:80] for model in models[:_MAX_SHOWN]) or "none"
    if wanted is None and len(models) == 1:
        return models[0]
    for model in models:
        if model.model == wanted:
            return model
    what = "several models or none" if wanted is None else f"no model {wanted}"
    return Problem(
        ModelFault.REJECTED,
        f"{server.address} serves {what} (it has: {names}): name one of them, or start the server with that model",
        is_final=True,
    )


def _props_context(reply: "httpx.Response") -> int | None:
    settings = reply.json().get("default_generation_settings")
    return _positive(settings.get("n_ctx")) if isinstance(settings, dict) else None


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
