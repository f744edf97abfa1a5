"""package.json: edited where the text stands, so that order and layout are kept."""

import json
import re
from typing import Any

from selfheal.fix.dependencies.manifests.interface import Reading, Wish
from selfheal.fix.dependencies.manifests.npm_ranges import as_npm, as_specifier

SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
_OVERRIDES = {"npm": ("overrides",), "pnpm": ("pnpm", "overrides"), "yarn": ("resolutions",)}


class PackageJson:
    """The format of npm, pnpm and yarn."""

    def read(self, path: str, text: str) -> Reading:
        """List what is asked of the registry; what is taken from elsewhere is left out."""
        document = _document(text)
        wishes = []
        for section in SECTIONS:
            entries = document.get(section)
            for name, value in entries.items() if isinstance(entries, dict) else ():
                specifier = as_specifier(value) if isinstance(value, str) else None
                if specifier is not None:
                    wishes.append(Wish(path=path, name=name, specifier=specifier, line=f"{name}{specifier}"))
        return Reading(tuple(wishes))

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the range, wherever the name is asked for."""
        written, count = as_npm(specifier), 0
        for section in SECTIONS:
            if (body := _section(text, section)) is None:
                continue
            entry = re.compile(rf'("{re.escape(name)}"\s*:\s*)"[^"\n]*"')
            edited, made = entry.subn(lambda m: f'{m[1]}"{written}"', text[body[0] : body[1]])
            text, count = text[: body[0]] + edited + text[body[1] :], count + made
        return text if count else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Ask for one more package, in the order of the names where they are in order."""
        return self.with_added_to(text, requirement, section="dependencies")

    def with_added_to(self, text: str, requirement: str, *, section: str) -> str | None:
        """Ask for one more package in a section of choice."""
        name, specifier = parted(requirement)
        return _with_entry(text, (section,), name, as_npm(specifier))

    def with_held(self, text: str, name: str, specifier: str, *, tool: str) -> str | None:
        """Bound a package that others pull in, in the tool's own way."""
        return _with_entry(text, _OVERRIDES[tool], name, as_npm(specifier))


def parted(requirement: str) -> tuple[str, str]:
    """The name and the specifier of `@scope/name>=1,<2`."""
    match = re.match(r"(?:@[\w.~-]+/)?[\w.~-]+?(?=$|[\s<>=~!^])", requirement)
    name = match[0] if match is not None else requirement
    return name, requirement[len(name) :].strip()


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _section(text: str, *names: str) -> tuple[int, int] | None:
    """Where the inside of an object of objects begins and ends in the text."""
    start, end = 0, len(text)
    for depth, name in enumerate(names):
        found = _key(text, name, start, end, is_top=depth == 0)
        if found is None:
            return None
        start, end = found
    return start, end


def _key(text: str, name: str, start: int, end: int, *, is_top: bool) -> tuple[int, int] | None:
    depth, position = (-1 if is_top else 0), start
    while position < end:
        sign = text[position]
        if sign == '"':
            string = re.compile(r'"(?:\\.|[^"\\])*"').match(text, position)
            if string is None:
                return None
            opened = re.compile(r"\s*:\s*\{").match(text, string.end())
            if depth == 0 and string[0] == json.dumps(name) and opened is not None:
                return opened.end(), _closing(text, opened.end(), end)
            position = string.end()
            continue
        depth += (sign in "{[") - (sign in "}]")
        position += 1
    return None


def _closing(text: str, start: int, end: int) -> int:
    depth = 1
    for match in re.compile(r'"(?:\\.|[^"\\])*"|[{}]').finditer(text, start, end):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0:
            return match.start()
    return end


def _with_entry(text: str, names: tuple[str, ...], key: str, value: str) -> str | None:
    document = _document(text)
    if not document:
        return None
    indent = m[1] if (m := re.search(r"^([ \t]+)\"", text, re.MULTILINE)) else "  "
    body = _section(text, *names)
    entry = f"{json.dumps(key)}: {json.dumps(value)}"
    if body is None:
        inner = entry
        for depth, name in reversed(list(enumerate(names))):
            pad = indent * (depth + 2)
            inner = f"{json.dumps(name)}: {{\n{pad}{inner}\n{indent * (depth + 1)}}}"
        parent = _section(text, *names[:-1]) if len(names) > 1 else None
        last = parent[1] if parent is not None else text.rindex("}")
        if parent is not None:
            inner = f"{json.dumps(names[-1])}: {{\n{indent * 3}{entry}\n{indent * 2}}}"
        before = text[:last].rstrip()
        comma = "" if before.endswith("{") else ","
        pad = indent * len(names) if parent is not None else indent
        edited = (
            f"{before}{comma}\n{pad}{inner}\n{indent * (len(names) - 1) if parent is not None else ''}{text[last:]}"
        )
        return edited if _document(edited) else None
    start, end = body
    pad = indent * (len(names) + 1)
    keys = [(m.start(), m[1]) for m in re.finditer(r'^[ \t]*"([^"\n]+)"\s*:', text[start:end], re.MULTILINE)]
    spelt = [one for _, one in keys]
    if key in spelt:
        return None
    if spelt and spelt == sorted(spelt) and key < spelt[-1]:
        at = start + next(place for place, one in keys if one > key)
        edited = f"{text[:at]}{pad}{entry},\n{text[at:]}"
    else:
        before = text[start:end].rstrip()
        comma = "," if before.strip() else ""
        edited = f"{text[:start]}{before}{comma}\n{pad}{entry}\n{indent * len(names)}{text[end:]}"
    return edited if _document(edited) else None
