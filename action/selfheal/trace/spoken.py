"""What the log tells of a run besides its progress: Python's own logging, on standard error."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span

_log = logging.getLogger("selfheal")
_TOLD = ("selfheal.command", "selfheal.verdict", "selfheal.fact", "selfheal.exit_code", "error.type", "selfheal.reason")


class SpokenSpans(SpanProcessor):
    """Tells each span when it ends: an agent's turn at `info`, everything at `debug`."""

    def on_start(self, span: "Span", parent_context: "Context | None" = None) -> None:
        """Nothing is known yet."""

    def on_end(self, span: ReadableSpan) -> None:
        """Tell it in a line."""
        level = logging.INFO if span.name.startswith("invoke_agent ") else logging.DEBUG
        if _log.isEnabledFor(level):
            took_s = ((span.end_time or 0) - (span.start_time or 0)) / 1e9
            known = span.attributes or {}
            facts = [f"{name.rpartition('.')[2]}={known[name]!s}" for name in _TOLD if name in known]
            _log.log(level, "%s", " ".join(f"{span.name} {took_s:.3f} s {' '.join(facts)}".split())[:500])

    def shutdown(self) -> None:
        """Nothing to close."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing waits."""
        return True


class _Redacting(logging.Formatter):
    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


@contextmanager
def logging_at(level: str, redact: Callable[[str], str]) -> Iterator[None]:
    """Let our own loggers, and the exporters', speak from this level on. Nothing of the caller's logging is changed."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting(redact))
    loggers = [_log, logging.getLogger("opentelemetry.exporter")]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(level.upper())
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, kept, does_propagate in before:
            logger.removeHandler(handler)
            logger.setLevel(kept)
            logger.propagate = does_propagate
