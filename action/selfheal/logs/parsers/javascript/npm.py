"""npm: the block of `npm error` lines (`npm ERR!` before version 10)."""

import re
from dataclasses import replace
from typing import ClassVar

from selfheal.logs.parsers.interface import Finding, LogContext, Reading
from selfheal.logs.parsers.javascript import package_errors as kinds
from selfheal.logs.parsers.javascript.package_errors import Kind, Told, package_finding

_PREFIX = re.compile(r"npm (?:ERR!|error)(?: |$)")
_CODE = re.compile(r"code (\S{1,60})$")
_NETWORK = re.compile(
    r"ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|ESOCKET|FETCH_ERROR|CERT|E429|E5\d\d"
    r"|ENOSPC|EMFILE|EPROTO|network"
)
_GYP_NETWORK = "related to network connectivity"
_NOISE = ("A complete log of this run", "    /", "errno ", "syscall ", "See /", "For a full report", 'Run "npm help')
_TOPIC = re.compile(r"(?:ERESOLVE|404|notarget|notsup|engine|enoent|JSON\.parse|Test|peer)\b\s?")
_BY_CODE = {
    "ERESOLVE": kinds.CONFLICT,
    "EPEERINVALID": kinds.CONFLICT,
    "E404": kinds.NO_SUCH_PACKAGE,
    "EINVALIDPACKAGENAME": kinds.NO_SUCH_PACKAGE,
    "ETARGET": kinds.NO_SUCH_VERSION,
    "ENOVERSIONS": kinds.NO_SUCH_VERSION,
    "EBADENGINE": kinds.ENGINE,
    "ENOTSUP": kinds.ENGINE,
    "EBADPLATFORM": kinds.PLATFORM,
    "EJSONPARSE": kinds.BAD_JSON,
    "EINTEGRITY": kinds.INTEGRITY,
    "E401": kinds.NO_ACCESS,
    "E403": kinds.NO_ACCESS,
    "ENEEDAUTH": kinds.NO_ACCESS,
    "ELIFECYCLE": kinds.ENDING,
    "EBADDEVENGINES": kinds.ENGINE,
    "EOVERRIDE": kinds.CONFLICT,
}
_COMPILER = re.compile(r"((?:[A-Za-z]:)?[^\s:][^:]{0,500}):(\d{1,9}):\d{1,9}: (?:fatal )?error: (.{1,1000})$")
_MAX_BLOCK = 400


class NpmParser:
    """Reads each block of npm's errors; warnings fail nothing."""

    anchors: ClassVar[tuple[str, ...]] = ("npm ERR!", "npm error", "A complete log of this run", "ELIFECYCLE")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._first = 0
        self._last = 0
        self._block: list[str] = []
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if not line.startswith("npm "):
            if self._block and line.startswith("> "):
                self._close()
            return
        prefix = _PREFIX.match(line)
        if prefix is None:
            return
        text = line[prefix.end() :]
        if self._block and _CODE.match(text) is not None and self._last < number - 1:
            self._close()
        if not self._block:
            self._first = number
        if len(self._block) < _MAX_BLOCK:
            self._block.append(text)
            self._last = number

    def finish(self) -> Reading:
        """Say what was found; a script's bad ending only where nothing better is known."""
        self._close()
        better = [one for one in self._findings if one.stage is not kinds.ENDING.stage]
        return Reading(tuple(better or self._findings[:1]), tuple(self._claimed))

    def _close(self) -> None:
        block, self._block = self._block, []
        lines = [line for line in block if line.strip() and not line.startswith(_NOISE)]
        if not lines or len(self._findings) >= 20:
            return
        code = next((found.group(1) for line in block if (found := _CODE.match(line.strip())) is not None), None)
        if code is not None and _NETWORK.search(code) is not None:
            return
        text = "\n".join(lines)
        if _GYP_NETWORK in text and "gyp" in text:
            return
        kind = self._kind(code, lines, text)
        if kind is None:
            return
        message = _message(code, lines)
        usage = next((n for n, line in enumerate(lines) if line.startswith(("Usage:", "Clean install"))), len(lines))
        excerpt = "\n".join(lines[:usage]) if usage > 2 else text
        span = (self._first, self._last)
        told = Told("npm", code, message, excerpt, span)
        if kind is kinds.NATIVE_BUILD:
            told = _built(told, lines)
            # The compiler's lines in between carry npm's mark: no other parser can read them right.
            self._claimed.append(span)
        self._findings.append(package_finding(told, kind, self._context))

    def _kind(self, code: str | None, lines: list[str], text: str) -> Kind | None:
        if code == "EUSAGE":
            is_sync = "in sync" in text or "not satisfy" in text
            no_lock = "can only install with an existing" in text
            return kinds.out_of_sync("package-lock.json") if is_sync else kinds.NO_LOCK if no_lock else kinds.USAGE
        if code in _BY_CODE:
            return _BY_CODE[code]
        if "Missing script" in text or "missing script:" in text:
            return kinds.NO_SCRIPT
        if "No workspaces found" in text:
            return kinds.USAGE
        if code == "ENOENT":
            return kinds.NO_MANIFEST if "package.json" in text else kinds.ENDING
        if "Lifecycle script" in text or lines[0].startswith("Test failed"):
            return kinds.ENDING
        if "command failed" in text and "node_modules" in text.partition("command failed")[0]:
            is_native = "gyp ERR!" in text or "node-gyp" in text or "prebuild-install" in text
            return kinds.NATIVE_BUILD if is_native else kinds.INSTALL_SCRIPT
        if "command failed" in text or "Exit status" in text:
            return kinds.ENDING
        return None if _NETWORK.search(text) is not None else kinds.USAGE


def _built(told: Told, lines: list[str]) -> Told:
    """What the compiler that node-gyp called says, with its place."""
    excerpt = "\n".join(line for line in lines if not line.startswith("gyp info"))
    error = next((found for line in lines if (found := _COMPILER.match(line)) is not None), None)
    if error is None:
        return replace(told, excerpt=excerpt)
    file, line, message = error.groups()
    return replace(told, excerpt=excerpt, file=file, line=int(line), message=message)


def _message(code: str | None, lines: list[str]) -> str:
    """The first line that says something, without the topic that npm puts before it."""
    if code is not None and code.isdigit():
        own = next((line for line in lines if line.startswith(("path ", "location "))), None)
        command = next((line for line in lines if line.startswith("command ") and line != "command failed"), "")
        return f"{command.removeprefix('command ')} failed in {own.partition(' ')[2]}" if own else lines[0]
    conflict = next((line for line in lines if line.strip().startswith("peer ")), None)
    if code == "ERESOLVE" and conflict is not None:
        found = next((line for line in lines if line.startswith("Found: ")), "")
        return f"unable to resolve dependency tree: {conflict.strip()}; {found}".rstrip("; ")
    for line in lines:
        text = line.strip()
        if _CODE.match(text) is None and not text.startswith(("path ", "npm ERR")):
            topic = _TOPIC.match(text)
            words = text[topic.end() :].strip() if topic is not None and text != "Test failed." else text
            return words or text
    return lines[0].strip()
