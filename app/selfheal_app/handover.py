"""From the artifact of a run to what is published of it, and to what the check run says."""

import re
from dataclasses import dataclass

from selfheal.contract.report import Report
from selfheal.contract.signals import Signal
from selfheal_app.artifact import Artifact, Contents, Refusal, read
from selfheal_app.checks.words import CheckWords, check_words
from selfheal_app.download import fetch
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Ending
from selfheal_app.publishing.publish import publish
from selfheal_app.store.outcomes import RunOutcome, outcome_of

_IDS = re.compile(r"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Told:
    """A report's numbers and signals, and where its trace can be gone on with."""

    outcome: RunOutcome
    signals: tuple[Signal, ...]
    trace_id: str
    span_id: str


def told_of(report: Report, run: FinishedRun) -> Told:
    """Take it out of a report that is this run's; the ids are a stranger's, and are checked."""
    is_trace = bool(_IDS.fullmatch(f"{report.trace_id}-{report.span_id}"))
    ids = (report.trace_id or "", report.span_id or "") if is_trace else ("", "")
    return Told(outcome_of(report, run, installation_id=0), report.signals[:10], *ids)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How it ended. `words` is None where there is no report of this run: then nobody has to be told."""

    ending: Ending
    words: CheckWords | None
    told: Told | None = None
    """What else of the report is of use; None where there is none, and in work that an older release has begun."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run has left, and what it says where it is this run's."""

    contents: Contents | Refusal
    artifact: Artifact | Refusal


async def fetched(api: Api, run: FinishedRun) -> Fetched:
    """Download and read the artifact. Raises GitHubFailed."""
    contents = await fetch(api, run)
    return Fetched(contents, contents if isinstance(contents, Refusal) else read(contents, run))


async def hand_over(api: Api, run: FinishedRun, *, server: str) -> HandedOver:
    """Publish what the run's artifact proves. Doing it twice leaves one of each. Raises GitHubFailed."""
    left = await fetched(api, run)
    ending = await publish(left.contents, run, api, mode="pr", server=server)
    if isinstance(left.artifact, Refusal):
        return HandedOver(ending, None)
    report = left.artifact.report
    return HandedOver(ending, check_words(report, ending, run, server=server), told_of(report, run))
