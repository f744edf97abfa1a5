"""pnpm: lines that begin with its error code, and the lines that explain them."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Finding, LogContext, Reading
from selfheal.logs.parsers.javascript import package_errors as kinds
from selfheal.logs.parsers.javascript.package_errors import Kind, Told, package_finding

_HEAD = re.compile(
    r"(?:\S{1,120} {1,4}\|?)?\s{0,4}\[?(ERR_PNPM_[A-Z0-9_]{1,60}|ELIFECYCLE|ERROR)\]?[\s:]{1,4}(\S.{0,2000})$"
)
_NETWORK = re.compile(
    r"ERR_PNPM_(?:META_FETCH_FAIL|FETCH_(?:5\d\d|429)|TARBALL_EXTRACT|FETCH_FAIL|REQUEST)|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN"
    r"|ENOSPC|CERT|network"
)
_SOURCE = re.compile(r"\s{0,4}>\s{0,4}(\d{1,9}) \|")
_OTHERS = re.compile(r"##|> \S{1,200}@|\s?WARN|\$ ")
_STATUS = re.compile(r"Exit status \d{1,3}$")
_MAX_BLOCK = 30
_LOCK = "pnpm-lock.yaml"
_BY_CODE = {
    "FETCH_404": kinds.NO_SUCH_PACKAGE,
    "FETCH_401": kinds.NO_ACCESS,
    "FETCH_403": kinds.NO_ACCESS,
    "NO_MATCHING_VERSION": kinds.NO_SUCH_VERSION,
    "NO_VERSIONS": kinds.NO_SUCH_VERSION,
    "NO_MATCHING_VERSION_INSIDE_WORKSPACE": kinds.NO_SUCH_VERSION,
    "WORKSPACE_PKG_NOT_FOUND": kinds.NO_SUCH_PACKAGE,
    "SPEC_NOT_SUPPORTED_BY_ANY_RESOLVER": kinds.NO_SUCH_PACKAGE,
    "LINKED_PKG_DIR_NOT_FOUND": kinds.NO_SUCH_PACKAGE,
    "OUTDATED_LOCKFILE": kinds.out_of_sync(_LOCK),
    "LOCKFILE_CONFIG_MISMATCH": kinds.out_of_sync(_LOCK),
    "BROKEN_LOCKFILE": kinds.out_of_sync(_LOCK),
    "LOCKFILE_BREAKING_CHANGE": kinds.out_of_sync(_LOCK),
    "LOCKFILE_MISSING_DEPENDENCY": kinds.out_of_sync(_LOCK),
    "FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE": kinds.out_of_sync(_LOCK),
    "NO_LOCKFILE": kinds.NO_LOCK,
    "PEER_DEP_ISSUES": kinds.CONFLICT,
    "TARBALL_INTEGRITY": kinds.INTEGRITY,
    "UNSUPPORTED_ENGINE": kinds.ENGINE,
    "BAD_PM_VERSION": kinds.ENGINE,
    "UNSUPPORTED_PLATFORM": kinds.PLATFORM,
    "NO_SCRIPT": kinds.NO_SCRIPT,
    "NO_IMPORTER_MANIFEST_FOUND": kinds.NO_MANIFEST,
    "NO_PKG_MANIFEST": kinds.NO_MANIFEST,
    "JSON_PARSE": kinds.BAD_JSON,
    "RECURSIVE_RUN_FIRST_FAIL": kinds.ENDING,
    "RECURSIVE_FAIL": kinds.ENDING,
    "RECURSIVE_EXEC_FIRST_FAIL": kinds.ENDING,
    "RECURSIVE_RUN_NO_SCRIPT": kinds.NO_SCRIPT,
}


class PnpmParser:
    """Reads pnpm's errors; a script's bad ending only where nothing better is known."""

    anchors: ClassVar[tuple[str, ...]] = ("ERR_PNPM_", "ELIFECYCLE", "pnpm help", "pnpm: ")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._head: tuple[int, str, str] | None = None
        self._block: list[str] = []
        self._findings: list[Finding] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        is_head = "ERR_PNPM_" in line or "ELIFECYCLE" in line[:60] or "ERROR" in line[:12]
        head = _HEAD.match(line) if is_head else None
        if head is not None:
            self._close(number - 1)
            self._head, self._block = (number, head.group(1), head.group(2).strip()), []
        elif self._head is not None:
            if len(self._block) >= _MAX_BLOCK or _OTHERS.match(line) is not None:
                self._close(number - 1)
            else:
                self._block.append(line.rstrip())

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(0)
        better = [one for one in self._findings if one.stage is not kinds.ENDING.stage]
        return Reading(tuple(better or self._findings[:1]))

    def _close(self, last: int) -> None:
        head, self._head = self._head, None
        if head is None or len(self._findings) >= 20:
            return
        number, code, message = head
        block = [line for line in self._block if line.strip()]
        text = "\n".join((message, *block))
        kind = self._kind(code, message, text)
        if kind is None:
            return
        source = next((found for line in block if (found := _SOURCE.match(line)) is not None), None)
        told = Told(
            "pnpm",
            None if code == "ERROR" else code,
            message,
            f"{code} {text}",
            (number, max(last, number)),
            line=int(source.group(1)) if source is not None and kind is kinds.BAD_JSON else None,
        )
        self._findings.append(package_finding(told, kind, self._context))

    def _kind(self, code: str, message: str, text: str) -> Kind | None:
        known = _BY_CODE.get(code.removeprefix("ERR_PNPM_"))
        if known is not None:
            return known
        if code == "ELIFECYCLE" or _STATUS.search(text) is not None:
            return kinds.ENDING
        if _NETWORK.search(f"{code} {text}") is not None:
            return None
        if code == "ERROR":
            # Many tools begin a line with ERROR: only what pnpm is known to say counts.
            if "package.json" in message and "JSON" in message:
                return kinds.BAD_JSON
            return kinds.USAGE if "pnpm" in text else None
        return Kind(Category.DEPENDENCY, "pnpm can't install the dependencies")
