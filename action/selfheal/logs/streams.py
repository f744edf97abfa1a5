"""Take the outputs of commands apart that ran at the same time and share one log.

Runners of several commands put a name before each line. A prefix is believed only where its tool has
introduced it, or where no other tool writes one like it.
"""

import re

_DOCKER_STEP = re.compile(r"#(\d{1,4}) \d{1,6}\.\d{1,3} ?")
_COMPOSE = re.compile(r"([A-Za-z][\w.-]{0,60}[-_]\d{1,3}) {0,40}\| ?")
_FOREMAN = re.compile(r"\d\d:\d\d:\d\d ([\w.-]{1,40}) {1,20}\| ?")
_CONCURRENTLY = re.compile(r"\[(\d{1,2})\] ")
_CONCURRENT_NAMES = re.compile(r"(?:-n|--names)[ =][\"']?([\w:@/.,+-]{1,300})")
_NPM_TASK = re.compile(r"\bnpm:([\w:@/.-]{1,60})")
_PNPM_BEGINS = re.compile(r"((?:\.|[\w./@-]{0,120}/[\w.@-]{1,80}) [\w:-]{1,60})\$ ")
_TURBO_BEGINS = re.compile(r"([@\w./-]{1,120}:[\w-]{1,60}): cache (?:miss|hit|bypass)")
_MOST = 64


class Demultiplexer:
    """Names the stream that a line belongs to, and takes the prefix off."""

    def __init__(self) -> None:
        self._introduced: dict[str, str] = {}

    def split(self, line: str) -> tuple[str, str]:
        """The stream's name, empty for the main one, and the line without its prefix."""
        first = line[:1]
        if first == "#":
            return self._matched(_DOCKER_STEP, "#", line)
        if first == "[":
            stream, rest = self._matched(_CONCURRENTLY, "", line)
            return (stream, rest) if stream else self._known(line)
        if "| " in line[:120]:
            pattern = _FOREMAN if first.isdigit() else _COMPOSE
            stream, rest = self._matched(pattern, "", line)
            if stream:
                return stream, rest
        if "$ " in line[:200] and (pnpm := _PNPM_BEGINS.match(line)) is not None:
            self._introduce(f"{pnpm.group(1)}: ", pnpm.group(1))
        elif ": cache " in line[:200] and (turbo := _TURBO_BEGINS.match(line)) is not None:
            self._introduce(f"{turbo.group(1)}: ", turbo.group(1))
        elif "concurrently " in line[:200]:
            self._name_concurrent(line)
        else:
            return self._known(line)
        return "", line

    def _known(self, line: str) -> tuple[str, str]:
        for prefix, name in self._introduced.items():
            if line.startswith(prefix):
                return name, line[len(prefix) :]
        return "", line

    def _name_concurrent(self, command: str) -> None:
        """The command itself tells the names that `concurrently` puts in brackets."""
        given = _CONCURRENT_NAMES.search(command[:2_000])
        names = given.group(1).split(",") if given is not None else _NPM_TASK.findall(command[:2_000])
        for name in filter(None, names):
            self._introduce(f"[{name}] ", name)

    def folder(self, stream: str) -> str:
        """The folder that a stream's relative paths start from, where its name tells it."""
        return stream.partition(" ")[0] if f"{stream}: " in self._introduced and " " in stream else ""

    def _introduce(self, prefix: str, name: str) -> None:
        if len(self._introduced) < _MOST:
            self._introduced[prefix] = name

    @staticmethod
    def _matched(pattern: re.Pattern[str], kind: str, line: str) -> tuple[str, str]:
        match = pattern.match(line)
        return (f"{kind}{match.group(1)}", line[match.end() :]) if match is not None else ("", line)
