"""Stack traces of V8, as Node and the test runners print them."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Frame

_NAMED = re.compile(r"([A-Za-z_$][\w$.]{0,100})(?: \[([^\]]{1,80})\])?(?:: (.*))?$", re.DOTALL)
_ENDINGS = ("Error", "Exception", "Rejection", "Failure")
_EVAL = re.compile(r" \(([^()]{1,500}:\d{1,9}:\d{1,9})\), <anonymous>:\d{1,9}:\d{1,9}\)$")
_LOCATION = re.compile(r"(\d{1,9}):(\d{1,9})$")


@dataclass(frozen=True, slots=True)
class Spot:
    """One frame as printed. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    function: str | None = None

    @property
    def frame(self) -> Frame:
        """The same without its column."""
        return Frame(file=self.file, line=self.line, function=self.function)


def read_frame(line: str) -> Spot | None:
    """Read `at f (file:1:2)`, `at file:1:2`, or vitest's `❯ f file:1:2`."""
    text = line.strip()
    if text.startswith("at "):
        return read_spot(text[3:])
    if text.startswith("❯ "):
        function, _, place = text[2:].strip().rpartition(" ")
        return _spot(place, function)
    return None


def is_frame(line: str) -> bool:
    """True for a line of a stack, also for one that names no file."""
    text = line.strip()
    return text.startswith(("at ", "❯ ", "... ")) and (
        text.startswith("... ") or text[-1:] in ")>{" or text[-1].isdigit()
    )


def read_spot(text: str) -> Spot | None:
    """Read a frame without its mark: `f (file:1:2)` or `file:1:2`."""
    text = text.removesuffix(" {").strip().removeprefix("async ")
    if " (eval at " in text and (built := _EVAL.search(text)) is not None:
        # Code made at run time has no file: the line that made it is the place.
        return _spot(built.group(1), text.partition(" (eval at ")[0])
    if text.endswith(")"):
        function, _, place = text[:-1].rpartition(" (")
        return _spot(place, function)
    return _spot(text, "")


def _spot(place: str, function: str) -> Spot | None:
    file, _, rest = place.rpartition(":")
    file, _, line = file.rpartition(":")
    location = _LOCATION.match(f"{line}:{rest}")
    if location is None or not file or len(file) > 1_000 or file.startswith("<"):
        return None
    name = function.strip().removeprefix("async ")
    return Spot(plain_path(file), int(location.group(1)), int(location.group(2)), name[:200] or None)


def plain_path(text: str) -> str:
    """A path without the `file://` of module URLs and without a bundler's query."""
    if text.startswith("file://"):
        text = text[7:]
        # file:///C:/x: the slash before the drive is the URL's.
        text = text[1:] if text[2:3] == ":" else text
    return text.partition("?")[0] or text


def split_error(text: str) -> tuple[str, str, str]:
    """Split `Type [CODE]: message` into type, code and message; the type is empty where there is none."""
    head, newline, rest = text.partition("\n")
    match = _NAMED.match(head.removeprefix("Uncaught "))
    if match is None or not match.group(1).endswith(_ENDINGS):
        return "", "", text
    message = (match.group(3) or "") + newline + rest
    code = match.group(2) or ""
    return match.group(1), "" if code == "Error" else code, message.strip("\n")
