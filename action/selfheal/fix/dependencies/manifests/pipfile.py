"""Pipfile: two tables of names and versions."""

import re
import tomllib

from selfheal.contract.packages import canonical
from selfheal.fix.dependencies.manifests.interface import Reading, Wish, wish_of


class Pipfile:
    """The format of pipenv's manifest."""

    def read(self, path: str, text: str) -> Reading:
        """List both tables."""
        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError):
            return Reading(())
        wishes: list[Wish] = []
        for table in ("packages", "dev-packages"):
            entries = document.get(table)
            for name, value in entries.items() if isinstance(entries, dict) else ():
                version = value.get("version", "*") if isinstance(value, dict) else value
                specifier = "" if version == "*" else version
                wish = wish_of(path, f"{name}{specifier}") if isinstance(specifier, str) else None
                wishes += [wish] if wish is not None else []
        return Reading(tuple(wishes))

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Edit the entry's version."""
        spelt = "[-_.]+".join(re.escape(part) for part in canonical(name).split("-"))
        entry = re.compile(
            rf"(?mi)^(?P<head>[\"']?{spelt}[\"']?\s*=\s*(?:\{{[^}}\n]*?version\s*=\s*)?)(?P<q>[\"'])[^\"'\n]*(?P=q)"
        )
        edited, count = entry.subn(lambda m: f"{m['head']}{m['q']}{specifier or '*'}{m['q']}", text)
        return edited if count else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add an entry at the end of `[packages]`."""
        wish = wish_of("", requirement)
        match = re.search(r"(?ms)^\[packages\]\s*\n(?P<body>.*?)(?=\n*^\[|\s*\Z)", text)
        if wish is None or match is None:
            return None
        entry = (
            f'\n{wish.name} = "{wish.specifier or "*"}"'
            if match["body"]
            else f'{wish.name} = "{wish.specifier or "*"}"'
        )
        return f"{text[: match.end()]}{entry}{text[match.end() :]}"
