"""All signs, and one search for all their needles."""

from collections.abc import Iterator
from functools import cache
from re import match

from ahocorasick_rs import AhoCorasick

from selfheal.logs.parsers.system.environment_signs import ENVIRONMENT_SIGNS
from selfheal.logs.parsers.system.flaky_signs import FLAKY_SIGNS
from selfheal.logs.parsers.system.machine_signs import MACHINE_SIGNS
from selfheal.logs.parsers.system.network_signs import NETWORK_SIGNS
from selfheal.logs.parsers.system.registry_signs import REGISTRY_SIGNS
from selfheal.logs.parsers.system.runner_signs import RUNNER_SIGNS
from selfheal.logs.parsers.system.secret_signs import SECRET_SIGNS
from selfheal.logs.parsers.system.sign import Sign

SIGNS: tuple[Sign, ...] = (
    *RUNNER_SIGNS,
    *MACHINE_SIGNS,
    *SECRET_SIGNS,
    *ENVIRONMENT_SIGNS,
    *REGISTRY_SIGNS,
    *NETWORK_SIGNS,
    *FLAKY_SIGNS,
)
NEEDLES: tuple[str, ...] = tuple(dict.fromkeys(sign.needle for sign in SIGNS))


def signs_in(line: str) -> Iterator[tuple[Sign, str]]:
    """Yield the signs that a line shows, each with its detail, which may be empty."""
    for found in dict.fromkeys(hit[0] for hit in _search().find_matches_as_indexes(line, overlapping=True)):
        for sign in signs_with(NEEDLES[found]):
            detail = detail_of(sign, line)
            if detail is not None:
                yield sign, detail


def signs_with(needle: str) -> tuple[Sign, ...]:
    """The signs that a needle may tell."""
    return _by_needle()[needle]


def detail_of(sign: Sign, line: str) -> str | None:
    """What the pattern of a sign finds in a line that holds its needle; None where it does not fit."""
    if not sign.pattern:
        return ""
    fits = match(sign.pattern, line)
    return None if fits is None else next((group for group in fits.groups() if group), "")


@cache
def _search() -> AhoCorasick:
    return AhoCorasick(NEEDLES)


@cache
def _by_needle() -> dict[str, tuple[Sign, ...]]:
    return {needle: tuple(sign for sign in SIGNS if sign.needle == needle) for needle in NEEDLES}
