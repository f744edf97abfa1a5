"""What each agent was given and what it gave back, with the model calls that it made for it."""

import json
from dataclasses import dataclass
from typing import Any

from selfheal.contract.trace_lines import SpanRecord
from selfheal.page.run import Run, took_s

_MOST_MESSAGES = 20


@dataclass(frozen=True, slots=True)
class Chat:
    """One model call."""

    span_id: str
    model: str
    purpose: str
    system: str
    prompt: str
    answer: str
    prompt_tokens: int
    answer_tokens: int
    took_s: float | None
    error: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one agent."""

    span_id: str
    number: int
    agent: str
    state: str
    target: str
    given: str
    gave: str
    at_s: float
    took_s: float | None
    is_error: bool
    chats: tuple[Chat, ...]


def turns(run: Run) -> tuple[Turn, ...]:
    """All turns in their order."""
    agents = list(run.named("invoke_agent "))
    return tuple(_turn(run, number, span) for number, span in enumerate(agents, 1))


def _turn(run: Run, number: int, span: SpanRecord) -> Turn:
    chats = [_chat(child) for child in run.below(span) if child.name.startswith("chat ")]
    said = [span.text("selfheal.agent.output") or span.text("selfheal.reason"), span.text("selfheal.rationale")]
    return Turn(
        span_id=span.span_id,
        number=number,
        agent=span.text("gen_ai.agent.name") or span.name.removeprefix("invoke_agent "),
        state=span.text("selfheal.state"),
        target=span.text("selfheal.target"),
        given=span.text("selfheal.agent.input"),
        gave="\n".join(part for part in said if part),
        at_s=run.seconds(span.start_ns),
        took_s=took_s(span),
        is_error=span.is_error,
        chats=tuple(chats),
    )


def _chat(span: SpanRecord) -> Chat:
    return Chat(
        span_id=span.span_id,
        model=span.text("gen_ai.request.model"),
        purpose=span.text("selfheal.purpose"),
        system=_said(span.text("gen_ai.system_instructions")),
        prompt=_said(span.text("gen_ai.input.messages")),
        answer=_said(span.text("gen_ai.output.messages")),
        prompt_tokens=int(span.number("gen_ai.usage.input_tokens")),
        answer_tokens=int(span.number("gen_ai.usage.output_tokens")),
        took_s=took_s(span),
        error=span.error or span.text("selfheal.error"),
    )


def _said(text: str) -> str:
    """The texts of a JSON list of messages; what is none is shown as it is."""
    try:
        messages: Any = json.loads(text) if text else []
        parts = [
            str(part["content"]) for message in messages[:_MOST_MESSAGES] for part in message["parts"][:_MOST_MESSAGES]
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        return text
    return "\n\n".join(parts)
