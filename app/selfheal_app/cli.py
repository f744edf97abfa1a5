"""The service's command line. Heavy imports happen inside the commands, so that `--help` stays instant."""

import sys
from pathlib import Path
from typing import Literal

import click

from selfheal_app.cli_dead_letters import dead_letters
from selfheal_app.exits import EXIT_NOT_READY, EXIT_OK, fail

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_MAIN_EPILOG = """\b
Settings (the environment; …_FILE names a file that holds the value):
  SELFHEAL_GITHUB_APP_ID         the number on the App's settings page
  SELFHEAL_GITHUB_PRIVATE_KEY    or …_FILE: the App's RSA key, PEM
  SELFHEAL_WEBHOOK_SECRET        or …_FILE: several lines are several accepted secrets
  SELFHEAL_GITHUB_API_URL        [default: https://api.github.com]
  SELFHEAL_STATE_DIR             where deliveries are kept  [default: ~/.local/state/selfheal]
  SELFHEAL_DATABASE_URL          postgresql://USER:PASSWORD@HOST/NAME for several replicas
                                 [default: a SQLite file in SELFHEAL_STATE_DIR]
  SELFHEAL_PUBLIC_URL            the service as a browser reaches it; with it people can look at what was done,
                                 signed in with SELFHEAL_GITHUB_CLIENT_ID and SELFHEAL_GITHUB_CLIENT_SECRET or …_FILE
  SELFHEAL_MINUTES_A_FIX         what a person takes for one fix: for the estimate of saved time  [default: 15]
  SELFHEAL_ALERT_WEBHOOK_URL     told of runs without a fix, drift and loops (Slack understands it); signed with
                                 SELFHEAL_ALERT_WEBHOOK_SECRET or …_FILE
  OTEL_EXPORTER_OTLP_ENDPOINT    a collector that gets spans and metrics by OTLP/HTTP; the other OTEL_ variables too
  SELFHEAL_GITHUB_SERVER_URL     where people see GitHub  [default: made of the API's address]
  SELFHEAL_RETRY_FIRST_SECONDS   before trying again what GitHub did not answer; doubled each time  [default: 5]

\b
Start here:
  selfheal-app setup             let GitHub make the App; its credentials come back as files
  selfheal-app doctor            is everything there? how to mend it
  selfheal-app publish           without an App: hand a fix over from a workflow's second job
  selfheal-app serve             then point the App's webhook at https://HOST/webhook
  selfheal-app dead-letters list what could not be done, and why
"""


@click.group(context_settings=_CONTEXT, epilog=_MAIN_EPILOG)
@click.version_option(package_name="selfheal", prog_name="selfheal-app")
def main() -> None:
    """The GitHub App of selfheal: the half with write rights, which runs no repository code.

    `serve` receives signed webhooks, keeps each durably, and works on it: a failed run's proved patch becomes
    a pull request. `publish` does that from a workflow's own job, without an App.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def serve(host: str, port: int) -> None:
    """Receive webhooks and work on them: POST /webhook, GET /healthz, /readyz, /metrics; and / for people.

    A delivery that is not signed with the secret gets 401, a new one 202, a repeated one 200. Refuses to
    start without a secret. Put it behind a proxy that ends TLS. SIGTERM ends it and loses nothing.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from selfheal_app import settings
    from selfheal_app.errors import SettingsError
    from selfheal_app.serve import run

    try:
        run(settings.load(), host=host, port=port)
    except SettingsError as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"the database can't be opened ({type(error).__name__}): check SELFHEAL_DATABASE_URL")
    except OSError as error:
        fail(f"{error.strerror or error}: choose another --port or --host, and check SELFHEAL_STATE_DIR")


@main.command()
def doctor() -> None:
    """Check the App's id, key, secrets, state folder and GitHub, and say how to mend each."""
    import asyncio

    from selfheal_app import settings
    from selfheal_app.doctor import examine
    from selfheal_app.errors import SettingsError

    try:
        checks = asyncio.run(examine(settings.load()))
    except SettingsError as error:
        fail(str(error))
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark, colour = ("ok", "green") if check.is_ok else ("BAD", "red")
        click.echo(f"{click.style(f'{mark:>3}', fg=colour)}  {check.name:<{width}}  {check.seen}")
        if not check.is_ok and check.mend:
            click.echo(f"     {'':<{width}}  → {check.mend}")
    sys.exit(EXIT_OK if all(check.is_ok for check in checks) else EXIT_NOT_READY)


@main.command()
@click.option(
    "--artifact",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder that the artifact selfheal-report was downloaded to.",
)
@click.option(
    "--mode",
    type=click.Choice(["suggest", "pr"]),
    required=True,
    help="suggest: a review of the pull request. pr: a branch and a pull request of its own.",
)
def publish(folder: Path, mode: Literal["suggest", "pr"]) -> None:
    """Hand the patch of a finished run over, from a job that starts on workflow_run.

    The artifact is opened within limits, bound to the run that the event names, and its patch is judged again
    on the real files. Nothing of the repository is checked out or run. The token comes from
    SELFHEAL_PUBLISH_TOKEN. Exit status: 0 published, or there is nothing that should be; 1 refused or not
    permitted; 2 wrong usage.
    """
    import asyncio

    from selfheal_app import settings
    from selfheal_app.errors import GitHubFailed, SettingsError
    from selfheal_app.publishing.job import run_job, tell

    try:
        loaded = settings.load_publish()
        ending = asyncio.run(run_job(loaded, folder=folder, mode=mode))
    except SettingsError as error:
        fail(str(error))
    except GitHubFailed as error:
        click.echo(f"selfheal-app: {error}", err=True)
        sys.exit(EXIT_NOT_READY)
    sys.exit(EXIT_OK if tell(ending, loaded) else EXIT_NOT_READY)


@main.command()
@click.option("--webhook-url", required=True, help="Where GitHub will send events: https://HOST/webhook.")
@click.option("--organisation", default="", help="The organisation that owns the App  [default: your own account]")
@click.option("--name", default="selfheal", show_default=True, help="The App's name; unique on GitHub.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of the setup page.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--address", default="", help="The setup page as your browser reaches it  [default: http://HOST:PORT]")
def setup(webhook_url: str, organisation: str, name: str, host: str, port: int, address: str) -> None:
    """Let GitHub make the App: open the address that this shows, and press two buttons.

    The App's number, key and webhook secret come back as files in SELFHEAL_STATE_DIR, for `serve` to find.
    Only GitHub's events must reach the webhook's address; this page needs nobody but your browser. In a
    container publish the port, and give --host 0.0.0.0 --address http://127.0.0.1:8000.
    """
    import asyncio

    from selfheal_app import settings
    from selfheal_app.errors import SettingsError
    from selfheal_app.setting_up import set_up

    if not webhook_url.startswith("https://") or not webhook_url.endswith("/webhook"):
        fail(f"--webhook-url: {webhook_url!r} must begin with https:// and end with /webhook")
    try:
        asyncio.run(
            set_up(
                settings.load(),
                host=host,
                port=port,
                webhook_url=webhook_url,
                address=address.rstrip("/"),
                name=name,
                organisation=organisation,
                say=click.echo,
            )
        )
    except SettingsError as error:
        fail(str(error))
    except OSError as error:
        fail(f"can't listen on {host}:{port} ({error.strerror}): choose another --port or --host")


main.add_command(dead_letters)
