"""From the artifact of a run to what is published of it, and to what the check run says."""

from dataclasses import dataclass

from selfheal_app.artifact import Artifact, Contents, Refusal, read
from selfheal_app.checks.words import CheckWords, check_words
from selfheal_app.download import fetch
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Ending
from selfheal_app.publishing.publish import publish


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How it ended. `words` is None where there is no report of this run: then nobody has to be told."""

    ending: Ending
    words: CheckWords | None


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
    return HandedOver(ending, check_words(left.artifact.report, ending, run, server=server))
