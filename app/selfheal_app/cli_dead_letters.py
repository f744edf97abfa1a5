"""`selfheal-app dead-letters`: list, show, replay."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from selfheal_app.exits import EXIT_NOT_READY, fail

if TYPE_CHECKING:
    from selfheal_app.store.inbox import Inbox


@click.group("dead-letters")
def dead_letters() -> None:
    """What was given up: look at it, mend the cause, replay it."""


@dead_letters.command("list")
def dead_list() -> None:
    """One line each: the delivery's id, when it came, its event, the repository, why it was given up."""
    from selfheal_app.dead_letters import line

    with _inbox() as inbox:
        for letter in inbox.dead():
            click.echo(line(letter))


@dead_letters.command("show")
@click.argument("delivery")
def dead_show(delivery: str) -> None:
    """One of them in whole, with what GitHub sent."""
    from selfheal_app.dead_letters import whole

    with _inbox() as inbox:
        letter = inbox.get(delivery)
        if letter is None:
            fail(f"there is no delivery {delivery}")
        click.echo(whole(letter))


@dead_letters.command("replay")
@click.argument("deliveries", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every dead letter.")
def dead_replay(deliveries: tuple[str, ...], is_all: bool) -> None:
    """Let a running service work on them again; what they have done already is found and not done twice."""
    import time

    if bool(deliveries) == is_all:
        fail("name deliveries, or give --all")
    with _inbox() as inbox:
        ids = tuple(letter.id for letter in inbox.dead()) if is_all else deliveries
        missing = [each for each in ids if not inbox.replay(each, now=time.time())]
    click.echo(f"{len(ids) - len(missing)} to be worked on again")
    if missing:
        click.echo(f"selfheal-app: no dead letter of this name: {', '.join(missing)}", err=True)
        sys.exit(EXIT_NOT_READY)


@contextmanager
def _inbox() -> "Iterator[Inbox]":
    from sqlalchemy.exc import SQLAlchemyError

    from selfheal_app import settings
    from selfheal_app.errors import SettingsError
    from selfheal_app.store.database import Database
    from selfheal_app.store.inbox import Inbox

    try:
        database = Database.open(settings.load().store_url())
        yield Inbox(database)
        database.close()
    except SettingsError as error:
        fail(str(error))
    except (SQLAlchemyError, OSError) as error:
        fail(f"the database can't be opened ({type(error).__name__}): check SELFHEAL_DATABASE_URL")
