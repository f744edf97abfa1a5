"""Order, bounds and ranges of versions. Pure."""

import datetime

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def parsed(text: str) -> Version | None:
    """Read a version; None where it is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def is_newer(one: str, other: str) -> bool:
    """True where `one` comes after `other`; False where either can't be read."""
    first, second = parsed(one), parsed(other)
    return first is not None and second is not None and first > second


def between(releases: tuple[str, ...], low: str, high: str) -> list[str]:
    """The final releases from `low` to `high`, both included, in rising order."""
    bottom, top = parsed(low), parsed(high)
    if bottom is None or top is None:
        return []
    found = {version: text for text in releases if (version := parsed(text)) is not None}
    found.update({bottom: low, top: high})
    return [found[v] for v in sorted(found) if bottom <= v <= top and (not v.is_prerelease or v in (bottom, top))]


def upper_bound(first_bad: str, last_good: str) -> str:
    """The widest honest bound below the first version that breaks: `<3` where 3.0.0 or, after 2.9, 3.0.1 does."""
    bad, good = parsed(first_bad), parsed(last_good)
    if bad is None or good is None or bad.epoch or bad <= good:
        return f"<{first_bad}"
    for length in range(1, len(bad.release)):
        if good.release[:length] < bad.release[:length]:
            return "<" + ".".join(map(str, bad.release[:length]))
    return f"<{first_bad}"


def with_bound(specifier: str, bound: str) -> str:
    """Add an upper bound to a specifier: upper bounds that it has give way, a pin or a compatible range too."""
    try:
        parts = list(SpecifierSet(specifier))
    except InvalidSpecifier:
        return bound
    kept = [str(part) for part in parts if part.operator in (">=", ">", "!=")]
    kept += [f">={part.version}" for part in parts if part.operator == "~="]
    kept.sort(key=lambda text: (text[0] != ">", text))
    return ",".join([*kept, bound])


def raised(specifier: str, version: str) -> str:
    """Write a specifier in the manner of the old one that asks for `version`: a pin stays a pin, a range a range."""
    try:
        operators = {part.operator for part in SpecifierSet(specifier)}
    except InvalidSpecifier:
        operators = set()
    new = parsed(version)
    if "==" in operators or "===" in operators:
        return f"=={version}"
    if new is None:
        return f">={version}"
    if "~=" in operators:
        return f"~={version}"
    if operators & {"<", "<="}:
        return f">={version},<{new.major + 1}"
    return f">={version}"


def is_pin(specifier: str) -> bool:
    """True where it lets one version through."""
    try:
        parts = list(SpecifierSet(specifier))
    except InvalidSpecifier:
        return False
    return len(parts) == 1 and parts[0].operator in ("==", "===") and not parts[0].version.endswith("*")


def unlimited(line: str) -> str:
    """A requirement line that asks for any version; as it is where it can't be read."""
    try:
        wish = Requirement(line)
    except InvalidRequirement:
        return line
    wish.specifier = SpecifierSet()
    return str(wish)


def allows(specifier: str, version: str) -> bool:
    """True where the specifier lets a version through."""
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


def same_line(version: str, of: tuple[str, ...], *, length: int) -> str | None:
    """The newest final one `of` these that shares the first `length` numbers with `version`."""
    want = parsed(version)
    known = {found: text for text in of if (found := parsed(text)) is not None and not found.is_prerelease}
    alike = [one for one in known if want is not None and one.release[:length] == want.release[:length]]
    return known[max(alike)] if alike else None


def day_after(day: str) -> str:
    """The first day that no longer counts where `day` itself still does; the last day of all has none after it."""
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
    except OverflowError:
        return day
