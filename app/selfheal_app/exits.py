"""How the command line ends: its statuses, and the last word."""

import sys
from typing import NoReturn

import click

EXIT_OK, EXIT_NOT_READY, EXIT_USAGE = 0, 1, 2


def fail(message: str) -> NoReturn:
    """End with the message and the status of wrong usage."""
    click.echo(f"selfheal-app: {message}", err=True)
    sys.exit(EXIT_USAGE)
