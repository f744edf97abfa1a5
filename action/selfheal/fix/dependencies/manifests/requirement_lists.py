"""requirements.txt, constraint files, and the lists of setup.cfg: one requirement a line."""

import re

from selfheal.contract.packages import canonical
from selfheal.fix.dependencies.manifests.interface import Reading, Wish, wish_of

_OPTION = re.compile(r"^\s*(-r|--requirement|-c|--constraint)[\s=]+(\S+)")
_EDITABLE = re.compile(r"^\s*(?:-e|--editable)[\s=]+\.(?:\[[^\]]*\])?\s*(?:#.*)?$|^\s*\.(?:\[[^\]]*\])?\s*(?:#.*)?$")
_COMMENT = re.compile(r"(^|\s)#.*$")
_HASH = re.compile(r"\s*\\?\s*--hash=\S+")
_PARTS = re.compile(
    r"^(?P<head>\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?)(?P<gap>\s*)"
    r"(?P<spec>\(?(?:(?:===|~=|==|!=|<=|>=|<|>)[^;#\n]*?)?\)?)(?P<tail>\s*(?:;[^#\n]*)?(?:\s#.*)?)$"
)


class RequirementList:
    """The format of pip's requirement and constraint files."""

    def read(self, path: str, text: str) -> Reading:
        """List the requirements; options other than includes are left out."""
        wishes: list[Wish] = []
        includes: list[str] = []
        constraints: list[str] = []
        wants_project = False
        for line in text.replace("\\\n", " ").splitlines():
            if (option := _OPTION.match(line)) is not None:
                (includes if option[1] in ("-r", "--requirement") else constraints).append(option[2])
            elif _EDITABLE.match(line):
                wants_project = True
            elif (wish := wish_of(path, _HASH.sub("", _COMMENT.sub("", line)))) is not None:
                wishes.append(wish)
        return Reading(tuple(wishes), tuple(includes), tuple(constraints), wants_project)

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the specifier where it stands; name, extras, marker and comment are kept."""
        lines, is_found = text.splitlines(keepends=True), False
        for index, line in enumerate(lines):
            edited = edited_line(line, name, specifier)
            if edited is not None:
                lines[index], is_found = edited, True
        return "".join(lines) if is_found else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add a line at the end, or where the order of the names asks for it."""
        lines = text.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.insert(_place(lines, requirement), f"{requirement}\n")
        return "".join(lines)


def edited_line(line: str, name: str, specifier: str) -> str | None:
    """The line with another specifier; None where it asks for something else, or in a way that can't be edited."""
    body, end = (line[:-1], "\n") if line.endswith("\n") else (line, "")
    match = _PARTS.match(body)
    if match is None or canonical(match["name"]) != canonical(name) or body.rstrip().endswith("\\"):
        return None
    gap = match["gap"] if match["spec"] else ""
    return f"{match['head']}{gap}{specifier}{match['tail']}{end}"


def _place(lines: list[str], requirement: str) -> int:
    """Where the names are sorted, in their order; else after the last requirement."""
    named = [(i, canonical(m["name"])) for i, line in enumerate(lines) if (m := _PARTS.match(line.rstrip("\n")))]
    names = [name for _, name in named]
    if len(names) > 1 and names == sorted(names):
        wanted = canonical(re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0])
        return next((index for index, name in named if name > wanted), named[-1][0] + 1)
    return named[-1][0] + 1 if named else len(lines)
