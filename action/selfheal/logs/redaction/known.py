"""Known secret values, in every form in which a log prints them."""

import base64
import html
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from ahocorasick_rs import BytesAhoCorasick

from selfheal.logs.redaction.mask import Span
from selfheal.logs.redaction.names import is_secret_name

MIN_VALUE = 6
"""Shorter values are left alone: `true` or `8080` in every line would be masked too."""
MIN_PREFIX = 8
"""How much of a value must be printed for the rest of it to be missed, not counting what anyone knows of it."""
_MIN_LINE = 16
_MAX_PUBLIC = 200
_MAX_AROUND = 4096
_WINDOW = 1 << 20
# How tokens of a kind all begin, and where a URL leads, is no secret.
_PUBLIC = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://(?:[^/?#@\s]{1,200}(?![^/?#\s]{0,500}@)/?)?"
    r"|github_pat_|gh[pousr]_|gl[a-z]{2,5}-|xox[a-z]-|xapp-|npm_|pypi-(?:AgEIcHlwaS5vcmc)?|dckr_[op]at_"
    r"|sk-(?:proj|ant|svcacct|admin|or)?-?(?:api03-|v1-)?|[a-z]{2}_(?:live|test)_|hf_|AIza|ya29\.|do[opr]_v1_"
    r"|eyJ[A-Za-z0-9_-]{0,4000}\.|A[A-Z]{2}A(?=[A-Z0-9]{16})|-----BEGIN [A-Z ]{0,60}-----\s{0,2}"
)
_ENCODED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+_-"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a value. Its first `telling` bytes give it away; `is_encoded`: what it is part of goes too."""

    text: bytes
    telling: int
    is_encoded: bool = False


class KnownValues:
    """Finds values by any beginning that is long enough, in one pass over the text."""

    def __init__(self, values: Sequence[str]) -> None:
        forms = {form for value in values if len(value.strip()) >= MIN_VALUE for form in _forms(value)}
        by_start: dict[bytes, list[Form]] = {}
        for form in sorted(forms, key=lambda one: (-len(one.text), one.text)):
            by_start.setdefault(form.text[: form.telling], []).append(form)
        self._groups = tuple(by_start.values())
        self._automaton = BytesAhoCorasick(list(by_start)) if by_start else None
        self._longest = max(map(len, by_start), default=0)

    def find(self, data: bytes, *, with_run: bool = True) -> Iterator[Span]:
        """Where a value or the beginning of one stands; `with_run`: and the rest of the base64 that it is part of."""
        if self._automaton is None:
            return
        done = [0] * len(self._groups)
        for window in range(0, len(data), _WINDOW):
            part = data[window : window + _WINDOW + self._longest - 1]
            for which, start, _ in self._automaton.find_matches_as_indexes(part, overlapping=True):
                start += window
                for form in self._groups[which]:
                    # Inside of what was just found only a whole value is news: `aaab` in `aaaaab`.
                    if start < done[which] and not data.startswith(form.text, start):
                        continue
                    end = start + _common(data, start, form.text)
                    done[which] = max(done[which], end)
                    yield _with_its_run(data, start, end) if form.is_encoded and with_run else (start, end)


def _forms(value: str) -> Iterable[Form]:
    for text in dict.fromkeys((value, value.strip())):
        if len(text) >= MIN_VALUE:
            yield from _written(text, len(_public(text)) + MIN_PREFIX)
            yield from _encoded(text)
    if value.lstrip().startswith("{"):
        for text in _inside(value):
            yield from _forms(text)
        return
    # Keys of several lines are printed line by line.
    lines = [line.strip() for line in value.splitlines()]
    for line in lines if len(lines) > 1 else ():
        if len(line) >= _MIN_LINE and not line.startswith("-----"):
            yield from _written(line, _MIN_LINE)


def _written(text: str, telling: int) -> Iterable[Form]:
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    forms = (
        text,
        escaped,
        json.dumps(text)[1:-1],
        json.dumps(escaped, ensure_ascii=False)[1:-1],
        text.replace("\n", "\r\n"),
        text.replace("\n", " "),
        repr(text)[1:-1],
        shlex.quote(text).removeprefix("'").removesuffix("'"),
        text.replace("'", "'\\''"),
        re.sub(r"([^\w@%+=:,./-])", r"\\\1", text),
        html.escape(text),
        quote(_valid(text), safe=""),
        quote(_valid(text)),
        quote_plus(_valid(text)),
        re.sub("%..", lambda match: match.group().lower(), quote(_valid(text), safe="")),
    )
    for form in dict.fromkeys(forms):
        yield Form(_bytes(form), min(telling, len(_bytes(form))))


def _encoded(text: str) -> Iterable[Form]:
    raw, public = _bytes(text), _bytes(_public(text))
    ways: tuple[Callable[[bytes], bytes], ...] = (base64.b64encode, base64.urlsafe_b64encode)
    for encode in ways:
        # Behind a user name (`user:secret`) the value starts at another place of a base64 group.
        for shift in (0, 1, 2):
            begin = 4 if shift else 0
            form = encode(b"x" * shift + raw).rstrip(b"=")[begin : -1 if shift else None]
            if len(form) >= (2 * MIN_PREFIX if shift else MIN_PREFIX):
                yield Form(form, min(len(encode(public)) + MIN_PREFIX, len(form)), is_encoded=True)
    for digits in (raw.hex(), raw.hex().upper()):
        if len(digits) >= 2 * MIN_PREFIX:
            yield Form(digits.encode("ascii"), min(2 * len(public) + 2 * MIN_PREFIX, len(digits)), is_encoded=True)


def _inside(value: str) -> Iterable[str]:
    """The secrets in a value that is JSON, such as a service account's key file."""
    try:
        found = [json.loads(value)]
    except (ValueError, RecursionError):
        return
    while found:
        one = found.pop()
        if isinstance(one, dict):
            for key, item in one.items():
                if isinstance(item, str):
                    if is_secret_name(str(key)) and len(item) >= MIN_VALUE and not item.lstrip().startswith("{"):
                        yield item
                else:
                    found.append(item)
        elif isinstance(one, list):
            found.extend(one)


def _public(text: str) -> str:
    if text.startswith("{"):
        return text[:_MAX_PUBLIC]
    match = _PUBLIC.match(text)
    return match.group() if match else ""


def _common(data: bytes, start: int, text: bytes) -> int:
    """How many bytes of `text` stand in `data` at `start`."""
    if data.startswith(text, start):
        return len(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if data.startswith(text[:middle], start):
            low = middle
        else:
            high = middle - 1
    return low


def _with_its_run(data: bytes, start: int, end: int) -> Span:
    before = data[max(0, start - _MAX_AROUND) : start]
    after = data[end : end + _MAX_AROUND]
    rest = after.lstrip(_ENCODED)
    padding = len(rest) - len(rest.lstrip(b"="))
    return start - (len(before) - len(before.rstrip(_ENCODED))), end + len(after) - len(rest) + min(padding, 2)


def _bytes(text: str) -> bytes:
    return text.replace("\0", " ").encode("utf-8", "surrogatepass")


def _valid(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
