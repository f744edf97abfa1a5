"""The rule set of the Kingfisher scanner: about 490 kinds of tokens, kept up by its makers and Betterleaks'.

https://github.com/mongodb/kingfisher. Its matching is linear (Hyperscan and Rust's regular expressions), in this
process, and asks no network: the validation of what it finds is another class, which nothing here touches.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast

from selfheal.logs.redaction.mask import Span

_MODULE, _DISTRIBUTION = "kingfisher_sdk", "kingfisher-secret-scanner"
_WINDOW, _OVERLAP = 4 << 20, 1 << 16
"""Memory is bounded by the window; what is longer than the overlap, the built-in patterns find."""
_BLANK_FROM = 256
_MIN_ENTROPY = 3.0


class _Finding(Protocol):
    @property
    def visible(self) -> bool: ...
    @property
    def location(self) -> dict[str, int]: ...


class _Scanner(Protocol):
    def scan(self, data: bytes) -> list[_Finding]: ...


class _Rules(Protocol):
    def metadata(self) -> list[dict[str, Any]]: ...
    def detail(self, rule_id: str) -> dict[str, Any]: ...


class _Library(Protocol):
    def Rules(self, paths: Iterable[str] = (), *, builtins: bool = True) -> _Rules: ...
    def Scanner(self, rules: _Rules, *, base64: bool) -> _Scanner: ...


class RuleSet:
    """Finds tokens by the library's rules."""

    def __init__(self, scanners: Sequence[_Scanner]) -> None:
        self._scanners = tuple(scanners)

    def find(self, data: bytes, found: Sequence[Span]) -> Iterator[Span]:
        """Where secrets stand. Long ones that were `found` already are not looked at again."""
        data = _blanked(data, found)
        for window in range(0, len(data), _WINDOW):
            part = data if len(data) <= _WINDOW else data[window : window + _WINDOW + _OVERLAP]
            for finding in self._scan(part):
                # The invisible ones are names and addresses that help to check a secret beside them.
                if finding.visible:
                    place = finding.location
                    yield window + place["start_offset"], window + place["end_offset"]

    def _scan(self, part: bytes) -> Iterator[_Finding]:
        for scanner in self._scanners:
            try:
                yield from scanner.scan(part)
            except (RuntimeError, ValueError, OSError):
                continue  # what the built-in patterns found stands


def prepare() -> None:
    """Start to compile the rules, so that they are ready when the first text comes.

    Takes 0.4 s where the library's cache on the disk has them and 3 s of one core elsewhere.
    """
    threading.Thread(target=rule_set, name="redaction rules").start()


def rule_set() -> RuleSet | None:
    """The compiled rules, made once a process; None where the library is missing."""
    with _LOCK:
        return _compiled()


def shortcoming() -> str | None:
    """What a person should know when secrets are looked for by less than the rule set; None when all is well."""
    if find_spec(_MODULE) is None:
        return (
            "secrets in outputs are looked for by the built-in patterns only: "
            f"the rule set is missing; pip install {_DISTRIBUTION}, where there is a wheel for this platform"
        )
    return None


_LOCK = threading.Lock()


@cache
def _compiled() -> RuleSet | None:
    try:
        library = cast("_Library", import_module(_MODULE))
        rules = library.Rules()
        # Tokens that are encoded in base64 are found too: what was encoded is masked as a whole.
        return RuleSet((library.Scanner(rules, base64=True), library.Scanner(_alone(library, rules), base64=False)))
    except (ImportError, OSError, RuntimeError, ValueError, AttributeError, TypeError, KeyError):
        return None


def _alone(library: _Library, rules: _Rules) -> _Rules:
    """Those rules again that fire only where an account's name or address stands near: a log shows the secret alone."""
    details = [rules.detail(rule["id"]) for rule in rules.metadata() if rule["visible"]]
    written = [
        {
            "name": rule["name"],
            "id": f"alone.{rule['id']}",
            "pattern": rule["detection_regex"],
            "min_entropy": _MIN_ENTROPY,
            "confidence": "medium",
        }
        for rule in details
        if any(not needed["optional"] for needed in rule["depends_on_rule"])
    ]
    with TemporaryDirectory(prefix="selfheal-rules-") as folder:
        file = Path(folder, "alone.yml")
        file.write_text(json.dumps({"rules": written}), encoding="utf-8")  # JSON is YAML
        return library.Rules([str(file)], builtins=False)


def _blanked(data: bytes, found: Sequence[Span]) -> bytes:
    long = [span for span in found if span[1] - span[0] >= _BLANK_FROM]
    if not long:
        return data
    blank = bytearray(data)
    for start, end in long:
        blank[start:end] = b" " * (end - start)
    return bytes(blank)
