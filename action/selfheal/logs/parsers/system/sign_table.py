"""The lines that tell an outage or a failed installation: a table that grows by one entry a sign."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category

_REGISTRY_ADVICE = "Run the job again; if it stays, check the status of the package index and the runner's network."


@dataclass(frozen=True, slots=True)
class Sign:
    """A line that means something. `needle` is looked for first; group 1 of `pattern` is the detail."""

    code: str
    needle: str
    pattern: re.Pattern[str]
    category: Category
    summary: str
    advice: str
    weight: int = 1


def _sign(
    code: str, needle: str, pattern: str, category: Category, summary: str, advice: str, *, weight: int = 1
) -> Sign:
    return Sign(code, needle, re.compile(pattern), category, summary, advice, weight)


SIGNS: tuple[Sign, ...] = (
    _sign(
        "ENOSPC",
        "No space left on device",
        r"()",
        Category.INFRA,
        "no space left on the disk",
        "Free disk space on the runner, or take a bigger one.",
        weight=4,
    ),
    _sign(
        "runner-lost",
        "lost communication with the server",
        r"()",
        Category.INFRA,
        "the runner lost its connection to the CI server",
        "Run the job again.",
        weight=4,
    ),
    _sign(
        "runner-stopped",
        "The runner has received a shutdown signal",
        r"()",
        Category.INFRA,
        "the runner was shut down",
        "Run the job again.",
        weight=4,
    ),
    _sign(
        "ENOMEM",
        "Cannot allocate memory",
        r"()",
        Category.INFRA,
        "no memory left",
        "Give the job more memory or run fewer workers at once.",
        weight=4,
    ),
    _sign(
        "index-connection",
        "after connection broken by",
        r".{0,200}connection broken by '(\w{1,60})",
        Category.INFRA,
        "the package index can't be reached",
        _REGISTRY_ADVICE,
        weight=2,
    ),
    _sign(
        "index-fetch",
        "Failed to fetch: `",
        r".{0,100}Failed to fetch: `([^`]{1,200})`",
        Category.INFRA,
        "a download from the package index failed",
        _REGISTRY_ADVICE,
        weight=2,
    ),
    _sign(
        "index-request",
        "error sending request for url",
        r".{0,200}for url \(([^)]{1,200})\)",
        Category.INFRA,
        "a download failed",
        _REGISTRY_ADVICE,
        weight=2,
    ),
    _sign(
        "dns",
        "Temporary failure in name resolution",
        r"()",
        Category.INFRA,
        "a host name can't be resolved",
        "Run the job again; check the runner's name server.",
        weight=2,
    ),
    _sign(
        "dns",
        "Could not resolve host",
        r".{0,300}Could not resolve host:? (\S{1,200})",
        Category.INFRA,
        "a host name can't be resolved",
        "Run the job again; check the runner's name server.",
        weight=2,
    ),
    _sign(
        "read-timeout",
        "Read timed out. (read timeout=",
        r"()",
        Category.INFRA,
        "a download timed out",
        _REGISTRY_ADVICE,
        weight=2,
    ),
    _sign(
        "rate-limit",
        "429",
        r".{0,300}(?:returned error: |HTTP [Ee]rror )(429)\b|.{0,300}(429) (?:Client Error|Too Many)",
        Category.INFRA,
        "a service refused further requests",
        "Wait, then run the job again.",
        weight=2,
    ),
    _sign(
        "service-down",
        "50",
        r".{0,300}(?:returned error: |HTTP [Ee]rror )(50[234])\b"
        r"|.{0,300}(50[234]) (?:Server Error|Bad Gateway|Service Unavailable|Gateway Time)",
        Category.INFRA,
        "a service was down",
        "Run the job again when the service is back.",
        weight=2,
    ),
    _sign(
        "pip-conflict",
        "conflicting dependencies",
        r"(?:ERROR: )?Cannot install (.{1,300}?) because",
        Category.DEPENDENCY,
        "pip can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
        weight=3,
    ),
    _sign(
        "pip-missing",
        "No matching distribution found",
        r".{0,60}No matching distribution found for (\S{1,200})",
        Category.DEPENDENCY,
        "no such release for this Python and platform",
        "Correct the requirement's name or version.",
    ),
    _sign(
        "pip-resolution",
        "ResolutionImpossible",
        r"()",
        Category.DEPENDENCY,
        "pip can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
        weight=3,
    ),
    _sign(
        "pip-build",
        "Failed to build",
        r"(?:ERROR: |error: )?.{0,60}Failed to build `?(\S{1,200})",
        Category.DEPENDENCY,
        "a dependency could not be built",
        "Choose a release with a wheel for this Python, or install its build tools.",
    ),
    _sign(
        "uv-resolution",
        "No solution found when resolving",
        r"()",
        Category.DEPENDENCY,
        "uv can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
        weight=3,
    ),
    _sign(
        "no-secret",
        "Input required and not supplied",
        r".{0,60}not supplied: (\S{1,100})",
        Category.ENVIRONMENT,
        "a required input or secret is empty",
        "Set the secret; pull requests from forks don't get secrets.",
    ),
    _sign(
        "env-unset",
        "nvironment variable",
        r".{0,200}[Ee]nvironment variable[s:]? [`'\"]?([A-Z][A-Z0-9_]{2,80})[`'\"]? "
        r"(?:is )?(?:not set|not defined|missing|required|must be set)",
        Category.ENVIRONMENT,
        "an environment variable is not set",
        "Set the variable or secret in the job.",
    ),
)
