"""After a run: its numbers are kept, people are told of its signals, and its trace is gone on with."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

from app.apps import a_finished, a_github, a_service, delivery, until
from app.artifacts import a_report, a_run, contents, zipped
from collector import collecting
from selfheal.contract.signals import Measure, Signal, SignalKind
from selfheal_app.dashboard.alerts import Alerts, alert_text, signature
from selfheal_app.errors import SettingsError
from selfheal_app.handover import told_of
from selfheal_app.metrics import Metrics
from selfheal_app.settings import AppSettings, OtelSettings
from selfheal_app.store.outcomes import Tally, outcome_of
from selfheal_app.store.repairs import Fate, Repair
from selfheal_app.telemetry.metering import MetricsSender
from selfheal_app.telemetry.tracing import Diary, Traces

EXHAUSTED = Signal(
    kind=SignalKind.EXHAUSTION,
    agent="supervisor",
    summary="It ended without a fix after 5 attempts.",
    measures=(Measure(name="attempts", value=5),),
)
TRACE, SPAN = "a1" * 16, "b2" * 8
SECRET = b"an alert secret"


@dataclass
class Channel:
    """Where alerts come in; `failures` of them are answered with 500."""

    url: str = ""
    failures: int = 0
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.read()))
        self.failures -= 1
        return web.Response(status=500 if self.failures >= 0 else 200)


@asynccontextmanager
async def a_channel(failures: int = 0) -> AsyncIterator[Channel]:
    channel = Channel(failures=failures)
    application = web.Application()
    application.router.add_post("/hook", channel.take)
    async with TestServer(application) as server:
        channel.url = str(server.make_url("/hook"))
        yield channel


def alerts_to(channel: Channel) -> Alerts:
    return Alerts(channel.url, SECRET, lambda run: "https://heal.example/runs/x", "https://github.example", backoff_s=0)


async def test_a_run_without_a_fix_is_kept_told_and_traced(tmp_path: Path) -> None:
    """The whole way, from a delivery to the channel, the database, the metrics and the collector."""
    report = a_report(None, signals=(EXHAUSTED,), trace_id=TRACE, span_id=SPAN)
    with collecting() as collector:
        traces = Traces(OTLPSpanExporter(endpoint=f"{collector.url}/v1/traces"), interval_s=0.05)
        async with (
            a_channel() as channel,
            a_github(tmp_path) as github,
            a_service(github, tmp_path, alerts=alerts_to(channel), traces=traces) as service,
        ):
            run = a_run(head_sha=github.commit({"shop.py": "x\n"}, branch="main"))
            github.artifact(run.run_id, zipped(contents(report, run)))
            await service.intake.keep(a_finished(run))
            outcomes = service.stores.outcomes
            await until(lambda: outcomes.get("org/shop", run.run_id, 1) is not None and channel.came)
            await until(lambda: len(collector.spans) >= 4)
            kept = outcomes.get("org/shop", run.run_id, 1)
            page = service.metrics.page().decode()

    assert kept is not None
    assert (kept.outcome, kept.category, kept.signals, kept.installation_id) == (
        "exhausted",
        "test",
        "agent_exhaustion",
        70,
    )
    assert 'selfheal_signals_total{kind="agent_exhaustion",what="seen"} 1.0' in page
    ((headers, body),) = channel.came
    assert headers["X-Selfheal-Signature-256"] == signature(SECRET, headers["X-Selfheal-Timestamp"], body)
    assert "ended exhausted" in json.loads(body)["text"]
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    top = next(span for span in collector.spans if span.name == "handle workflow_run")
    assert top.parent_span_id.hex() == SPAN
    assert {s.name for s in collector.spans if s.parent_span_id == top.span_id} == {"publish", "check run", "alert"}


def test_a_signature_is_over_the_time_and_the_body() -> None:
    """As the documentation says it, so that any language can compare it."""
    expected = hmac.new(SECRET, b'17.{"text": "x"}', hashlib.sha256).hexdigest()

    assert signature(SECRET, "17", b'{"text": "x"}') == f"sha256={expected}"


@pytest.mark.parametrize(("failures", "tries", "is_sent"), [(0, 1, True), (2, 3, True), (9, 3, False)])
async def test_an_alert_is_tried_a_few_times_and_holds_nothing_up(failures: int, tries: int, is_sent: bool) -> None:
    """What a channel does not take is said, and no dead letter."""
    run, report = a_run(), a_report(None, signals=(EXHAUSTED,))
    async with a_channel(failures) as channel:
        why = await alerts_to(channel).send(run, outcome_of(report, run, installation_id=7), report.signals, id_="d-1")

    assert len(channel.came) == tries
    assert why == ("" if is_sent else "answered 500")


def test_a_strangers_text_mentions_nobody_and_links_nowhere() -> None:
    """Slack reads <!channel>, <@U1> and <http://…|text>; nothing of it comes from a report or a branch."""
    evil = "<!channel> <@U1> <https://evil.example|click> & *x*\n\u202e"
    run = a_run(head_branch=evil)
    signal = EXHAUSTED.model_copy(update={"summary": evil})
    outcome = outcome_of(a_report(None, signals=(signal,)), run, installation_id=7)
    text = alert_text(run, outcome, (signal,), server="https://github.example", page="")

    assert text.count("<") == 1 and "<https://github.example/org/shop/actions/runs/7|the run>" in text
    assert "&lt;!channel&gt;" in text and "\u202e" not in text
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("trace_id", "span_id"), [("0" * 32, SPAN), (TRACE, "0" * 16), (TRACE.upper(), SPAN), ("x", "y"), (None, None)]
)
def test_ids_that_are_none_are_not_gone_on_with(trace_id: str | None, span_id: str | None) -> None:
    """They are a stranger's: then the service's spans are a trace of their own."""
    told = told_of(a_report(None, trace_id=trace_id, span_id=span_id), a_run())

    assert (told.trace_id, told.span_id) == ("", "")
    with collecting() as collector:
        traces = Traces(OTLPSpanExporter(endpoint=f"{collector.url}/v1/traces"))
        diary = Diary()
        with diary.doing("publish"):
            pass
        traces.tell(diary, a_run(), trace_id=told.trace_id, span_id=told.span_id)
        traces.close()
    assert [span.parent_span_id for span in collector.spans if span.name.startswith("handle")] == [b""]


def test_the_numbers_go_by_otlp_as_they_stand_on_the_page() -> None:
    """Counters, gauges and histograms of one registry."""
    metrics = Metrics()
    metrics.watch_runs(lambda: (a_tally("healed", 3), a_tally("exhausted", 1)), lambda: 12.5)
    metrics.handled.labels("workflow_run", "published").inc(2)
    metrics.answer_s.observe(0.02)
    metrics.answer_s.observe(9.0)
    with collecting() as collector:
        exporter = OTLPMetricExporter(endpoint=f"{collector.url}/v1/metrics")
        sender = MetricsSender(metrics.registry, exporter, interval_s=3600)
        sender.start()
        sender.close()
    came = {metric.name: metric for metric in collector.metrics}

    assert came["selfheal_handled"].sum.data_points[0].as_double == 2
    assert came["selfheal_inbox_oldest_seconds"].gauge.data_points[0].as_double == 12.5
    assert came["selfheal_success_ratio"].gauge.data_points[0].as_double == 0.75
    (answers,) = came["selfheal_answer_seconds"].histogram.data_points
    assert (answers.count, sum(answers.bucket_counts), answers.bucket_counts[-1]) == (2, 2, 1)
    assert 'selfheal_success_ratio{category="test",strategy="operator_search"} 0.75' in metrics.page().decode()


def a_tally(outcome: str, runs: int, **changes: str) -> Tally:
    facts = {"category": "test", "strategy": "operator_search", "fate": ""} | changes
    return Tally(outcome, runs=runs, tokens=10, cached_tokens=1, wall_s=2.0, cheats=0, without_model=0, **facts)


def test_a_stranger_cannot_make_a_million_series() -> None:
    """Names that are none of ours, and those past the sixtieth, are one."""
    hostile = [a_tally("healed", 1, strategy=f"s{'x' * (number % 30)}{chr(97 + number % 26)}") for number in range(900)]
    hostile += [a_tally("healed", 1, category='"} 1\nevil 1')]
    metrics = Metrics()
    metrics.watch_runs(lambda: tuple(hostile), lambda: 0.0)
    page = metrics.page().decode()

    assert len([line for line in page.splitlines() if line.startswith("selfheal_runs{")]) <= 65
    assert "evil" not in page


async def test_a_fix_that_is_taken_back_is_remembered_so(tmp_path: Path) -> None:
    """By the branch that GitHub's revert button makes."""
    async with a_github(tmp_path) as github, a_service(github, tmp_path) as service:
        repairs = service.stores.repairs
        fix = Repair(repository="org/shop", run_id=7, run_attempt=1, installation_id=70, ending="published", url="u")
        repairs.remember(fix, now=time.time())
        body = {
            "action": "closed",
            "installation": {"id": 70},
            "pull_request": {
                "head": {"ref": "revert-12-selfheal/7-1", "repo": {"full_name": "org/shop"}},
                "merged": True,
                "user": {"type": "User"},
            },
            "repository": {"full_name": "org/shop"},
        }
        await service.intake.keep(delivery("pull_request", body))
        await until(lambda: (it := repairs.get("org/shop", 7, 1)) is not None and it.fate is Fate.REVERTED)


def test_alerts_are_always_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a secret does not start."""
    monkeypatch.setenv("SELFHEAL_ALERT_WEBHOOK_URL", "https://hooks.example/x")
    with pytest.raises(SettingsError, match="SELFHEAL_ALERT_WEBHOOK_SECRET"):
        AppSettings().alert_secret()
    monkeypatch.setenv("SELFHEAL_ALERT_WEBHOOK_SECRET", "s")
    assert AppSettings().alert_secret() == b"s"


def test_the_standard_variables_say_where_otlp_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And whether."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c.example/")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://m.example/m")
    told = OtelSettings()
    assert (told.address("traces"), told.address("metrics")) == ("http://c.example/v1/traces", "http://m.example/m")
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    assert OtelSettings().address("traces") is None
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert OtelSettings().address("metrics") is None
