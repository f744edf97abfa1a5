"""tox.ini: what each test environment asks for beside the project."""

import configparser
import re

from selfheal.fix.dependencies.manifests.interface import Reading, Wish, wish_of
from selfheal.fix.dependencies.manifests.requirement_lists import edited_line

_FACTOR = re.compile(r"^(?:[\w{},!-]+\s*:\s+)?")
_OPTION = re.compile(r"^(-r|-c)\s*(\S+)")


class ToxIni:
    """The format of tox. Lines that hold only for some factors are read as if they held for all."""

    def read(self, path: str, text: str) -> Reading:
        """List the `deps` of all test environments."""
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        try:
            parser.read_string(text)
        except configparser.Error:
            return Reading(())
        wishes: list[Wish] = []
        includes: list[str] = []
        constraints: list[str] = []
        for section in parser.sections():
            deps = parser.get(section, "deps", fallback="") if section.startswith("testenv") else ""
            for line in (deps or "").splitlines():
                wanted = _FACTOR.sub("", line.strip()).replace("{toxinidir}/", "").replace("{tox_root}/", "")
                if (option := _OPTION.match(wanted)) is not None:
                    (includes if option[1] == "-r" else constraints).append(option[2])
                elif (wish := wish_of(path, wanted.partition(" #")[0])) is not None:
                    wishes.append(wish)
        return Reading(tuple(wishes), tuple(includes), tuple(constraints))

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Edit the indented lines that ask for it, with their factors."""
        lines, is_found = text.splitlines(keepends=True), False
        for index, line in enumerate(lines):
            if not line[:1].isspace():
                continue
            indent = line[: len(line) - len(line.lstrip())]
            factor = _FACTOR.match(line.strip())
            head = indent + (factor[0] if factor is not None else "")
            edited = edited_line(line[len(head) :], name, specifier)
            if edited is not None:
                lines[index], is_found = head + edited, True
        return "".join(lines) if is_found else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add a line below the first `deps`."""
        match = re.search(r"(?m)^deps\s*=[^\n]*\n((?P<indent>[ \t]+)\S[^\n]*\n?)+", text)
        if match is None:
            return None
        block = match[0] if match[0].endswith("\n") else f"{match[0]}\n"
        return f"{text[: match.start()]}{block}{match['indent']}{requirement}\n{text[match.end() :]}"
