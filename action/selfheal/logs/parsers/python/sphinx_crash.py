"""The report that Sphinx prints when it can't go on: configuration, extension and theme errors."""

import re

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.exceptions import SYNTAX_ERRORS, Raised, final, locate
from selfheal.logs.native_traceback import HEADER, read_chain
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Stage

CRASH = re.compile(
    r"(?:(Configuration|Extension|Theme|Sphinx|Application|Recursion) error(?: \(([\w.]{1,200})\))?[!:]"
    r"|Exception occurred:)$"
)
"""The first line of such a report; group 2 is the extension."""

_KEPT = 400
_SAID = re.compile(r"sphinx\.errors\.(\w{1,60}): (.*)$")
_CONF_SYNTAX = re.compile(
    r"There is a syntax error in your configuration file: (.{1,300}?)(?: \((\S{1,300}), line (\d{1,9})\))?$"
)
_IMPORT = re.compile(r"Could not import extension ([\w.]{1,200}) \(exception: (.{1,300})\)")
_ENDS = ("The full traceback has been saved in", "To report this error", "Please also report this", "Process completed")


class Crash:
    """Collects one report, which ends where Sphinx asks to report it."""

    def __init__(self, context: LogContext, number: int, title: re.Match[str]) -> None:
        self._context = context
        self._first = self._last = number
        self._title = f"{title.group(1)} error" if title.group(1) else "Exception occurred"
        self._module = title.group(2) or ""
        self._lines: list[str] = []

    def feed(self, number: int, line: str) -> bool:
        """Take a line; False where the report has ended."""
        self._last = number
        if line.startswith(_ENDS) or len(self._lines) >= _KEPT:
            return False
        self._lines.append(line)
        return True

    def finding(self) -> Finding:
        """What failed: the error of the configuration or extension behind Sphinx's own."""
        own = self._own_lines()
        text = "\n".join(own)
        said = next((found for line in own if (found := _SAID.match(line)) is not None), None)
        kind = said.group(1) if said is not None else _KINDS.get(self._title, "SphinxError")
        message = (
            said.group(2) if said is not None else next((line.strip() for line in own if line.strip()), self._title)
        )
        broken = next((found for line in own if (found := _CONF_SYNTAX.search(line)) is not None), None)
        if broken is not None:
            file, line = self._conf(broken.group(2)), int(broken.group(3)) if broken.group(3) else None
            return self._make("SyntaxError", broken.group(1), file, line, Category.SYNTAX, text)
        imported = _IMPORT.search(text)
        if imported is not None:
            return self._extension(imported, text)
        start = max((n for n, line in enumerate(own) if line.strip() == HEADER), default=0)
        chain = read_chain(own[start:] if own[start : start + 1] == [HEADER] else (HEADER, *own))
        place, top = locate(chain, self._context.repository), final(chain)
        is_inside = place.file is not None and self._context.repository.relative(place.file) is not None
        if top is not None and top.type_name and not top.type_name.startswith("sphinx."):
            kind, message = top.type_name, f"{top.type_name}: {top.message}"
        is_conf = self._title.startswith("Configuration")
        if top is not None and top.short_name in SYNTAX_ERRORS and top.syntax is not None:
            return self._make(kind, message, place.file, place.line, Category.SYNTAX, text)
        return self._make(
            kind,
            message,
            place.file if is_inside else self._module_file(),
            place.line if is_inside else None,
            Category.CONFIG if is_conf else Category.BUILD,
            text,
            chain=chain if top is not None and not top.type_name.startswith("sphinx.") else (),
        )

    def _own_lines(self) -> list[str]:
        """Without the versions and messages that stand before the traceback, and without its margin."""
        start = next((n + 2 for n, line in enumerate(self._lines) if line == "Traceback"), 0)
        return [line.removeprefix("    ") if start else line for line in self._lines[start:]]

    def _conf(self, name: str | None) -> str:
        wanted = (name or "conf.py").rpartition("/")[2]
        known = [file for file in self._context.repository.known_files if file == wanted or file.endswith(f"/{wanted}")]
        return min(known, key=len) if known else name or wanted

    def _module_file(self) -> str | None:
        """The repository's file of the extension that Sphinx names."""
        end = f"/{self._module.replace('.', '/')}.py"
        return next((file for file in sorted(self._context.repository.known_files) if f"/{file}".endswith(end)), None)

    def _extension(self, imported: re.Match[str], text: str) -> Finding:
        name = imported.group(1)
        top = name.partition(".")[0]
        message = f"Could not import extension {name}: {imported.group(2)}"
        if self._context.repository.has_module(top):
            return self._make("ExtensionError", message, None, None, Category.CONFIG, text)
        is_missing = imported.group(2).startswith("No module named")
        return self._make(
            "ExtensionError", message, None, None, Category.DEPENDENCY if is_missing else Category.BUILD, text
        )

    def _make(
        self,
        code: str,
        message: str,
        file: str | None,
        line: int | None,
        category: Category,
        text: str,
        *,
        chain: tuple[Raised, ...] = (),
    ) -> Finding:
        failure = Failure(
            tool="sphinx",
            message=message[:2_000],
            file=self._context.repository.name(file) if file is not None else None,
            line=line,
            code=code,
            excerpt=text.strip()[-MAX_EXCERPT:],
        )
        stage = Stage.SYNTAX if category is Category.SYNTAX else Stage.BUILD
        reason = f"Sphinx can't start: {self._title.lower()}"
        return Finding(failure, category, stage, (self._first, self._last), chain, reason=reason)


_KINDS = {
    "Configuration error": "ConfigError",
    "Extension error": "ExtensionError",
    "Theme error": "ThemeError",
    "Sphinx error": "SphinxError",
}
