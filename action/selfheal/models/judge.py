"""Decides whether what a server streamed is a usable answer."""

from pydantic import BaseModel, ValidationError

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.problems import Problem, Server, died, too_long
from selfheal.models.stream_facts import StreamFacts

_SHOWN_ERRORS = 3


def judge(
    outcome: str | Problem, *, request: ModelRequest, facts: StreamFacts, server: Server, wall_s: float
) -> ModelAnswer | ModelFailure:
    """The answer in `outcome`, unless the wire's own account (`facts`) or the schema speaks against it."""
    checked = _check(outcome, request, facts, server) if isinstance(outcome, str) else outcome
    prompt_tokens, completion_tokens = facts.prompt_tokens or 0, facts.spent_completion_tokens
    if isinstance(checked, Problem):
        return checked.failure(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, wall_s=wall_s)
    text, parsed = checked
    return ModelAnswer(
        text=text,
        parsed=parsed,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cached_tokens=facts.cached_tokens,
        wall_s=wall_s,
    )


def _check(
    text: str, request: ModelRequest, facts: StreamFacts, server: Server
) -> tuple[str, BaseModel | None] | Problem:
    if facts.prompt_tokens is not None and facts.prompt_tokens >= server.context_tokens:
        # A server that cuts prompts to fit answers a question that nobody asked.
        return too_long(server, f"the server read {facts.prompt_tokens} tokens and no more")
    if facts.finish_reason is None:
        if len(text) > request.max_tokens:
            return _truncated(request, server)
        return died(server, "the stream ended before the answer did")
    if facts.finish_reason == "length":
        # Half an answer is none: half a function does not parse, and half a sentence misleads.
        return _truncated(request, server)
    if facts.finish_reason != "stop":
        return Problem(
            ModelFault.REJECTED, f"{server.address} ended the answer for the reason {facts.finish_reason[:40]!r}"
        )
    if not text.strip():
        return Problem(
            ModelFault.SCHEMA, f"model {server.model} answered a {request.purpose} question with nothing: ask again"
        )
    if request.answer_type is None:
        return text, None
    try:
        return text, request.answer_type.model_validate_json(text)
    except ValidationError as error:
        return Problem(
            ModelFault.SCHEMA,
            f"the answer of {server.model} is no {request.answer_type.__name__}: {_summary(error)}",
        )


def _truncated(request: ModelRequest, server: Server) -> Problem:
    return Problem(
        ModelFault.TRUNCATED,
        f"the answer of {server.model} to a {request.purpose} question was cut off at {request.max_tokens} tokens or "
        f"at the end of its {server.context_tokens} tokens of context: allow more, or ask for less",
    )


def _summary(error: ValidationError) -> str:
    """Where and why, without the answer's own text."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    parts = [f"{'.'.join(map(str, item['loc'])) or 'the whole'}: {item['type']}" for item in found[:_SHOWN_ERRORS]]
    return "; ".join(parts)
