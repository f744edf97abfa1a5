"""What is told about a repair, and whom: the settings of tracing, metrics and logging, and where OTLP is sent.

Whoever opens a pull request writes `.github/selfheal.yml`. So what that file names gets no credential: headers and
certificates of the environment go only to an address that the environment names itself.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from selfheal.contract.base import Frozen

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m)?\s*", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}


class MetricName(StrEnum):
    """What can be measured of a repair; each is one instrument `selfheal.NAME`."""

    AGENT_RETRY_COUNT = "agent_retry_count"
    TOKEN_USAGE_PER_FIX = "token_usage_per_fix"  # noqa: S105 - no password
    REPAIR_SUCCESS_RATE = "repair_success_rate"
    REPAIR_SECONDS = "repair_seconds"
    STATE_SECONDS = "state_seconds"
    ABSTENTIONS = "abstentions"
    CHEATS_REFUSED = "cheats_refused"
    AGENT_SIGNALS = "agent_signals"
    MODEL_TOKENS = "model_tokens"


def _seconds(value: Any) -> Any:
    """Seconds of `5`, `5s`, `500ms` or `1m`."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if isinstance(value, str) and found is None:
        raise ValueError("is no duration: write it as 5s, 500ms or 1m")
    return float(found[1]) * _SECONDS[found[2]] if found else value


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class TracingSettings(Frozen):
    """Where spans go besides `trace.jsonl`, which is always written."""

    enabled: bool = True
    """False: nothing is sent, whatever the environment says."""
    provider: Literal["opentelemetry"] = "opentelemetry"
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s@]+$", max_length=2000)] | None = None
    """A collector's OTLP/HTTP address, to which /v1/traces and /v1/metrics are added. `OTEL_EXPORTER_OTLP_ENDPOINT`
    comes before it."""
    export_interval: Annotated[float, BeforeValidator(_seconds), Field(ge=0.05, le=3600)] = 5.0
    """Between two sendings: seconds, or with a unit as in 500ms, 5s, 1m."""


class LoggingSettings(Frozen):
    """What is told on standard error besides the progress, and whether the trace shows prompts and answers."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lowered)] = "warning"
    """debug: every span; info: every agent's turn; warning: signals, and what could not be sent."""
    include_agent_reasoning: bool = True
    """Prompts, answers and what the agents say, redacted and cut. Without it only numbers, names and verdicts."""


class ObservabilitySettings(Frozen):
    """The key `observability`."""

    tracing: TracingSettings = TracingSettings()
    metrics: tuple[MetricName, ...] = tuple(MetricName)
    """What is sent to the collector; all of it where nothing is said."""
    logging: LoggingSettings = LoggingSettings()


@dataclass(frozen=True, slots=True)
class Address:
    """One signal's full address. `is_named_by_environment` lets it have the environment's headers and certificates."""

    url: str
    is_named_by_environment: bool


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """Where spans and metrics are sent, and how often; None for what is not sent. `share` of all traces are."""

    traces: Address | None
    metrics: Address | None
    interval_s: float
    share: float = 1.0
    warning: str = ""
    """Why something that was asked for is not sent."""


def export_plan(settings: ObservabilitySettings, environ: Mapping[str, str]) -> ExportPlan:
    """Decide by the settings and the standard `OTEL_*` variables."""
    tracing = settings.tracing
    nothing = ExportPlan(None, None, tracing.export_interval)
    if not tracing.enabled or environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return nothing
    warnings = []
    found: dict[str, Address | None] = {}
    for signal in ("traces", "metrics"):
        address = _address(signal, tracing.endpoint, environ)
        protocol = environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL") or environ.get(
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"
        )
        if address is not None and protocol != "http/protobuf":
            warnings.append(f"{signal} are not sent by {protocol[:40]}: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")
            address = None
        found[signal] = address
    metrics = found["metrics"] if settings.metrics else None
    share = _share(environ)
    return ExportPlan(found["traces"], metrics, tracing.export_interval, share, "; ".join(warnings))


def _address(signal: str, endpoint: str | None, environ: Mapping[str, str]) -> Address | None:
    exporter = environ.get(f"OTEL_{signal.upper()}_EXPORTER", "otlp")
    if "otlp" not in (word.strip() for word in exporter.split(",")):
        return None
    if own := environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"):
        return Address(own, is_named_by_environment=True)
    if base := environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return Address(f"{base.rstrip('/')}/v1/{signal}", is_named_by_environment=True)
    return Address(f"{endpoint.rstrip('/')}/v1/{signal}", is_named_by_environment=False) if endpoint else None


def _share(environ: Mapping[str, str]) -> float:
    """What `OTEL_TRACES_SAMPLER` lets through; a repair is one trace, and has no caller whose decision would count."""
    sampler = environ.get("OTEL_TRACES_SAMPLER", "").strip().lower().removeprefix("parentbased_")
    if sampler == "always_off":
        return 0.0
    if sampler != "traceidratio":
        return 1.0
    try:
        share = float(environ.get("OTEL_TRACES_SAMPLER_ARG", "1"))
    except ValueError:
        return 1.0
    return min(1.0, max(0.0, share)) if math.isfinite(share) else 1.0
