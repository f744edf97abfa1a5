"""setup.cfg and setup.py: what the project needs to be installed."""

import ast
import configparser
import re

from selfheal.contract.packages import canonical
from selfheal.fix.dependencies.manifests.interface import Reading, Wish, wish_of
from selfheal.fix.dependencies.manifests.requirement_lists import edited_line

_KEYS = ("install_requires", "tests_require", "extras_require")


class SetupCfg:
    """The format of setup.cfg."""

    def read(self, path: str, text: str) -> Reading:
        """List `install_requires` and all extras."""
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(text)
        except configparser.Error:
            return Reading(())
        lists = [parser.get("options", key, fallback="") for key in _KEYS[:2]]
        if parser.has_section("options.extras_require"):
            lists += [value for _, value in parser.items("options.extras_require")]
        lines = [line for one in lists for line in re.split(r"[\n]", one) if line.strip()]
        wishes = tuple(wish for line in lines if (wish := wish_of(path, line.partition("#")[0])) is not None)
        return Reading(wishes, wants_project=parser.has_section("metadata"))

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Edit the indented line that asks for it."""
        lines, is_found = text.splitlines(keepends=True), False
        for index, line in enumerate(lines):
            edited = edited_line(line, name, specifier) if line[:1].isspace() else None
            if edited is not None:
                lines[index], is_found = edited, True
        return "".join(lines) if is_found else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add a line below `install_requires`."""
        match = re.search(r"(?m)^install_requires\s*=[^\n]*\n((?P<indent>[ \t]+)\S[^\n]*\n?)+", text)
        if match is None:
            return None
        block = match[0] if match[0].endswith("\n") else f"{match[0]}\n"
        return f"{text[: match.start()]}{block}{match['indent']}{requirement}\n{text[match.end() :]}"


class SetupPy:
    """The format of setup.py, as far as its lists are written out in it; it is read and never run."""

    def read(self, path: str, text: str) -> Reading:
        """List the strings of `install_requires` and its like."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return Reading(())
        wishes: list[Wish] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg in _KEYS:
                texts = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
                found = (wish_of(path, value) for value in texts if isinstance(value, str))
                wishes += [wish for wish in found if wish is not None]
        return Reading(tuple(wishes), wants_project=True)

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Edit the string that asks for it."""
        spelt = "[-_.]+".join(re.escape(part) for part in canonical(name).split("-"))
        quoted = re.compile(
            rf"(?i)(?P<q>[\"'])(?P<head>{spelt}\s*(?:\[[^\]\n]*\])?)\s*(?:[<>=!~][^;\"'\n]*?)?(?P<tail>\s*(?:;[^\"'\n]*)?)(?P=q)"
        )
        edited, count = quoted.subn(lambda m: f"{m['q']}{m['head']}{specifier}{m['tail']}{m['q']}", text)
        return edited if count else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add a string in front of the list."""
        edited, count = re.subn(r"(install_requires\s*=\s*\[)(\s*)", rf'\g<1>\g<2>"{requirement}",\g<2>', text, count=1)
        return edited if count else None
