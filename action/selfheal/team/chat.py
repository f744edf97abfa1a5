"""The AutoGen group chat: who speaks is decided by `team.flow` alone.

AutoGen carries the turns and the typed messages between the agents. State, budget, rollback and
verification stay outside of it, in plain Python. A fresh team is built for each repair, because a team
that saw an agent fail can't be run again (AutoGen 0.7.5: `_active_speakers` keeps the failed one).
"""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from typing import Any

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response, TerminatedException, TerminationCondition
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, MessageFactory, StopMessage, StructuredMessage
from autogen_agentchat.teams import BaseGroupChat
from autogen_agentchat.teams._group_chat._base_group_chat_manager import BaseGroupChatManager
from autogen_agentchat.teams._group_chat._events import GroupChatTermination
from autogen_core import CancellationToken

from selfheal.contract.base import Frozen
from selfheal.contract.report import Outcome
from selfheal.errors import BudgetSpent, SelfhealError
from selfheal.team.agents.interface import Agent
from selfheal.team.events import CandidateProposed, Event, NothingProposed, Stopped
from selfheal.team.flow import SPEAKER, Fact, State
from selfheal.team.journal import Journal
from selfheal.team.narration import brief, narrate
from selfheal.team.state import RepairState
from selfheal.trace.recorded import RecordedSpan
from selfheal.trace.spans import Tracer

_SILENT = logging.NullHandler()


class Turn(Frozen):
    """What an agent says in the chat: the fact and the version of the state that it made."""

    agent: str
    fact: Fact
    version: int
    at: State | Outcome
    words: str


class Participant(BaseChatAgent):
    """Lets one of our agents speak in the group chat. It never raises: a failure is an event."""

    def __init__(
        self, agents: dict[State, Agent], name: str, description: str, journal: Journal, tracer: Tracer
    ) -> None:
        super().__init__(name, description)
        self._agents = agents
        self._journal = journal
        self._tracer = tracer

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        """One typed message."""
        return (StructuredMessage[Turn],)

    async def on_messages(self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken) -> Response:
        """Act on the journal's newest state; what was said before in the chat does not matter."""
        state = self._journal.state
        if not isinstance(state.at, State):
            raise RuntimeError("an agent was asked to speak after the end")
        with self._tracer.span(
            f"state {state.at.value}", selfheal__state=state.at.value, selfheal__version=state.version
        ):
            event, new = await self._turn(state, self._agents[state.at], cancellation_token)
        turn = Turn(agent=self.name, fact=event.fact, version=new.version, at=new.at, words=new.reason[:500])
        return Response(chat_message=StructuredMessage[Turn](content=turn, source=self.name))

    async def _turn(
        self, state: RepairState, agent: Agent, cancellation: CancellationToken
    ) -> tuple[Event, RepairState]:
        with self._tracer.span(
            f"invoke_agent {self.name}",
            gen_ai__operation__name="invoke_agent",
            gen_ai__agent__name=self.name,
            gen_ai__agent__description=self.description,
            selfheal__state=state.at.value,
            selfheal__version=state.version,
            selfheal__agent__input=brief(state) if self._tracer.reasoning else None,
        ) as span:
            acting = asyncio.ensure_future(self._event(agent))
            # Cancelling the team does not reach the agent at work: AutoGen waits for it to end by itself.
            cancellation.link_future(acting)
            event = await acting
            new = self._append(event)
            self._trace(span, event, new)
        return event, new

    def _trace(self, span: RecordedSpan, event: Event, new: RepairState) -> None:
        lineage = self._tracer.lineage
        span.set(selfheal__fact=event.fact.value, selfheal__next_state=new.at.value, selfheal__reason=new.reason)
        if self._tracer.reasoning:
            span.set(selfheal__agent__output=": ".join(part for part in narrate(new, event) if part))
        if isinstance(event, CandidateProposed | NothingProposed) and new.target is not None:
            span.set(selfheal__target=new.target.key)
            span.link(lineage.verdicts.get(new.target.key), "knew_verdict")
            span.link(lineage.base, "stands_on")
        if isinstance(event, CandidateProposed):
            lineage.proposal = span.context
            span.set(selfheal__strategy=event.candidate.strategy, selfheal__candidate=len(new.attempts) + 1)
            if self._tracer.reasoning:
                span.set(selfheal__rationale=event.candidate.rationale or None)
        if event.fact is Fact.AGENT_FAILED:
            span.broke(type(self.failure).__name__, new.reason)

    def _append(self, event: Event) -> RepairState:
        try:
            return self._journal.append(event)
        except SelfhealError as error:
            self.failure = error
            reason = f"the state could not be recorded: {error}"
            return self._journal.append(Stopped(fact=Fact.AGENT_FAILED, reason=reason), is_stored=False)

    async def _event(self, agent: Agent) -> Event:
        try:
            return await agent.act(self._journal.state)
        except BudgetSpent as spent:
            return Stopped(fact=Fact.BUDGET_SPENT, reason=str(spent))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - AutoGen would make an untyped RuntimeError of it and poison the team
            self.failure = error
            return Stopped(fact=Fact.AGENT_FAILED, reason=f"{self.name} failed: {type(error).__name__}: {error}")

    failure: Exception | None = None
    """The exception behind an `agent_failed`, for the log."""

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Keep nothing, so there is nothing to reset."""


class RepairEnded(TerminationCondition):
    """Ends the chat when the flow has reached an outcome."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._is_over = False

    @property
    def terminated(self) -> bool:
        """True once it has fired."""
        return self._is_over

    async def __call__(self, messages: Sequence[BaseAgentEvent | BaseChatMessage]) -> StopMessage | None:
        """Fire when the newest version stands at an outcome."""
        if self._is_over:
            raise TerminatedException("the repair has already ended")
        at = self._journal.state.at
        if isinstance(at, State):
            return None
        self._is_over = True
        return StopMessage(content=at.value, source="flow")

    async def reset(self) -> None:
        """Allow another run."""
        self._is_over = False


class FlowManager(BaseGroupChatManager):
    """Selects the speaker by the state; never asks a model."""

    def __init__(self, *args: Any, journal: Journal) -> None:
        super().__init__(*args)
        self._journal = journal

    async def validate_group_state(self, messages: list[BaseChatMessage] | None) -> None:
        """Accept any start."""

    async def select_speaker(self, thread: Sequence[BaseAgentEvent | BaseChatMessage]) -> list[str] | str:
        """Name the agent of the state that the journal stands at."""
        at = self._journal.state.at
        if not isinstance(at, State):
            raise RuntimeError("the flow has ended, no one is left to speak")
        # Nobody reads the thread; without this it would grow with the run.
        self._message_thread.clear()
        return SPEAKER[at]

    async def reset(self) -> None:
        """Keep nothing, so there is nothing to reset."""


class RepairTeam(BaseGroupChat):
    """The group chat of the agents around one journal."""

    component_provider_override = "selfheal.team.chat.RepairTeam"

    def __init__(self, participants: list[Participant], journal: Journal) -> None:
        self._journal = journal
        super().__init__(
            name="selfheal",
            description="Repairs a failed build.",
            participants=list(participants),
            group_chat_manager_name="FlowManager",
            group_chat_manager_class=FlowManager,
            termination_condition=RepairEnded(journal),
            custom_message_types=[StructuredMessage[Turn]],
        )

    def _create_group_chat_manager_factory(
        self,
        name: str,
        group_topic_type: str,
        output_topic_type: str,
        participant_topic_types: list[str],
        participant_names: list[str],
        participant_descriptions: list[str],
        output_message_queue: "asyncio.Queue[BaseAgentEvent | BaseChatMessage | GroupChatTermination]",
        termination_condition: TerminationCondition | None,
        max_turns: int | None,
        message_factory: MessageFactory,
    ) -> Callable[[], FlowManager]:
        def make() -> FlowManager:
            return FlowManager(
                name,
                group_topic_type,
                output_topic_type,
                participant_topic_types,
                participant_names,
                participant_descriptions,
                output_message_queue,
                termination_condition,
                max_turns,
                message_factory,
                journal=self._journal,
            )

        return make


def team_of(agents: Sequence[Agent], journal: Journal, tracer: Tracer) -> RepairTeam:
    """Build a fresh team. The agents are matched to the states by their names in `SPEAKER`."""
    # AutoGen's own runtime spans carry no tokens and double every turn of ours.
    os.environ.setdefault("AUTOGEN_DISABLE_RUNTIME_TRACING", "true")
    # Where nobody set logging up, an interrupt would print AutoGen's stack trace of it.
    logging.getLogger("autogen_core").addHandler(_SILENT)
    by_name = {agent.name: agent for agent in agents}
    participants = []
    for name in dict.fromkeys(SPEAKER.values()):
        agent = by_name[name]
        states = {state: agent for state, speaker in SPEAKER.items() if speaker == name}
        participants.append(Participant(states, name, agent.description, journal, tracer))
    return RepairTeam(participants, journal)


async def converse(team: RepairTeam, journal: Journal) -> Outcome:
    """Let the team talk until the flow ends. Cancelling this cancels the agent at work."""
    token = CancellationToken()
    running = asyncio.ensure_future(team.run(task="Repair the build.", cancellation_token=token))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        token.cancel()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        raise
    at = journal.state.at
    if isinstance(at, State):
        raise RuntimeError(f"the team stopped talking at {at}")
    return at
