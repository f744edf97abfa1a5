"""The key `observability` of `.github/selfheal.yml`: every key does what it says, and a wrong one is named."""

import logging
from pathlib import Path

import pytest

from collector import collecting
from selfheal import config
from selfheal.errors import UsageError
from selfheal.observability import MetricName
from selfheal.trace.spoken import logging_at

WHOLE = """\
engine: embedded
observability:
  tracing:
    enabled: true
    provider: opentelemetry
    endpoint: http://127.0.0.1:4318
    export_interval: 5s
  metrics: [agent_retry_count, token_usage_per_fix, repair_success_rate]
  logging:
    level: INFO
    include_agent_reasoning: false
"""


def loaded(tmp_path: Path, text: str) -> config.Settings:
    (tmp_path / ".github").mkdir(exist_ok=True)
    (tmp_path / ".github/selfheal.yml").write_text(text)
    return config.load(repo=tmp_path, config_file=None, flags={})


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)


def test_every_key_is_read(tmp_path: Path) -> None:
    """As the documentation writes them."""
    told = loaded(tmp_path, WHOLE).observability

    assert (told.tracing.enabled, told.tracing.provider, told.tracing.export_interval) == (True, "opentelemetry", 5.0)
    assert told.metrics == (
        MetricName.AGENT_RETRY_COUNT,
        MetricName.TOKEN_USAGE_PER_FIX,
        MetricName.REPAIR_SUCCESS_RATE,
    )
    assert (told.logging.level, told.logging.include_agent_reasoning) == ("info", False)


@pytest.mark.parametrize(("text", "seconds"), [("5s", 5.0), ("500ms", 0.5), ("1m", 60.0), ("2", 2.0), ("1.5s", 1.5)])
def test_an_interval_has_a_unit(tmp_path: Path, text: str, seconds: float) -> None:
    """Seconds where it has none."""
    told = loaded(tmp_path, WHOLE.replace("5s", text)).observability

    assert told.tracing.export_interval == seconds


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("enabled: true", "enabled: maybe", 4, "observability.tracing.enabled"),
        ("provider: opentelemetry", "provider: zipkin", 5, "observability.tracing.provider"),
        ("http://127.0.0.1:4318", "file:///etc/passwd", 6, "observability.tracing.endpoint"),
        ("http://127.0.0.1:4318", "http://user:pw@host", 6, "observability.tracing.endpoint"),
        ("5s", "soon", 7, "observability.tracing.export_interval"),
        ("5s", "0s", 7, "observability.tracing.export_interval"),
        ("agent_retry_count,", "agent_mood,", 8, "observability.metrics.0"),
        ("level: INFO", "level: loud", 10, "observability.logging.level"),
        ("level: INFO", "colour: red", 10, "observability.logging.colour"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, key: str) -> None:
    """The line of the key itself, however deep it lies."""
    with pytest.raises(UsageError) as raised:
        loaded(tmp_path, WHOLE.replace(old, new))

    assert f"selfheal.yml:{line}: {key}: " in str(raised.value)


def test_switched_off_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        on = config.telemetry(loaded(tmp_path, WHOLE))
        off = config.telemetry(loaded(tmp_path, WHOLE.replace("enabled: true", "enabled: false")))

    assert on.traces is not None and on.metrics is not None
    assert (off.traces, off.metrics) == (None, None)


def test_no_metric_is_sent_where_the_list_is_empty(tmp_path: Path) -> None:
    """Spans are, all the same."""
    text = WHOLE.replace("[agent_retry_count, token_usage_per_fix, repair_success_rate]", "[]")
    plan = config.telemetry(loaded(tmp_path, text))

    assert plan.metrics is None and plan.traces is not None


@pytest.mark.parametrize(("level", "told"), [("debug", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_a_level_tells_itself_and_what_is_worse(level: str, told: int, capfd: pytest.CaptureFixture[str]) -> None:
    """On standard error, redacted; afterwards the caller's logging is as it was."""
    log = logging.getLogger("selfheal.anything")
    with logging_at(level, lambda text: text.replace("hunter2", "[redacted]")):
        for speak in (log.debug, log.info, log.warning):
            speak("hunter2 spoke")
    lines = capfd.readouterr().err.splitlines()

    assert len(lines) == told
    assert not any("hunter2" in one for one in lines)
    assert logging.getLogger("selfheal").handlers == []
