"""A module that JavaScript can't find: a package that is not installed, or a file of the repository's own."""

import re
from dataclasses import dataclass

_MISSING = (
    re.compile(r"Cannot find (?:module|package) '([^']{1,500})'(?: (?:imported )?from '?([^'\s]{1,500})'?)?"),
    re.compile(r'Failed to resolve import "([^"]{1,500})" from "([^"]{1,500})"'),
    re.compile(r'Failed to resolve entry for package "([^"]{1,300})"'),
    re.compile(r"Failed to load url (\S{1,500}) \(.{0,600}? in (\S{1,500})\. Does"),
    re.compile(r'Could not resolve "([^"]{1,500})"'),
    re.compile(r"Cannot find dependency '([^']{1,300})'"),
)
_STACK = re.compile(r"Require stack:\n\s*- ([^\n]{1,500})")
_ALIASES = ("@/", "~/", "#", "$")
_IN_MODULES = re.compile(r"node_modules[\\/]((?:@[\w.-]{1,100}[\\/])?[\w.-]{1,200})")
_PACKAGE = re.compile(r"(?:@[\w.-]{1,100}/)?[\w.-]{1,200}")


@dataclass(frozen=True, slots=True)
class Missing:
    """`package` is None where the module would be the repository's own file. `importer` is as printed."""

    name: str
    package: str | None
    importer: str | None


def read_missing(message: str) -> Missing | None:
    """Read which module an error's message misses, and whose file wanted it."""
    bounded = message[:4_000]
    if not any(word in bounded for word in ("Cannot find", "resolve", "Failed to load url")):
        return None
    for pattern in _MISSING:
        found = pattern.search(bounded)
        if found is not None:
            groups = found.groups()
            importer = groups[1] if len(groups) > 1 else None
            stack = _STACK.search(bounded)
            importer = importer or (stack.group(1).strip() if stack is not None else None)
            return Missing(found.group(1), package_of(found.group(1)), importer)
    return None


def package_of(name: str) -> str | None:
    """The package that would provide module `name`, or None for a file of the repository's own."""
    inside = _IN_MODULES.search(name)
    if inside is not None:
        return inside.group(1).replace("\\", "/")
    if name.startswith((".", "/", "file:", *_ALIASES)) or name[1:2] == ":":
        return None
    match = _PACKAGE.match(name)
    return match.group() if match is not None else None
