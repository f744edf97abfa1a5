"""yarn: version 1's `error` lines, and the coded lines of later ones."""

import re
from typing import ClassVar

from selfheal.logs.parsers.interface import Finding, LogContext, Reading
from selfheal.logs.parsers.javascript import package_errors as kinds
from selfheal.logs.parsers.javascript.package_errors import Kind, Told, package_finding

_BERRY = re.compile(r"➤ (YN\d{4}): (?:[│┌└·] ?)?(.{1,2000})$")
_LOCK = kinds.out_of_sync("yarn.lock")
_CLASSIC: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"Couldn't find package \"[^\"]{1,200}\""), kinds.NO_SUCH_PACKAGE),
    (re.compile(r"Couldn't find any versions for \"[^\"]{1,200}\""), kinds.NO_SUCH_VERSION),
    (re.compile(r"Couldn't find match for \""), kinds.NO_SUCH_VERSION),
    (re.compile(r"Your lockfile needs to be updated"), _LOCK),
    (re.compile(r"An unexpected error occurred: \"[^\"]{1,500}: Not found\""), kinds.NO_SUCH_PACKAGE),
    (re.compile(r"Command \"[^\"]{1,200}\" not found"), kinds.NO_SCRIPT),
    (re.compile(r".{0,200}The engine \"[\w-]{1,40}\" is incompatible"), kinds.ENGINE),
    (re.compile(r".{0,200}The platform \"\w{1,40}\" is incompatible"), kinds.PLATFORM),
    (re.compile(r"SyntaxError: \S{1,500}package\.json: "), kinds.BAD_JSON),
    (re.compile(r".{0,60}Integrity check failed"), kinds.INTEGRITY),
    (re.compile(r"\S{1,400}node_modules\S{1,300}: Command failed"), kinds.INSTALL_SCRIPT),
    (re.compile(r"No license field$|Couldn't find a package\.json file"), kinds.NO_MANIFEST),
    (re.compile(r"Command failed with exit code \d{1,3}"), kinds.ENDING),
)
_CODES = {
    "YN0002": None,
    "YN0009": kinds.INSTALL_SCRIPT,
    "YN0016": kinds.NO_SUCH_VERSION,
    "YN0018": kinds.INTEGRITY,
    "YN0020": _LOCK,
    "YN0027": kinds.NO_SUCH_VERSION,
    "YN0028": _LOCK,
    "YN0035": kinds.NO_SUCH_PACKAGE,
    "YN0041": kinds.NO_ACCESS,
    "YN0082": kinds.NO_SUCH_VERSION,
}
_WORDS: tuple[tuple[str, str, Kind], ...] = (
    ("Usage Error: ", "find a script named", kinds.NO_SCRIPT),
    ("Usage Error: ", "doesn't seem to have been installed", kinds.NOT_INSTALLED),
    ("Usage Error: ", "doesn't seem to be present in your lockfile", _LOCK),
    ("Internal Error: ", "doesn't seem to be present in your lockfile", _LOCK),
    ("Syntax Error: ", "package.json", kinds.BAD_JSON),
    ("Usage Error: ", "No project found", kinds.NO_MANIFEST),
)
_CHATTER = ("  Response Code", "  Request ", "Response Code", "Request ")
_NOT_FOUND = "404"
_EXIT = re.compile(r"exit code (\d{1,3})")


class YarnParser:
    """Reads yarn's errors; a script's bad ending only where nothing better is known."""

    anchors: ClassVar[tuple[str, ...]] = (
        "yarn install v", "yarn run v", "yarnpkg.com/", "YN00", "Usage Error: ", "Internal Error: ", "Syntax Error: ",
        "error Command failed", "lockfile needs to be updated", "error Couldn't find",
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._by_code: dict[str, list[str]] = {}
        self._lines: dict[str, tuple[int, int]] = {}

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "YN0" in line[:12]:
            self._berry(number, line)
        elif line.startswith("error "):
            self._classic(number, line[6:].strip())
        elif "Error: " in line[:20]:
            self._words(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        for code, texts in self._by_code.items():
            kind = _CODES.get(code)
            if kind is None or (code == "YN0035" and not any(_NOT_FOUND in text for text in texts)):
                continue
            own = [text for text in texts if not text.startswith(_CHATTER)]
            message = next((text for text in own if "lockfile would have been" in text), own[0] if own else texts[0])
            excerpt = "\n".join(f"{code}: {text}" for text in texts)
            self._add(Told("yarn", code, message.strip(), excerpt, self._lines[code]), kind)
        better = [one for one in self._findings if one.stage is not kinds.ENDING.stage]
        return Reading(tuple(better or self._findings[:1]))

    def _berry(self, number: int, line: str) -> None:
        found = _BERRY.match(line)
        if found is None or found.group(1) not in _CODES:
            return
        texts = self._by_code.setdefault(found.group(1), [])
        text = found.group(2).rstrip()
        if text not in texts and (len(texts) < 40 or "lockfile would have been" in text):
            texts.append(text)
        first = self._lines.get(found.group(1), (number, number))[0]
        self._lines[found.group(1)] = (first, number)

    def _classic(self, number: int, text: str) -> None:
        for pattern, kind in _CLASSIC:
            if pattern.match(text) is not None:
                status = _EXIT.search(text) if kind is kinds.ENDING else None
                code = status.group(1) if status is not None else None
                self._add(Told("yarn", code, text, text, (number, number)), kind)
                return

    def _words(self, number: int, line: str) -> None:
        for start, words, kind in _WORDS:
            if line.startswith(start) and words in line:
                self._add(Told("yarn", None, line.removeprefix(start), line, (number, number)), kind)
                return

    def _add(self, told: Told, kind: Kind) -> None:
        if len(self._findings) < 20:
            self._findings.append(package_finding(told, kind, self._context))
