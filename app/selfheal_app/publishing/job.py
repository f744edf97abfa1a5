"""`selfheal-app publish`: one publication from a job of a workflow, without the App."""

import secrets
import sys
from pathlib import Path

from selfheal.contract.markdown import inline
from selfheal_app.artifact import open_folder
from selfheal_app.errors import SettingsError
from selfheal_app.events.workflow_run import LARGEST_EVENT, FinishedRun, NotARun, read
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Ending, Published
from selfheal_app.publishing.publish import Mode, publish
from selfheal_app.settings import PublishSettings


async def run_job(settings: PublishSettings, *, folder: Path, mode: Mode) -> Ending:
    """Publish what lies in the folder. Raises SettingsError for an event that is not this job's."""
    run = _event(settings)
    contents = open_folder(folder)
    async with Api(run.repository, token=settings.token.get_secret_value(), base_url=settings.api_url) as api:
        return await publish(contents, run, api, mode=mode, server=settings.server_url.rstrip("/"))


def tell(ending: Ending, settings: PublishSettings) -> bool:
    """Say in the log, the summary and the outputs how it ended; True where nobody has to mend anything."""
    is_published = isinstance(ending, Published)
    url = ending.url if isinstance(ending, Published) else ""
    word = "published" if isinstance(ending, Published) else ending.why.value
    is_well = isinstance(ending, Published) or ending.why.is_expected
    said = f"{word}: {ending.message} {url}"
    line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    # one line that begins with our own word is no command to the runner
    sys.stdout.write(f"selfheal: {line.replace('##[', '#[')}\n")
    if settings.output is not None:
        with settings.output.open("a", encoding="utf-8", newline="\n") as stream:
            for name, value in (("result", word), ("url", url)):
                delimiter = f"selfheal-{secrets.token_hex(16)}"
                stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    if settings.step_summary is not None:
        mark = "✅" if is_published else "🧭" if is_well else "🛑"
        with settings.step_summary.open("a", encoding="utf-8") as stream:
            stream.write(f"{mark} **{word}**: {inline(ending.message)}" + (f" <{url}>" if url else "") + "\n")
    return is_well


def _event(settings: PublishSettings) -> FinishedRun:
    try:
        with settings.event_path.open("rb") as stream:
            run = read(stream.read(LARGEST_EVENT + 1))
    except OSError as error:
        raise SettingsError(f"GITHUB_EVENT_PATH: {settings.event_path} can't be read ({error.strerror})") from None
    if isinstance(run, NotARun):
        raise SettingsError(f"GITHUB_EVENT_PATH: {run.message}")
    if run.repository.casefold() != settings.repository.casefold():
        raise SettingsError(f"the event is of {run.repository}, the job of {settings.repository}")
    return run
