"""A strict reader of `git diff` text: plain text changes to plain files, and nothing else.

It reads what `git diff` writes and not whatever `git apply` would take: no fuzz, no offsets, no guessing.
Own code rather than a library, because the bytes must be exact (CRLF, no newline at the end, names that git
quotes) and everything else must be refused by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.policy.rules.protected_path import is_plain_path

_HEADER = b"diff --git "
_HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(?: [^\n]*)?")
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_QUOTED = re.compile(rb'"(?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*"')
_REFUSED = {
    b"old mode ": "changes a file's mode",
    b"new mode ": "changes a file's mode",
    b"rename ": "renames a file",
    b"copy ": "copies a file",
    b"similarity index ": "renames or copies a file",
    b"dissimilarity index ": "rewrites a file as a new one",
    b"GIT binary patch": "changes binary content",
    b"Binary files ": "changes binary content",
    b"Submodule ": "changes a submodule",
}
_KINDS = {b"120000": "a link", b"160000": "a submodule", b"100755": "an executable file"}
_NO_NEWLINE = b"\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class DiffProblem:
    """Why a diff can't be taken. `message` says what is wrong, where, and what to send instead."""

    message: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines with their endings: what must stand there and what stands there afterwards.

    `first_line` counts from 1 in the file before; 0 with nothing in `before` means the very beginning.
    """

    first_line: int
    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file's change. A file that is neither created nor deleted is changed in place."""

    path: str
    is_created: bool
    is_deleted: bool
    hunks: tuple[Hunk, ...]


class _Refused(Exception):
    """Stays inside this module: carries the message out of the reader."""


def parse(diff: str) -> tuple[FileDiff, ...] | DiffProblem:
    """Read the output of `git diff`; each file at most once, at least one file.

    Text that was decoded from bytes with `surrogateescape` keeps those bytes.
    """
    try:
        data = diff.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return DiffProblem("the diff holds characters that are no text: send what `git diff` writes, in UTF-8")
    try:
        files = tuple(_Reader(data.split(b"\n")).files())
    except _Refused as refused:
        return DiffProblem(str(refused))
    if not files:
        return DiffProblem("the diff changes no file: send what `git diff` writes")
    seen: set[str] = set()
    for file in files:
        if file.path in seen:
            return DiffProblem(f"the diff changes {file.path!r} twice: send one change a file")
        seen.add(file.path)
    return files


def apply(file: FileDiff, before: bytes | None) -> bytes | DiffProblem:
    """The bytes after the change; empty for a deleted file (`file.is_deleted` tells it from an emptied one).

    Every line that the diff mentions must stand exactly where the diff says.
    """
    if file.is_created and before is not None:
        return DiffProblem(f"{file.path!r} exists already: the diff would create it, make it against this commit")
    if not file.is_created and before is None:
        return DiffProblem(f"{file.path!r} does not exist: make the diff against this commit")
    lines = _lines(before or b"")
    result: list[bytes] = []
    done = 0
    for number, hunk in enumerate(file.hunks, 1):
        start = hunk.first_line - 1 if hunk.before else hunk.first_line
        end = start + len(hunk.before)
        if start < done or tuple(lines[start:end]) != hunk.before or end > len(lines):
            where = f"hunk {number} of {file.path!r} (line {hunk.first_line})"
            return DiffProblem(f"{where} does not fit: make the diff against this commit")
        result += lines[done:start]
        result += hunk.after
        done = end
    result += lines[done:]
    if any(not line.endswith(b"\n") for line in result[:-1]):
        return DiffProblem(f"{file.path!r} would get lines after its unfinished last line: make the diff with git")
    after = b"".join(result)
    if file.is_deleted and after:
        return DiffProblem(f"{file.path!r} is deleted but lines of it would stay: make the diff against this commit")
    return after


def _lines(content: bytes) -> list[bytes]:
    """Lines as git counts them: only a line feed ends one."""
    parts = content.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: list[bytes]) -> None:
        if lines and lines[-1] == b"":
            lines.pop()
        self._lines = lines
        self._at = 0

    def files(self) -> Iterator[FileDiff]:
        while self._peek() is not None:
            yield self._file()

    def _peek(self) -> bytes | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _file(self) -> FileDiff:
        first = self._peek() or b""
        if not first.startswith(_HEADER):
            raise self._refusal("is no `diff --git` line")
        path = self._header_path(first.removeprefix(_HEADER))
        self._at += 1
        created, deleted = self._extended()
        hunks: tuple[Hunk, ...] = ()
        if (self._peek() or b"").startswith(b"--- "):
            self._side(b"--- ", b"a/", None if created else path)
            self._side(b"+++ ", b"b/", None if deleted else path)
            hunks = tuple(self._hunks())
            if not hunks:
                raise self._refusal("should begin a hunk")
        elif not (created or deleted):
            raise self._refusal(f"ends the change of {path!r}, which changes nothing")
        self._agree(path, hunks, created=created, deleted=deleted)
        return FileDiff(path=path, is_created=created, is_deleted=deleted, hunks=hunks)

    def _header_path(self, names: bytes) -> str:
        """The one name that stands twice, as `a/NAME b/NAME`; two names would be a rename."""
        if names.startswith(b'"'):
            match = _QUOTED.match(names)
            if match is None:
                raise self._refusal("has a name whose quotes do not close")
            old, new = match[0], names[match.end() + 1 :]
        else:
            middle = len(names) // 2
            old, new = names[:middle], names[middle + 1 :]
        old_name, new_name = self._unquoted(old), self._unquoted(new)
        if not (old_name.startswith(b"a/") and new_name.startswith(b"b/") and old_name[2:] == new_name[2:]):
            raise self._refusal("names two different files, or lacks the a/ and b/ of git")
        try:
            path = new_name[2:].decode("utf-8")
        except UnicodeDecodeError:
            raise self._refusal("names a file in another encoding than UTF-8") from None
        if not is_plain_path(path):
            raise self._refusal(f"names {path!r}, which is no plain path inside the repository")
        return path

    def _unquoted(self, name: bytes) -> bytes:
        """Undo git's C-style quotes."""
        if not name.startswith(b'"'):
            return name
        if _QUOTED.fullmatch(name) is None:
            raise self._refusal("has a name with a wrong escape")
        return _ESCAPE.sub(lambda match: bytes([_escaped(match[1].decode())]), name[1:-1])

    def _extended(self) -> tuple[bool, bool]:
        created = deleted = False
        while (line := self._peek()) is not None and not line.startswith((b"--- ", _HEADER, b"@@ ")):
            for prefix, what in _REFUSED.items():
                if line.startswith(prefix):
                    raise self._refusal(what)
            if line.startswith(b"new file mode "):
                created = True
                self._plain_mode(line.removeprefix(b"new file mode "), is_new=True)
            elif line.startswith(b"deleted file mode "):
                deleted = True
                self._plain_mode(line.removeprefix(b"deleted file mode "), is_new=False)
            elif re.fullmatch(rb"index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: \d{6})?", line):
                if b" " in line.removeprefix(b"index "):
                    self._plain_mode(line[-6:], is_new=False)
            else:
                raise self._refusal("is no header that git writes for a plain change")
            self._at += 1
        if created and deleted:
            raise self._refusal("ends a file that is both created and deleted")
        return created, deleted

    def _plain_mode(self, mode: bytes, *, is_new: bool) -> None:
        """An executable may be changed or deleted, but not made: nobody sees the bit in a review."""
        if mode != b"100644" and (is_new or mode != b"100755"):
            raise self._refusal(f"is about {_KINDS.get(mode, 'something else than a plain file')}")

    def _side(self, marker: bytes, prefix: bytes, path: str | None) -> None:
        line = self._peek()
        if line is None or not line.startswith(marker):
            raise self._refusal(f"should begin with `{marker.decode().strip()}`")
        # git ends a name that holds a blank with a tab, so that `patch` finds its end
        raw = line.removeprefix(marker).removesuffix(b"\t")
        expected = b"/dev/null" if path is None else prefix + path.encode()
        if self._unquoted(raw) != expected:
            raise self._refusal("names another file than the line above it")
        self._at += 1

    def _hunks(self) -> Iterator[Hunk]:
        while (line := self._peek()) is not None and line.startswith(b"@@"):
            match = _HUNK.fullmatch(line)
            if match is None:
                raise self._refusal("is no hunk header")
            self._at += 1
            first, old_count, new_count = int(match[1]), _count(match[2]), _count(match[4])
            yield self._hunk(first, old_count, new_count)

    def _hunk(self, first_line: int, old_count: int, new_count: int) -> Hunk:
        before: list[bytes] = []
        after: list[bytes] = []
        while len(before) < old_count or len(after) < new_count:
            line = self._peek()
            if line is None or line[:1] not in {b" ", b"-", b"+"}:
                raise self._refusal("should be a line of a hunk")
            kind, text = line[:1], line[1:] + b"\n"
            self._at += 1
            if self._peek() == _NO_NEWLINE:
                text = text[:-1]
                self._at += 1
            if b"\0" in text:
                raise self._refusal("holds a NUL byte: binary content can't be reviewed")
            if kind != b"+":
                before.append(text)
            if kind != b"-":
                after.append(text)
        if len(before) != old_count or len(after) != new_count:
            raise self._refusal("ends a hunk that has other numbers of lines than its header says")
        return Hunk(first_line=first_line, before=tuple(before), after=tuple(after))

    def _agree(self, path: str, hunks: tuple[Hunk, ...], *, created: bool, deleted: bool) -> None:
        if created and any(hunk.before for hunk in hunks):
            raise self._refusal(f"ends the creation of {path!r}, which takes lines away")
        if deleted and any(hunk.after for hunk in hunks):
            raise self._refusal(f"ends the deletion of {path!r}, which adds lines")

    def _refusal(self, what: str) -> _Refused:
        line = (self._peek() or b"the end of the diff")[:80].decode("utf-8", "replace")
        return _Refused(f"line {self._at + 1} of the diff ({line!r}) {what}: send a plain text change by `git diff`")


def _count(group: bytes | None) -> int:
    return 1 if group is None else int(group)


def _escaped(code: str) -> int:
    return _ESCAPES[code] if code in _ESCAPES else int(code, 8)
