"""The service's command line. Heavy imports happen inside the commands, so that `--help` stays instant."""

import sys
from pathlib import Path
from typing import Literal, NoReturn

import click

EXIT_OK, EXIT_NOT_READY, EXIT_USAGE = 0, 1, 2

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_MAIN_EPILOG = """\b
Settings (the environment; …_FILE names a file that holds the value):
  SELFHEAL_GITHUB_APP_ID         the number on the App's settings page
  SELFHEAL_GITHUB_PRIVATE_KEY    or …_FILE: the App's RSA key, PEM
  SELFHEAL_WEBHOOK_SECRET        or …_FILE: several lines are several accepted secrets
  SELFHEAL_GITHUB_API_URL        [default: https://api.github.com]
  SELFHEAL_STATE_DIR             where deliveries are kept  [default: ~/.local/state/selfheal]
  SELFHEAL_DATABASE_URL          [default: a SQLite file in SELFHEAL_STATE_DIR]

\b
Start here:
  selfheal-app doctor            is everything there? how to mend it
  selfheal-app publish           without an App: hand a fix over from a workflow's second job
  selfheal-app serve             then point the App's webhook at https://HOST/webhook
"""


@click.group(context_settings=_CONTEXT, epilog=_MAIN_EPILOG)
@click.version_option(package_name="selfheal", prog_name="selfheal-app")
def main() -> None:
    """The GitHub App of selfheal: the half with write rights, which runs no repository code.

    `publish` hands a fix over from a workflow's own job. The service receives, checks and durably keeps
    webhook deliveries; acting on them (check runs, /selfheal commands) comes with the next release.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def serve(host: str, port: int) -> None:
    """Receive webhooks: POST /webhook, GET /healthz, GET /readyz.

    A delivery that is not signed with the secret gets 401, a new one 202, a repeated one 200. Refuses to
    start without a secret. Put it behind a proxy that ends TLS.
    """
    import logging
    import sqlite3
    import time

    from aiohttp import web

    from selfheal_app import server, settings
    from selfheal_app.errors import SettingsError
    from selfheal_app.store import DeliveryStore

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        loaded = settings.load()
        secrets, file = loaded.webhook_secrets(), loaded.database_file()
        store = DeliveryStore.open(file)
    except SettingsError as error:
        _fail(str(error))
    except (OSError, sqlite3.Error) as error:
        _fail(f"the database can't be opened ({error}): check SELFHEAL_STATE_DIR")
    try:
        web.run_app(server.build(store, secrets=secrets, clock=time.time), host=host, port=port, access_log=None)
    except SettingsError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"can't listen on {host}:{port} ({error.strerror}): choose another --port or --host")
    finally:
        store.close()


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
        _fail(str(error))
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
        _fail(str(error))
    except GitHubFailed as error:
        click.echo(f"selfheal-app: {error}", err=True)
        sys.exit(EXIT_NOT_READY)
    sys.exit(EXIT_OK if tell(ending, loaded) else EXIT_NOT_READY)


def _fail(message: str) -> NoReturn:
    click.echo(f"selfheal-app: {message}", err=True)
    sys.exit(EXIT_USAGE)
