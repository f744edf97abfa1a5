"""Show what `doctor` found."""

from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was checked, what was seen, and how to mend it where it is not right."""

    name: str
    is_ok: bool
    seen: str
    mend: str = ""
    is_required: bool = True


def print_checks(checks: tuple[Check, ...]) -> None:
    """Print a line a check, and below a bad one how to mend it."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark, colour = ("ok", "green") if check.is_ok else ("BAD", "red") if check.is_required else ("--", "yellow")
        click.echo(f"{click.style(f'{mark:>3}', fg=colour)}  {check.name:<{width}}  {check.seen}")
        if not check.is_ok and check.mend:
            click.echo(f"     {'':<{width}}  → {check.mend}")
