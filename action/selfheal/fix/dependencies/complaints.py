"""What a resolver says of names and versions that can't be had: uv, npm, pnpm, yarn, Go and Cargo. Pure."""

import re
from dataclasses import dataclass

from selfheal.contract.packages import canonical

_PACKAGE = r"(?:@[\w.~-]+/)?[A-Za-z0-9][\w.~-]*"
_UNKNOWN = (
    re.compile(rf"({_PACKAGE}) was not found in the package registry"),
    re.compile(rf"404\s+'?({_PACKAGE})@[^\s']*'? (?:is not in (?:this|the npm) registry|could not be found)"),
    re.compile(rf"ERR_PNPM_FETCH_404\b.{{0,200}}?: ({_PACKAGE}) is not in the npm registry", re.DOTALL),
    re.compile(rf"Couldn't find package \"({_PACKAGE})\" on the \"npm\" registry"),
    re.compile(r"no matching package named `([\w-]+)` found"),
)
_ABSENT = (
    re.compile(r"there (?:is|are) no versions? of ([A-Za-z0-9][\w.-]*?)(?:\[[^\]]*\])?(?:[<>=!~]|\s|,)"),
    re.compile(rf"No matching version found for ({_PACKAGE})@"),
    re.compile(rf"Couldn't find any versions for \"({_PACKAGE})\""),
    re.compile(r"([\w.-]+(?:/[\w.~-]+)+)@v[\w.+-]+: (?:invalid version|reading|not found)"),
    re.compile(r"failed to select a version for the requirement `([\w-]+)"),
)
_WORD = re.compile(r"(?:@[\w.~-]+/)?[A-Za-z0-9][\w.~-]*(?:/[\w.~-]+)*")


@dataclass(frozen=True, slots=True)
class Complaint:
    """`unknown` are names that the index does not have, `absent` such without a version that fits; as it spells them.

    `absent` and `named` are as the index compares them; `named` holds every word that may be a package.
    """

    unknown: tuple[str, ...]
    absent: frozenset[str]
    named: frozenset[str]


_UNREACHABLE = re.compile(
    r"error sending request|dns error|Connection refused|timed out|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN"
    r"|no such host|did not end within|Could not resolve host",
    re.IGNORECASE,
)


def is_unreachable(message: str) -> bool:
    """True where the index could not be asked at all, which says nothing of names and versions."""
    return _UNREACHABLE.search(message) is not None


def read_complaint(message: str) -> Complaint:
    """Read a message of any of them."""
    unknown = dict.fromkeys(name for kind in _UNKNOWN for name in kind.findall(message))
    absent = {canonical(name) for kind in _ABSENT for name in kind.findall(message)}
    words = {canonical(word.rstrip(".")) for word in _WORD.findall(message)}
    # npm writes `react@"^17"`, Go `example.com/m@v1.2.3`: the name is what stands before.
    named = words | {canonical(word.partition("@v")[0]) for word in re.findall(r"[\w./@-]+", message)}
    return Complaint(tuple(unknown), frozenset(absent), frozenset(named))
